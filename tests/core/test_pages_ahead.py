"""Pages are asked for ahead, in parallel and bounded, and handed out in the order of the server.

One item a page, so that the id of an item is the number of its page. The server answers when it is told to, on a
virtual clock: what `settle()` has not made happen will not happen by itself.
"""

import asyncio
import contextlib
import gc
import weakref
from collections.abc import AsyncIterator, Callable
from contextvars import ContextVar

import httpx
import pytest
from tests.core.held import Held, page_of, settle
from tests.core.shifting import Shelf, Tells
from tests.core.wire import Handler, Recorder, client, package, pages_of, version

from ghpackages import GitHubPackages, IncompleteListingError, NotFoundError, PackageVersion, Page, Paginator

VERSIONS = [version(number) for number in range(1, 101)]
LOOK_AHEAD = 32


def numbers(first: int, last: int) -> list[str]:
    """What a `Held` calls these pages."""
    return [str(number) for number in range(first, last + 1)]


def pages(count: int, *, missing: tuple[str, ...] = ()) -> Handler:
    """So many pages of one version each; some are answered with 404."""

    def handler(request: httpx.Request) -> httpx.Response:
        is_missing = page_of(request) in missing
        return httpx.Response(404, json={"message": "gone"}) if is_missing else pages_of(VERSIONS[:count])(request)

    return handler


def listing(github: GitHubPackages) -> Paginator[PackageVersion]:
    return github.org("acme").versions("container", "web", per_page=1)


async def first_page(server: Held, iterator: AsyncIterator[Page[PackageVersion]]) -> Page[PackageVersion]:
    """Take the first page."""
    task = asyncio.create_task(anext(iterator))
    await settle()
    await server.answer("1")
    return await task


async def ask_for_second(
    server: Held, iterator: AsyncIterator[Page[PackageVersion]]
) -> asyncio.Task[Page[PackageVersion]]:
    """Take the first page, and ask for the second one."""
    await first_page(server, iterator)
    task = asyncio.create_task(anext(iterator))
    await settle()
    return task


async def ask_for_third(
    server: Held, iterator: AsyncIterator[Page[PackageVersion]]
) -> asyncio.Task[Page[PackageVersion]]:
    """Take the first two pages, and ask for the third one."""
    task = await ask_for_second(server, iterator)
    await server.answer("2")
    await task
    task = asyncio.create_task(anext(iterator))
    await settle()
    return task


async def test_pages_are_asked_for_together_once_the_first_one_told_the_last():
    server = Held(pages(20))
    async with client(server, concurrency=8) as github, contextlib.aclosing(listing(github).pages()) as iterator:
        await ask_for_second(server, iterator)
        assert server.in_flight == numbers(2, 9)


async def test_nothing_is_asked_for_ahead_before_the_second_page_is_wanted():
    server = Held(pages(20))
    async with client(server) as github, contextlib.aclosing(listing(github).pages()) as iterator:
        page = await first_page(server, iterator)
        await settle()
        assert page.last_number == 20
        assert server.asked == ["1"]


async def test_no_more_than_the_concurrency_of_the_client_is_in_flight():
    server = Held(pages(20))
    async with client(server, concurrency=3) as github:
        task = asyncio.create_task(listing(github).collect())
        await settle()
        for _ in range(20):
            await server.answer(server.in_flight[-1])
        assert [item.id for item in await task] == list(range(1, 21))
    assert server.most == 3


async def test_no_more_than_the_look_ahead_is_asked_for_beyond_the_page_that_is_wanted():
    server = Held(pages(60))
    async with client(server, concurrency=100) as github, contextlib.aclosing(listing(github).pages()) as iterator:
        task = await ask_for_second(server, iterator)
        assert server.asked == numbers(1, 2 + LOOK_AHEAD)
        await server.answer("2")
        await task
        assert len(server.asked) <= 2 + LOOK_AHEAD


async def test_a_slow_consumer_has_no_more_than_the_look_ahead_fetched_for_it():
    server = Held(pages(60))
    async with client(server, concurrency=100) as github, contextlib.aclosing(listing(github).pages()) as iterator:
        task = await ask_for_second(server, iterator)
        await server.answer_all()
        await task
        for taken in range(3, 30):
            await anext(iterator)
            await settle()
            assert taken < len(server.asked) <= taken + LOOK_AHEAD


