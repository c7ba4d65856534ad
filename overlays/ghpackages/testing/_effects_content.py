"""Effects that spoil the server's own answer: its bytes, its headers, its links, its items."""

from __future__ import annotations

import gzip
import json
import re
from abc import abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypedDict, Unpack, cast

from ._effect import Change, Effect, Exchange, Proceed, Reply, Stage
from ._effects_wire import share
from ._http import Request, Response
from ._paging import Page, link_header

__all__ = [
    "BrokenGzip",
    "Headers",
    "Item",
    "Items",
    "Link",
    "LinkTarget",
    "LinkTargets",
    "MissingFields",
    "NoLink",
    "NoRateHeaders",
    "NullFields",
    "OddItem",
    "PartialResults",
    "TruncatedBody",
    "UnknownEnums",
    "UnknownFields",
]

Item = dict[str, object]
"""A package or a version as JSON."""

LINK: Final = re.compile(r'<([^>]*)>;\s*rel="(next|prev|first|last)"')
ORIGIN: Final = re.compile("[a-z]+://[^/]*")


# --- bytes


@dataclass(frozen=True)
class TruncatedBody(Effect):
    """Only the part `at` (0 to 1) of the body, in an answer that says it is whole."""

    at: float = 0.5

    stage = Stage.BODY

    def __post_init__(self) -> None:
        """Refuse what is no part."""
        share(self.at)

    async def apply(self, exchange: Exchange, proceed: Proceed) -> Reply:
        """Cut the body."""
        reply = await proceed()
        body = reply.response.body
        reply.response.body = body[: int(len(body) * self.at)]
        return reply


@dataclass(frozen=True)
class BrokenGzip(Effect):
    """A body that claims to be compressed, begins so, and goes on with nonsense."""

    stage = Stage.BODY

    async def apply(self, exchange: Exchange, proceed: Proceed) -> Reply:
        """Spoil the body."""
        reply = await proceed()
        if reply.response.body:
            reply.response.body = gzip.compress(reply.response.body)[:10] + b"\xff nonsense"
            reply.response.headers["content-encoding"] = "gzip"
        return reply


# --- headers


class Headers(Effect):
    """Headers of whichever answer, set or, with None, taken away; a `*` ends the names of several to take away."""

    stage = Stage.WIRE

    def __init__(self, changes: Mapping[str, str | None]) -> None:
        if any("*" in name and value is not None for name, value in changes.items()):
            raise ValueError("several headers can only be taken away")
        self.changes: Final = {name.lower(): value for name, value in changes.items()}

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.changes!r})"

    async def apply(self, exchange: Exchange, proceed: Proceed) -> Reply:
        """Change the headers."""
        reply = await proceed()
        headers = reply.response.headers
        for name, value in self.changes.items():
            if value is not None:
                headers[name] = value
            else:
                for found in [each for each in headers if _is_named(each, name)]:
                    del headers[found]
        return reply


def _is_named(name: str, pattern: str) -> bool:
    return name.startswith(pattern[:-1]) if pattern.endswith("*") else name == pattern


class NoLink(Headers):
    """No Link header (https://github.com/octokit/octokit.js/issues/2400)."""

    def __init__(self) -> None:
        super().__init__({"link": None})


class NoRateHeaders(Headers):
    """No `x-ratelimit-…` headers, as seen with Actions tokens."""

    def __init__(self) -> None:
        super().__init__({"x-ratelimit-*": None})


# --- links

Relation = Literal["next", "prev", "first", "last"]
LinkTarget = int | str | Callable[[int], int] | None
"""A page, a whole URL, a function from the page that was asked for to a page, or None: no such relation."""


class LinkTargets(TypedDict, total=False):
    """Where a Link header points to."""

    next: LinkTarget
    prev: LinkTarget
    first: LinkTarget
    last: LinkTarget


