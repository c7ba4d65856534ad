"""Reading is repeated after whatever may pass; deleting and restoring only when the state shows no effect."""

import asyncio
import logging
from datetime import UTC, datetime

import httpx
import pytest
from tests.transport.bare import Bare
from tests.transport.faults import (
    BROKEN,
    CONNECT,
    LOST,
    STATUSES,
    CountedStream,
    Fault,
    Faulty,
    PartOfPauses,
    Script,
    Step,
    answer,
    broken,
    first,
)
from tests.transport.virtual_clock import run

from ghpackages import NotFoundError, PermissionDeniedError, ServerError
from ghpackages.testing import MockGitHub
from ghpackages.transport._governor import Concurrency, Governor, GovernorTransport
from ghpackages.transport._retry import RetryTransport
from ghpackages_runtime.client import PARSED_BODY

URL = "https://api.github.com/orgs/acme/packages/container/web%2Fapi?page=2"
GOOD = b'{"id": 1}'
THERE = b'{"id": 1, "name": "web/api", "created_at": "2024-01-01T00:00:00Z"}'
NOW = "Thu, 22 Oct 2026 10:00:00 GMT"
NO_PACKAGE = b'{"message": "Package not found."}'


@pytest.fixture(autouse=True)
def no_stream_is_left_open():
    CountedStream.open = 0
    yield
    assert CountedStream.open == 0


def there(body: bytes = THERE) -> httpx.Response:
    return answer(200, body, date=NOW)


def gone(**headers: str) -> httpx.Response:
    return answer(404, NO_PACKAGE, **headers)


def retrying(inner: httpx.AsyncBaseTransport, **options: object) -> RetryTransport:
    return RetryTransport(inner, **{"clock": PartOfPauses(), **options})


def send(script: httpx.AsyncBaseTransport, method: str = "GET", url: str = URL, **options: object) -> httpx.Response:
    async def main() -> httpx.Response:
        async with httpx.AsyncClient(transport=retrying(script, **options)) as client:
            return await client.request(method, url)

    return run(main())


def elapsed(script: httpx.AsyncBaseTransport, method: str = "GET", **options: object) -> float:
    async def main() -> float:
        start = asyncio.get_running_loop().time()
        async with httpx.AsyncClient(transport=retrying(script, **options)) as client:
            await client.request(method, URL)
        return asyncio.get_running_loop().time() - start

    return run(main())


# --- reading


@pytest.mark.parametrize("fault", [*CONNECT, *LOST])
def test_reading_is_repeated_after_no_answer(fault: type[httpx.TransportError]):
    script = Script(fault("1"), fault("2"), answer(200, GOOD))
    assert send(script).json() == {"id": 1}
    assert [str(request.url) for request in script.requests] == [URL] * 3


@pytest.mark.parametrize("fault", [*STATUSES, *BROKEN])
def test_reading_is_repeated_after_a_bad_answer(fault: Fault):
    script = Script(lambda _: broken(fault, GOOD), answer(200, GOOD))
    assert send(script).json() == {"id": 1}
    assert len(script.requests) == 2


def test_the_last_answer_is_given_unchanged_when_attempts_are_used_up():
    script = Script(lambda request: answer(502, f"number {len(script.requests)}".encode(), "text/plain", x_id="7"))
    response = send(script)
    assert (response.status_code, response.text, response.headers["x-id"]) == (502, "number 4", "7")


def test_the_last_error_is_raised_unchanged_when_attempts_are_used_up():
    errors = [httpx.ReadTimeout(str(number)) for number in range(3)]
    with pytest.raises(httpx.ReadTimeout) as caught:
        send(Script(*errors), retries=2)
    assert caught.value is errors[2]


@pytest.mark.parametrize("status", [301, 304, 400, 401, 403, 404, 410, 422, 429, 501])
def test_other_answers_are_not_repeated(status: int):
    script = Script(answer(status, b"{}"))
    assert send(script).status_code == status
    assert len(script.requests) == 1


