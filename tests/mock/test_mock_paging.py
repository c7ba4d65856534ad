"""Pages and Link headers."""

from __future__ import annotations

import re
from collections.abc import Callable

import httpx
import pytest

from ghpackages.testing import MockGitHub, MockOwner

ACME = "https://api.github.com/organizations/363514"
VERSIONS = "/orgs/acme/packages/container/web%2Fapi/versions"
PACKAGES = "/orgs/acme/packages?package_type=npm"

Connect = Callable[..., httpx.AsyncClient]


def links(response: httpx.Response) -> list[tuple[str, str]]:
    """Give relation and target, in the header's order."""
    found = re.findall(r'<([^>]*)>; rel="(\w+)"', response.headers.get("link", ""))
    return [(relation, target) for target, relation in found]


@pytest.fixture
def api(acme: MockOwner) -> None:
    """Add a container package with 250 versions."""
    acme.add_package("container", "web/api").add_versions(250)


@pytest.fixture
def many(acme: MockOwner) -> None:
    """Add 75 npm packages."""
    for number in range(75):
        acme.add_package("npm", f"package-{number}")


@pytest.mark.usefixtures("api")
async def test_versions_come_in_pages_of_30_unless_asked_otherwise(client: httpx.AsyncClient) -> None:
    assert [len((await client.get(VERSIONS, params=asked)).json()) for asked in ({}, {"per_page": 7})] == [30, 7]


@pytest.mark.usefixtures("api")
async def test_a_larger_page_than_100_is_clamped_silently(client: httpx.AsyncClient) -> None:
    response = await client.get(VERSIONS, params={"per_page": 1000})

    assert (response.status_code, len(response.json())) == (200, 100)
    assert f"{ACME}/packages/container/web%2Fapi/versions?per_page=1000&page=3" == dict(links(response))["last"]


@pytest.mark.usefixtures("api")
@pytest.mark.parametrize("odd", ["page=0", "page=-1", "page=x", "page=", "per_page=0", "per_page=x"])
async def test_a_senseless_page_or_size_counts_as_absent(client: httpx.AsyncClient, odd: str) -> None:
    assert (await client.get(VERSIONS)).json() == (await client.get(f"{VERSIONS}?{odd}")).json()


@pytest.mark.usefixtures("api")
async def test_links_of_versions_point_to_the_numeric_owner_and_keep_the_order_of_parameters(
    client: httpx.AsyncClient,
) -> None:
    response = await client.get(f"{VERSIONS}?state=active&page=2&per_page=100")
    url = f"{ACME}/packages/container/web%%2Fapi/versions?state=active&page=%d&per_page=100"

    assert [("prev", url % 1), ("next", url % 3), ("last", url % 3), ("first", url % 1)] == links(response)


@pytest.mark.usefixtures("api")
async def test_links_lead_through_all_versions_newest_first(client: httpx.AsyncClient) -> None:
    response = await client.get(f"{VERSIONS}?per_page=40")
    seen = response.json()
    while "next" in response.links:
        response = await client.get(response.links["next"]["url"])
        seen += response.json()

    assert len({version["id"] for version in seen}) == 250
    assert seen == sorted(seen, key=lambda version: version["created_at"], reverse=True)


async def test_a_single_page_of_versions_has_no_link(acme: MockOwner, client: httpx.AsyncClient) -> None:
    acme.add_package("container", "web/api").add_versions(100)

    assert "link" not in (await client.get(f"{VERSIONS}?per_page=100")).headers


@pytest.mark.usefixtures("api")
async def test_beyond_the_last_page_of_versions_is_an_empty_list_with_links_back(client: httpx.AsyncClient) -> None:
    response = await client.get(f"{VERSIONS}?per_page=100&page=9")

    assert (response.status_code, response.json()) == (200, [])
    assert [(rel, url[-1]) for rel, url in links(response)] == [("prev", "3"), ("first", "1"), ("last", "3")]


