"""What the environment says, and which base URL can be one."""

import os
from urllib.parse import unquote

import httpx

from .transport._routes import has_possible_port, is_loopback

DEFAULT_BASE_URL = "https://api.github.com"


def find_base_url(base_url: str | None, *, trust_env: bool, allow_http: bool) -> httpx.URL:
    """Return the given base URL, or else the one that the environment names, or else GitHub's own.

    Raises:
        ValueError: It can't be the base of an API, or it is plain http to another host than this one.
    """
    url = _parse(base_url, "base_url") if base_url else _environment_base_url(trust_env)
    if url.scheme == "http" and not allow_http and not is_loopback(url.host):
        shown = f"{'base_url' if base_url else 'GITHUB_API_URL'}={str(url)!r}"
        raise ValueError(f"{shown} is plain http, which shows the token to the network (see allow_http)")
    return url


def _environment_base_url(trust_env: bool) -> httpx.URL:
    return _parse(_variable("GITHUB_API_URL", trust_env=trust_env) or DEFAULT_BASE_URL, "GITHUB_API_URL")


def _variable(*names: str, trust_env: bool) -> str | None:
    # The environment is not kept in a variable: a traceback may show those, tokens included.
    return next((os.environ[name] for name in names if os.environ.get(name)), None) if trust_env else None


def _parse(text: str, name: str) -> httpx.URL:
    """Return the URL without slashes at its end."""
    shown = name if "@" in text else f"{name}={text!r}"  # a password may be before it
    try:
        url = httpx.URL(text.strip(" ").rstrip("/"))
        has_host = bool(url.host)
    except (httpx.InvalidURL, UnicodeError):  # the latter from `host`, for an invalid name in Punycode
        url, has_host = None, False
    # Raised here, since the errors of httpx can show a password.
    if url is None or not text.isprintable() or not has_possible_port(url):
        raise ValueError(f"{shown} is not a valid URL")
    if any(unquote(part) in {".", ".."} for part in text.split("/")):
        raise ValueError(f"{shown} must not contain '.' or '..' as a part of its path")
    if url.scheme not in {"http", "https"} or not has_host:
        raise ValueError(f"{shown} must begin with https://")
    if url.userinfo or "?" in text or "#" in text:
        raise ValueError(f"{name} must not contain a user, a query or a fragment")
    return url


def environment_token(base_url: httpx.URL, *, trust_env: bool) -> str | None:
    """Return the environment's token for this API; None if it contains none at all.

    GH_TOKEN and GITHUB_TOKEN are for the API that the environment names, GH_ENTERPRISE_TOKEN and
    GITHUB_ENTERPRISE_TOKEN for any except github.com, as in GitHub's own command line.

    Source: https://cli.github.com/manual/gh_help_environment

    Raises:
        ValueError: It contains one for another server only, or GITHUB_API_URL is invalid.
    """
    named = _environment_base_url(trust_env)
    is_github = f".{base_url.host}".rstrip(".").endswith(".github.com")
    names = () if is_github else ("GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN")
    enterprise_token = _variable(*names, trust_env=trust_env)
    token = _variable("GH_TOKEN", "GITHUB_TOKEN", trust_env=trust_env)
    if token and _origin(named) == _origin(base_url):
        return token
    if token and not enterprise_token:
        del token  # a traceback may show variables
        remedy = "unset GITHUB_API_URL" if is_github else "set GH_ENTERPRISE_TOKEN"
        raise ValueError(
            f"the environment's token belongs to {_origin(named)} and is not sent to {_origin(base_url)}: "
            f"{remedy}, or pass token="
        )
    return enterprise_token


def _origin(url: httpx.URL) -> str:
    return f"{url.scheme}://{url.netloc.decode('ascii')}"
