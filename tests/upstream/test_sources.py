"""GitHub's description is read from files and the web, and what is none is refused in one clear line."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import yaml
from openapi.upstream.sources import Source, UnreadableError, read
from tests.upstream.description import Json, enterprise_server, github

VERSION = "2022-11-28"
URL = "https://example.com/api.github.com.json"


def answer(content: str | bytes, *, status: int = 200) -> httpx.MockTransport:
    return httpx.MockTransport(lambda request: httpx.Response(status, content=content))


def load(path: Path, content: str | bytes) -> Source:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read(str(path), api_version=VERSION)


def refusal(path: Path, content: str | bytes) -> str:
    """The line about a file with this content, without the name of the file."""
    with pytest.raises(UnreadableError) as caught:
        load(path, content)
    name, _, line = str(caught.value).partition(": ")
    assert name == str(path)
    assert "\n" not in line
    return line


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file that is not there yet."""
    return tmp_path / "description.json"


# What is read ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dump", [json.dumps, yaml.safe_dump, lambda value: "\ufeff" + json.dumps(value)])
def test_json_and_yaml_are_read(path: Path, dump: object) -> None:
    assert callable(dump)
    source = load(path, dump(github()))

    assert (source.name, source.release) == ("api.github.com", "1.1.4")
    assert json.loads(json.dumps(source.document.contents)) == github()


def test_numbers_as_keys_are_read_as_the_statuses_that_they_are(path: Path) -> None:
    text = yaml.safe_dump(github()).replace("'200':", "200:")

    assert "200:" in text
    assert json.loads(json.dumps(load(path, text).document.contents)) == github()


@pytest.mark.parametrize(
    ("file_name", "plan", "release", "expected"),
    [
        ("upstream.json", "api.github.com", None, "api.github.com"),
        ("upstream.json", "ghec", None, "ghec"),
        ("upstream.json", "ghes", 3.19, "ghes-3.19"),
        ("ghes-3.20.json", "ghes", 3.2, "ghes-3.20"),
        ("ghes-3.19.packages.json", None, None, "ghes-3.19"),
        ("ghes-3.19.json", "ghec", None, "ghec"),
        (f"api.github.com.{VERSION}.json", "api.github.com", None, "api.github.com"),
        ("api.github.com.2026-03-10.json", "api.github.com", None, "api.github.com.2026-03-10"),
        ("ghec.2026-03-10.json", None, None, "ghec.2026-03-10"),
        ("other.json", None, None, "other.json"),
    ],
)
def test_a_source_is_called_what_github_calls_it(
    tmp_path: Path, file_name: str, plan: str | None, release: float | None, expected: str
) -> None:
    description = github()
    said = {"x-github-plan": plan, "x-github-release": release}
    del description["info"]["x-github-plan"]
    description["info"] |= {key: value for key, value in said.items() if value}

    assert load(tmp_path / file_name, json.dumps(description)).name == expected


def test_an_address_is_fetched() -> None:
    source = read(URL, api_version=VERSION, transport=answer(json.dumps(enterprise_server("3.17"))))

    assert (source.name, source.location) == ("ghes-3.17", URL)


def test_redirects_are_followed() -> None:
    def move(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/moved.json":
            return httpx.Response(200, json=github())
        return httpx.Response(302, headers={"Location": "/moved.json"})

    assert read(URL, api_version=VERSION, transport=httpx.MockTransport(move)).name == "api.github.com"


@pytest.mark.parametrize(
    ("name", "file_name"),
    [
        ("api.github.com", "api.github.com/api.github.com.2022-11-28.json"),
        ("ghes-3.19", "ghes-3.19/ghes-3.19.2022-11-28.json"),
        ("ghec.2026-03-10", "ghec/ghec.2026-03-10.json"),
    ],
)
def test_a_name_stands_for_what_github_publishes(name: str, file_name: str) -> None:
    asked: list[str] = []

    def publish(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(200, json=github())

    read(name, api_version=VERSION, transport=httpx.MockTransport(publish))

    base = "https://raw.githubusercontent.com/github/rest-api-description/main/descriptions/"
    assert asked == [base + file_name]


def test_a_file_that_is_called_like_what_github_publishes_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    assert load(Path("ghec"), json.dumps(github())).location == "ghec"


# What is refused -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("content", ["", "  \n"])
def test_an_empty_file_is_refused(path: Path, content: str) -> None:
    assert refusal(path, content) == "is empty"


@pytest.mark.parametrize("content", ["<!DOCTYPE html><html>", "\n<?xml version='1.0'?>"])
def test_html_is_refused(path: Path, content: str) -> None:
    assert refusal(path, content) == "is HTML or XML, no OpenAPI description"


@pytest.mark.parametrize("part", [0.001, 0.3, 0.5, 0.9, 0.999])
def test_a_truncated_file_is_refused(path: Path, part: float) -> None:
    text = json.dumps(github(), indent=1)
    end = text.rindex('"', 0, int(len(text) * part) + 2) + 1

    assert refusal(path, text[:end]) == f"is cut off after {end:,} characters"


def test_broken_json_is_refused(path: Path) -> None:
    assert refusal(path, '{"openapi": 3.0.3}').startswith("is broken JSON: ")


def test_what_is_neither_json_nor_yaml_is_refused(path: Path) -> None:
    assert refusal(path, "not: a: description\n").startswith("is neither JSON nor YAML: ")


@pytest.mark.parametrize("content", ["[]", '["openapi"]', "404: Not Found".replace(":", ""), "just a sentence"])
def test_what_is_no_object_is_refused(path: Path, content: str) -> None:
    assert refusal(path, content) == "is no OpenAPI description: it holds no object"


def test_what_is_no_text_is_refused(path: Path) -> None:
    assert refusal(path, b"\x1f\x8b\x08\x00\xff\xfe") == "is no text"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ({}, "it does not say that it is one"),
        ({"swagger": "2.0", "paths": {}}, "it does not say that it is one"),
        ({"openapi": "2.0"}, "it says version 2.0"),
        ({"openapi": "4.0.0"}, "it says version 4.0.0"),
        ({"openapi": 3}, "it says version 3"),
    ],
)
def test_what_is_no_openapi_3_is_refused(path: Path, content: Json, expected: str) -> None:
    assert refusal(path, json.dumps(content)) == f"is no OpenAPI 3.0 or 3.1 description: {expected}"