@pytest.mark.parametrize("kind", ["text/html", "text/plain", ""])
def test_a_body_that_claims_to_be_no_json_is_handed_on(kind: str):
    script = Script(answer(200, b"<html>Sign in</html>", kind))
    assert send(script).text == "<html>Sign in</html>"
    assert len(script.requests) == 1


@pytest.mark.parametrize("kind", ["application/json; charset=utf-8", "APPLICATION/JSON", "application/vnd.github+json"])
def test_json_is_known_by_its_media_type(kind: str):
    script = Script(answer(200, b"[1, 2", kind), answer(200, b"[1, 2]", kind))
    assert send(script).extensions[PARSED_BODY] == [1, 2]


def test_json_that_is_nested_beyond_reason_is_no_crash():
    assert send(Script(lambda _: answer(200, b"[" * 100_000))).status_code == 200


def test_head_has_no_body_to_check():
    script = Script(answer(200))
    assert send(script, "HEAD").status_code == 200
    assert len(script.requests) == 1


@pytest.mark.parametrize(
    "error",
    [httpx.UnsupportedProtocol("elsewhere"), httpx.LocalProtocolError("bad header"), httpx.TooManyRedirects("six")],
)
def test_what_would_fail_again_is_not_repeated(error: httpx.RequestError):
    script = Script(error)
    with pytest.raises(type(error)):
        send(script)
    assert len(script.requests) == 1


def test_a_certificate_that_is_not_trusted_stays_so():
    script = Script(httpx.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed"))
    with pytest.raises(httpx.ConnectError):
        send(script)
    assert len(script.requests) == 1


def test_the_body_is_parsed_once_and_leaves_the_response_with_the_models():
    async def main() -> None:
        payload = b'[{"id": 1, "name": "a"}]'
        async with Bare("t", transport=retrying(Script(answer(200, payload)))) as github:
            response = await github.api.send("GET", "/orgs/acme/packages", {"page": 1})
        assert response.extensions.pop(PARSED_BODY) == [{"id": 1, "name": "a"}]
        assert response.json() == [{"id": 1, "name": "a"}]

    run(main())


def test_endpoints_take_the_parsed_body():
    class Marking(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            return httpx.Response(200, content=b"not parsed again", extensions={PARSED_BODY: []})

    async def main() -> None:
        async with Bare("t", transport=Marking()) as github:
            assert await github.org("acme").docker_conflicts() == []

    run(main())


# --- waiting


def test_waits_double_up_to_a_cap_and_are_jittered_over_the_whole_range():
    assert elapsed(Script(*[answer(500)] * 4, answer(200, GOOD)), retries=8, base=1, cap=3) == 1 + 2 + 3 + 3
    assert elapsed(Script(*[answer(500)] * 3, answer(200, GOOD)), clock=PartOfPauses(0.5), base=1) == 0.5 + 1 + 2
    assert elapsed(Script(*[answer(500)] * 3, answer(200, GOOD)), clock=PartOfPauses(0.0)) == 0


def test_no_attempt_begins_after_the_total_time():
    script = Script(lambda _: answer(500))
    assert elapsed(script, retries=99, total=20, base=4, cap=4) == 20
    assert len(script.requests) == 6


def test_what_the_first_attempt_waited_for_does_not_count():
    class Slow(Script):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            if not self.requests:
                await asyncio.sleep(3000)  # for a rate limit, say
            return await super().handle_async_request(request)

    assert send(Slow(answer(500), answer(200, GOOD))).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"retry_after": "7"},
        {"retry_after": "Thu, 22 Oct 2026 10:00:07 GMT", "date": "Thu, 22 Oct 2026 10:00:00 GMT"},
    ],
)
def test_a_short_retry_after_is_honoured(headers: dict[str, str]):
    assert elapsed(Script(answer(503, b"", **headers), answer(200, GOOD))) == 7


def test_a_long_retry_after_ends_it():
    script = Script(answer(503, b"", retry_after="3600"))
    assert elapsed(script) == 0
    assert len(script.requests) == 1


