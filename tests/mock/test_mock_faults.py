"""Which requests a fault strikes, how faults go together, and what is recorded of it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from tests.mock.asking import in_process
from tests.transport.virtual_clock import on_virtual_clock

from ghpackages.testing import Fault, MockClock, MockGitHub, MockOwner, Request, faults

LIST = "/orgs/acme/packages?package_type=npm"
VERSIONS = "/orgs/acme/packages/npm/left-pad/versions"
BROKEN = faults.Status(502)


@pytest.fixture(autouse=True)
def left_pad(acme: MockOwner) -> None:
    acme.add_package("npm", "left-pad").add_versions(60)


async def statuses(client: httpx.AsyncClient, *paths: str, method: str = "GET") -> list[int]:
    return [(await client.request(method, path)).status_code for path in paths]


async def test_a_fault_without_options_strikes_every_request(server: MockGitHub, client: httpx.AsyncClient) -> None:
    server.fault(BROKEN)

    assert await statuses(client, LIST, VERSIONS, "/nowhere") == [502, 502, 502]


MEANT: dict[str, tuple[dict[str, Any], list[int]]] = {
    "method": ({"method": "DELETE"}, []),
    "methods": ({"method": ["GET", "HEAD"]}, [0, 1, 2, 3, 4]),
    "star": ({"path": "/orgs/*/packages"}, [0]),
    "two stars": ({"path": "/orgs/**"}, [0, 1, 2]),
    "two stars at the front": ({"path": "**/versions"}, [1, 2, 4]),
    "whole path": ({"path": "/orgs/acme"}, []),
    "expression": ({"path": re.compile(r".*/(packages|versions)")}, [0, 1, 2, 3, 4]),
    "operation": ({"operation": "list_versions"}, [1, 2, 4]),
    "operations": ({"operation": {"list_packages", "get_package"}}, [0, 3]),
    "owner by whatever name": ({"owner": "ACME"}, [0, 1, 2, 4]),
    "owner of the token": ({"owner": "octocat"}, [3]),
    "package": ({"package": "left-pad"}, [1, 2, 4]),
    "page": ({"page": 2}, [2]),
    "pages": ({"page": range(1, 3)}, [0, 1, 2, 3, 4]),
    "token": ({"token": "another"}, []),
    "any function": ({"where": lambda request: "per_page" in request.parameters}, [1, 2]),
    "all must hold": ({"owner": "acme", "page": 2, "method": "GET"}, [2]),
    "not all hold": ({"owner": "octocat", "page": 2}, []),
}


@pytest.mark.parametrize(("options", "struck"), MEANT.values(), ids=MEANT.keys())
async def test_options_tell_which_requests_are_meant(
    server: MockGitHub, client: httpx.AsyncClient, options: dict[str, Any], struck: list[int]
) -> None:
    server.fault(BROKEN, **options)
    paths = [
        LIST,
        f"{VERSIONS}?per_page=5",
        f"{VERSIONS}?per_page=5&page=2",
        "/user/packages?package_type=npm",
        "/organizations/363514/packages/npm/left-pad/versions",
    ]
    found = await statuses(client, *paths)

    assert [index for index, status in enumerate(found) if status == 502] == struck


async def test_a_path_is_meant_as_it_is_sent_without_the_prefix_of_the_server() -> None:
    server = MockGitHub(prefix="/api/v3")
    server.user.add_package("container", "web/api")
    server.fault(BROKEN, path="/user/packages/container/*")
    async with in_process(server) as client:
        assert await statuses(client, "/api/v3/user/packages/container/web%2Fapi") == [502]
        assert await statuses(client, "/api/v3/user/packages/container/web/api") == [404]


async def test_a_former_name_still_means_the_owner(
    server: MockGitHub, acme: MockOwner, client: httpx.AsyncClient
) -> None:
    acme.rename("umbrella")
    server.fault(BROKEN, owner="umbrella")
    server.fault(faults.Status(503), owner="acme")

    assert await statuses(client, LIST, LIST.replace("acme", "umbrella"), LIST.replace("acme", "nobody")) == [
        502,
        502,
        404,
    ]


async def test_one_token_can_have_faults_alone(server: MockGitHub, connect: Callable[..., httpx.AsyncClient]) -> None:
    other = server.add_token()
    server.fault(BROKEN, token=other)

    assert await statuses(connect(server), LIST) == [200]
    assert await statuses(connect(server, other), LIST) == [502]


WHEN: dict[str, tuple[dict[str, Any], list[int]]] = {
    "the first two": ({"times": 2}, [1, 2]),
    "the third": ({"nth": 3}, [3]),
    "some": ({"nth": [2, 5]}, [2, 5]),
    "every third": ({"every": 3}, [3, 6, 9]),
    "the first two of every third": ({"every": 3, "times": 2}, [3, 6]),
    "never": ({"probability": 0.0}, []),
    "always": ({"probability": 1.0}, [*range(1, 11)]),
}


@pytest.mark.parametrize(("options", "struck"), WHEN.values(), ids=WHEN.keys())
async def test_options_tell_how_many_requests_are_struck(
    server: MockGitHub, client: httpx.AsyncClient, options: dict[str, Any], struck: list[int]
) -> None:
    fault = server.fault(BROKEN, **options)
    found = await statuses(client, *[LIST] * 10)

    assert [number for number, status in enumerate(found, 1) if status == 502] == struck
    assert (fault.seen, fault.hits) == (10, len(struck))


def struck_by_chance(seed: int) -> list[int]:
    server = MockGitHub()
    server.fault(BROKEN, probability=0.3, seed=seed)

    async def ask() -> list[int]:
        async with in_process(server) as client:
            return await statuses(client, *["/user/packages?package_type=npm"] * 200)

    return [index for index, status in enumerate(asyncio.run(ask())) if status == 502]


def test_chance_is_the_same_for_a_seed_and_about_as_probable_as_said() -> None:
    first = struck_by_chance(1)

    assert struck_by_chance(1) == first != struck_by_chance(2)
    assert 40 < len(first) < 80


async def test_only_requests_that_are_meant_count(server: MockGitHub, client: httpx.AsyncClient) -> None:
    server.fault(BROKEN, operation="list_versions", nth=2)

    assert await statuses(client, LIST, VERSIONS, LIST, VERSIONS, VERSIONS) == [200, 200, 200, 502, 200]


async def test_a_script_tells_request_by_request(server: MockGitHub, client: httpx.AsyncClient) -> None:
    fault = server.fault([BROKEN, None, faults.Status(503)], operation="list_packages")

    assert await statuses(client, LIST, VERSIONS, LIST, LIST, LIST) == [502, 200, 200, 503, 200]
    assert fault.hits == 2


async def test_a_function_can_choose(server: MockGitHub, client: httpx.AsyncClient) -> None:
    def choose(request: Request) -> faults.Effect | None:
        return BROKEN if request.parameters.get("page") == "2" else None

    server.fault(choose)

    assert await statuses(client, VERSIONS, f"{VERSIONS}?page=2") == [200, 502]


async def test_a_fault_can_be_removed(server: MockGitHub, client: httpx.AsyncClient) -> None:
    fault = server.fault(BROKEN)
    assert await statuses(client, LIST) == [502]
    fault.remove()
    fault.remove()

    assert await statuses(client, LIST) == [200]
    assert server.faults == ()


async def test_a_fault_can_last_as_long_as_a_block(server: MockGitHub, client: httpx.AsyncClient) -> None:
    with server.fault(BROKEN) as fault:
        assert server.faults == (fault,)
        assert await statuses(client, LIST) == [502]

    assert await statuses(client, LIST) == [200]


async def test_all_faults_can_be_removed_at_once(server: MockGitHub, client: httpx.AsyncClient) -> None:
    server.fault(BROKEN)
    server.fault(faults.NoLink())
    server.clear_faults()

    assert await statuses(client, LIST) == [200]


async def test_a_fault_can_be_made_beforehand_and_be_in_force_once_only(
    server: MockGitHub, client: httpx.AsyncClient
) -> None:
    fault = Fault(BROKEN, times=1)
    assert server.fault(fault) is fault
    with pytest.raises(ValueError, match="in force already"):
        MockGitHub().fault(fault)

    assert await statuses(client, LIST, LIST) == [502, 200]


async def test_a_fault_that_was_removed_can_be_in_force_again(server: MockGitHub, client: httpx.AsyncClient) -> None:
    fault = server.fault(BROKEN, times=2)
    assert await statuses(client, LIST) == [502]
    fault.remove()
    assert await statuses(client, LIST) == [200]
    server.fault(fault)

    assert await statuses(client, LIST, LIST) == [502, 200]


async def test_of_two_that_would_answer_the_one_added_first_does_and_the_other_counts_nothing(
    server: MockGitHub, client: httpx.AsyncClient
) -> None:
    server.fault(BROKEN, times=1)
    second = server.fault(faults.Status(503), times=1)
    assert await statuses(client, LIST) == [502]
    assert second.seen == 0

    assert await statuses(client, LIST, LIST) == [503, 200]


@on_virtual_clock
async def test_faults_of_different_kinds_go_together_whatever_their_order() -> None:
    loop, server = asyncio.get_running_loop(), MockGitHub()
    server.fault(BROKEN, nth=2)
    server.fault(faults.Latency(5))
    server.fault(faults.NoRateHeaders())
    async with in_process(server) as client:
        answers = [await client.get("/user/packages?package_type=npm") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 502]
    assert loop.time() == 10
    assert not any(name.startswith("x-ratelimit") for answer in answers for name in answer.headers)


@on_virtual_clock
async def test_several_effects_can_be_one_step_of_a_script() -> None:
    loop, server = asyncio.get_running_loop(), MockGitHub()
    server.fault([None, faults.InTurn(faults.Latency(3), faults.Headers({"X-Odd": "1"}), BROKEN)])
    async with in_process(server) as client:
        answers = [await client.get("/user/packages?package_type=npm") for _ in range(2)]

    assert [(answer.status_code, answer.headers.get("x-odd")) for answer in answers] == [(200, None), (502, "1")]
    assert loop.time() == 3


async def test_several_effects_are_as_far_out_as_the_outermost(server: MockGitHub, client: httpx.AsyncClient) -> None:
    server.fault(BROKEN)
    server.fault(faults.InTurn(faults.Headers({"X-Odd": "1"}), faults.TruncatedBody(0.0)))
    response = await client.get(LIST)

    assert (response.status_code, response.headers["x-odd"], response.content) == (502, "1", b"")


async def test_effects_of_ones_own_see_the_request_and_what_it_asks_for(
    server: MockGitHub, client: httpx.AsyncClient
) -> None:
    class Teapot(faults.Effect):
        async def apply(self, exchange: faults.Exchange, proceed: faults.Proceed) -> faults.Reply:
            reply = await proceed()
            assert exchange.route is not None
            assert exchange.owner is not None
            reply.response.status = 418
            reply.response.headers["x-asked"] = f"{exchange.route.action} {exchange.owner.login}"
            return reply

    server.fault(Teapot())
    response = await client.get(LIST)

    assert (response.status_code, response.headers["x-asked"]) == (418, "list_packages Acme")


MISTAKES: dict[str, Callable[[], object]] = {
    "method": lambda: Fault(BROKEN, method="get"),
    "no method": lambda: Fault(BROKEN, method=[]),
    "path": lambda: Fault(BROKEN, path="orgs/acme"),
    "operation": lambda: Fault(BROKEN, operation="list"),
    "owner": lambda: Fault(BROKEN, owner=""),
    "package": lambda: Fault(BROKEN, package=" "),
    "page": lambda: Fault(BROKEN, page=0),
    "no page": lambda: Fault(BROKEN, page=range(0)),
    "times": lambda: Fault(BROKEN, times=0),
    "nth": lambda: Fault(BROKEN, nth=0),
    "no nth": lambda: Fault(BROKEN, nth=[]),
    "every": lambda: Fault(BROKEN, every=0),
    "probability": lambda: Fault(BROKEN, probability=1.1),
    "empty script": lambda: Fault([]),
    "script of others": lambda: Fault([502]),  # type: ignore[list-item]
    "options of a fault that exists": lambda: MockGitHub().fault(Fault(BROKEN), times=1),
    "status": lambda: faults.Status(200),
    "answer": lambda: faults.Answer(100),
    "redirect": lambda: faults.Redirect("https://example.org", 200),
    "latency": lambda: faults.Latency(-1),
    "no number": lambda: faults.Latency(float("nan")),
    "jitter": lambda: faults.Latency(1, jitter=2),
    "reset": lambda: faults.Reset(1.0),
    "hang up": lambda: faults.HangUp(-0.1),
    "truncated": lambda: faults.TruncatedBody(1.5),
    "drip of nothing": lambda: faults.Drip(0),
    "drip": lambda: faults.Drip(1, -1),
    "no effects": faults.InTurn,
    "headers": lambda: faults.Headers({"x-*": "1"}),
    "no link is wrong": faults.Link,
    "origin": lambda: faults.Link(origin="elsewhere.example/path"),
    "linked page": lambda: faults.Link(next=-1),
    "item": lambda: faults.Items(dict.clear, item=-1),
    "odd item": lambda: faults.OddItem(item=-1),
    "no organisations": faults.PartialResults,
    "organisations": lambda: faults.PartialResults(0),
    "no fields": faults.NullFields,
    "fields": lambda: faults.MissingFields("owner..login"),
    "stale": lambda: faults.StaleLists(-1),
    "limits": lambda: faults.Limits(points=-1),
    "status of a limit": lambda: faults.SecondaryRefusal(status=503),  # type: ignore[arg-type]
    "wait of a limit": lambda: faults.PrimaryRefusal(-1),
    "form of Retry-After": lambda: faults.SecondaryRefusal(retry_after="minutes"),  # type: ignore[arg-type]
}


@pytest.mark.parametrize("mistake", MISTAKES.values(), ids=MISTAKES.keys())
def test_what_cannot_be_is_refused_at_once(mistake: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match=r"."):
        mistake()


def test_an_unknown_option_is_refused_as_python_does() -> None:
    with pytest.raises(TypeError, match="time"):
        Fault(BROKEN, time=1)  # type: ignore[call-arg]


async def test_a_copy_of_a_server_has_faults_and_records_of_its_own(server: MockGitHub) -> None:
    server.fault([BROKEN])
    copied = deepcopy(server)
    copied.user.add_package("npm", "copy")
    for each, number in ((copied, 1), (server, 0)):
        async with in_process(each) as client:
            assert await statuses(client, "/user/packages?package_type=npm") == [502]
            assert len((await client.get("/user/packages?package_type=npm")).json()) == number
        each.clear_faults()

    assert (len(server.requests), len(copied.requests)) == (2, 2)


def test_faults_tell_what_they_are(server: MockGitHub) -> None:
    fault = server.fault([faults.Status(502), faults.Link(next=7), faults.Limits(points=9)])

    assert repr(fault).startswith("<Fault [Status(status=502")
    assert "Link(next=7), Limits(points=9, " in repr(fault)


# --- records


async def test_what_was_answered_is_recorded_and_which_faults_struck(
    server: MockGitHub, client: httpx.AsyncClient
) -> None:
    fault = server.fault(BROKEN, nth=2)
    await statuses(client, LIST, LIST)

    assert [(request.status, request.faults) for request in server.requests] == [(200, ()), (502, (fault,))]


async def test_a_request_that_got_no_answer_is_recorded_with_status_0(
    server: MockGitHub, client: httpx.AsyncClient
) -> None:
    server.fault(faults.Reset())
    with pytest.raises(httpx.ReadError):
        await client.get(LIST)

    (request,) = server.requests
    assert (request.method, request.status, request.path) == ("GET", 0, "/orgs/acme/packages")
    assert server.in_flight == 0


@on_virtual_clock
async def test_times_and_the_number_under_way_are_recorded() -> None:
    loop, start = asyncio.get_running_loop(), datetime(2026, 1, 1, tzinfo=UTC)
    server = MockGitHub(clock=lambda: start + timedelta(seconds=loop.time()))
    server.fault(faults.Latency(2))
    async with in_process(server) as client, asyncio.TaskGroup() as group:
        for _ in range(3):
            group.create_task(client.get("/user/packages?package_type=npm"))
            await asyncio.sleep(1.5)
        assert server.in_flight == 1

    seconds = [
        [(moment - start).total_seconds() for moment in (request.at, request.answered_at) if moment]
        for request in server.requests
    ]
    assert seconds == [[0, 2], [1.5, 3.5], [3, 5]]
    assert [request.in_flight for request in server.requests] == [1, 2, 2]


@on_virtual_clock
async def test_requests_are_in_order_of_arrival_and_have_no_status_before_they_are_answered() -> None:
    server = MockGitHub(clock=MockClock())
    server.fault(faults.Latency(10), page=1)
    async with in_process(server) as client, asyncio.TaskGroup() as group:
        group.create_task(client.get("/user/packages?package_type=npm&page=1"))
        await asyncio.sleep(1)
        await client.get("/user/packages?package_type=npm&page=2")
        assert [(request.query[-1], request.status) for request in server.requests] == [("1", 0), ("2", 200)]
        assert server.requests[0].answered_at is None

    assert server.requests[0].status == 200


@on_virtual_clock
async def test_a_request_that_is_given_up_is_no_longer_under_way() -> None:
    server = MockGitHub()
    server.fault(faults.Latency(10))
    async with in_process(server) as client:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(1):
                await client.get("/user/packages")

    assert server.in_flight == 0


def test_what_is_asked_without_any_transport_is_recorded_once(server: MockGitHub) -> None:
    response = server.handle(Request("GET", "/user/packages", "", {"user-agent": "test"}))

    (request,) = server.requests
    assert (request.status, request.in_flight, request.at) == (response.status, 1, request.answered_at)
