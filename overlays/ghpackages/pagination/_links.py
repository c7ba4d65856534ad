"""Response headers about listings.

Of a Link header only the page numbers are used, never the targets: those name the owner in another way
(`/organizations/{id}/…`), and behind a gateway another host (https://github.com/renovatebot/renovate/issues/19817).
"""

import re
from functools import lru_cache

import httpx

_LINK = re.compile(r"<([^<>]*)>([^<]*?)(?=,\s*<|$)")
_REL = re.compile(r';\s*rel\s*=\s*(?:"([^"]*)"|([^\s;,"]+))', re.IGNORECASE)
_PAGE = re.compile(r"[?&]page=([0-9]{1,18})(?![^&#])")
_PAGING = {"next", "prev", "first", "last"}


def page_links(headers: httpx.Headers) -> dict[str, int]:
    """The page numbers of a Link header by relation: next, prev, first, last. Others don't count."""
    return dict(_page_links(headers.get("link", "")))


@lru_cache(maxsize=64)  # one header is looked at more than once, soon after it came
def _page_links(text: str) -> tuple[tuple[str, int], ...]:
    found: dict[str, int] = {}
    for target, parameters in _LINK.findall(text):
        if number := _PAGE.search(target):
            for relation in _PAGING.intersection(_relations(parameters)):
                found.setdefault(relation, int(number[1]))
    return tuple(found.items())


def _relations(parameters: str) -> list[str]:
    return [name for quoted, bare in _REL.findall(parameters) for name in (quoted or bare).lower().split()]


def hidden_organizations(headers: httpx.Headers) -> tuple[int, ...] | None:
    """The ids of the organisations whose packages single sign-on hides from this token; None if nothing is hidden.

    Source: https://docs.github.com/rest/authentication/authenticating-to-the-rest-api
    """
    text = headers.get("x-github-sso", "")
    if "partial-results" not in text.lower():
        return None
    return tuple(int(number) for number in re.findall(r"(?<![0-9])[0-9]{1,18}(?![0-9])", text)[:1000])
