"""What can be had is given; then an error says what is missing."""

import copy
import pickle
from collections.abc import Callable, Mapping
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.core.wire import Handler, Recorder, client, package, pages_of, version

from ghpackages import (
    APIError,
    BadRequestError,
    DecodeError,
    GitHubPackages,
    IncompleteListingError,
    NotFoundError,
    Package,
    PackageVersion,
    Page,
    Paginator,
    PermissionDeniedError,
    RateLimitError,
    ServerError,
    ValidationFailedError,
)
from ghpackages_api.api.packages import list_packages_for_org
from ghpackages_api.models import PackageType, PackageVisibility

PACKAGES = [package(number) for number in range(1, 8)]
TYPES = [str(kind) for kind in PackageType]


def packages(github: GitHubPackages, *kinds: str, **options: Any) -> Paginator[Package]:
    return github.org("acme").packages(*kinds, **{"per_page": 2, **options})


def versions(github: GitHubPackages, **options: Any) -> Paginator[PackageVersion]:
    return github.org("acme").versions("container", "web", **{"per_page": 2, **options})


async def read(listing: Paginator[Any]) -> tuple[list[int], Exception | None]:
    """The ids of the items that are given, and the error after them."""
    given: list[int] = []
    try:
        async for item in listing:
            given.append(item.id)
    except Exception as error:
        return given, error
    return given, None


# Links


LINK_HOSTS = [
    "https://ghe.corp.example/api/v3",
    "http://api.github.com",
    "https://api.github.com:8443/gateway",
    "//other.example",
    "",
    "https://[::1",
    "javascript:",
]


@pytest.mark.parametrize("host", LINK_HOSTS)
async def test_of_a_link_only_the_page_numbers_are_used_whatever_host_it_names(host: str):
    def behind_a_gateway(request: httpx.Request) -> httpx.Response:
        response = pages_of(PACKAGES)(request)
        if "Link" in response.headers:
            response.headers["Link"] = response.headers["Link"].replace("https://api.github.com", host)
        return response

    server = Recorder(behind_a_gateway)
    async with client(server) as github:
        assert await read(packages(github, "container")) == ([1, 2, 3, 4, 5, 6, 7], None)
        page = await packages(github, "container").page(1)
    assert (page.last_number, page.is_last) == (4, False)
    assert {request.url.host for request in server.requests} == {"api.github.com"}
    assert len(server.requests) == 5


# Single sign-on


def hiding(
    handler: Handler, header: str = "partial-results; organizations=21955855,20582480", page: int = 1
) -> Handler:
    """A server that says on one page that single sign-on hides something."""

    def answer(request: httpx.Request) -> httpx.Response:
        response = handler(request)
        if request.url.params.get("page") == str(page):
            response.headers["X-GitHub-SSO"] = header
        return response

    return answer


@pytest.mark.parametrize("consistent", [False, True])
@pytest.mark.parametrize("page", [1, 2, 4])
async def test_what_single_sign_on_hides_is_told_after_everything_else(page: int, consistent: bool):
    async with client(Recorder(hiding(pages_of(PACKAGES), page=page))) as github:
        given, error = await read(packages(github, "container", consistent=consistent))
    assert given == [1, 2, 3, 4, 5, 6, 7]
    assert isinstance(error, IncompleteListingError)
    assert (error.reason, error.organizations) == ("single-sign-on", (20582480, 21955855))
    assert (error.items, error.pages, error.last_page) == (7, 4, 4)
    assert error.listing == "container packages of acme"
    assert "20582480, 21955855" in str(error)
    assert "\n" not in str(error)
    again = pickle.loads(pickle.dumps(error))  # noqa: S301
    assert (str(again), again.organizations) == (str(error), error.organizations)


@pytest.mark.parametrize(
    ("header", "organizations"),
    [
        ("partial-results; organizations=1", (1,)),
        ("Partial-Results;organizations=3,1,3", (1, 3)),
        ("partial-results", ()),
        ("partial-results; organizations=acme", ()),
        ("partial-results; organizations=" + "9" * 5_000, ()),
    ],
)
async def test_forms_of_the_header_of_single_sign_on(header: str, organizations: tuple[int, ...]):
    async with client(Recorder(hiding(pages_of([version(1)]), header))) as github:
        given, error = await read(versions(github))
    assert given == [1]
    assert isinstance(error, IncompleteListingError)
    assert (error.reason, error.organizations) == ("single-sign-on", organizations)
    assert len(str(error)) < 400