class Link(Effect):
    """A Link header that leads astray on a list; what is not named stays as it is.

    `Link(next=lambda page: page)` never ends; `Link(last=None)` has no last page; `Link(next=7)` skips or repeats;
    `Link(origin="https://elsewhere.example")` leads to another host, path and query unchanged.
    """

    stage = Stage.CONTENT

    def __init__(self, *, origin: str | None = None, **targets: Unpack[LinkTargets]) -> None:
        if origin is None and not targets:
            raise ValueError("nothing would be wrong with this Link header")
        if origin is not None and not ORIGIN.fullmatch(origin):
            raise ValueError(f"not an origin, such as https://example.org: {origin!r}")
        if any(isinstance(target, int) and target < 0 for target in targets.values()):
            raise ValueError("a page can't be negative")
        self.origin: Final = origin
        self.targets: Final = cast("dict[Relation, LinkTarget]", targets)

    def __repr__(self) -> str:
        given = [] if self.origin is None else [f"origin={self.origin!r}"]
        return f"Link({', '.join([*given, *(f'{name}={value!r}' for name, value in self.targets.items())])})"

    def concerns(self, exchange: Exchange) -> bool:
        """Tell whether it is a list."""
        return exchange.is_list

    async def apply(self, exchange: Exchange, proceed: Proceed) -> Reply:
        """Change the links."""
        reply = await proceed()
        if reply.response.status == 200 and self.concerns(exchange):
            headers = reply.response.headers
            header = headers.pop("link", "")
            others = [one for one in header.split(", ") if one and not LINK.match(one)]
            links = [f'<{url}>; rel="{relation}"' for relation, url in self._links(exchange.request, header).items()]
            if links or others:
                headers["link"] = ", ".join([*links, *others])
        return reply

    def _links(self, request: Request, header: str) -> dict[str, str]:
        found = {relation: url for url, relation in LINK.findall(header)}
        asked = f"{request.origin}{request.raw_path}?{request.query}"
        base, _, query = next(iter(found.values()), asked).partition("?")
        page = Page.asked(request.parameters).number
        for relation, target in self.targets.items():
            found.pop(relation, None)
            number = target(page) if callable(target) else target
            if number is not None:
                found[relation] = number if isinstance(number, str) else _url(base, query, relation, number)
        return {relation: ORIGIN.sub(self.origin or r"\g<0>", url, count=1) for relation, url in found.items()}


def _url(base: str, query: str, relation: str, page: int) -> str:
    return link_header(base, query, {relation: page}, (relation,)).partition(">")[0].removeprefix("<")


# --- items


def _unchanged(request: Request, response: Response) -> Response:
    return response


class Items(Change):
    """Packages or versions, in lists and alone, changed by a function; with `item`, only the one of that index."""

    def __init__(self, function: Callable[[Item], object], *, item: int | None = None) -> None:
        if item is not None and item < 0:
            raise ValueError(f"an index is not negative: {item}")
        super().__init__(_unchanged)
        self._edit: Final = function
        self.item: Final = item

    def __repr__(self) -> str:
        return f"{type(self).__name__}(…)" if self.item is None else f"{type(self).__name__}(…, item={self.item})"

    def concerns(self, exchange: Exchange) -> bool:
        """Tell whether it is asked for items."""
        return exchange.request.method == "GET" and exchange.route is not None

    def change(self, exchange: Exchange, response: Response) -> Response:
        """Change the items."""
        if response.status != 200 or not self.concerns(exchange):
            return response
        parsed = cast("Item | list[Item | None]", json.loads(response.body))
        items = parsed if isinstance(parsed, list) else [parsed]
        for item in items if self.item is None else items[self.item : self.item + 1]:
            if isinstance(item, dict):  # else another effect replaced it
                self._edit(item)
        response.body = _encoded(parsed)
        return response


def _encoded(value: object) -> bytes:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.encode(errors="backslashreplace")  # as JSON escapes a lone surrogate


class UnknownEnums(Items):
    """Types and visibilities that nobody has heard of."""

    def __init__(self, value: str = "unheard-of", *, item: int | None = None) -> None:
        super().__init__(self._replace, item=item)
        self.value: Final = value

    def _replace(self, item: Item) -> None:
        for name in ("package_type", "visibility", "metadata.package_type", "owner.type"):
            if (place := _place(item, name)) is not None and place[1] in place[0]:
                place[0][place[1]] = self.value


