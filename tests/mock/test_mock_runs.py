"""Many versions that are described and not stored: nobody can tell."""

from __future__ import annotations

import gc
import json
import tracemalloc
from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import cast

import httpx
import pytest
from tests.mock.conftest import NOW
from tests.mock.plain import TAGGED, PlainVersion, PlainVersions, facts

from ghpackages.testing import MockGitHub, MockOwner, MockPackage, MockVersion, Request

MILLION = 1_000_000
VERSIONS = "/orgs/acme/packages/container/web/versions"

STEPS = [
    *(timedelta(minutes=1), timedelta(0), timedelta(milliseconds=300), timedelta(seconds=37, milliseconds=500)),
    *(timedelta(hours=7), timedelta(seconds=-7), timedelta(milliseconds=-300)),
]


@pytest.fixture
def web(acme: MockOwner) -> MockPackage:
    """Give a container package without versions."""
    return acme.add_package("container", "web")


def held(package: MockPackage) -> int:
    """Count the version objects of a package that are alive."""
    gc.collect()
    versions = (one for one in gc.get_objects() if isinstance(one, MockVersion))
    return sum(
        package.versions.find(one.id) is one or package.versions.find(one.id, "deleted") is one for one in versions
    )


class Pair:
    """A package of the server and a plain one, to which the same happens."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)  # noqa: S311  (a sequence to repeat, no secret)
        self.type = self.random.choice(["container", "docker", "npm", "maven"])
        self.server = MockGitHub(clock=lambda: NOW)
        self.package = self.server.user.add_package(self.type, "web", downloads=7)
        self.plain = PlainVersions(self.type, self.package.id, downloads=7)
        self.held: list[tuple[PlainVersion, MockVersion]] = []

    def both(self, change: Callable[[], object], plain_change: Callable[[], object]) -> None:
        """Do the same to both, which may fail for both."""
        failed: list[bool] = []
        for one in (change, plain_change):
            try:
                one()
                failed.append(False)
            except ValueError:
                failed.append(True)
        assert failed[0] == failed[1]

    def add_many(self) -> None:
        """Add a run, its dates within those of others."""
        number, step = self.random.choice([0, 1, 2, 5, 30, 80]), self.random.choice(STEPS)
        start = self.moment()
        rate = self.random.choice([0, 2, 3]) if self.type in TAGGED else 0
        tags = [(f"v{index}",) if rate and index % rate == 0 else () for index in range(number)]
        rule = cast("Callable[[int], tuple[str, ...]]", tags.__getitem__) if rate else None
        self.package.add_versions(number, first_at=start, step=step, tags=rule)
        self.plain.add_many(number, start, step, tags)

    def add(self) -> None:
        """Add one, perhaps with a name that is taken."""
        names = [None, f"1.0.{self.random.randrange(60)}", *(one.name for one in self.plain.all[:2])]
        name, moment = self.random.choice(names), self.moment()
        self.both(lambda: self.package.add_version(name=name, created_at=moment), lambda: self.plain.add(moment, name))

    def change(self) -> None:
        """Delete, restore or change one."""
        if not self.plain.all:
            return
        plain = self.random.choice(self.plain.all)
        version = self.find(plain)
        if self.random.random() < 0.3:
            self.held.append((plain, version))
        self.random.choice([self.delete, self.delete, self.restore, self.write])(plain, version)

    def delete(self, plain: PlainVersion, version: MockVersion) -> None:
        """Delete one unless it is deleted."""
        if plain.deleted_at is None:
            self.package.delete_version(version)
            plain.deleted_at = NOW
        else:
            with pytest.raises(ValueError, match="not active"):
                self.package.delete_version(version)

    def restore(self, plain: PlainVersion, version: MockVersion) -> None:
        """Restore one unless it is active or its name is taken."""
        if plain.deleted_at is not None and not self.plain.has_name(plain.name):
            self.package.restore_version(version)
            plain.deleted_at = None
        else:
            with pytest.raises(ValueError, match=r"not deleted|already has"):
                self.package.restore_version(version)

    def write(self, plain: PlainVersion, version: MockVersion) -> None:
        """Change a property."""
        change = self.random.choice([{"tags": ("a", "b")}, {"tags": ()}, {"license": "MIT"}, {"downloads": 9000}])
        for name, value in change.items():
            setattr(plain, name, value)
            setattr(version, name, value)

    def moment(self) -> datetime:
        """Choose a second of the same hour."""
        return NOW - timedelta(seconds=self.random.randrange(3600))

    def find(self, plain: PlainVersion) -> MockVersion:
        """Find a version that is known to exist."""
        found = self.package.versions.find(plain.id, "active" if plain.deleted_at is None else "deleted")
        assert found is not None
        return found

    def compare(self) -> None:
        """Hold them to each other by all ways to look at them."""
        versions = self.package.versions
        assert [facts(one) for one in self.plain.all] == [facts(one) for one in versions]
        assert all(self.find(plain) is version for plain, version in self.held)
        for state in ("active", "deleted"):
            listed = self.plain.listed(state)
            assert len(listed) == versions.count(state)
            assert [one.id for one in listed] == self.listed_over_http(state)
            for start in range(0, len(listed) + 20, 17):
                found = versions.newest(start, start + 20, state)
                assert [facts(one) for one in listed[start : start + 20]] == [facts(one) for one in found]
        for one in self.random.sample(self.plain.all, min(3, len(self.plain.all))):
            assert self.plain.has_name(one.name) == versions.has_name(one.name)
            if one.deleted_at is None:
                assert self.plain.is_last_tagged(one) == versions.is_last_tagged(self.find(one))

    def listed_over_http(self, state: str) -> list[int]:
        """Give all ids that the server lists, page by page."""
        headers = {"user-agent": "test", "authorization": f"Bearer {self.server.token}"}
        path, found, page = f"/user/packages/{self.type}/web/versions", list[int](), 0
        while page * 30 <= len(found):
            page += 1
            body = self.server.handle(Request("GET", path, f"state={state}&page={page}", headers)).body
            found.extend(version["id"] for version in json.loads(body))
        return found


@pytest.mark.parametrize("seed", range(40))
def test_whatever_is_done_to_runs_and_single_versions_they_behave_as_if_stored_one_by_one(seed: int) -> None:
    pair = Pair(seed)
    for _ in range(pair.random.randrange(2, 16)):
        pair.random.choice([pair.add_many, pair.add, pair.change, pair.change, pair.change])()
        pair.compare()


def test_a_million_versions_take_no_more_room_than_a_few(web: MockPackage) -> None:
    tracemalloc.start()
    try:
        web.add_versions(MILLION, tags=lambda index: [f"v{index}"])
        page = web.versions.newest(900_000, 900_100)
        size, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert (len(page), web.versions.count(), held(web)) == (100, MILLION, 100)
    assert size < 200_000


async def test_pages_anywhere_among_a_million_versions_are_right(web: MockPackage, client: httpx.AsyncClient) -> None:
    web.add_versions(MILLION, tags=lambda index: [f"v{index}"])
    for page in (1, 9_000, 10_000):
        versions = (await client.get(f"{VERSIONS}?per_page=100&page={page}")).json()
        tags = [version["metadata"]["container"]["tags"] for version in versions]
        assert [[f"v{MILLION - 100 * page + rest}"] for rest in reversed(range(100))] == tags


async def test_a_changed_version_of_a_run_stays_changed(web: MockPackage, client: httpx.AsyncClient) -> None:
    web.add_versions(300)
    (version,) = web.versions.newest(150, 151)
    version.tags, version.license, version.description = ("stable",), "MIT", "the good one"
    number = version.id
    del version
    gc.collect()
    (shown,) = (await client.get(f"{VERSIONS}?per_page=1&page=151")).json()

    assert (number, ["stable"], "MIT") == (shown["id"], shown["metadata"]["container"]["tags"], shown["license"])
    assert held(web) == 1


async def test_a_page_that_was_shown_before_shows_what_changed_since(
    web: MockPackage, client: httpx.AsyncClient
) -> None:
    web.add_versions(3)
    first = await client.get(VERSIONS)
    (version,) = web.versions.newest(1, 2)
    version.tags = ("late",)
    second = await client.get(VERSIONS)

    assert [one["metadata"]["container"]["tags"] for one in second.json()] == [[], ["late"], []]
    assert first.headers["etag"] != second.headers["etag"]
    web.delete_version(version)
    assert [first.json()[0], first.json()[2]] == (await client.get(VERSIONS)).json()


async def test_a_page_that_was_shown_before_follows_the_name_of_the_owner_and_the_host(
    acme: MockOwner, web: MockPackage, client: httpx.AsyncClient
) -> None:
    web.add_versions(1)
    await client.get(VERSIONS)
    acme.rename("ajax")
    urls = [
        (await client.get(f"{host}/orgs/ajax/packages/container/web/versions")).json()[0]["url"]
        for host in ("https://api.github.com", "https://api.octo.ghe.com")
    ]

    assert [url.rsplit("/packages", 1)[0] for url in urls] == [
        "https://api.github.com/orgs/ajax",
        "https://api.octo.ghe.com/orgs/ajax",
    ]


def test_a_version_is_the_same_object_for_all_who_hold_it(web: MockPackage) -> None:
    web.add_versions(10)
    (version,) = web.versions.newest(4, 5)

    assert version is web.versions.find(version.id) is web.versions.newest(4, 5)[0]
    assert version in list(web.versions)


def test_a_whole_run_can_be_deleted_and_restored(web: MockPackage) -> None:
    web.add_versions(5)
    before = [facts(version) for version in web.versions]
    for version in web.versions:
        web.delete_version(version)
    assert (web.versions.count(), web.versions.count("deleted")) == (0, 5)

    for version in web.versions:
        web.restore_version(version)
    assert before == [facts(version) for version in web.versions]


@pytest.mark.parametrize("name", ["id", "name", "created_at", "deleted_at", "tgas"])
def test_what_makes_a_version_that_version_cannot_be_changed(web: MockPackage, name: str) -> None:
    for version in (web.add_version(), web.versions.newest(0, 1)[0]):
        with pytest.raises(AttributeError, match=name):
            setattr(version, name, getattr(version, name, None))


def test_a_name_out_of_a_run_is_taken_until_its_version_is_deleted(web: MockPackage) -> None:
    web.add_versions(50)
    (version,) = web.versions.newest(20, 21)
    with pytest.raises(ValueError, match=version.name):
        web.add_version(name=version.name)

    web.delete_version(version)
    web.add_version(name=version.name)
    with pytest.raises(ValueError, match=version.name):
        web.restore_version(version)


def test_a_run_that_would_give_a_name_again_is_refused(web: MockPackage) -> None:
    twin = MockGitHub(clock=lambda: NOW).add_org("acme", id=363_514).add_package("container", "web")
    twin.add_version()
    twin.add_versions(3, first_at=NOW)
    (coming,) = twin.versions.newest(0, 1)
    web.add_version(name=coming.name)
    with pytest.raises(ValueError, match=coming.name):
        web.add_versions(3)

    assert web.versions.count() == 1


def test_the_tags_of_a_run_are_told_when_asked_for_and_mistakes_at_once(acme: MockOwner, web: MockPackage) -> None:
    asked: list[int] = []
    web.add_versions(1000, tags=lambda index: [] if asked.append(index) else ["v"])
    assert asked == [0, 999]

    with pytest.raises(TypeError):
        web.add_versions(2, tags=lambda index: cast("list[str]", None))
    with pytest.raises(ValueError, match="have no tags"):
        acme.add_package("npm", "left-pad").add_versions(9, tags=lambda index: ["v"] if index == 5 else [])


def test_made_up_numbers_pass_by_the_names_that_are_taken(acme: MockOwner) -> None:
    package = acme.add_package("npm", "left-pad")
    for name in ("1.0.2", "1.0.4", "1.00.5", "one"):
        package.add_version(name=name)
    package.add_versions(3, first_at=NOW)
    package.add_versions(2, first_at=NOW)
    names = [version.name for version in package.versions]

    assert names == ["1.0.2", "1.0.4", "1.00.5", "one", "1.0.5", "1.0.6", "1.0.7", "1.0.8", "1.0.9"]


def test_versions_of_the_same_second_are_listed_by_their_ids(web: MockPackage) -> None:
    for number in range(5):
        web.add_versions(40, first_at=NOW, step=timedelta(milliseconds=5 * number))
        web.add_version(created_at=NOW)
    pages = [web.versions.newest(start, start + 10) for start in range(0, 205, 10)]
    ids = [version.id for page in pages for version in page]

    assert sorted(ids, reverse=True) == ids
    assert len(set(ids)) == 205


async def test_not_all_pages_are_remembered(web: MockPackage, client: httpx.AsyncClient) -> None:
    description = "x" * 2**20
    for _ in range(48):
        web.add_version(description=description)
    tracemalloc.start()
    try:
        for page in range(1, 49):
            assert len((await client.get(f"{VERSIONS}?per_page=1&page={page}")).content) > 2**20
        gc.collect()  # what was answered may hang in circles
        size, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert size < 40 * 2**20


def test_many_runs_over_the_same_dates_are_listed_in_order(web: MockPackage) -> None:
    for _ in range(100):
        web.add_versions(30)
    found = web.versions.newest(0, 3000)

    assert len({version.id for version in found}) == 3000
    assert sorted(found, key=lambda version: (version.created_at, version.id), reverse=True) == found


async def test_a_public_package_with_a_popular_run_stays_until_all_of_it_is_deleted(
    acme: MockOwner, client: httpx.AsyncClient
) -> None:
    package = acme.add_package("npm", "left-pad", visibility="public", downloads=5001)
    package.add_versions(2)
    package.downloads = 0
    package.add_version()
    assert (await client.delete("/orgs/acme/packages/npm/left-pad")).status_code == 400

    for version in package.versions.newest(1, 3):
        package.delete_version(version)
    assert (await client.delete("/orgs/acme/packages/npm/left-pad")).status_code == 204