async def test_answers_that_come_in_reverse_order_are_handed_out_in_the_order_of_the_server():
    server = Held(pages(6))
    async with client(server) as github:
        task = asyncio.create_task(listing(github).collect())
        await settle()
        await server.answer("1")
        await server.answer("6", "5", "4", "3")
        assert not task.done()
        await server.answer("2")
        assert [item.id for item in await task] == [1, 2, 3, 4, 5, 6]


async def test_no_page_is_asked_for_twice():
    server = Held(pages(50))
    async with client(server, concurrency=7) as github:
        task = asyncio.create_task(listing(github).collect())
        await settle()
        await server.answer_all()
        assert len(await task) == 50
    assert sorted(server.asked, key=int) == numbers(1, 50)


@pytest.mark.parametrize(("limit", "requests"), [(1, 1), (100, 1), (101, 2), (200, 2), (250, 3), (300, 3), (301, 4)])
async def test_collect_asks_for_no_page_that_its_limit_does_not_need(limit: int, requests: int):
    server = Recorder(pages_of([version(number) for number in range(1, 801)]))
    async with client(server) as github:
        found = await github.org("acme").versions("container", "web").collect(limit=limit)
    assert [item.id for item in found] == list(range(1, limit + 1))
    assert len(server.requests) == requests


async def test_collect_with_a_limit_asks_for_what_it_needs_together():
    server = Held(pages(20))
    async with client(server) as github:
        task = asyncio.create_task(listing(github).collect(limit=5))
        await settle()
        await server.answer("1")
        assert server.in_flight == numbers(2, 5)
        await server.answer("5", "4", "3", "2")
        assert len(await task) == 5
    assert server.asked == numbers(1, 5)


async def one_by_one(server: Held, task: "asyncio.Task[list[Page[PackageVersion]]]", count: int) -> None:
    """Answer each request; there must be just one at a time."""
    await settle()
    for number in range(1, count + 1):
        assert server.in_flight == [str(number)]
        await server.answer(str(number))
    assert task.done()


async def all_pages(iterator: AsyncIterator[Page[PackageVersion]]) -> list[Page[PackageVersion]]:
    return [page async for page in iterator]


async def test_with_nothing_ahead_pages_are_asked_for_one_by_one():
    server = Held(pages(6))
    async with client(server) as github:
        task = asyncio.create_task(all_pages(listing(github).pages(ahead=0)))
        await one_by_one(server, task, 6)
        assert [page.number for page in await task] == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize("ahead", [1, 2, 5])
async def test_at_most_so_many_pages_are_asked_for_ahead_as_told(ahead: int):
    server = Held(pages(30))
    async with (
        client(server, concurrency=100) as github,
        contextlib.aclosing(listing(github).pages(ahead=ahead)) as iterator,
    ):
        await ask_for_second(server, iterator)
        assert server.in_flight == numbers(2, 2 + ahead)


async def test_a_look_ahead_below_zero_is_refused():
    async with client(Recorder(pages(3))) as github:
        with pytest.raises(ValueError, match="ahead"):
            listing(github).pages(ahead=-1)


@pytest.mark.parametrize(("tells", "requests"), [("next", 6), ("nothing", 7)])
async def test_where_no_last_page_is_told_they_are_asked_for_one_by_one(tells: Tells, requests: int):
    server = Held(Shelf(6, tells=tells))
    async with client(server) as github:
        task = asyncio.create_task(all_pages(listing(github).pages()))
        await one_by_one(server, task, requests)
        assert [item.id for page in await task for item in page] == [6, 5, 4, 3, 2, 1]


async def test_from_a_start_page_on_the_same_holds():
    server = Held(pages(6))
    async with client(server) as github:
        task = asyncio.create_task(github.org("acme").versions("container", "web", per_page=1, start_page=3).collect())
        await settle()
        await server.answer("3")
        assert server.in_flight == numbers(4, 6)
        await server.answer("6", "5", "4")
        assert [item.id for item in await task] == [3, 4, 5, 6]


