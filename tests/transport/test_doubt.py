"""A change of which no good answer came is done only if there is evidence, repeated only if there is evidence against
it, and otherwise an error that says so."""

import asyncio
import copy
import pickle
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.core.wire import package, version
from tests.transport.faults import LOST
from tests.transport.virtual_clock import VirtualClock, run, wall_clock

from ghpackages import APIConnectionError, GitHubPackages, GitHubPackagesError, NotFoundError, Owner, ServerError
from ghpackages.transport._body import MAX_BODY

NO_PACKAGE, NO_VERSION = "Package not found.", "Package version not found."
Found = httpx.Response | httpx.TransportError


class Timely(GitHubPackages):
    """A client on the virtual clock."""

    _clock = VirtualClock()


def now(seconds: float = 0) -> datetime:
    return datetime.fromtimestamp(wall_clock() + seconds, UTC)


def text(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def not_found(message: object = "Not Found") -> httpx.Response:
    return httpx.Response(404, json={"message": message})


class Look:
    """Fails each change, and answers look-ups as told; the last step goes on for ever.

    Args:
        found: What the look-ups find, by what is looked up: "version" or "package".
        failure: What comes of changes.
    """

    def __init__(self, failure: Found | None = None, **found: Found) -> None:
        self.failure = failure or httpx.Response(500, json={"message": "Server Error"})
        self.found = found
        self.asked: list[str] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        kind = "version" if "/versions/" in request.url.path else "package"
        self.asked.append(f"{request.method} {kind}")
        step = self.found[kind] if request.method == "GET" else self.failure
        if isinstance(step, httpx.TransportError):
            raise step
        step.headers.setdefault("Date", format_datetime(now(), usegmt=True))
        return step


CHANGES: dict[str, Callable[[Owner], Any]] = {
    "DELETE version": lambda owner: owner.delete_version("npm", "web", 836),
    "POST version": lambda owner: owner.restore_version("npm", "web", 836),
    "DELETE package": lambda owner: owner.delete_package("npm", "web"),
    "POST package": lambda owner: owner.restore_package("npm", "web"),
}


def outcome(
    change: str, server: Callable[[httpx.Request], httpx.Response], **options: Any
) -> GitHubPackagesError | None:
    """What a change ends in."""

    async def main() -> GitHubPackagesError | None:
        transport = httpx.MockTransport(server)
        options_ = {"trust_env": False, "points_per_minute": None, **options}
        async with Timely("made-up", transport=transport, **options_) as github:
            try:
                await CHANGES[change](github.org("acme"))
            except GitHubPackagesError as error:
                return error
            return None

    return run(main())


# --- evidence


@pytest.mark.parametrize("change", ["DELETE version", "DELETE package"])
@pytest.mark.parametrize("message", [NO_PACKAGE, NO_VERSION, NO_PACKAGE.upper(), f" {NO_PACKAGE} "])
def test_the_word_of_the_api_is_evidence(change: str, message: str):
    server = Look(version=not_found(message), package=httpx.ReadError("never asked"))
    server.found["package"] = not_found(message) if change == "DELETE package" else httpx.ReadError("down")
    error = outcome(change, server)
    if change == "DELETE package" and message == NO_VERSION:  # which it did not ask for
        assert error is not None
        assert error.outcome == "unknown"
    else:
        assert error is None
        assert len(server.asked) == 2


NOTHING: dict[str, Callable[[], Found]] = {
    "other 404": not_found,
    "odd 404": lambda: not_found([NO_PACKAGE]),
    "empty 404": lambda: httpx.Response(404),
    "page 404": lambda: httpx.Response(404, html=f"<h1>{NO_PACKAGE}</h1>"),
    "list 404": lambda: httpx.Response(404, json=[{"message": NO_PACKAGE}]),
    "410": lambda: httpx.Response(410, json={"message": NO_PACKAGE}),
    "403": lambda: httpx.Response(403, json={"message": NO_PACKAGE}),
    "502": lambda: httpx.Response(502, json={"message": NO_PACKAGE}),
    "page": lambda: httpx.Response(200, html="<h1>Sign in</h1>"),
    "204": lambda: httpx.Response(204),
    "lost": lambda: httpx.ReadTimeout("slow"),
    **{f"200 {body!r}": lambda body=body: httpx.Response(200, json=body) for body in ({}, [], None, 5, [{"id": 836}])},
    "message": lambda: httpx.Response(200, json={"message": "x"}),
    "another": lambda: httpx.Response(200, json=package(7, name="another")),
    "text id": lambda: httpx.Response(200, json=package(7, name="web") | {"id": "836"}),
    "no id": lambda: httpx.Response(200, json={"name": "web"}),
    "id true": lambda: httpx.Response(200, json={"id": True, "name": "web"}),
}


@pytest.mark.parametrize("found", NOTHING.values(), ids=NOTHING)
@pytest.mark.parametrize("change", CHANGES)
def test_anything_else_leaves_the_doubt_and_the_error_says_so(change: str, found: Callable[[], Found]):
    server = Look(version=found(), package=found())
    error = outcome(change, server)
    assert isinstance(error, ServerError)
    assert error.outcome == "unknown"
    assert "may have taken effect" in str(error)
    assert server.asked.count(change) == 1
    for again in (pickle.loads(pickle.dumps(error)), copy.copy(error)):  # noqa: S301
        assert again.outcome == "unknown"


@pytest.mark.parametrize("beside", ["there", "gone", "unclear"])
@pytest.mark.parametrize("found", [not_found, lambda: httpx.Response(404), lambda: httpx.Response(404, html="<p>")])
def test_a_404_of_a_version_counts_beside_its_package(found: Callable[[], httpx.Response], beside: str):
    answers = {"there": httpx.Response(200, json=package(1, name="WEB")), "gone": not_found(NO_PACKAGE)}
    server = Look(version=found(), package=answers.get(beside, not_found()))
    error = outcome("DELETE version", server)
    assert server.asked == ["DELETE version", "GET version", "GET package"]
    assert (error and error.outcome) == ("unknown" if beside == "unclear" else None)
    server = Look(version=found(), package=answers.get(beside, not_found()))
    error = outcome("POST version", server)
    assert error is not None
    assert error.outcome == ("unknown" if beside == "unclear" else None)
    assert server.asked.count("POST version") == (1 if beside == "unclear" else 4)


@pytest.mark.parametrize("found", [each for name, each in NOTHING.items() if "404" not in name])
def test_only_a_404_of_a_version_counts_beside_its_package(found: Callable[[], Found]):
    error = outcome("DELETE version", Look(version=found(), package=httpx.Response(200, json=package(1, name="web"))))
    assert error is not None
    assert error.outcome == "unknown"


@pytest.mark.parametrize("change", CHANGES)
def test_the_object_itself_is_evidence(change: str):
    there = httpx.Response(200, json=version(836) if "version" in change else package(1, name="web"))
    server = Look(version=there, package=there)
    error = outcome(change, server)
    if change.startswith("POST"):
        assert error is None
        assert len(server.asked) == 2
    else:  # still there after each of four attempts
        assert isinstance(error, ServerError)
        assert error.outcome is None
        assert "may have taken effect" not in str(error)
        assert server.asked.count(change) == 4


@pytest.mark.parametrize("change", CHANGES)
def test_another_version_than_was_asked_for_is_no_evidence(change: str):
    there = httpx.Response(200, json=version(837))
    error = outcome(change, Look(version=there, package=there))
    assert error is not None
    assert error.outcome == "unknown"


@pytest.mark.parametrize("failure", LOST)
@pytest.mark.parametrize("change", CHANGES)
def test_a_lost_answer_without_a_look_up_leaves_the_doubt(change: str, failure: type[httpx.TransportError]):
    server = Look(failure("lost"))
    error = outcome(change, server, retries=0)
    assert isinstance(error, APIConnectionError)
    assert error.outcome == "unknown"
    assert "may have taken effect" in str(error)
    assert server.asked == [change]


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_whose_answer_is_too_large_or_not_encoded_as_it_says_is_looked_up(change: str):
    for body, encoding in ((bytes(MAX_BODY + 1), {}), (b"x", {"Content-Encoding": "gzip"})):

        async def pieces(body: bytes = body) -> AsyncIterator[bytes]:
            yield body

        def server(request: httpx.Request) -> httpx.Response:
            if request.method == "GET":
                return not_found()
            return httpx.Response(204, headers=encoding, content=pieces())  # noqa: B023

        error = outcome(change, server)
        assert isinstance(error, APIConnectionError)
        assert error.outcome == "unknown"


@pytest.mark.parametrize("retries", [0, 3])
@pytest.mark.parametrize("change", CHANGES)
def test_what_was_never_sent_or_is_refused_is_not_in_doubt(change: str, retries: int):
    for failure in (httpx.ConnectError("refused"), not_found(NO_PACKAGE), httpx.Response(403, json={"message": "No."})):
        error = outcome(change, Look(failure), retries=retries)
        assert error is not None
        assert error.outcome is None
        assert "may have" not in str(error)


def test_reading_is_never_in_doubt():
    async def main() -> None:
        server = Look(version=httpx.ReadError("lost"))
        async with Timely("made-up", transport=httpx.MockTransport(server), trust_env=False, retries=0) as github:
            with pytest.raises(APIConnectionError) as caught:
                await github.org("acme").get_version("npm", "web", 836)
        assert caught.value.outcome is None

    run(main())


@pytest.mark.parametrize("said", ["Not Found", NO_PACKAGE])
def test_a_404_for_the_repetition_is_looked_up_unless_it_is_the_word_of_the_api(said: str):
    steps = iter([httpx.ReadError("lost"), not_found(said)])
    finds = iter([httpx.Response(200, json=version(836)), not_found(), not_found()])

    def server(request: httpx.Request) -> httpx.Response:
        step = next(finds if request.method == "GET" else steps)
        if isinstance(step, Exception):
            raise step
        return step

    error = outcome("DELETE version", server)
    if said == NO_PACKAGE:
        assert error is None
    else:
        assert isinstance(error, NotFoundError)
        assert error.outcome == "unknown"


@pytest.mark.parametrize("name", ["packages", "versions", "5", "a/b"])
def test_odd_names_are_looked_up_as_any(name: str):
    deletions = 0

    def server(request: httpx.Request) -> httpx.Response:
        nonlocal deletions
        if request.method == "GET":
            is_version = request.url.path.endswith("/versions/836")
            return httpx.Response(200, json=version(836) if is_version else package(1, name=name))
        deletions += 1
        return httpx.Response(204 if deletions % 2 == 0 else 500)

    async def main() -> None:
        options: Any = {"trust_env": False, "points_per_minute": None}
        async with Timely("made-up", transport=httpx.MockTransport(server), **options) as github:
            await github.org("packages").delete_version("container", name, 836)
            await github.org("packages").delete_package("container", name)

    run(main())
    assert deletions == 4


def test_what_a_proxy_did_not_let_through_is_not_in_doubt():
    error = outcome("DELETE package", Look(httpx.ProxyError("407 Proxy Authentication Required")), retries=0)
    assert error is not None
    assert error.outcome is None


# --- a package that was published anew


class Registry:
    """A package that may be deleted and published anew, on the virtual clock.

    Args:
        takes_effect: Whether the first deletion does, before its answer is lost.
        age: How many seconds before its deletion the package was created.
        anew: After how many seconds another one is published under its name; None if it isn't.
        skew: How many seconds the server's clock is ahead.
    """

    def __init__(self, *, takes_effect: bool, age: float, anew: float | None, skew: float) -> None:
        self.takes_effect, self.age, self.anew, self.skew = takes_effect, age, anew, skew
        self.id: int | None = 1
        self.created = self.deleted_at = 0.0
        self.deleted: list[int] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if not self.created:
            self.created = wall_clock() - self.age
        if self.deleted and self.id is None and self.anew is not None and wall_clock() >= self.deleted_at + self.anew:
            self.id, self.created = 2, self.deleted_at + self.anew
        headers = {"Date": format_datetime(now(self.skew), usegmt=True)}
        if self.id is None:
            return httpx.Response(404, json={"message": NO_PACKAGE}, headers=headers)
        if request.method == "GET":
            created = text(datetime.fromtimestamp(self.created + self.skew, UTC))
            return httpx.Response(200, json=package(self.id, name="web", created_at=created), headers=headers)
        first, self.takes_effect = not self.takes_effect, True
        if not first:
            self.deleted.append(self.id)
            self.id, self.deleted_at = None, wall_clock()
            if len(self.deleted) > 1:
                return httpx.Response(204, headers=headers)
        raise httpx.ReadError("lost")


@settings(max_examples=300, deadline=None)
@given(
    takes_effect=st.booleans(),
    age=st.floats(0, 10) | st.just(1e6),
    anew=st.none() | st.floats(0, 5),
    skew=st.floats(-3600, 3600),
)
def test_a_package_published_anew_is_never_deleted_and_nothing_is_claimed_that_is_not_so(
    takes_effect: bool, age: float, anew: float | None, skew: float
):
    server = Registry(takes_effect=takes_effect, age=age, anew=anew, skew=skew)
    error = outcome("DELETE package", server)
    assert 2 not in server.deleted
    assert error is not None or server.deleted == [1]
    if error is not None and error.outcome is None:
        assert server.deleted == []
    if age == 1e6 and takes_effect and anew is None:
        assert error is None


def test_what_was_published_seconds_later_shows_that_the_deletion_took_effect():
    server = Registry(takes_effect=True, age=1e6, anew=0.0, skew=-500)
    server.anew = 0.0

    def slowly(request: httpx.Request) -> httpx.Response:
        if request.method == "GET" and server.id is None:
            server.anew = wall_clock() - server.deleted_at + 2
            server.id, server.created = 2, wall_clock() + 2
        return server(request)

    assert outcome("DELETE package", slowly) is None
    assert server.deleted == [1]


@pytest.mark.parametrize("age", [-3600, -60, -12])
@pytest.mark.parametrize("change", ["DELETE package", "POST package"])
def test_a_package_from_the_future_shows_that_clocks_disagree(change: str, age: int):
    def server(request: httpx.Request) -> httpx.Response:
        if request.method != "GET":
            raise httpx.ReadError("lost")
        found = package(1, name="web", created_at=text(now(-age)))
        return httpx.Response(200, json=found, headers={"Date": format_datetime(now(), usegmt=True)})

    error = outcome(change, server)
    assert error is not None
    assert error.outcome == "unknown"


def test_the_date_of_a_cached_answer_is_not_the_time():
    def server(request: httpx.Request) -> httpx.Response:
        if request.method != "GET":
            raise httpx.ReadError("lost")
        headers = {"Date": format_datetime(now(-60), usegmt=True), "Age": "60"}
        return httpx.Response(200, json=package(1, name="web", created_at=text(now(-61))), headers=headers)

    error = outcome("DELETE package", server)
    assert error is not None
    assert error.outcome == "unknown"


def test_what_was_published_while_the_callable_for_the_token_was_asked_is_what_is_deleted():
    deletions: list[int] = []

    def server(request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            headers = {"Date": format_datetime(now(), usegmt=True)}
            return httpx.Response(200, json=package(1, name="web", created_at=text(moments[0])), headers=headers)
        deletions.append(1)
        return httpx.Response(204 if len(deletions) > 1 else 500)

    async def token() -> str:
        if not moments:
            await asyncio.sleep(5)
            moments.append(now())
            await asyncio.sleep(5)
        return "made-up-token"

    moments: list[datetime] = []

    async def main() -> None:
        options: Any = {"trust_env": False, "points_per_minute": None}
        async with Timely(token, transport=httpx.MockTransport(server), **options) as github:
            await github.org("acme").delete_package("npm", "web")

    run(main())
    assert len(deletions) == 2


@pytest.mark.parametrize("date", ["soon", "", "Mon, 01 Jan 99999999999 00:00:00 GMT", None])
@pytest.mark.parametrize("age", [-5, 5, 86_000, 90_000, None])
def test_without_a_date_only_a_package_that_is_days_old_is_known_to_be_the_same(date: str | None, age: int | None):
    deletions = 0

    def server(request: httpx.Request) -> httpx.Response:
        nonlocal deletions
        if request.method == "GET":
            created = "long ago" if age is None else text(now(-age))
            found = package(1, name="web", created_at=created)
            return httpx.Response(200, json=found, headers={} if date is None else {"Date": date})
        deletions += 1
        return httpx.Response(204 if deletions > 1 else 500)

    error = outcome("DELETE package", server)
    if age == 90_000:
        assert (error, deletions) == (None, 2)
    else:
        assert error is not None
        assert (error.outcome, deletions) == ("unknown", 1)


@pytest.mark.parametrize(
    "said",
    [
        *(httpx.Response(status, json={}) for status in (200, 202, 301, 304, 400, 404)),
        *(httpx.Response(status, html="<h1>Blocked</h1>") for status in (200, 403, 404, 413)),
        *(httpx.Response(status) for status in (200, 304, 404, 599)),
    ],
    ids=lambda said: f"{said.status_code} {said.text}",
)
@pytest.mark.parametrize("change", CHANGES)
def test_an_answer_that_is_not_the_apis_is_looked_up(change: str, said: httpx.Response):
    server = Look(said, version=not_found(), package=not_found())
    error = outcome(change, server)
    assert error is not None
    assert error.outcome == "unknown"
    server = Look(said, version=not_found(NO_PACKAGE), package=not_found(NO_PACKAGE))
    error = outcome(change, server)
    if change.startswith("DELETE"):
        assert error is None
    else:
        assert error is not None
        assert error.outcome is None
        assert server.asked.count(change) == 4


@pytest.mark.parametrize("age", [-5, 0, 1, 5, None])
def test_only_a_package_that_is_older_than_its_restoration_is_the_restored_one(age: int | None):
    """The request was sent a second before, if the look-up waits as long as it may."""

    def server(request: httpx.Request) -> httpx.Response:
        if request.method != "GET":
            raise httpx.ReadError("lost")
        found = package(2, name="web", created_at="long ago" if age is None else text(now(-age)))
        return httpx.Response(200, json=found, headers={"Date": format_datetime(now(), usegmt=True)})

    error = outcome("POST package", server)
    assert (error and error.outcome) == (None if age == 5 else "unknown")
