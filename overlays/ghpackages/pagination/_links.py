"""The Link header: only the numbers in it are used, never the targets.

Those name the owner in another way (`/organizations/{id}/…`), and a target elsewhere must not be followed.
"""

import re
from functools import lru_cache

import httpx

from ..exceptions import DecodeError

_LINK = re.compile(r"<([^<>]*)>([^<]*?)(?=,\s*<|$)")
_REL = re.compile(r';\s*rel\s*=\s*(?:"([^"]*)"|([^\s;,"]+))', re.IGNORECASE)
_PAGE = re.compile(r"[?&]page=([0-9]{1,18})(?![^&#])")
_PAGING = {"next", "prev", "first", "last"}


def page_links(headers: httpx.Headers) -> dict[str, int]:
    """The page numbers of a Link header by relation: next, prev, first, last. Others don't count."""
    found: dict[str, int] = {}
    for target, relations in _paging_links(headers.get("link", "")):
        number = _page_number(target)
        for relation in relations:
            if number is not None:
                found.setdefault(relation, number)
    return found


def check_links(response: httpx.Response) -> None:
    """Refuse a paging link to another origin, although no target is followed: something between answers in its place.

    Raises:
        DecodeError: There is one.
    """
    here = response.request.url
    prefix = f"{here.scheme}://{here.netloc.decode('ascii')}/"
    for target, _ in _paging_links(response.headers.get("link", "")):
        if target.startswith(prefix):
            continue
        try:
            there = here.join(target)
        except (httpx.InvalidURL, ValueError):
            continue  # it leads nowhere
        if (there.scheme, there.host, there.port) != (here.scheme, here.host, here.port):
            places = [f"{url.scheme}://{url.netloc.decode('ascii')}" for url in (there, here)]
            error = DecodeError("the header Link", "", target, "leads to {}, which is not {}".format(*places))
            error.response = response
            raise error


@lru_cache(maxsize=64)  # one header is looked at more than once, soon after it came
def _paging_links(text: str) -> list[tuple[str, list[str]]]:
    """The targets of a Link header that are about pages, with what they are."""
    links = ((target, _PAGING.intersection(_relations(parameters))) for target, parameters in _LINK.findall(text))
    return [(target, sorted(relations)) for target, relations in links if relations]


def _relations(parameters: str) -> list[str]:
    return [name for quoted, bare in _REL.findall(parameters) for name in (quoted or bare).lower().split()]


def _page_number(target: str) -> int | None:
    found = _PAGE.search(target)
    return int(found[1]) if found else None