async def test_the_versions_of_a_named_user_come_in_pages_as_all_others(
    server: MockGitHub, client: httpx.AsyncClient
) -> None:
    server.user.add_package("container", "web").add_versions(7)
    response = await client.get("/users/octocat/packages/container/web/versions?per_page=3&page=2")
    url = "https://api.github.com/user/583231/packages/container/web/versions?per_page=3&page=%d"

    assert len(response.json()) == 3
    assert [("prev", url % 1), ("next", url % 3), ("last", url % 3), ("first", url % 1)] == links(response)


async def test_a_page_of_versions_that_is_short_and_has_no_next_link_is_the_last(
    acme: MockOwner, client: httpx.AsyncClient
) -> None:
    acme.add_package("container", "web/api").add_versions(7)
    pages = [await client.get(f"{VERSIONS}?per_page=5&page={page}") for page in (1, 2, 3)]

    assert [(len(page.json()), "next" in page.links) for page in pages] == [(5, True), (2, False), (0, False)]


@pytest.mark.usefixtures("api")
async def test_versions_cannot_be_sorted(client: httpx.AsyncClient) -> None:
    sorted_ = await client.get(f"{VERSIONS}?sort=created&direction=asc")

    assert sorted_.json() == (await client.get(VERSIONS)).json()


async def test_versions_have_no_window(acme: MockOwner, client: httpx.AsyncClient) -> None:
    acme.add_package("container", "web/api").add_versions(10_150)
    response = await client.get(f"{VERSIONS}?per_page=100&page=102")

    assert (response.status_code, len(response.json())) == (200, 50)


@pytest.mark.usefixtures("many")
async def test_links_of_packages_have_an_order_of_their_own(client: httpx.AsyncClient) -> None:
    response = await client.get(f"{PACKAGES}&page=2")
    url = f"{ACME}/packages?package_type=npm&page=%d&per_page=30"

    assert [("next", url % 3), ("prev", url % 1), ("first", url % 1), ("last", url % 3)] == links(response)


@pytest.mark.usefixtures("many")
async def test_links_of_packages_can_be_followed(client: httpx.AsyncClient) -> None:
    response = await client.get(PACKAGES)
    sizes = [len(response.json())]
    while "next" in response.links:
        response = await client.get(response.links["next"]["url"])
        sizes.append(len(response.json()))

    assert sizes == [30, 30, 15]


async def test_an_empty_organisation_asked_for_page_two_only_names_page_zero_as_last(
    acme: MockOwner, client: httpx.AsyncClient
) -> None:
    response = await client.get(f"{PACKAGES}&page=2")

    assert (response.status_code, response.json()) == (200, [])
    assert [("last", f"{ACME}/packages?package_type=npm&page=0&per_page=30")] == links(response)


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize(
    ("asked", "linked"),
    [
        ("package_type=npm", "package_type=npm&page=2&per_page=30"),
        ("page=1&package_type=npm", "page=2&package_type=npm&per_page=30"),
        ("per_page=20&package_type=npm", "per_page=20&package_type=npm&page=2"),
        ("package_type=npm&page=1&per_page=20", "package_type=npm&page=2&per_page=20"),
    ],
)
async def test_links_of_packages_carry_per_page_30_though_none_was_sent(
    client: httpx.AsyncClient, asked: str, linked: str
) -> None:
    response = await client.get(f"/orgs/acme/packages?{asked}")

    assert response.links["next"]["url"] == f"{ACME}/packages?{linked}"


@pytest.mark.parametrize(
    ("asked", "linked"),
    [("users/OctoCat", "user"), ("user", "user"), ("user/583231", "user/583231"), ("users/hubot", "user/480938")],
)
async def test_links_of_packages_point_to_the_authenticated_user_where_the_token_is_theirs_and_else_to_a_number(
    server: MockGitHub, client: httpx.AsyncClient, asked: str, linked: str
) -> None:
    for owner in (server.user, server.add_user("hubot", id=480_938)):
        for number in range(3):
            owner.add_package("npm", f"package-{number}", visibility="public")
    query = "packages?package_type=npm&per_page=2"
    url = (await client.get(f"/{asked}/{query}")).links["next"]["url"]

    assert url == f"https://api.github.com/{linked}/{query}&page=2"
    assert len((await client.get(url)).json()) == 1