async def test_another_header_of_single_sign_on_on_a_success_hides_nothing():
    header = "required; url=https://github.com/orgs/acme/sso?authorization_request=abc"
    async with client(Recorder(hiding(pages_of(PACKAGES), header))) as github:
        assert await read(packages(github, "container")) == ([1, 2, 3, 4, 5, 6, 7], None)


async def test_what_single_sign_on_hides_of_several_types_is_told_once():
    def answer(request: httpx.Request) -> httpx.Response:
        kind = TYPES.index(request.url.params["package_type"])
        found = [package(kind)] if request.url.params["page"] == "1" else []
        headers = {"X-GitHub-SSO": f"partial-results; organizations={kind}"} if kind % 2 else {}
        return httpx.Response(200, json=found, headers=headers)

    async with client(Recorder(answer)) as github:
        given, error = await read(packages(github))
    assert given == [0, 1, 2, 3, 4, 5]
    assert isinstance(error, IncompleteListingError)
    assert error.organizations == (1, 3, 5)
    assert error.listing == ", ".join(f"{kind} packages of acme" for kind in TYPES[1::2])


async def test_a_page_in_pieces_keeps_what_each_piece_hides():
    def weak(request: httpx.Request) -> httpx.Response:
        if int(request.url.params["per_page"]) > 5:
            return httpx.Response(502)
        page = int(request.url.params["page"])
        response = pages_of(PACKAGES)(request)
        response.headers["X-GitHub-SSO"] = f"partial-results; organizations={page}"
        return response

    async with client(Recorder(weak), retries=0) as github:
        given, error = await read(packages(github, "container", per_page=10))
    assert given == [1, 2, 3, 4, 5, 6, 7]
    assert isinstance(error, IncompleteListingError)
    assert error.organizations == (1, 2)


@pytest.mark.parametrize("kind", ["org", "user", "me"])
async def test_docker_conflicts_that_single_sign_on_hides_are_an_error(kind: str):
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json=PACKAGES[:2], headers={"X-GitHub-SSO": "partial-results; organizations=7"})

    async with client(Recorder(answer)) as github:
        owner = {"org": github.org("acme"), "user": github.user("octocat"), "me": github.me()}[kind]
        with pytest.raises(IncompleteListingError, match=r"docker conflicts of .* 2 items") as caught:
            await owner.docker_conflicts()
    assert (caught.value.reason, caught.value.organizations) == ("single-sign-on", (7,))


# Items that can't be decoded

BAD: list[object] = [None, 3, "x", [], {}, package(9) | {"name": None}, package(9) | {"created_at": "soon"}]