async def test_no_page_beyond_the_window_is_asked_for_ahead():
    """Short pages, as they have been seen, and a Link that leads beyond what is shown."""

    def handler(request: httpx.Request) -> httpx.Response:
        number = int(page_of(request))
        link = (
            f'<https://api.github.com/x?page={number + 1}>; rel="next", <https://api.github.com/x?page=150>; rel="last"'
        )
        return httpx.Response(200, json=[package(number)], headers={"Link": link})

    server = Recorder(handler)
    found = []
    async with client(server) as github:
        with pytest.raises(IncompleteListingError):
            async for item in github.org("acme").packages("npm"):
                found.append(item.id)
    assert found == list(range(1, 101))
    assert sorted(int(page_of(request)) for request in server.requests) == list(range(1, 101))


# Leaving


async def test_break_cancels_what_is_in_flight():
    server = Held(pages(20))
    async with client(server, concurrency=6) as github:

        async def consume() -> None:
            async for item in listing(github):
                if item.id == 2:
                    break
            await settle()
            assert server.in_flight == []

        task = asyncio.create_task(consume())
        await settle()
        await server.answer("1", "2")
        await task
        assert sorted(server.cancelled, key=int) == server.asked[2:] != []


async def test_a_dropped_iterator_of_pages_cancels_what_is_in_flight():
    server = Held(pages(20))
    async with client(server, concurrency=6) as github:
        iterator = listing(github).pages()
        task = await ask_for_second(server, iterator)
        await server.answer("2")
        await task
        assert len(server.in_flight) >= 5
        del iterator, task
        await settle()
        assert server.in_flight == []


@pytest.mark.parametrize("what", [aiter, Paginator.pages])
async def test_aclosing_ends_what_is_in_flight_at_once(
    what: Callable[[Paginator[PackageVersion]], contextlib.AbstractAsyncContextManager[object]],
):
    server = Held(pages(20))
    async with client(server, concurrency=6) as github:

        async def consume() -> None:
            async with contextlib.aclosing(what(listing(github))) as iterator:  # type: ignore[type-var]
                await anext(iterator)
                await anext(iterator)
                assert len(server.in_flight) >= 5
            assert server.in_flight == []  # without giving way to other tasks once more

        task = asyncio.create_task(consume())
        await settle()
        await server.answer("1", "2")
        await task


async def test_an_iterator_that_was_closed_before_it_was_used_has_asked_for_nothing():
    server = Recorder(pages(5))
    async with client(server) as github:
        for iterator in (aiter(listing(github)), listing(github).pages()):
            await iterator.aclose()
            await iterator.aclose()
    assert server.requests == []


async def test_closing_an_iterator_that_waits_elsewhere_does_not_look_like_its_end():
    server = Held(pages(20))
    async with client(server, concurrency=6) as github:
        iterator = listing(github).pages()
        waiting = await ask_for_second(server, iterator)
        await iterator.aclose()
        with pytest.raises(RuntimeError, match="was closed"):
            await waiting
        assert server.in_flight == []


async def test_cancelling_the_task_that_iterates_cancels_what_is_in_flight():
    server = Held(pages(20))
    async with client(server, concurrency=6) as github:
        task = asyncio.create_task(listing(github).collect())
        await settle()
        await server.answer("1")
        assert len(server.in_flight) == 6
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert server.in_flight == []
    assert sorted(server.cancelled, key=int) == server.asked[1:]


async def test_a_timeout_of_the_consumer_leaves_nothing_in_flight_and_the_iterator_usable():
    server = Held(pages(5))
    async with client(server, timeout=None) as github, contextlib.aclosing(aiter(listing(github))) as items:
        first = asyncio.create_task(anext(items))
        await settle()
        await server.answer("1")
        await first
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(1):
                await anext(items)
        assert server.in_flight == []
        await server.answer_all()
        assert [item.id async for item in items] == [2, 3, 4, 5]


# Errors


@pytest.fixture
async def complaints() -> AsyncIterator[list[str]]:
    """What asyncio would log, such as an exception that nobody retrieved."""
    found: list[str] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: found.append(context["message"]))
    yield found
    loop.set_exception_handler(None)


async def no_complaints(complaints: list[str]) -> bool:
    """Whether nothing was complained about, also when everything that can go is gone."""
    await settle()
    gc.collect()
    await settle()
    return complaints == []