@pytest.mark.parametrize("value", ["soon", "", "-5", "Fri, 99 Oct 2026 10:00:00 GMT", "1.5"])
def test_a_retry_after_that_makes_no_sense_is_ignored(value: str):
    assert elapsed(Script(answer(503, b"", retry_after=value), answer(200, GOOD))) == 1


# --- cancelling


@pytest.mark.parametrize("moment", ["connecting", "body", "waiting"])
@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_cancelling_is_immediate_and_leaves_nothing(method: str, moment: str):
    class Endless(CountedStream):
        async def __aiter__(self):
            yield b"["
            await asyncio.sleep(1000)

    async def connecting() -> None:
        await asyncio.sleep(1000)

    class Slow(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            if moment == "connecting":
                await connecting()
            if moment == "body":
                return httpx.Response(200, stream=Endless(b""), headers={"content-type": "application/json"})
            return answer(503, retry_after="50")

    async def main() -> None:
        loop = asyncio.get_running_loop()
        async with httpx.AsyncClient(transport=retrying(Slow())) as client:
            task = loop.create_task(client.request(method, URL))
            await asyncio.sleep(2)
            task.cancel()
            start = loop.time()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert loop.time() == start
        assert CountedStream.open == 0

    run(main())


# --- deleting and restoring, against the mock server


class World:
    """A mock server with a version of a package, behind faults."""

    def __init__(self, *faults: tuple[Fault, bool] | None, method: str = "DELETE", kind: str = "container") -> None:
        self.server = MockGitHub(rate_limit=None)
        self.package = self.server.add_org("acme").add_package(kind, "web", created_at=datetime(2026, 1, 1, tzinfo=UTC))
        self.ids = [self.package.add_version(name=f"sha256:{number}").id for number in range(3)]
        self.faulty = Faulty(httpx.ASGITransport(app=self.server), first(*faults, method=method))

    def client(self, **options: object) -> Bare:
        return Bare(self.server.token, transport=retrying(self.faulty, **options))

    def delete(self, **options: object) -> None:
        async def main() -> None:
            async with self.client(**options) as github:
                await github.org("acme").delete_version("container", "web", self.ids[0])

        run(main())

    def restore(self, **options: object) -> None:
        async def main() -> None:
            async with self.client(**options) as github:
                await github.org("acme").restore_version("container", "web", self.ids[0])

        run(main())

    @property
    def asked(self) -> list[str]:
        return [f"{request.method} {request.status}" for request in self.server.requests]


AMBIGUOUS = [*LOST, *STATUSES, 599]


@pytest.mark.parametrize("fault", AMBIGUOUS)
def test_a_deletion_that_took_effect_is_not_repeated(fault: Fault, caplog: pytest.LogCaptureFixture):
    world = World((fault, True))
    world.delete()
    assert world.asked == ["DELETE 204", "GET 404"]
    assert sum(world.faulty.effects.values()) == 1
    assert "took effect" in caplog.messages[-1]
    assert "now it is 404 (request C0DE:00002" in caplog.messages[-1]


@pytest.mark.parametrize("fault", AMBIGUOUS)
def test_a_deletion_without_effect_is_repeated_once_that_is_known(fault: Fault):
    world = World((fault, False))
    world.delete()
    assert world.asked == ["GET 200", "DELETE 204"]


@pytest.mark.parametrize("fault", AMBIGUOUS)
@pytest.mark.parametrize("arrives", [True, False])
def test_a_restoration_is_looked_up_as_well(fault: Fault, arrives: bool):
    world = World((fault, arrives), method="POST")
    world.delete()
    world.server.clear()
    world.restore()
    assert world.asked == (["POST 204", "GET 200"] if arrives else ["GET 404", "POST 204"])
    path = f"/orgs/acme/packages/container/web/versions/{world.ids[0]}"
    assert {request.path for request in world.server.requests} == {path, f"{path}/restore"}


def test_a_package_and_its_name_are_looked_up_in_the_same_way():
    world = World((502, True), (500, True))
    world.server.owner("acme").add_package("npm", "restore")

    async def main() -> None:
        async with world.client() as github:
            await github.org("acme").delete_package("npm", "restore")
            await github.org("acme").restore_package("npm", "restore", token="x")
            await github.org("acme").delete_package("npm", "restore")

    run(main())
    path = "/orgs/acme/packages/npm/restore"
    assert [(request.method, request.path, request.status) for request in world.server.requests] == [
        ("DELETE", path, 204),
        ("GET", path, 404),
        ("POST", f"{path}/restore", 204),
        ("DELETE", path, 204),
        ("GET", path, 404),
    ]


def test_the_look_up_of_a_restored_package_leaves_the_query_out():
    world = World((504, True), method="POST")

    async def main() -> None:
        async with world.client() as github:
            await github.org("acme").delete_package("container", "web")
            await github.org("acme").restore_package("container", "web", token="x")

    run(main())
    last = world.server.requests[-1]
    assert (last.method, last.path, last.query, last.status) == ("GET", "/orgs/acme/packages/container/web", "", 200)
    assert last.headers["user-agent"] == "test"
    assert "content-length" not in last.headers


def test_the_last_npm_version_takes_the_package_along_and_that_is_success():
    world = World((httpx.ReadTimeout, True), kind="npm")

    async def main() -> None:
        async with world.client() as github:
            for number in world.ids:
                await github.org("acme").delete_version("npm", "web", number)

    for number in world.ids[1:]:
        world.package.delete_version(world.package.versions.find(number), at=world.server.clock())
    del world.ids[1:]
    run(main())
    assert world.asked == ["DELETE 204", "GET 404"]


@pytest.mark.parametrize("fault", CONNECT)
def test_a_change_that_was_never_sent_is_repeated_without_a_look_up(fault: Fault):
    world = World((fault, False), (fault, False))
    world.delete()
    assert world.asked == ["DELETE 204"]


def test_a_connect_error_that_aiohttp_caused_proves_nothing():
    class ServerDisconnectedError(Exception):
        __module__ = "aiohttp.client_exceptions"

    error = httpx.ConnectTimeout("server disconnected")
    error.__cause__ = ServerDisconnectedError()
    script = Script(error, gone())
    assert send(script, "DELETE").status_code == 204
    assert script.methods == ["DELETE", "GET"]


def test_a_404_for_the_first_attempt_is_a_404():
    world = World()
    world.delete()
    with pytest.raises(NotFoundError):
        world.delete()
    assert world.asked == ["DELETE 204", "DELETE 404"]


def test_a_404_for_the_retry_of_ones_own_deletion_is_success(caplog: pytest.LogCaptureFixture):
    script = Script(httpx.ReadTimeout("slow"), there(), gone(x_github_request_id="C0DE:7"))
    response = send(script, "DELETE")
    assert (response.status_code, response.headers["x-github-request-id"]) == (204, "C0DE:7")
    assert script.methods == ["DELETE", "GET", "DELETE"]
    assert "now it is 404 (request C0DE:7)" in caplog.messages[-1]


def test_a_404_after_a_connect_error_is_a_404():
    script = Script(httpx.ConnectError("refused"), gone())
    assert send(script, "DELETE").status_code == 404
    assert script.methods == ["DELETE", "DELETE"]


def test_a_connect_error_after_doubt_is_looked_up_because_of_the_attempt_before():
    script = Script(httpx.ReadTimeout("slow"), there(), httpx.ConnectError("refused"), gone())
    assert send(script, "DELETE").status_code == 204
    assert script.methods == ["DELETE", "GET", "DELETE", "GET"]


def test_the_look_up_shares_the_total_time_and_is_made_at_least_once():
    script = Script(httpx.ReadTimeout("slow"), lambda _: answer(502))
    with pytest.raises(httpx.ReadTimeout):
        elapsed(script, "DELETE", base=8, total=12)
    assert script.methods == ["DELETE", "GET"]
    script = Script(httpx.ReadTimeout("slow"), gone())
    assert elapsed(script, "DELETE", base=8, total=0) == 0
    assert script.methods == ["DELETE", "GET"]


@pytest.mark.parametrize("status", [400, 404, 409, 422])
def test_a_restoration_that_is_refused_because_it_took_effect_is_success(status: int):
    steps: list[Step] = [httpx.ReadTimeout("slow"), gone(), answer(status, b"{}"), there()]
    script = Script(*steps)
    assert send(script, "POST", f"{URL.partition('?')[0]}/restore").status_code == 204
    assert script.methods == ["POST", "GET", "POST", "GET"]


def test_a_restoration_that_is_refused_without_effect_stays_refused():
    script = Script(httpx.ReadTimeout("slow"), gone(), answer(422, b'{"message": "No."}'), gone())
    assert send(script, "POST", f"{URL.partition('?')[0]}/restore").status_code == 422


def test_attempts_to_delete_are_bounded_and_the_last_is_looked_up():
    script = Script(*[answer(500), there()] * 4)
    assert send(script, "DELETE").status_code == 500
    assert script.methods == ["DELETE", "GET"] * 4
    script = Script(*[answer(500), there()] * 3, answer(500), gone())
    assert send(script, "DELETE").status_code == 204


def test_the_look_up_is_repeated_like_any_reading():
    script = Script(answer(502), httpx.ReadTimeout("slow"), answer(200, b"{"), answer(503), gone())
    assert send(script, "DELETE").status_code == 204
    assert script.methods == ["DELETE", "GET", "GET", "GET", "GET"]


@pytest.mark.parametrize(
    "found",
    [
        *(lambda _, status=status: answer(status, b"{}") for status in (401, 403, 429, 500)),
        lambda _: answer(404, b"<html>Not here</html>", "text/html"),
        lambda _: answer(200, b"<html>Sign in</html>", "text/html"),
        httpx.ReadTimeout("slow"),
        ValueError("the source of tokens has trouble"),
    ],
)
def test_what_cannot_be_decided_is_the_original_failure(found: Step):
    script = Script(answer(502, b"first"), found)
    response = send(script, "DELETE")
    assert (response.status_code, response.content) == (502, b"first")
    assert script.methods.count("DELETE") == 1
    error = httpx.ReadError("reset")
    with pytest.raises(httpx.ReadError) as caught:
        send(Script(error, found), "DELETE")
    assert caught.value is error


def test_the_errors_of_a_change_reach_the_caller():
    world = World((500, False), (500, False))
    with pytest.raises(ServerError):
        world.delete(retries=0)
    world.server.add_token("weak", scopes=["read:packages"])

    async def main() -> None:
        async with Bare("weak", transport=retrying(world.faulty)) as github:
            with pytest.raises(PermissionDeniedError):
                await github.org("acme").delete_version("container", "web", world.ids[0])

    run(main())


def test_other_changes_are_sent_once():
    script = Script(answer(500))
    assert send(script, "POST").status_code == 500
    assert send(script, "PATCH").status_code == 500
    assert script.methods == ["POST", "PATCH"]


# --- the log


def test_each_retry_is_logged_without_the_query(caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG, "ghpackages")
    send(Script(answer(502), httpx.ReadError("made-up-token"), answer(200, GOOD)))
    where = "GET /orgs/acme/packages/container/web%2Fapi"
    assert [
        (record.name, record.levelname, record.message) for record in caplog.records if "httpx" not in record.name
    ] == [
        ("ghpackages", "WARNING", f"{where}: attempt 1 of 4 failed (status 502); going on in 1.0 s"),
        ("ghpackages", "WARNING", f"{where}: attempt 2 of 4 failed (ReadError); going on in 2.0 s"),
    ]


def test_what_waits_for_limits_does_not_use_up_the_time_for_attempts():
    """With 5 points a minute each change waits a minute, and so does each look-up after one."""
    script = Script(*[answer(502), there()] * 3, answer(204, b""))
    governor = GovernorTransport(
        script, governor=Governor(points_per_minute=5), concurrency=Concurrency(), max_wait=1000
    )
    assert send(governor, "DELETE", total=30).status_code == 204
    assert script.methods == ["DELETE", "GET"] * 3 + ["DELETE"]
