"""The guard: *list packages* has a window, and a page beyond it is refused before anything is sent.

Source: https://docs.github.com/rest/packages/packages#list-packages-for-an-organization (status 400). *List versions*
has no window: packages of more than 100,000 versions are listed in practice.
"""

import re

from .exceptions import PageWindowError

WINDOW = 10_000
"""The greatest page × per_page; exactly this is allowed."""

MAX_PER_PAGE = 100
"""What the server makes of any greater per_page.

Source: https://docs.github.com/rest/using-the-rest-api/using-pagination-in-the-rest-api
"""

DEFAULT_PER_PAGE = 30
"""What the server takes when there is no per_page (same source)."""

_LIST_PACKAGES = re.compile(rb"/(?:orgs/[^/]+|organizations/[^/]+|users/[^/]+|user/[0-9]+|user)/packages\Z")


def has_window(path: bytes) -> bool:
    """Whether a GET of this path, percent-encoded as it is sent, lists packages, whatever prefix the API has."""
    return _LIST_PACKAGES.search(path) is not None


def fits(page: int, per_page: int) -> bool:
    """Whether GitHub shows this page of a listing that has a window."""
    return page * min(per_page, MAX_PER_PAGE) <= WINDOW


def last_page(per_page: int) -> int:
    """The last page that GitHub shows of a listing that has a window."""
    return WINDOW // min(per_page, MAX_PER_PAGE)


def check(page: int, per_page: int) -> None:
    """Refuse a page beyond the window.

    Raises:
        PageWindowError: page × per_page > 10000.
    """
    if not fits(page, per_page):
        raise PageWindowError(page, min(per_page, MAX_PER_PAGE), WINDOW)