async def test_an_error_ahead_is_raised_in_its_turn_and_ends_the_others(complaints: list[str]):
    server = Held(pages(20, missing=("5",)))
    found = []
    async with client(server, concurrency=32) as github:

        async def consume() -> None:
            async for item in listing(github):
                found.append(item.id)

        task = asyncio.create_task(consume())
        await settle()
        await server.answer("1", "5", "6")
        assert not task.done()
        await server.answer("4", "3", "2")
        assert "5" in server.in_flight  # it failed ahead of its turn, so it is asked for again
        await server.answer("5")
        with pytest.raises(NotFoundError):
            await task
        assert server.in_flight == []
        assert await no_complaints(complaints)
    assert found == [1, 2, 3, 4]
    assert server.asked.count("5") == 2


async def test_what_failed_ahead_of_its_turn_is_not_raised_if_the_server_has_recovered():
    missing = ["3", "5"]
    server = Held(lambda request: pages(6, missing=tuple(missing))(request))
    async with client(server) as github, contextlib.aclosing(listing(github).pages()) as iterator:
        task = await ask_for_second(server, iterator)
        await server.answer("5", "3", "6", "4", "2")
        assert (await task).number == 2
        missing.clear()  # an hour later
        rest = asyncio.create_task(listed(iterator))
        await settle()
        assert server.in_flight == ["3"]
        await server.answer("3")
        assert server.in_flight == ["5"]
        await server.answer("5")
        assert await rest == [3, 4, 5, 6]
    assert [server.asked.count(number) for number in "123456"] == [1, 1, 2, 1, 2, 1]


async def listed(iterator: AsyncIterator[Page[PackageVersion]]) -> list[int]:
    """The numbers of the pages."""
    return [page.number async for page in iterator]


async def test_what_fails_while_it_is_waited_for_is_raised_at_once():
    server = Held(pages(6, missing=("3",)))
    async with client(server) as github, contextlib.aclosing(listing(github).pages()) as iterator:
        task = await ask_for_third(server, iterator)
        await server.answer("3")
        with pytest.raises(NotFoundError):
            await task
    assert server.asked.count("3") == 1


async def test_several_errors_are_all_taken_note_of(complaints: list[str]):
    server = Held(pages(20, missing=("3", "4", "5")))
    async with client(server, concurrency=32) as github:
        task = asyncio.create_task(listing(github).collect())
        await settle()
        await server.answer("1", "5", "4", "3", "2")
        assert "3" in server.in_flight
        await server.answer("3")
        with pytest.raises(NotFoundError):
            await task
        del task
        assert await no_complaints(complaints)


async def test_an_error_that_nobody_waits_for_any_more_is_not_complained_about(complaints: list[str]):
    server = Held(pages(20, missing=("4",)))
    async with client(server, concurrency=8) as github:
        iterator = listing(github).pages()
        task = await ask_for_second(server, iterator)
        await server.answer("4", "2")
        await task
        del iterator, task
        assert await no_complaints(complaints)
        assert server.in_flight == []


async def test_after_an_error_the_page_that_failed_is_asked_for_again():
    missing = ["3"]
    server = Held(lambda request: pages(6, missing=tuple(missing))(request))
    async with client(server) as github, contextlib.aclosing(listing(github).pages()) as iterator:
        task = await ask_for_third(server, iterator)
        await server.answer("4", "3")
        with pytest.raises(NotFoundError):
            await task
        missing.clear()
        rest = asyncio.create_task(listed(iterator))
        await settle()
        await server.answer_all()
        assert await rest == [3, 4, 5, 6]
        assert server.asked.count("3") == 2


async def test_an_error_on_the_first_page_is_raised_and_the_page_asked_for_again():
    missing = ["1"]
    server = Recorder(lambda request: pages(3, missing=tuple(missing))(request))
    async with client(server) as github, contextlib.aclosing(listing(github).pages()) as iterator:
        with pytest.raises(NotFoundError):
            await anext(iterator)
        missing.clear()
        assert [page.number async for page in iterator] == [1, 2, 3]


# Listings that change


async def test_a_listing_that_grows_is_read_to_its_new_end():
    """As many pages more as there were at first: the last one that was told has a next one."""
    server = Held(pages(3))
    async with client(server) as github:
        task = asyncio.create_task(listing(github).collect())
        await settle()
        await server.answer("1")
        server.handler = pages(6)
        await server.answer_all()
        assert [item.id for item in await task] == [1, 2, 3, 4, 5, 6]
    assert sorted(server.asked, key=int) == numbers(1, 6)


