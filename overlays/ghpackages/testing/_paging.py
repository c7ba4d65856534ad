"""Page arithmetic and Link headers.

https://docs.github.com/rest/using-the-rest-api/using-pagination-in-the-rest-api
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

__all__ = ["BEYOND_ORDER", "DEFAULT_PER_PAGE", "PACKAGES_ORDER", "VERSIONS_ORDER", "Page", "link_header", "relations"]

DEFAULT_PER_PAGE: Final = 30
MAX_PER_PAGE: Final = 100

PAGE: Final = re.compile("(?<![^&])page=[^&]*")

PACKAGES_ORDER: Final = ("next", "prev", "first", "last")
VERSIONS_ORDER: Final = ("prev", "next", "last", "first")
BEYOND_ORDER: Final = ("prev", "first", "last")


@dataclass(frozen=True, slots=True)
class Page:
    """Which page of how many items was asked for."""

    number: int
    per_page: int

    @classmethod
    def asked(cls, parameters: Mapping[str, str]) -> Page:
        """Read the parameters: what makes no sense counts as absent, what is too large as the maximum."""
        per_page = _positive(parameters.get("per_page"), DEFAULT_PER_PAGE)
        return cls(_positive(parameters.get("page"), 1), min(per_page, MAX_PER_PAGE))

    @property
    def start(self) -> int:
        """The index of the page's first item."""
        return (self.number - 1) * self.per_page

    @property
    def stop(self) -> int:
        """The index after the page's last item."""
        return self.number * self.per_page

    def count(self, items: int) -> int:
        """Tell how many pages so many items fill."""
        return -(-items // self.per_page)


def _positive(text: str | None, default: int) -> int:
    if text is None or not text.isascii() or not text.isdecimal():
        return default
    return int(text[:18]) or default


def relations(page: int, pages: int) -> dict[str, int]:
    """Tell which pages a page's Link header points to.

    Asked beyond the end the server still names its last page, which is 0 when there is none.
    """
    if page == 1 and pages <= 1:
        return {}
    targets = {"next": page + 1 if page < pages else 0, "prev": min(page - 1, pages), "first": min(page - 1, pages, 1)}
    found = {relation: number for relation, number in targets.items() if number}
    return found if page == pages else {**found, "last": pages}


def link_header(url: str, query: str, targets: Mapping[str, int], order: tuple[str, ...], more: str = "") -> str:
    """Write a Link header's value.

    `page` is replaced in place: the other parameters stay as they were sent, and where. `more` ends the query.
    """
    around = PAGE.split(query)
    if len(around) == 1:
        around = [f"{query}&" if query else "", ""]
    around[-1] += more
    numbers = ((relation, f"page={targets[relation]}") for relation in order if relation in targets)
    return ", ".join(f'<{url}?{page.join(around)}>; rel="{relation}"' for relation, page in numbers)