def test_what_is_invalid_openapi_on_packages_is_refused(path: Path) -> None:
    description = github()
    description["paths"]["/user/packages"]["get"]["responses"]["200"] = []

    expected = "is no valid OpenAPI 3.0.3 at $.paths['/user/packages'].get.responses['200']"
    assert refusal(path, json.dumps(description)) == expected


def test_a_description_of_something_else_is_refused(path: Path) -> None:
    description = github()
    description["paths"] = {"/gists": description["paths"]["/gists"]}

    assert refusal(path, json.dumps(description)) == "describes no operations on packages"


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("#/components/schemas/nowhere", "leads nowhere"),
        ("other.json#/Package", "leads nowhere"),
        ("#/openapi/0/x", "leads nowhere"),
        ("#/info/title", "leads to no object"),
    ],
)
def test_a_broken_reference_is_refused(path: Path, target: str, expected: str) -> None:
    description = github()
    description["components"]["schemas"]["package"] = {"$ref": target}

    assert refusal(path, json.dumps(description)) == f"the reference {target} {expected}"


def test_a_file_that_is_not_there_is_refused(path: Path) -> None:
    with pytest.raises(UnreadableError, match=r"description\.json: can't be read: No such file or directory$"):
        read(str(path), api_version=VERSION)


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="can't be read: "):
        read(str(tmp_path), api_version=VERSION)


@pytest.mark.parametrize(("status", "text"), [(404, "404 Not Found"), (500, "500 Internal Server Error")])
def test_an_answer_that_is_no_success_is_refused(status: int, text: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        read(URL, api_version=VERSION, transport=answer("{}", status=status))

    assert str(caught.value) == f"{URL}: can't be fetched: the answer is {text}"


def test_an_answer_that_is_a_page_is_refused() -> None:
    with pytest.raises(UnreadableError, match="is HTML"):
        read(URL, api_version=VERSION, transport=answer("<html>Sign in</html>"))


@pytest.mark.parametrize("url", ["https://", "ftp://example.com/x.json", "http://[::1"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(UnreadableError, match="can't be fetched: "):
        read(url, api_version=VERSION)


def test_an_unreachable_host_is_refused() -> None:
    def fail(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("All connection attempts failed")

    with pytest.raises(UnreadableError, match=r"can't be fetched: All connection attempts failed$"):
        read(URL, api_version=VERSION, transport=httpx.MockTransport(fail))


def test_a_timeout_is_refused() -> None:
    def wait(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("")

    with pytest.raises(UnreadableError, match=r"can't be fetched: ReadTimeout$"):
        read(URL, api_version=VERSION, transport=httpx.MockTransport(wait))


class Truncating(socketserver.StreamRequestHandler):
    """Promises more than it sends."""

    def handle(self) -> None:
        while self.rfile.readline().strip():
            pass
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + b'{"openapi": "3.0.3"}')


@pytest.fixture
def truncating_server() -> Iterator[str]:
    """The address of a server whose answers break off."""
    with socketserver.TCPServer(("127.0.0.1", 0), Truncating) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/api.github.com.json"
        server.shutdown()
        thread.join()


def test_an_answer_that_breaks_off_is_refused(truncating_server: str) -> None:
    with pytest.raises(UnreadableError, match="can't be fetched: peer closed connection"):
        read(truncating_server, api_version=VERSION)