class UnknownFields(Items):
    """Fields that nobody has heard of; without any named, one that holds a bit of everything."""

    def __init__(self, fields: Mapping[str, object] | None = None, *, item: int | None = None) -> None:
        super().__init__(lambda one: one.update(self.fields), item=item)
        self.fields: Final = dict(fields or {"unheard_of": {"list": [None, True, 1.5, "ü"], "object": {}}})


class MissingFields(Items):
    """Fields that are not there, named with dots (`owner.login`)."""

    def __init__(self, *names: str, item: int | None = None) -> None:
        super().__init__(self._remove, item=item)
        self.names: Final = _named(names)

    def _remove(self, item: Item) -> None:
        for name in self.names:
            if (place := _place(item, name)) is not None:
                place[0].pop(place[1], None)


class NullFields(Items):
    """Fields that are null, named with dots (`metadata.container`), be they there otherwise or not."""

    def __init__(self, *names: str, item: int | None = None) -> None:
        super().__init__(self._clear, item=item)
        self.names: Final = _named(names)

    def _clear(self, item: Item) -> None:
        for name in self.names:
            if (place := _place(item, name)) is not None:
                place[0][place[1]] = None


def _named(names: tuple[str, ...]) -> tuple[str, ...]:
    if not names or not all(part for name in names for part in name.split(".")):
        raise ValueError(f"not the names of fields: {names!r}")
    return names


def _place(item: Item, name: str) -> tuple[Item, str] | None:
    """Find the object that has a field; None if there is no such object."""
    head, _, rest = name.partition(".")
    if not rest:
        return item, head
    inner = item.get(head)
    return _place(cast(Item, inner), rest) if isinstance(inner, dict) else None


# --- lists


class _Lists(Change):
    """Something else in lists, whether of packages or of versions."""

    def __init__(self) -> None:
        super().__init__(_unchanged)

    def concerns(self, exchange: Exchange) -> bool:
        """Tell whether it is a list."""
        return exchange.is_list

    def change(self, exchange: Exchange, response: Response) -> Response:
        """Change the list."""
        if response.status == 200 and self.concerns(exchange):
            response.body = _encoded(self._edit(json.loads(response.body), response))
        return response

    @abstractmethod
    def _edit(self, items: list[object], response: Response) -> list[object]:
        """Return what the list is to be; headers of the response may be changed."""


class OddItem(_Lists):
    """A list, one item of which is something else altogether, by default null; nothing if it has no such item."""

    def __init__(self, value: object = None, *, item: int = 0) -> None:
        if item < 0:
            raise ValueError(f"an index is not negative: {item}")
        super().__init__()
        self.value: Final = value
        self.item: Final = item

    def __repr__(self) -> str:
        return f"OddItem({self.value!r}, item={self.item})"

    def _edit(self, items: list[object], response: Response) -> list[object]:
        items[self.item : self.item + 1] = [self.value] * (self.item < len(items))
        return items


class PartialResults(_Lists):
    """Lists without what certain organisations own, named by id, and a header that says so: for want of single sign-on.

    https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api
    """

    def __init__(self, *organizations: int) -> None:
        if not organizations or min(organizations) < 1:
            raise ValueError(f"not the ids of organisations: {organizations!r}")
        super().__init__()
        self.organizations: Final = organizations

    def __repr__(self) -> str:
        return f"PartialResults({', '.join(map(str, self.organizations))})"

    def _edit(self, items: list[object], response: Response) -> list[object]:
        response.headers["x-github-sso"] = f"partial-results; organizations={','.join(map(str, self.organizations))}"
        return [item for item in items if not self._owns(item)]

    def _owns(self, item: object) -> bool:
        place = _place(cast(Item, item), "owner.id") if isinstance(item, dict) else None
        return place is not None and place[0].get("id") in self.organizations
