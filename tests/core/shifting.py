"""A listing whose content changes while it is read: something new comes, and anything can go."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import httpx
from tests.core.wire import version

Tells = Literal["last", "next", "nothing"]
"""What a Link header says: everything, everything but which page is the last, or there is none."""

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
TARGET = "https://api.github.com/organizations/363514/packages?package_type=container"


def date(second: int) -> str:
    """An instant as the server sends it, so many seconds after the first one."""
    return (BEGIN + timedelta(seconds=second)).strftime("%Y-%m-%dT%H:%M:%SZ")


def relations(page: int, pages: int, tells: Tells) -> dict[str, int]:
    """What the server's Link says: the last page names no last one, and a single page nothing."""
    if tells == "nothing" or (page == 1 and pages <= 1):
        return {}
    found = {"prev": min(page - 1, pages), "first": 1} if page > 1 else {}
    if page < pages:
        found["next"] = page + 1
    if page != pages and tells == "last":
        found["last"] = pages
    return found


def link(page: int, pages: int, per_page: int, tells: Tells) -> dict[str, str]:
    """The headers that say it."""
    found = relations(page, pages, tells)
    links = [f'<{TARGET}&per_page={per_page}&page={number}>; rel="{name}"' for name, number in found.items()]
    return {"Link": ", ".join(links)} if links else {}


class Shelf:
    """A list endpoint, at first with the newest item first; each is created a second after the one before.

    Args:
        count: How many items there are, with the ids from `count` down to 1.
        make: What makes a payload of an id: `version` or `package`.
        tells: What its Link headers say.

    Attributes:
        items: Ids, and the seconds in which they were created, in the order in which they are listed.
    """

    def __init__(self, count: int, make: Any = version, tells: Tells = "last") -> None:
        self.make, self.tells = make, tells
        self.items: list[tuple[int, int]] = [(number, number) for number in range(count, 0, -1)]
        self.newest = self.created = count

    @property
    def ids(self) -> list[int]:
        """What is there now."""
        return [id_ for id_, _ in self.items]

    def add(self, *, tie: bool = False, at: int = 0) -> int:
        """Add one, at the front as a rule; with `tie` in the second of the newest that there ever was. Gives its id."""
        self.created += 1
        self.newest += not tie
        self.items.insert(at, (self.created, self.newest))
        return self.created

    def delete(self, *ids: int) -> None:
        """Take some out."""
        self.items = [item for item in self.items if item[0] not in ids]

    def __call__(self, request: httpx.Request) -> httpx.Response:
        return self.page(int(request.url.params["page"]), int(request.url.params["per_page"]))

    def page(self, page: int, per_page: int, only: Sequence[tuple[int, int]] | None = None) -> httpx.Response:
        """The answer to a request."""
        items = self.items if only is None else only
        pages = -(-len(items) // per_page)
        payload = [self.make(id_, created_at=date(at)) for id_, at in items[(page - 1) * per_page : page * per_page]]
        return httpx.Response(200, json=payload, headers=link(page, pages, per_page, self.tells))