@pytest.mark.parametrize("bad", BAD, ids=repr)
@pytest.mark.parametrize("place", [0, 1, 2, 5, 6])
async def test_an_item_that_can_not_be_decoded_costs_that_item(place: int, bad: Any):
    payload: list[Any] = [*PACKAGES]
    payload[place] = bad
    async with client(Recorder(pages_of(payload))) as github:
        given, error = await read(packages(github, "container", per_page=3))
    # The last page has a single item: nothing of it can be decoded.
    assert given == [number for number in range(1, 8) if number != place + 1]
    assert isinstance(error, DecodeError)
    assert (error.page, error.index, error.failed) == (place // 3 + 1, place % 3, 1)
    assert f"(item {place % 3} of page {place // 3 + 1})" in str(error)


async def test_the_first_of_all_items_that_can_not_be_decoded_is_named_with_their_number():
    payload: list[Any] = [package(1), None, 3, package(4), package(5), {}, None, package(8)]
    server = Recorder(pages_of(payload))
    async with client(server) as github:
        pages: list[Page[Package]] = []
        with pytest.raises(DecodeError) as caught:
            async for page in packages(github, "container", per_page=4).pages():
                pages.append(page)
    assert [[item.id for item in page] for page in pages] == [[1, 4], [5, 8]]
    assert [page.undecodable and page.undecodable.failed for page in pages] == [2, 2]
    error = caught.value
    assert (error.model, error.page, error.index, error.failed, list(error.decoded)) == ("Package", 1, 1, 4, [])
    assert "item 1 of page 1, the first of 4 items that can't be decoded" in str(error)
    assert "\n" not in str(error)
    assert len(server.requests) == 2
    for again in (pickle.loads(pickle.dumps(error)), copy.deepcopy(error)):  # noqa: S301
        assert (str(again), again.failed, again.page) == (str(error), 4, 1)


@pytest.mark.parametrize("link", [True, False])
async def test_a_page_of_which_nothing_can_be_decoded_ends_the_listing_at_once(link: bool):
    payload: list[Any] = [package(1), package(2), None, {}, package(5), package(6)]
    server = Recorder(pages_of(payload, link=link))
    async with client(server, concurrency=1) as github:
        given, error = await read(packages(github, "container"))
    assert given == [1, 2]
    assert isinstance(error, DecodeError)
    assert (error.page, error.failed, list(error.decoded)) == (2, 2, [])
    assert len(server.requests) <= 3


async def test_without_a_link_items_that_can_not_be_decoded_count_for_the_size_of_a_page():
    payload: list[Any] = [version(1), None, version(3), version(4), version(5)]
    async with client(Recorder(pages_of(payload, link=False))) as github:
        given, error = await read(versions(github))
    assert given == [1, 3, 4, 5]
    assert isinstance(error, DecodeError)


async def test_one_page_by_its_number_raises_at_once_and_the_error_has_the_others():
    async with client(Recorder(pages_of([package(1), None, package(3)]))) as github:
        with pytest.raises(DecodeError, match=r"item 1 of page 1\)") as caught:
            await packages(github, "container", per_page=3).page(1)
        assert [item.id for item in caught.value.decoded] == [1, 3]
        with pytest.raises(DecodeError, match=r"item 1 of the list\)") as caught:
            await list_packages_for_org.asyncio("acme", client=github.api, package_type="container")
        assert [item.id for item in caught.value.decoded] == [1, 3]
        with pytest.raises(DecodeError, match=r"item 1 of the list\)"):
            await github.org("acme").docker_conflicts()


@pytest.mark.parametrize("place", range(6))
async def test_a_consistent_listing_raises_at_once_and_gives_nothing(place: int):
    payload: list[Any] = [version(9 - number, created_at=f"2026-01-0{9 - number}T00:00:00Z") for number in range(6)]
    payload[place] = None
    async with client(Recorder(pages_of(payload))) as github:
        for listing in (versions(github, consistent=True), packages(github, "container", consistent=True)):
            given, error = await read(listing)
            assert given == []
            assert isinstance(error, DecodeError)


async def test_a_limit_that_is_reached_before_is_not_concerned():
    payload: list[Any] = [package(1), None, package(3)]
    async with client(Recorder(pages_of(payload))) as github:
        assert [item.id for item in await packages(github, "container", per_page=3).collect(2)] == [1, 3]
        with pytest.raises(DecodeError):
            await packages(github, "container", per_page=3).collect(3)
        with pytest.raises(DecodeError):
            await packages(github, "container", per_page=3).collect()


async def test_a_page_in_pieces_counts_the_items_of_the_whole_page():
    payload: list[Any] = [package(number) for number in range(10)] + [None, *map(package, range(11, 17)), None]

    def weak(request: httpx.Request) -> httpx.Response:
        too_much = int(request.url.params["per_page"]) > 5
        return httpx.Response(504) if too_much else pages_of(payload)(request)

    async with client(Recorder(weak), retries=0) as github:
        given, error = await read(packages(github, "container", per_page=10))
        page_two = None
        with pytest.raises(DecodeError) as caught:
            page_two = await packages(github, "container", per_page=10).page(2)
    assert page_two is None
    assert given == [*range(10), *range(11, 17)]
    assert isinstance(error, DecodeError)
    assert (error.page, error.index, error.failed) == (2, 0, 2)
    assert (caught.value.page, caught.value.index, caught.value.failed) == (2, 0, 2)


async def test_items_of_a_listing_that_is_split_are_counted_once():
    """A listing beyond the window is read by visibility: the first page of the whole is given before."""

    def answer(request: httpx.Request) -> httpx.Response:
        shown = request.url.params.get("visibility")
        payload: list[Any] = [package(number) for number in range(10_001)]
        payload[5] = None
        chosen = {None: payload, "public": payload[:6_000], "private": payload[6_000:], "internal": []}
        return pages_of(chosen[shown])(request)

    async with client(Recorder(answer)) as github:
        given, error = await read(github.org("acme").packages("container", beyond_window=True))
    assert sorted(given) == [number for number in range(10_001) if number != 5]
    assert isinstance(error, DecodeError)
    assert error.failed == 1
    assert not hasattr(error, "__notes__")


good_or_bad = st.lists(st.one_of(st.just(True), st.sampled_from(BAD)), max_size=30)


@given(kinds=good_or_bad, per_page=st.integers(1, 7), links=st.booleans(), ahead=st.sampled_from([1, 16]))
async def test_all_items_that_can_be_decoded_are_given_up_to_a_page_that_has_none(
    kinds: list[Any], per_page: int, links: bool, ahead: int
):
    payload = [package(number) if kind is True else kind for number, kind in enumerate(kinds)]
    pages = [kinds[start : start + per_page] for start in range(0, len(kinds), per_page)]
    end = next((number for number, page in enumerate(pages) if True not in page), None)
    readable = kinds if end is None else kinds[: end * per_page]

    async with client(Recorder(pages_of(payload, link=links)), concurrency=ahead) as github:
        given, error = await read(packages(github, "container", per_page=per_page))

    assert given == [number for number, kind in enumerate(readable) if kind is True]
    bad = [number for number, kind in enumerate(kinds) if kind is not True]
    if not bad:
        assert error is None
        return
    assert isinstance(error, DecodeError)
    if end is None:
        assert (error.page, error.index, error.failed) == (bad[0] // per_page + 1, bad[0] % per_page, len(bad))


# Types that are refused

Refusal = tuple[int, str, type[Exception]]
REFUSALS: dict[str, Refusal] = {
    "an installation token": (400, "Invalid argument.", BadRequestError),
    "a scope": (403, "You need at least read:packages scope to list packages.", PermissionDeniedError),
    "hidden": (404, "Not Found", NotFoundError),
    "unknown": (422, "Invalid request", ValidationFailedError),
}


def refusing(refused: Mapping[str, tuple[int, str]], page: int = 1) -> Handler:
    """A server with three packages of each type, two a page, that refuses one page of some types."""

    def answer(request: httpx.Request) -> httpx.Response:
        kind, number = request.url.params["package_type"], request.url.params["page"]
        if kind in refused and number == str(page):
            status, message = refused[kind]
            return httpx.Response(status, json={"message": message})
        first = 10 * TYPES.index(kind)
        return pages_of([package(first + place, package_type=kind) for place in range(3)])(request)

    return answer


def ids(*kinds: str, count: int = 3) -> list[int]:
    return [10 * TYPES.index(kind) + place for kind in kinds for place in range(count)]


@pytest.mark.parametrize("consistent", [False, True])
@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize(("status", "message", "expected"), REFUSALS.values(), ids=REFUSALS)
async def test_the_other_types_are_given_before_a_refused_one_is_raised(
    status: int, message: str, expected: type[Exception], kind: str, consistent: bool
):
    async with client(Recorder(refusing({kind: (status, message)}))) as github:
        iterator = packages(github, consistent=consistent).pages()
        given: list[int] = []
        with pytest.raises(expected) as caught:
            async for page in iterator:
                given += page.ids
        assert given == ids(*(one for one in TYPES if one != kind))
        assert caught.value.__notes__ == [f"refused: {kind} packages of acme"]
        with pytest.raises(expected) as again:  # not as if complete
            await anext(iterator)
        assert again.value is caught.value
        assert again.value.__notes__ == caught.value.__notes__
        await iterator.aclose()
        with pytest.raises(StopAsyncIteration):
            await anext(iterator)


async def test_what_was_given_of_a_type_that_is_refused_later_stays_and_the_others_follow():
    async with client(Recorder(refusing({TYPES[1]: (404, "Not Found")}, page=2))) as github:
        given, error = await read(packages(github))
    assert given == [*ids(TYPES[0]), *ids(TYPES[1], count=2), *ids(*TYPES[2:])]
    assert isinstance(error, NotFoundError)


async def test_all_types_refused_alike_are_one_error():
    refused = dict.fromkeys(TYPES, (404, "Not Found"))
    server = Recorder(refusing(refused))
    async with client(server) as github:
        given, error = await read(packages(github))
    assert given == []
    assert isinstance(error, NotFoundError)
    assert not hasattr(error, "__notes__")  # it is about all of them
    assert len(server.requests) == 6


async def test_types_refused_for_different_reasons_are_all_told():
    first, second, third = TYPES[1], TYPES[3], TYPES[4]
    refused = {first: (403, "no right"), second: (400, "Invalid argument."), third: (403, "no right")}
    async with client(Recorder(refusing(refused))) as github:
        given, error = await read(packages(github))
    assert given == ids(TYPES[0], TYPES[2], TYPES[5])
    assert isinstance(error, PermissionDeniedError)
    names = ", ".join(f"{kind} packages of acme" for kind in (first, second, third))
    assert error.__notes__[0] == f"refused: {names}"
    assert [note.startswith("also: ") and "Invalid argument" in note for note in error.__notes__[1:]] == [True]


async def test_the_only_type_that_is_asked_for_is_raised_at_once_and_can_be_asked_for_again():
    refused = {"npm": (404, "Not Found")}
    async with client(Recorder(lambda request: refusing(refused)(request))) as github:
        iterator = packages(github, "npm").pages()
        with pytest.raises(NotFoundError) as caught:
            await anext(iterator)
        assert not hasattr(caught.value, "__notes__")
        refused.clear()
        assert [page.number async for page in iterator] == [1, 2]


@pytest.mark.parametrize(
    ("response", "expected"),
    [
        (lambda: httpx.Response(500, json={"message": "Server Error"}), ServerError),
        (lambda: httpx.Response(401, json={"message": "Bad credentials"}), APIError),
        (lambda: httpx.Response(429, json={"message": "You have exceeded a secondary rate limit."}), RateLimitError),
        (lambda: httpx.Response(200, json=[None]), DecodeError),
    ],
)
async def test_what_is_no_refusal_of_one_type_is_raised_at_once(
    response: Callable[[], httpx.Response], expected: type[Exception]
):
    def answer(request: httpx.Request) -> httpx.Response:
        is_second = request.url.params["package_type"] == TYPES[1]
        return response() if is_second else refusing({})(request)

    async with client(Recorder(answer), retries=0) as github:
        given, error = await read(packages(github))
    assert given == ids(TYPES[0])
    assert isinstance(error, expected)


async def test_a_visibility_that_is_refused_does_not_hide_the_others():
    def answer(request: httpx.Request) -> httpx.Response:
        shown = request.url.params.get("visibility")
        if shown == PackageVisibility.PRIVATE:
            return httpx.Response(403, json={"message": "no right"})
        sizes = {None: 10_100, "public": 150, "internal": 120}
        start = 0 if shown is None else 20_000 * (1 + (shown == "public"))
        return pages_of([package(start + number) for number in range(sizes[shown])])(request)

    async with client(Recorder(answer)) as github:
        listing = github.org("acme").packages(beyond_window=True, package_type="container")
        given, error = await read(listing)
    assert len([one for one in given if one >= 20_000]) == 270
    assert isinstance(error, PermissionDeniedError)
    assert error.__notes__ == ["refused: private container packages of acme"]


async def test_several_things_that_are_missing_are_told_together():
    def answer(request: httpx.Request) -> httpx.Response:
        kind, page = request.url.params["package_type"], request.url.params["page"]
        if kind == TYPES[0]:
            return httpx.Response(403, json={"message": "no right"})
        payload: list[Any] = [package(10 * TYPES.index(kind)), None] if page == "1" else []
        headers = {"X-GitHub-SSO": "partial-results; organizations=7"} if kind == TYPES[3] else {}
        return httpx.Response(200, json=payload, headers=headers)

    async with client(Recorder(answer)) as github:
        given, error = await read(packages(github))
    assert given == [10, 20, 30, 40, 50]
    assert isinstance(error, PermissionDeniedError)
    refused, hidden, undecodable = error.__notes__
    assert refused == f"refused: {TYPES[0]} packages of acme"
    assert hidden.startswith(f"also: {TYPES[3]} packages of acme may be incomplete")
    assert "the first of 5 items that can't be decoded" in undecodable


# A server that gives a page again


@pytest.mark.parametrize("again", [1, 2, 3, 4])
async def test_a_page_may_come_again_twice_and_no_more(again: int):
    """A Link leads on: the server may have meant the page, while what is on it was moved."""

    def answer(request: httpx.Request) -> httpx.Response:
        number = int(request.url.params["page"])
        shown = 1 if number <= 1 + again else 2
        link = "" if number > 1 + again else f'<https://api.github.com/x?page={number + 1}>; rel="next"'
        headers = {"Link": link or f'<https://api.github.com/x?page={number - 1}>; rel="prev"'}
        return httpx.Response(200, json=PACKAGES[2 * shown - 2 : 2 * shown], headers=headers)

    server = Recorder(answer)
    async with client(server) as github:
        given, error = await read(packages(github, "container"))
    if again <= 2:
        assert (given, error) == ([1, 2, 3, 4], None)
        return
    assert given == [1, 2]
    assert isinstance(error, IncompleteListingError)
    assert (error.reason, error.pages, error.last_page) == ("repeated", 4, 4)
    assert len(server.requests) == 4
