"""Pages of versions: written quickly, and remembered."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Iterable
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final, NamedTuple
from urllib.parse import quote

from ._names import picked
from ._payloads import Site, array, date, has_release_pages, package_page, package_path, text, versions_page
from ._runs import Run
from ._state import TAGGED_TYPES, MockPackage
from ._versions import MockVersion, Piece, Stretch

__all__ = ["EncodedPage", "PageCache", "VersionWriter"]

MOST_BYTES: Final = 32 * 2**20

SECOND: Final = timedelta(seconds=1)
HOUR: Final = 3600
MINUTES: Final = [f"{minute:02}:{second:02}" for minute in range(60) for second in range(60)]


class EncodedPage(NamedTuple):
    """A body and its ETag."""

    body: bytes
    etag: str

    @classmethod
    def of(cls, body: bytes) -> EncodedPage:
        """Take a body."""
        return cls(body, f'"{sha256(body).hexdigest()}"')


class PageCache:
    """The pages that were asked for last, at most 32 MiB of them."""

    def __init__(self, size: int = MOST_BYTES) -> None:
        self._room = size
        self._pages: Final[OrderedDict[Hashable, EncodedPage]] = OrderedDict()

    def get(self, key: Hashable) -> EncodedPage | None:
        """Find a page."""
        page = self._pages.get(key)
        if page is not None:
            self._pages.move_to_end(key)
        return page

    def put(self, key: Hashable, page: EncodedPage) -> None:
        """Remember a page; forget those that were not asked for the longest."""
        self._pages[key] = page
        self._room -= len(page.body)
        while self._room < 0:
            self._room += len(self._pages.popitem(last=False)[1].body)


class VersionWriter:
    """Writes versions of one package, of which they share the addresses."""

    def __init__(self, site: Site, package: MockPackage, *, docker_key: str) -> None:
        self._type: Final = package.package_type
        self._docker_key: Final = docker_key
        self._by_id: Final = not has_release_pages(package)
        # Open strings, to be continued for each version.
        self._url: Final = text(f"{site.api}{package_path(package)}/versions/")[:-1]
        self._html: Final = text(versions_page(site, package))[:-1]
        self._page: Final = text(package_page(site, package))

    def write(self, version: MockVersion) -> str:
        """Write a version; what is not set is absent, not null."""
        end = version.id if self._by_id else quote(version.name, safe="")
        deleted_at = date(version.deleted_at) if version.deleted_at else None
        return (
            f'{{"id":{version.id},"name":{text(version.name)},"url":{self._url}{version.id}",'
            f'"package_html_url":{self._page},{_optional("license", version.license)}'
            f'"created_at":"{date(version.created_at)}","updated_at":"{date(version.updated_at)}",'
            f'{_optional("description", version.description)}"html_url":{self._html}{end}",'
            f'{_optional("deleted_at", deleted_at)}"metadata":{self._metadata(version.tags)}}}'
        )

    def write_all(self, pieces: Iterable[Piece]) -> bytes:
        """Write a list of versions."""
        parts = ["["]
        for piece in pieces:
            if isinstance(piece, Stretch):
                self._describe(piece, parts)
            else:
                parts += self.write(piece), ","
        parts[-1] = "]" if len(parts) > 1 else "[]"
        return "".join(parts).encode()

    def _describe(self, stretch: Stretch, parts: list[str]) -> None:
        """Write the same for versions that are only described: here the server spends its time."""
        run, positions = stretch.run, stretch.positions
        names, dates = run.names.names(positions), _dates(run, positions)
        ids = [*map(str, picked(run.ids, positions))]
        # Nothing else in a made-up name has to be quoted.
        ends = ids if self._by_id else [name.replace(":", "%3A") for name in names]
        url, page = f'","url":{self._url}', f'","package_html_url":{self._page},"created_at":"'
        for number, name, made, end, metadata in zip(ids, names, dates, ends, self._all_metadata(stretch), strict=True):
            parts += '{"id":', number, ',"name":"', name, url, number, page, made, 'Z","updated_at":"', made
            parts += 'Z","html_url":', self._html, end, '","metadata":', metadata, "}", ","

    def _all_metadata(self, stretch: Stretch) -> Iterable[str]:
        tags_of = stretch.run.tags_of
        if stretch.run.tags is None:
            return [self._metadata(())] * len(stretch.positions)
        return (self._metadata(tags_of(position)) for position in stretch.positions)

    def _metadata(self, tags: Iterable[str]) -> str:
        if self._type not in TAGGED_TYPES:
            return f'{{"package_type":"{self._type}"}}'
        key = self._docker_key if self._type == "docker" else "tags"
        return f'{{"package_type":"{self._type}","{self._type}":{{"{key}":{array(map(text, tags))}}}}}'


def _optional(key: str, value: str | None) -> str:
    return "" if value is None else f'"{key}":{text(value)},'


def _dates(run: Run, positions: range) -> list[str]:
    """Give descending dates, all of them UTC, without the letter for it."""
    known, date_and_hour, found = -1, "", list[str]()
    for seconds in _seconds(run, positions):
        hour, rest = divmod(seconds, HOUR)
        if hour != known:
            known, date_and_hour = hour, _hour(hour)
        found.append(date_and_hour + MINUTES[rest])
    return found


def _seconds(run: Run, positions: range) -> Iterable[int]:
    """Give descending dates in seconds since 0001."""
    newest = run.start.replace(tzinfo=None) - datetime.min + positions[0] * run.step
    step = run.step // SECOND
    if step and run.step == step * SECOND:
        newest_second = newest // SECOND
        return range(newest_second, newest_second - len(positions) * step, -step)
    return [(newest - number * run.step) // SECOND for number in range(len(positions))]


def _hour(hour: int) -> str:
    return (datetime.min + timedelta(hours=hour)).isoformat()[:14]
