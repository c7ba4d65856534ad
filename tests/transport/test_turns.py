"""Answers are decoded one at a time: the event loop is never held for longer, and few of them are alive at once."""

import asyncio
from itertools import pairwise

import httpx
from tests.core.wire import client, package

from ghpackages import GitHubPackages

TOGETHER = 8


async def together(github: GitHubPackages, count: int = TOGETHER) -> list[int]:
    """Ask so often at the same time; in which turn of the event loop each answer is there."""
    done: list[int] = []
    turn = 0

    async def ask() -> None:
        await github.org("acme").get_package("npm", "left-pad")
        done.append(turn)

    tasks = [asyncio.ensure_future(ask()) for _ in range(count)]
    while not all(task.done() for task in tasks):
        turn += 1
        await asyncio.sleep(0)
    await asyncio.gather(*tasks)
    return done


def answers_at_once(count: int) -> httpx.MockTransport:
    """Answers when so many requests have come."""
    barrier = asyncio.Barrier(count)

    async def answer(request: httpx.Request) -> httpx.Response:
        await barrier.wait()
        return httpx.Response(200, json=package(1))

    return httpx.MockTransport(answer)


async def test_between_two_answers_that_come_together_others_have_their_turn():
    async with client(answers_at_once(TOGETHER)) as github:
        done = await together(github)
    assert len(done) == TOGETHER
    assert all(later - earlier > 1 for earlier, later in pairwise(done))


async def test_who_gives_up_while_others_are_decoded_holds_up_nobody():
    async with client(answers_at_once(TOGETHER)) as github:
        asking = [asyncio.ensure_future(github.org("acme").get_package("npm", "left-pad")) for _ in range(TOGETHER)]
        await asyncio.wait(asking, return_when=asyncio.FIRST_COMPLETED)
        left = [task for task in asking if not task.done()]
        assert left
        for task in left[:-1]:
            task.cancel()
        assert (await asyncio.wait_for(left[-1], 10)).id == 1


def test_a_client_can_be_used_in_one_event_loop_after_the_other():
    github = client(httpx.MockTransport(lambda request: httpx.Response(200, json=package(1))))
    for _ in range(2):
        assert len(asyncio.run(together(github))) == TOGETHER
