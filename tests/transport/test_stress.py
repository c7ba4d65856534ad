"""A hundred tasks at once on a server that fails in every way: every result correct, nothing done twice, nothing left.

`stress` takes what builds the client, so that any stack of transports can be put to it.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Sequence

import httpx
from tests.transport.faults import BROKEN, FAULTS, REFUSALS, CountedStream, Fault, Faulty
from tests.transport.model import Model, seeded
from tests.transport.virtual_clock import run

from ghpackages import GitHubPackages
from ghpackages.testing import MockGitHub

TASKS, CALLS, SHARE = 100, 100, 0.02

Build = Callable[[MockGitHub, httpx.AsyncBaseTransport], GitHubPackages]


def whole_stack(server: MockGitHub, transport: httpx.AsyncBaseTransport) -> GitHubPackages:
    """A client as users have it, with patience: 500 changes an hour are all that GitHub allows."""

    async def token() -> str:
        return server.token

    random.seed(2)  # of the waits between attempts
    return GitHubPackages(token, transport=transport, trust_env=False, concurrency=100, max_wait=1e9)


def chooser(
    seed: int, share: float, faults: Sequence[Fault] = FAULTS
) -> Callable[[httpx.Request], tuple[Fault, bool] | None]:
    """Faults of every kind in turn; half of those that can come after the server did its work do so."""
    source, number = seeded(seed), 0

    def choose(request: httpx.Request) -> tuple[Fault, bool] | None:
        nonlocal number
        if source.random() >= share:
            return None
        number += 1
        fault = faults[number % len(faults)]
        if request.method != "GET" and fault in BROKEN:  # they need a body, and changes have none
            fault = 500
        return fault, fault in BROKEN or source.random() < 0.5

    return choose


async def stress(
    build: Build,
    *,
    seed: int = 1,
    tasks: int = TASKS,
    calls: int = CALLS,
    share: float = SHARE,
    faults: Sequence[Fault] = FAULTS,
) -> Faulty:
    """Run it; what was injected and done can be read from the transport that is given back."""
    CountedStream.open = 0
    server = MockGitHub(rate_limit=None)
    server.add_org("acme")
    faulty = Faulty(httpx.ASGITransport(app=server), chooser(seed, share, faults))
    async with build(server, faulty) as github:
        models = [Model(github, server, f"package-{number}", seed * 1000 + number) for number in range(tasks)]
        async with asyncio.TaskGroup() as group:
            for model in models:
                group.create_task(model.work(calls))
    assert sum(model.calls for model in models) == tasks * calls
    assert faulty.effects == sum((model.expected for model in models), Counter())
    for model in models:
        package = server.owner("acme").package("npm", model.name)
        assert package is not None
        assert {version.id for version in package.versions if version.deleted_at is None} == model.active
    assert CountedStream.open == 0
    assert asyncio.all_tasks() == {asyncio.current_task()}
    return faulty


def test_every_result_is_correct_and_nothing_is_done_twice_or_left_behind():
    faults = (*FAULTS, *REFUSALS)
    faulty = run(stress(whole_stack, seed=2, faults=faults))
    total = sum(faulty.injected.values())
    assert 150 < total < 400
    kinds = {name.split(" ", 1)[1] for name in faulty.injected}
    assert kinds == {str(getattr(fault, "__name__", fault)) for fault in faults}
    assert sum(count for name, count in faulty.injected.items() if name.startswith("DELETE")) > 20


def test_much_worse_a_server_is_survived_as_well():
    run(stress(whole_stack, seed=7, tasks=20, calls=50, share=0.1))
