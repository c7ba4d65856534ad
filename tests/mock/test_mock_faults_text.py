"""Faults as text."""

from __future__ import annotations

import httpx
import pytest

from ghpackages.testing import MockGitHub, MockOwner, parse_fault

LIST = "/orgs/acme/packages?package_type=npm"

MEANINGS = {
    "502": "Status(status=502, message=None, documentation_url=None, took_effect=False)",
    "500:took-effect": "Status(status=500, message=None, documentation_url=None, took_effect=True)",
    "latency=0.2": "Latency(seconds=0.2, jitter=0.0, took_effect=False, seed=0)",
    "latency=0.2±0.1": "Latency(seconds=0.2, jitter=0.1, took_effect=False, seed=0)",
    "latency=0.2+-0.1:took-effect": "Latency(seconds=0.2, jitter=0.1, took_effect=True, seed=0)",
    "reset": "Reset(at=None, took_effect=False)",
    "reset=0.5": "Reset(at=0.5, took_effect=False)",
    "hang-up:took-effect": "HangUp(at=None, took_effect=True)",
    "drip": "Drip(size=64, pause=0.1)",
    "drip=10/0.5": "Drip(size=10, pause=0.5)",
    "truncated": "TruncatedBody(at=0.5)",
    "truncated=0.9": "TruncatedBody(at=0.9)",
    "broken-gzip": "BrokenGzip()",
    "no-link": "NoLink({'link': None})",
    "no-next-link": "Link(next=None)",
    "no-last-link": "Link(last=None)",
    "link-host=elsewhere.example": "Link(origin='https://elsewhere.example')",
    "no-rate-headers": "NoRateHeaders({'x-ratelimit-*': None})",
    "primary-limit": "PrimaryRefusal(wait=None, status=403, retry_after='absent')",
    "primary-limit=60:status=429:retry-after=seconds": "PrimaryRefusal(wait=60.0, status=429, retry_after='seconds')",
    "secondary-limit": "SecondaryRefusal(wait=60.0, status=403, retry_after='seconds')",
    "secondary-limit=9:retry-after=date": "SecondaryRefusal(wait=9.0, status=403, retry_after='date')",
    "limits": "Limits(points=900, changes_per_minute=80, changes_per_hour=500, at_once=100)",
    "limits=90": "Limits(points=90, changes_per_minute=80, changes_per_hour=500, at_once=100)",
    "stale": "StaleLists(seconds=None)",
    "stale=60": "StaleLists(seconds=60.0)",
    "unknown-enums": "UnknownEnums(…)",
    "unknown-fields": "UnknownFields(…)",
    "missing=repository": "MissingFields(…)",
    "null=license,description": "NullFields(…)",
    "null-item": "OddItem(None, item=0)",
    "null-item=3": "OddItem(None, item=3)",
    "partial-results=21955855,20582480": "PartialResults(21955855, 20582480)",
}


@pytest.mark.parametrize(("text", "meaning"), MEANINGS.items())
def test_a_text_tells_what_goes_wrong(text: str, meaning: str) -> None:
    assert repr(parse_fault(text).what) == meaning


def test_a_text_can_make_links_go_round(server: MockGitHub) -> None:
    assert "Link(next=<function" in repr(server.fault(parse_fault("link-loop")))


STRUCK = {
    "502": [1, 2, 3, 4, 5],
    "502:GET:/orgs/*/packages:times=2": [1, 2],
    "502:GET,HEAD:nth=2,4": [2, 4],
    "502:DELETE": [],
    "502:every=2": [2, 4],
    "502:*/versions": [],
    "502:page=1,3:owner=acme:operation=list_packages,list_versions": [1, 2, 3, 4, 5],
    "502:page=2": [],
    "502:package=left-pad": [],
    "502:p=0": [],
    "502:p=0.5:seed=3": [1, 3],
}


@pytest.mark.parametrize(("text", "struck"), STRUCK.items())
async def test_a_text_tells_which_requests_are_struck(
    server: MockGitHub, acme: MockOwner, client: httpx.AsyncClient, text: str, struck: list[int]
) -> None:
    server.fault(parse_fault(text))
    found = [(await client.get(LIST)).status_code for _ in range(5)]

    assert [number for number, status in enumerate(found, 1) if status == 502] == struck


@pytest.mark.parametrize(
    "text",
    [
        *("", "200", "502=1", "5o2", "explode", "latency", "latency=", "latency=soon", "latency=0.1±0.2", "reset=2"),
        *("drip=64", "drip=0/1", "drip=a/b", "missing", "null=", "no-link=1", "link-host=", "link-host=a/b"),
        *("502:", "502:get", "502:times", "502:times=", "502:times=x", "502:times=0", "502:colour=red", "502:nth=1,,2"),
        *("502:operation=list", "502:p=2", "502:status=429", "no-link:took-effect", "limits:retry-after=soon"),
        *("primary-limit=-1", "secondary-limit:status=500", "secondary-limit:status=abc", "stale=-1", "truncated=1"),
        *("null-item=-1", "null-item=x", "partial-results", "partial-results=", "partial-results=acme"),
        *("502:took-effect=1:GET,get", "502:owner=", "latency=0.2±0.1±0.1"),
    ],
)
def test_a_text_that_cannot_be_meant_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(ValueError, match="is no fault: ") as caught:
        parse_fault(text)

    assert str(caught.value).startswith(repr(text))
    assert "\n" not in str(caught.value)
