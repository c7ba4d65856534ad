"""More packages than the 10,000 that GitHub shows of one listing: by visibility, without duplicates, or with an error.

Most servers here send short pages of one package, as short ones have been seen, so that a window of 100 pages is full
with 100 packages.
"""

import json
from collections import Counter
from collections.abc import Sequence
from functools import cache
from itertools import chain, zip_longest

import httpx
import pytest
from tests.core.shifting import Tells, date, link
from tests.core.wire import Recorder, client, package

from ghpackages import GitHubPackages, IncompleteListingError, Package, Paginator

VISIBILITIES = ("public", "private", "internal")
OTHER_TYPES = ("npm", "maven", "rubygems", "docker", "nuget")


@cache
def payload(number: int) -> str:
    """The package with this id, the greater the newer."""
    return json.dumps(package(number, created_at=date(number)))


class Registry:
    """The containers of acme, which it lists as GitHub does: nothing beyond the window.

    Args:
        tells: What its Link headers say.
        on_a_page: How many it puts on a page at most.
        counts: How many there are of each visibility.
    """

    def __init__(self, *, tells: Tells = "nothing", on_a_page: int = 1, **counts: int) -> None:
        self.tells, self.on_a_page = tells, on_a_page
        begin = 100_000
        self.parts: dict[str, Sequence[int]] = {}
        for visibility in VISIBILITIES:
            self.parts[visibility] = range(begin + counts.get(visibility, 0), begin, -1)
            begin += 100_000
        mixed = chain.from_iterable(zip_longest(*self.parts.values()))
        self.whole: Sequence[int] = [number for number in mixed if number is not None]

    def __call__(self, request: httpx.Request) -> httpx.Response:
        page, per_page = int(request.url.params["page"]), int(request.url.params["per_page"])
        assert page * per_page <= 10_000, "the guard must not let this through"
        visibility = request.url.params.get("visibility")
        items = self.whole if visibility is None else self.parts[visibility]
        size = min(per_page, self.on_a_page)
        content = ",".join(map(payload, items[(page - 1) * size : page * size]))
        headers = link(page, -(-len(items) // size), per_page, self.tells)
        return httpx.Response(200, text=f"[{content}]", headers=headers)

    @property
    def ids(self) -> list[int]:
        """All there are, in no particular order."""
        return sorted(set(self.whole).union(*self.parts.values()))


def containers(github: GitHubPackages, *, per_page: int = 100, consistent: bool = False) -> Paginator[Package]:
    return github.org("acme").packages("container", per_page=per_page, consistent=consistent, beyond_window=True)


def asked(server: Recorder) -> list[tuple[str | None, int]]:
    """The visibilities and pages that were asked for."""
    return [(request.url.params.get("visibility"), int(request.url.params["page"])) for request in server.requests]


async def given_before_the_error(listing: Paginator[Package]) -> tuple[list[int], IncompleteListingError]:
    given = []
    with pytest.raises(IncompleteListingError) as caught:
        async for item in listing:
            given.append(item.id)
    assert len(given) == len(set(given))
    assert caught.value.reason == "window"
    return given, caught.value


def name(visibility: str) -> str:
    return f"{visibility} container packages of acme"


# What is complete


async def test_what_a_link_tells_to_be_too_much_is_split_after_the_first_page():
    registry = Registry(public=5_000, private=5_000, internal=101, tells="last", on_a_page=100)
    server = Recorder(registry)
    async with client(server) as github:
        found = [item.id async for item in containers(github)]
    assert found[:100] == registry.whole[:100]
    assert sorted(found) == registry.ids
    assert asked(server)[0] == (None, 1)
    expected = [("public", 50), ("private", 50), ("internal", 2)]
    assert sorted(asked(server)[1:]) == sorted((kind, page) for kind, last in expected for page in range(1, last + 1))


async def test_without_a_link_it_is_split_where_the_window_ends():
    registry = Registry(public=40, private=40, internal=25)
    server = Recorder(registry)
    async with client(server) as github:
        found = [item.id async for item in containers(github)]
    assert sorted(found) == registry.ids
    assert len(found) == 105
    assert asked(server)[:100] == [(None, page) for page in range(1, 101)]
    assert Counter(kind for kind, _ in asked(server)[100:]) == {"public": 41, "private": 41, "internal": 26}


async def test_what_is_no_more_than_the_window_shows_costs_nothing_more():
    registry = Registry(public=150, private=80, internal=20, tells="last", on_a_page=100)
    server = Recorder(registry)
    async with client(server) as github:
        assert [item.id async for item in containers(github)] == registry.whole
    assert asked(server) == [(None, 1), (None, 2), (None, 3)]


async def test_exactly_the_window_that_a_link_proves_is_not_split():
    registry = Registry(private=100, tells="last", on_a_page=1)
    server = Recorder(registry)
    async with client(server) as github:
        assert [item.id async for item in containers(github)] == registry.whole
    assert len(server.requests) == 100


async def test_exactly_the_window_without_a_link_can_be_proven_by_its_parts():
    registry = Registry(public=50, private=50)
    async with client(Recorder(registry)) as github:
        assert sorted([item.id async for item in containers(github)]) == registry.ids


async def test_other_page_sizes_have_other_windows():
    registry = Registry(public=170, private=100, internal=70)
    server = Recorder(registry)
    async with client(server) as github:
        found = [item.id async for item in containers(github, per_page=30)]
    assert sorted(found) == registry.ids
    assert [page for kind, page in asked(server) if kind is None] == list(range(1, 334))


async def test_a_package_that_two_parts_have_is_given_once():
    registry = Registry(public=60, private=60)
    registry.parts["private"] = [*registry.parts["private"], *registry.parts["public"][:7]]
    async with client(Recorder(registry)) as github:
        found = [item.id async for item in containers(github)]
    assert sorted(found) == registry.ids


async def test_a_limit_is_counted_over_the_whole_and_its_parts():
    registry = Registry(public=5_000, private=5_000, internal=101, tells="last", on_a_page=100)
    server = Recorder(registry)
    async with client(server) as github:
        found = await containers(github).collect(limit=160)
    assert len({item.id for item in found}) == 160
    assert [page for _, page in asked(server)] == [1, 1]  # of the whole and of one part, which share some


async def test_all_six_types_are_gone_through():
    registry = Registry(public=60, private=60)

    def handler(request: httpx.Request) -> httpx.Response:
        kind = request.url.params["package_type"]
        if kind == "container":
            return registry(request)
        number = 1 + OTHER_TYPES.index(kind)
        items = [package(number, package_type=kind)] if request.url.params["page"] == "1" else []
        return httpx.Response(200, json=items)

    async with client(Recorder(handler)) as github:
        found = [item.id async for item in github.org("acme").packages(beyond_window=True)]
    assert sorted(found) == [1, 2, 3, 4, 5, *registry.ids]


async def test_with_consistent_each_part_is_proven():
    registry = Registry(public=5_000, private=5_000, internal=101, tells="last", on_a_page=100)
    server = Recorder(registry)
    async with client(server) as github:
        found = [item.id async for item in containers(github, consistent=True)]
    assert sorted(found) == registry.ids
    expected = [("public", 50), ("private", 50), ("internal", 2)]
    twice = {(kind, page): 2 for kind, last in expected for page in range(1, last + 1)}
    assert Counter(asked(server)) == {(None, 1): 1} | twice


async def test_with_consistent_the_window_can_end_where_nothing_named_the_last_page():
    registry = Registry(public=40, private=40, internal=25)
    server = Recorder(registry)
    async with client(server) as github:
        found = [item.id async for item in containers(github, consistent=True)]
    assert sorted(found) == registry.ids
    assert asked(server)[:100] == [(None, page) for page in range(1, 101)]
    # Twice, but the empty page that proves the end once.
    assert Counter(kind for kind, _ in asked(server)[100:]) == {"public": 81, "private": 81, "internal": 51}


# What is not


async def test_without_beyond_window_nothing_is_split():
    server = Recorder(Registry(public=60, private=60))
    async with client(server) as github:
        given, error = await given_before_the_error(github.org("acme").packages("container"))
    assert len(given) == 100
    assert error.missing == ("container packages of acme",)
    assert {kind for kind, _ in asked(server)} == {None}
    assert "beyond_window" in str(error)


async def test_what_is_listed_by_visibility_already_can_not_be_split():
    registry = Registry(public=105)
    server = Recorder(registry)
    async with client(server) as github:
        listing = github.org("acme").packages("container", visibility="public", beyond_window=True)
        given, error = await given_before_the_error(listing)
    assert given == list(registry.parts["public"])[:100]
    assert error.missing == (name("public"),)
    assert asked(server) == [("public", page) for page in range(1, 101)]


@pytest.mark.parametrize("tells", ["nothing", "next", "last"])
async def test_a_part_that_exceeds_the_window_is_named_after_all_that_can_be_had(tells: Tells):
    registry = Registry(public=5, private=104, internal=3, tells=tells)
    async with client(Recorder(registry)) as github:
        given, error = await given_before_the_error(containers(github))
    shown = {*registry.parts["public"], *registry.parts["private"][:100], *registry.parts["internal"]}
    assert set(given) == shown
    assert error.missing == (name("private"),)  # and no other visibility: what lacks can be all of this one
    assert name("private") in str(error)
    assert (error.items, error.last_page) == (108, 100)


async def test_all_parts_that_exceed_the_window_are_named():
    registry = Registry(public=101, private=7, internal=102)
    async with client(Recorder(registry)) as github:
        given, error = await given_before_the_error(containers(github))
    assert len(given) == 207
    assert set(error.missing) == {name("public"), name("internal")}
    assert name("public") in str(error)
    assert name("internal") in str(error)


async def test_types_that_exceed_the_window_do_not_keep_others_from_being_given():
    registry = Registry(public=105)

    def handler(request: httpx.Request) -> httpx.Response:
        kind = request.url.params["package_type"]
        if kind in {"container", "npm"}:
            return registry(request)
        items = [package(len(kind), package_type=kind)] if request.url.params["page"] == "1" else []
        return httpx.Response(200, json=items)

    found = Counter[str]()
    async with client(Recorder(handler)) as github:
        with pytest.raises(IncompleteListingError) as caught:
            async for page in github.org("acme").packages(beyond_window=True).pages():
                found.update(str(item.id) if item.id < 100_000 else "of two types" for item in page)
    assert found["of two types"] == 200
    assert [found[str(length)] for length in (5, 6, 8)] == [2, 1, 1]  # maven and nuget, docker, rubygems
    assert caught.value.missing == (name("public"), "public npm packages of acme")


async def test_exactly_the_window_of_one_visibility_without_a_link_can_not_be_proven():
    registry = Registry(private=100)
    async with client(Recorder(registry)) as github:
        given, error = await given_before_the_error(containers(github))
    assert sorted(given) == registry.ids
    assert error.missing == (name("private"),)
    assert "does not say that this was the last" in str(error)


async def test_ten_thousand_packages_without_a_link_can_not_be_proven():
    registry = Registry(internal=10_000, on_a_page=100)
    server = Recorder(registry)
    async with client(server) as github:
        listing = github.org("acme").packages("container", visibility="internal", beyond_window=True)
        given, error = await given_before_the_error(listing)
    assert (len(given), error.items, error.pages, error.last_page) == (10_000, 10_000, 100, 100)
    assert name("internal") in str(error)


async def test_parts_that_have_less_than_the_whole_tells_are_not_believed():
    """As if there were a fourth visibility."""
    registry = Registry(public=30, private=40, internal=20, tells="last", on_a_page=1)
    registry.whole = [*registry.whole, *range(1, 61)]
    server = Recorder(registry)
    async with client(server) as github:
        given, error = await given_before_the_error(containers(github))
    assert set(given) == {item for part in registry.parts.values() for item in part}
    assert [page for kind, page in asked(server) if kind is None] == [1]
    assert error.missing
    assert "container packages of acme" in str(error)


async def test_parts_that_have_less_than_the_whole_shows_are_not_believed():
    """The same without a Link: the whole shows 100, and may have more; its parts have 90."""
    registry = Registry(public=30, private=40, internal=20)
    registry.whole = [*range(1, 61), *registry.whole]
    async with client(Recorder(registry)) as github:
        given, error = await given_before_the_error(containers(github))
    assert set(given) == {*range(1, 61), *chain.from_iterable(registry.parts.values())}
    assert error.missing
