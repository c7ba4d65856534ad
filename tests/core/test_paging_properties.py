"""Listings of a server whose content changes while they are read, in all kinds of ways.

Each request is answered after a while, so answers come in any order; between them items are added at the front and
deleted anywhere. The clock is virtual.
"""

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
from attrs import field, frozen
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.core.shifting import Shelf, Tells
from tests.core.wire import client, package, version
from tests.transport.virtual_clock import run

from ghpackages import GitHubPackages, IncompleteListingError, Package, PackageVersion, Paginator

MOST_ANSWERS = 24


@frozen
class World:
    """A server, what happens on it, and who reads.

    Attributes:
        count: How many items there are at first.
        make: Whether packages or versions are listed.
        tells: What Link headers say.
        per_page: Items per page.
        concurrency: Of the client.
        ahead: How many pages are asked for ahead; None for what is usual.
        delays: How long each answer takes, in its turn.
        happenings: After which answer something happens, and what: an index to be deleted, or -1 for a new item, -2
            for one in the same second as the newest.
    """

    count: int
    make: Callable[..., dict[str, Any]]
    tells: Tells
    per_page: int
    concurrency: int
    ahead: int | None
    delays: list[int] = field(repr=lambda delays: str(delays[:8]))
    happenings: list[tuple[int, int]]


def worlds(happenings: int) -> st.SearchStrategy[World]:
    """Worlds in which at most so many things happen."""
    return st.builds(
        World,
        count=st.integers(0, 12),
        make=st.sampled_from([package, version]),
        tells=st.sampled_from(["last", "last", "next", "nothing"]),
        per_page=st.integers(1, 4),
        concurrency=st.integers(1, 6),
        ahead=st.none() | st.integers(0, 5),
        delays=st.lists(st.integers(0, 3), min_size=1, max_size=MOST_ANSWERS),
        happenings=st.lists(
            st.tuples(st.integers(1, 6) | st.integers(1, MOST_ANSWERS), st.integers(-2, 12)), max_size=happenings
        ),
    )


class Server(httpx.AsyncBaseTransport):
    """Plays what happens in a world.

    Attributes:
        always: What was there all the time.
        answers: How many there were.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.shelf = Shelf(world.count, world.make, world.tells)
        self.always, self.ever = set(self.shelf.ids), set(self.shelf.ids)
        self.requests = self.answers = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        delays = self.world.delays
        self.requests += 1
        await asyncio.sleep(delays[self.requests % len(delays)])
        response = self.shelf(request)
        self.answers += 1
        for after, what in self.world.happenings:
            if after == self.answers:
                self._happen(what)
        return response

    def _happen(self, what: int) -> None:
        if what < 0:
            self.ever.add(self.shelf.add(tie=what == -2))
        elif self.shelf.ids:
            gone = self.shelf.ids[what % len(self.shelf.ids)]
            self.shelf.delete(gone)
            self.always.discard(gone)


def listing(
    world: World, github: GitHubPackages, *, consistent: bool
) -> Paginator[Package] | Paginator[PackageVersion]:
    owner = github.org("acme")
    if world.make is package:
        return owner.packages("container", per_page=world.per_page, consistent=consistent)
    return owner.versions("container", "web", per_page=world.per_page, consistent=consistent)


@frozen
class Reading:
    """What was given, and the error after it if it may be incomplete."""

    ids: list[int]
    error: IncompleteListingError | None = None


async def read(world: World, server: Server, *, consistent: bool) -> Reading:
    ids: list[int] = []
    async with client(server, concurrency=world.concurrency) as github:
        try:
            async for page in listing(world, github, consistent=consistent).pages(ahead=world.ahead):
                ids += [item.id for item in page.items]
        except IncompleteListingError as error:
            return Reading(ids, error)
    return Reading(ids)


@settings(max_examples=200, deadline=None)
@given(worlds(happenings=10))
def test_consistent_gives_all_that_was_there_all_the_time_once_or_raises(world: World):
    server = Server(world)
    found = run(read(world, server, consistent=True))
    if found.error:
        assert (found.error.reason, found.ids) == ("shifted", [])
    else:
        assert len(found.ids) == len(set(found.ids))
        assert server.always <= set(found.ids) <= server.ever


@settings(max_examples=80, deadline=None)
@given(worlds(happenings=12))
def test_without_it_nothing_is_given_twice_and_nothing_that_never_was(world: World):
    server = Server(world)
    found = run(read(world, server, consistent=False))
    assert found.error is None or found.error.reason == "repeated"
    assert len(found.ids) == len(set(found.ids))
    assert set(found.ids) <= server.ever


@settings(max_examples=80, deadline=None)
@given(worlds(happenings=0), st.booleans())
def test_with_no_changes_a_listing_is_exact(world: World, consistent: bool):
    server = Server(world)
    assert run(read(world, server, consistent=consistent)) == Reading(server.shelf.ids)
    assert server.answers <= (2 if consistent else 1) * (world.count // world.per_page + 2)