async def test_links_never_point_an_apps_token_to_a_user_that_it_is_not(server: MockGitHub, connect: Connect) -> None:
    for number in range(3):
        server.user.add_package("npm", f"package-{number}")
    client = connect(server, server.add_token(kind="installation"))
    response = await client.get("/users/octocat/packages?package_type=npm&per_page=2")

    assert response.links["next"]["url"].startswith("https://api.github.com/user/583231/packages?")


@pytest.mark.usefixtures("many")
async def test_the_first_10000_packages_can_be_listed_and_no_more(client: httpx.AsyncClient) -> None:
    pages = ["page=100&per_page=100", "page=101&per_page=100", "page=10000&per_page=1", "page=10001&per_page=1"]

    assert [(await client.get(f"{PACKAGES}&{page}")).status_code for page in pages] == [200, 400, 200, 400]


@pytest.mark.parametrize("owner", ["orgs/acme", "users/octocat", "user"])
@pytest.mark.usefixtures("acme")
async def test_every_list_of_packages_has_the_window(client: httpx.AsyncClient, owner: str) -> None:
    path = f"/{owner}/packages?package_type=npm&per_page=100"

    assert [(await client.get(f"{path}&page={page}")).status_code for page in (100, 101)] == [200, 400]


@pytest.mark.usefixtures("many")
async def test_the_window_goes_by_the_clamped_page_size(client: httpx.AsyncClient) -> None:
    pages = ["page=100&per_page=1000", "page=101&per_page=1000", "page=333", "page=334"]

    assert [(await client.get(f"{PACKAGES}&{page}")).status_code for page in pages] == [200, 400, 200, 400]


async def test_packages_can_be_listed_without_any_link(connect: Connect) -> None:
    server = MockGitHub(packages_link=False)
    for number in range(4):
        server.user.add_package("npm", f"package-{number}")
    response = await connect(server).get("/user/packages?package_type=npm&per_page=2")

    assert (len(response.json()), links(response)) == (2, [])


async def test_short_pages_skip_nothing(connect: Connect) -> None:
    server = MockGitHub(packages_link=False, short_pages=2)
    for number in range(7):
        server.user.add_package("npm", f"package-{number}")
    client = connect(server)
    pages = [
        (await client.get(f"/user/packages?package_type=npm&per_page=5&page={page}")).json() for page in (1, 2, 3, 4)
    ]

    assert [len(page) for page in pages] == [3, 3, 1, 0]
    assert len({package["id"] for page in pages for package in page}) == 7


async def test_the_last_link_can_be_missing(connect: Connect) -> None:
    server = MockGitHub(last_link=False)
    server.user.add_package("container", "web").add_versions(50)
    response = await connect(server).get("/user/packages/container/web/versions?per_page=10&page=2")

    assert [relation for relation, _ in links(response)] == ["prev", "next", "first"]


async def test_a_link_can_hold_only_a_deprecation(connect: Connect) -> None:
    server = MockGitHub(deprecation_link="https://github.blog/changelog")
    response = await connect(server).get("/user/packages?package_type=npm")

    assert links(response) == [("deprecation", "https://github.blog/changelog")]


async def test_deleting_while_paging_shifts_items_across_the_border(acme: MockOwner, client: httpx.AsyncClient) -> None:
    acme.add_package("container", "web/api").add_versions(6)
    first = (await client.get(f"{VERSIONS}?per_page=3")).json()
    everything = (await client.get(VERSIONS)).json()
    await client.delete(f"{VERSIONS}/{first[0]['id']}")

    assert everything[4:] == (await client.get(f"{VERSIONS}?per_page=3&page=2")).json()
