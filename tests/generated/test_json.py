"""A body is read alike with and without orjson: what `json` makes of it is the measure."""

from __future__ import annotations

import importlib.util
import json
import re
import sys

import httpx
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.generated import strategies
from tests.generated.generation import Api
from tests.generated.handlers import answer
from tests.generated.payloads import PACKAGE, VERSION

from ghpackages_api.errors import DecodeError
from ghpackages_api.models import Package
from ghpackages_runtime.client import loads

ODD = {
    "not a number": b"[NaN, Infinity, -Infinity]",
    "beyond floats": b"[1e999, -1e999, 1e-999]",
    "negative zero": b"[-0, -0.0, 0]",
    "64 bits": b"[18446744073709551615, -9223372036854775808]",
    "many digits": b"[0.1234567890123456789012345, 12345678901234567890.5, 1E19]",
    "lone surrogate": rb'["\ud800", "\udfff\ud800"]',
    "lone surrogate in UTF-8": b'"\xed\xa0\x80"',
    "pair of surrogates": rb'"\ud83d\ude00"',
    "characters that end lines": b'"\xe2\x80\xa8\\u0000\x7f"',
    "the same key twice": b'{"a": 1, "b": 2, "a": 3}',
    "byte order mark": b'\xef\xbb\xbf{"a": 1}',
    "UTF-16": '{"a": "ü"}'.encode("utf-16"),
    "UTF-16 without a mark": '{"a": "ü"}'.encode("utf-16-le"),
    "UTF-32": '{"a": "ü"}'.encode("utf-32"),
    "deep": b"[" * 500 + b"]" * 500,
    "white space": b"\r\n\t []\n ",
}
BROKEN = {
    "empty": b"",
    "only white space": b" \n",
    "truncated": json.dumps([PACKAGE]).encode()[:-5],
    "two values": b"{}{}",
    "trailing comma": b"[1,]",
    "comment": b"/* */ 1",
    "single quotes": b"{'a': 1}",
    "leading zero": b"01",
    "control character": b'"\x01"',
    "wrong escape": rb'"\x41"',
    "not UTF-8": b'"\xff"',
    "form feed": b"\x0c{}",
    "too many digits": b"1" * 5000,
    "bottomless": b"[" * 100_000,
    "bottomless object": b'{"a":' * 100_000,
}
BEYOND_64_BITS = re.compile(rb"\d{19}")
"""Whole numbers that orjson makes floats of; no id has so many digits."""


def read(body: bytes, with_what: object = None) -> object:
    """What comes of a body: its value as text, so that -0.0, NaN and the order of keys count, or that it is refused."""
    try:
        return repr((with_what or loads)(body))
    except (ValueError, RecursionError):
        return "refused"


@pytest.mark.parametrize("body", ODD.values(), ids=list(ODD))
def test_an_odd_body_is_read_as_json_reads_it(body: bytes) -> None:
    assert read(body) == read(body, json.loads) != "refused"


@pytest.mark.parametrize("body", BROKEN.values(), ids=list(BROKEN))
def test_a_broken_body_is_refused_as_json_refuses_it(body: bytes) -> None:
    assert read(body) == read(body, json.loads) == "refused"


@strategies.patient
@given(strategies.JSON, st.booleans())
def test_any_value_is_read_as_json_reads_it(value: object, ascii_only: bool) -> None:
    body = json.dumps(value, ensure_ascii=ascii_only).encode()
    assume(not BEYOND_64_BITS.search(body))

    assert read(body) == read(body, json.loads)


@strategies.patient
@given(st.binary() | st.text(alphabet='{}[]",:\\u0dE1.-+ tfn').map(str.encode))
def test_any_bytes_are_read_as_json_reads_them(body: bytes) -> None:
    assert read(body) == read(body, json.loads)


@pytest.mark.parametrize("body", BROKEN.values(), ids=list(BROKEN))
@pytest.mark.parametrize("operation", ["list_packages_for_org", "get_package_for_user"])
async def test_a_broken_body_is_a_decode_error(ours: Api, operation: str, body: bytes) -> None:
    with pytest.raises(DecodeError, match="is not JSON, or not all of it"):
        await ours.call(operation, answer(200, content=body))


async def test_a_lone_surrogate_in_a_description_loses_no_page(ours: Api) -> None:
    body = json.dumps([{**VERSION, "description": "\ud800"}]).encode()
    versions = await ours.call("list_package_versions_for_org", answer(200, content=body))

    assert versions[0].description == "\ud800"


async def test_a_package_in_utf_16_is_a_package(ours: Api) -> None:
    body = json.dumps(PACKAGE).encode("utf-16")

    assert await ours.call("get_package_for_org", answer(200, content=body)) == Package.from_dict(PACKAGE)


async def test_an_error_that_is_no_strict_json_still_has_its_message(ours: Api) -> None:
    body = b'\xef\xbb\xbf{"message": "No.", "limit": NaN}'
    response = await ours.call("get_package_for_org", answer(404, content=body), detailed=True)

    assert response.parsed.message == "No."


def test_without_orjson_the_same_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "orjson", None)  # what Python does where it is not installed: ImportError
    spec = importlib.util.find_spec("ghpackages_runtime.client")
    assert spec is not None
    assert spec.loader is not None
    client = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(client)
    response = httpx.Response(200, json=[PACKAGE])

    assert client.decode_list(Package.from_dict, "Package", response) == [Package.from_dict(PACKAGE)]
