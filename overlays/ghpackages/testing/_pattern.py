"""Which requests a fault is about."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Final, TypedDict, get_args

from ._effect import Exchange
from ._http import Request
from ._paging import Page
from ._routes import Action

__all__ = ["METHODS", "OPERATIONS", "Pattern", "PatternOptions", "glob"]

METHODS: Final = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"})
OPERATIONS: Final[frozenset[str]] = frozenset(get_args(Action))


class PatternOptions(TypedDict, total=False):
    """The keyword arguments of `Fault` that tell which requests are meant."""

    method: str | Collection[str] | None
    path: str | re.Pattern[str] | None
    operation: str | Collection[str] | None
    owner: str | None
    package: str | None
    page: int | Collection[int] | None
    token: str | None
    where: Callable[[Request], object] | None


def glob(pattern: str) -> re.Pattern[str]:
    """Make an expression of a path: `*` is anything but a slash, `**` anything."""
    if not pattern.startswith(("/", "*")):
        raise ValueError(f"a path begins with a slash or a star: {pattern!r}")
    parts = re.split(r"(\*\*|\*)", pattern)
    return re.compile("".join({"**": ".*", "*": "[^/]*"}.get(part) or re.escape(part) for part in parts))


@dataclass(frozen=True, kw_only=True)
class Pattern:
    """Conditions, all of which must hold; None is none."""

    methods: frozenset[str] | None
    path: re.Pattern[str] | None
    operations: frozenset[str] | None
    owner: str | None
    package: str | None
    pages: Collection[int] | None
    token: str | None
    where: Callable[[Request], object] | None

    @classmethod
    def of(cls, options: PatternOptions) -> Pattern:
        """Check the conditions."""
        path = options.get("path")
        return cls(
            methods=_members("method", options.get("method"), METHODS),
            path=glob(path) if isinstance(path, str) else path,
            operations=_members("operation", options.get("operation"), OPERATIONS),
            owner=_text("owner", options.get("owner")),
            package=_text("package", options.get("package")),
            pages=_pages(options.get("page")),
            token=_text("token", options.get("token")),
            where=options.get("where"),
        )

    def matches(self, exchange: Exchange) -> bool:
        """Tell whether a request is meant; the quick questions come first."""
        request = exchange.request
        return (
            (self.methods is None or request.method in self.methods)
            and (self.path is None or self.path.fullmatch(exchange.path) is not None)
            and (self.token is None or exchange.secret == self.token)
            and (self.pages is None or Page.asked(request.parameters).number in self.pages)
            and self._matches_route(exchange)
            and (self.where is None or bool(self.where(request)))
        )

    def _matches_route(self, exchange: Exchange) -> bool:
        if self.operations is None and self.owner is None and self.package is None:
            return True
        route = exchange.route
        return (
            route is not None
            and (self.operations is None or route.action in self.operations)
            and (self.package is None or route.name == self.package)
            and (self.owner is None or self.owner.lower() in _names(exchange))
        )


def _names(exchange: Exchange) -> set[str]:
    """Give the owner's name, in lower case, and what the path calls it."""
    names = {exchange.owner.login.lower()} if exchange.owner else set[str]()
    return names | {exchange.route.owner.login.lower()} if exchange.route else names


def _members(kind: str, given: str | Collection[str] | None, known: frozenset[str]) -> frozenset[str] | None:
    if given is None:
        return None
    found = frozenset({given} if isinstance(given, str) else given)
    if not found or not found <= known:
        unknown = ", ".join(sorted(found - known)) or "none"
        raise ValueError(f"unknown {kind} {unknown}: expected some of {', '.join(sorted(known))}")
    return found


def _text(kind: str, given: str | None) -> str | None:
    if given is not None and not given.strip():
        raise ValueError(f"the {kind} is empty")
    return given


def _pages(given: int | Collection[int] | None) -> Collection[int] | None:
    if given is None:
        return None
    pages = (given,) if isinstance(given, int) else given
    if not pages or min(pages) < 1:
        raise ValueError(f"pages count from 1: {given!r}")
    return pages
