"""Reads GitHub's description, or a part of it, from a file or the web.

GitHub publishes at https://github.com/github/rest-api-description, for every kind of host and API version; its branch
`main` is the newest release.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import httpx
import yaml
from attrs import frozen
from openapi.upstream.document import BrokenReferenceError, Document
from openapi.upstream.scope import concerns_packages
from openapi.upstream.tree import Tree, as_tree, branch, is_tree, shown, with_text_keys, word
from openapi_spec_validator import OpenAPIV30SpecValidator, OpenAPIV31SpecValidator

PUBLISHED = "https://raw.githubusercontent.com/github/rest-api-description/main/descriptions/{0}/{0}.{1}.json"
NAME = re.compile(r"(api\.github\.com|ghec|ghes-\d+\.\d+)(?:\.(\d{4}-\d{2}-\d{2}))?(?:\.|$)")
"""What GitHub calls its descriptions: a kind of host, and an API version."""
TIMEOUT = httpx.Timeout(30.0, connect=10.0)


class UnreadableError(Exception):
    """A source that can't be read, or is no description of the packages API; the text is one line."""


@frozen
class Source:
    """A description of GitHub's."""

    name: str
    """`api.github.com`, `ghec` or `ghes-3.19`; an API version other than ours follows after a dot."""
    location: str
    """The file or address."""
    release: str
    """The release that it is from, as it says itself."""
    document: Document


def read(location: str, *, api_version: str, transport: httpx.BaseTransport | None = None) -> Source:
    """Read a file, an address, or what GitHub publishes under a name such as `ghes-3.19`.

    Raises:
        UnreadableError: it is not there, broken, or no OpenAPI 3 description of packages.

    """
    if (named := NAME.fullmatch(location)) and not Path(location).exists():
        location = PUBLISHED.format(named[1], named[2] or api_version)
    try:
        document = Document(parse(_fetch(location, transport) if "://" in location else _load(location)))
        _check(document)
    except (UnreadableError, BrokenReferenceError) as error:
        raise UnreadableError(f"{location}: {_one_line(error)}") from error
    info = branch(document.contents, "info")
    return Source(_name(info, location, api_version), location, word(info, "version"), document)


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())


def _load(path: str) -> str:
    try:
        return Path(path).read_text("utf-8-sig")
    except OSError as error:
        raise UnreadableError(f"can't be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UnreadableError("is no text") from error


def _fetch(url: str, transport: httpx.BaseTransport | None) -> str:
    try:
        with httpx.Client(transport=transport, timeout=TIMEOUT, follow_redirects=True) as client:
            response = client.get(url)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise UnreadableError(f"can't be fetched: {_one_line(error) or type(error).__name__}") from error
    if response.status_code != 200:
        raise UnreadableError(f"can't be fetched: the answer is {response.status_code} {response.reason_phrase}")
    return response.text


def parse(text: str) -> Tree:
    """The object that a JSON or YAML text holds.

    Raises:
        UnreadableError: it is empty, cut off, HTML, or no object.

    """
    start = text.lstrip()[:1]
    if not start:
        raise UnreadableError("is empty")
    if start == "<":
        raise UnreadableError("is HTML or XML, no OpenAPI description")
    value = _parse_json(text) if start in "{[" else _parse_yaml(text)
    if not is_tree(value):
        raise UnreadableError("is no OpenAPI description: it holds no object")
    return as_tree(value)


def _parse_json(text: str) -> object:
    try:
        return cast("object", json.loads(text))
    except json.JSONDecodeError as error:
        if error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated"):
            raise UnreadableError(f"is cut off after {len(text):,} characters") from error
        raise UnreadableError(f"is broken JSON: {error}") from error
    except RecursionError as error:
        raise UnreadableError("is nested too deeply") from error


def _parse_yaml(text: str) -> object:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the first is ten times as fast, and not everywhere
    try:
        return with_text_keys(cast("object", yaml.load(text, Loader=loader)))  # noqa: S506, it is a safe loader
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise UnreadableError(f"is neither JSON nor YAML: {error}") from error


def _check(document: Document) -> None:
    """Refuse what could not be compared; only what is about packages is looked at, the whole would take minutes."""
    version = shown(document.contents.get("openapi", ""))
    validator = next((each for start, each in _VALIDATORS.items() if version.startswith(start)), None)
    if validator is None:
        said = f"it says version {version}" if version else "it does not say that it is one"
        raise UnreadableError(f"is no OpenAPI 3.0 or 3.1 description: {said}")
    part = document.cut(concerns_packages)
    for error in validator.schema_validator.iter_errors(cast("Mapping[str, Any]", part)):
        raise UnreadableError(f"is no valid OpenAPI {version} at {error.json_path}")
    if not part["paths"]:
        raise UnreadableError("describes no operations on packages")


_VALIDATORS = {"3.0.": OpenAPIV30SpecValidator, "3.1.": OpenAPIV31SpecValidator}


def _name(info: Tree, location: str, api_version: str) -> str:
    """What GitHub calls the description: by what it says, and by the file's name, which alone has the API version."""
    file_name = location.rpartition("/")[2]
    named = NAME.match(file_name)
    plan, release = word(info, "x-github-plan"), shown(info.get("x-github-release", ""))
    host = f"{plan}-{release}" if plan and release else plan
    if named and (not host or named[1].startswith(plan)):
        host = named[1]
    version = named[2] if named and named[2] not in (None, api_version) else ""
    return f"{host or file_name}.{version}" if version else host or file_name
