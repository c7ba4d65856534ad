"""Where the packages of an audit come from: listings, or names."""

import asyncio
from collections.abc import Callable, Iterable
from contextlib import aclosing
from typing import Final

from attrs import frozen

from ghpackages import Owner, Package, PackageType, Page, Paginator, UsageError, count_requests

from ._meter import Meter, least_requests

AHEAD: Final = 4
"""How many pages of packages are asked for ahead: one feeds a hundred packages, unless filters leave most out."""


@frozen
class Listing:
    """The packages of one type of one owner."""

    package_type: PackageType
    packages: Paginator[Package]


@frozen
class Named:
    """A package that is not looked up in a listing."""

    package_type: PackageType
    name: str

    def __str__(self) -> str:
        """As it is written: `container/web/api`."""
        return f"{self.package_type}/{self.name}"


@frozen
class Source:
    """What is asked for of one owner: either some listings or some packages."""

    owner: Owner
    listings: tuple[Listing, ...] = ()
    named: tuple[Named, ...] = ()


def parse_packages(packages: str | Iterable[str | tuple[str, str]]) -> tuple[Named, ...]:
    """The packages that are named, in this order, each once.

    Raises:
        ValueError: A text or a type names none.
    """
    given = [packages] if isinstance(packages, str) else packages
    return tuple(dict.fromkeys(_parse_package(one) for one in given))


def _parse_package(package: str | tuple[str, str]) -> Named:
    package_type, slash, name = package.partition("/") if isinstance(package, str) else (package[0], "/", package[1])
    if not slash or not name:
        raise ValueError(f"{package!r} is no package: expected a type and a name, as in 'container/web/api'")
    return Named(PackageType(package_type), name)


class Reader:
    """Reads the packages of a listing, and keeps those that are wanted until it is their turn.

    It may be started before: then at most one full page waits, with the next ones asked for only when it is taken.
    """

    def __init__(self, listing: Listing, accepts: Callable[[Package], bool], meter: Meter) -> None:
        self.listing = listing
        self._accepts = accepts
        self._meter = meter
        self._queue: asyncio.Queue[list[Package] | Exception | None] = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None

    def begin(self, group: asyncio.TaskGroup) -> None:
        """Read, if that has not begun."""
        self._task = self._task or group.create_task(self._read())

    async def next(self) -> list[Package] | None:
        """The packages of the next page; None after the last one.

        Raises:
            GitHubPackagesError: The listing failed.
        """
        found = await self._queue.get()
        self._queue.task_done()
        if isinstance(found, Exception):
            raise found
        return found

    async def _read(self) -> None:
        end: Exception | None = UsageError("the listing was cancelled elsewhere")
        try:
            await self._read_pages()
            end = None
        except Exception as error:  # it is raised again where the packages are taken
            end = error
        finally:
            self._meter.unread -= 1
            self._queue.put_nowait(end)

    async def _read_pages(self) -> None:
        packages, items, proof = self.listing.packages, 0, None
        began = asyncio.get_running_loop().time()
        with count_requests() as count:
            try:
                async with aclosing(packages.pages(ahead=AHEAD)) as pages:
                    async for page in pages:
                        if page.number == 1:
                            self._meter.took(began, count.requests)
                        items, proof = items + len(page), page.proof
                        self._add(page)
                        if len(page) == packages.per_page:  # otherwise only an empty page is likely to follow
                            await self._queue.join()
            finally:
                self._meter.least += least_requests(items, packages.per_page, proof)
                self._meter.listing += count.requests

    def _add(self, page: Page[Package]) -> None:
        accepted = [package for package in page if self._accepts(package)]
        self._meter.pages += 1
        self._meter.found += len(accepted)
        if accepted:
            self._queue.put_nowait(accepted)