async def test_what_a_listing_grew_by_is_asked_for_ahead_too():
    server = Held(pages(3))
    async with client(server) as github, contextlib.aclosing(listing(github).pages()) as iterator:
        task = await ask_for_second(server, iterator)
        server.handler = pages(8)
        await server.answer("3", "2")
        await task
        task = asyncio.create_task(anext(iterator))
        await settle()
        assert server.in_flight == numbers(4, 8)
        assert (await task).last_number == 8


async def test_a_listing_that_shrinks_ends_early_and_the_rest_is_cancelled():
    server = Held(pages(9))
    async with client(server, concurrency=8) as github, contextlib.aclosing(listing(github).pages()) as iterator:
        second = await ask_for_second(server, iterator)
        server.handler = pages(3)
        await server.answer("3", "2")
        assert (await second).proof is None
        assert (await anext(iterator)).proof == "no next link"
        assert [page async for page in iterator] == []
        assert server.in_flight == []
    assert server.cancelled == ["4", "5", "6", "7", "8", "9"]


async def test_a_page_ahead_that_was_empty_when_it_was_read_ends_the_listing():
    server = Held(pages(6))
    async with client(server) as github:
        task = asyncio.create_task(all_pages(listing(github).pages()))
        await settle()
        await server.answer("1")
        server.handler = pages(2)
        await server.answer("5", "3")
        server.handler = pages(6)
        await server.answer("4", "6", "2")
        found = await task
    assert [(page.number, page.proof) for page in found] == [(1, None), (2, None), (3, "empty page")]


# Context and independence


async def test_requests_ahead_carry_the_context_variables_of_the_caller():
    tenant: ContextVar[str] = ContextVar("tenant")
    seen: list[tuple[str, str]] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append((page_of(request), tenant.get("nobody")))
        return pages(5)(request)

    async with client(Recorder(handler)) as github:

        async def consume(name: str) -> None:
            tenant.set(name)
            await listing(github).collect()

        await asyncio.gather(consume("one"), consume("two"))
    assert sorted(seen) == sorted((number, name) for number in numbers(1, 5) for name in ("one", "two"))


async def test_what_requests_ahead_set_does_not_reach_the_caller():
    mine: ContextVar[str] = ContextVar("mine", default="untouched")

    def handler(request: httpx.Request) -> httpx.Response:
        if page_of(request) != "1":
            mine.set(page_of(request))
        return pages(5)(request)

    async with client(Recorder(handler)) as github:
        await listing(github).collect()
    assert mine.get() == "untouched"


async def test_two_tasks_iterate_one_paginator_independently():
    server = Held(pages(12))
    async with client(server, concurrency=100) as github:
        paginator = listing(github)
        async with contextlib.aclosing(paginator.pages(ahead=2)) as slow:
            task = await ask_for_second(server, slow)
            await server.answer_all()
            await task
            assert [item.id for item in await paginator.collect()] == list(range(1, 13))
            assert [page.number async for page in slow] == list(range(3, 13))
    assert sorted(server.asked, key=int) == sorted(numbers(1, 12) * 2, key=int)


async def test_one_of_two_that_leaves_does_not_disturb_the_other():
    server = Held(pages(12))
    async with client(server, concurrency=100) as github:
        paginator = listing(github)
        stays = asyncio.create_task(paginator.collect())
        leaves = asyncio.create_task(paginator.collect())
        await settle()
        await server.answer("1", "1")
        leaves.cancel()
        await settle()
        assert leaves.cancelled()
        assert server.in_flight == numbers(2, 12)
        await server.answer_all()
        assert [item.id for item in await stays] == list(range(1, 13))


# Memory


async def test_pages_that_were_handed_out_are_not_kept():
    async with client(Recorder(pages(60))) as github:
        handed_out: list[weakref.ref[Page[PackageVersion]]] = []
        async for page in listing(github).pages():
            assert [ref for ref in handed_out if ref() is not None] == []
            handed_out.append(weakref.ref(page))
            del page
    assert len(handed_out) == 60


async def test_iterating_items_keeps_no_page_but_those_ahead():
    async with client(Recorder(pages(60)), concurrency=4) as github:
        async for item in listing(github):
            alive = [each for each in gc.get_objects() if isinstance(each, Page)] if item.id % 20 == 0 else []
            assert len(alive) <= 2 * 4 + 2
