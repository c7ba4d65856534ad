"""What each effect does to an answer, in process."""

from __future__ import annotations

import asyncio
import json
from itertools import pairwise
from typing import Any

import httpx
import pytest
from tests.mock.asking import in_process
from tests.transport.virtual_clock import on_virtual_clock

from ghpackages.testing import MockClock, MockGitHub, MockOwner, MockPackage, Request, Response, faults

LIST = "/orgs/acme/packages?package_type=npm"
PACKAGE = "/orgs/acme/packages/npm/left-pad"
VERSIONS = f"{PACKAGE}/versions"
USER_LIST = "/user/packages?package_type=npm"


@pytest.fixture(autouse=True)
def left_pad(acme: MockOwner) -> MockPackage:
    package = acme.add_package("npm", "left-pad", repository="web")
    package.add_versions(5)
    return package


# --- time


@on_virtual_clock
async def test_latency_passes_before_the_server_acts() -> None:
    loop, server = asyncio.get_running_loop(), MockGitHub()
    server.fault(faults.Latency(2))
    async with in_process(server) as client, asyncio.TaskGroup() as group:
        asked = group.create_task(client.get("/user/packages/npm/late"))
        await asyncio.sleep(1)
        server.user.add_package("npm", "late")

    assert (asked.result().status_code, loop.time()) == (200, 2)


@on_virtual_clock
async def test_latency_can_pass_after_the_server_acted() -> None:
    loop, server = asyncio.get_running_loop(), MockGitHub()
    server.user.add_package("npm", "late")
    server.fault(faults.Latency(2, took_effect=True))
    async with in_process(server) as client, asyncio.TaskGroup() as group:
        asked = group.create_task(client.delete("/user/packages/npm/late"))
        await asyncio.sleep(1)
        assert server.user.package("npm", "late") is None

    assert (asked.result().status_code, loop.time()) == (204, 2)


def latencies(seed: int) -> list[float]:
    times: list[float] = []

    @on_virtual_clock
    async def ask() -> None:
        loop, server = asyncio.get_running_loop(), MockGitHub()
        server.fault(faults.Latency(0.2, jitter=0.1, seed=seed))
        async with in_process(server) as client:
            for _ in range(50):
                await client.get(USER_LIST)
                times.append(loop.time())

    ask()
    return [later - earlier for earlier, later in pairwise([0.0, *times])]


def test_latency_jitters_within_its_bounds_the_same_for_a_seed() -> None:
    found = latencies(1)

    assert 0.1 <= min(found) < 0.15 < 0.25 < max(found) <= 0.3
    assert found == latencies(1) != latencies(2)


@on_virtual_clock
async def test_a_body_can_come_slowly() -> None:
    loop, server = asyncio.get_running_loop(), MockGitHub()
    whole = server.user.add_package("npm", "slow")
    async with in_process(server) as client:
        fine = await client.get(whole_path := f"/user/packages/npm/{whole.name}")
        server.fault(faults.Drip(100, 0.5))
        slow = await client.get(whole_path)

    assert fine.content == slow.content
    assert loop.time() == (len(fine.content) - 1) // 100 * 0.5


# --- connections


async def test_in_process_a_reset_is_an_error_of_reading(server: MockGitHub, client: httpx.AsyncClient) -> None:
    server.fault(faults.Reset(), times=1)
    with pytest.raises(httpx.ReadError, match="reset") as caught:
        await client.get(PACKAGE)

    assert str(caught.value.request.url).endswith(PACKAGE)
    assert (await client.get(PACKAGE)).status_code == 200


async def test_in_process_a_connection_closed_too_early_is_an_error_of_the_protocol(
    server: MockGitHub, client: httpx.AsyncClient
) -> None:
    server.fault([faults.HangUp(), faults.HangUp(0.5)])
    for _ in range(2):
        with pytest.raises(httpx.RemoteProtocolError, match="closed"):
            await client.get(PACKAGE)


async def test_a_reset_in_the_middle_of_the_body_is_an_error_too(server: MockGitHub, client: httpx.AsyncClient) -> None:
    server.fault(faults.Reset(0.5))
    with pytest.raises(httpx.ReadError, match="reset"):
        await client.get(PACKAGE)

    assert [request.status for request in server.requests] == [200]


async def test_whichever_answer_is_sent_can_break_off(server: MockGitHub, client: httpx.AsyncClient) -> None:
    server.fault(faults.Status(502))
    server.fault(faults.HangUp(0.5))
    with pytest.raises(httpx.RemoteProtocolError):
        await client.get(PACKAGE)


async def test_an_answer_without_a_body_is_sent_whole(
    server: MockGitHub, client: httpx.AsyncClient, left_pad: MockPackage
) -> None:
    server.fault(faults.Reset(0.5))

    assert (await client.head(PACKAGE)).status_code == 200
    assert (await client.delete(PACKAGE)).status_code == 204


@pytest.mark.parametrize("effect", [faults.Reset, faults.HangUp])
@pytest.mark.parametrize("took_effect", [False, True])
async def test_a_deletion_whose_connection_breaks_took_effect_or_not(
    acme: MockOwner, server: MockGitHub, client: httpx.AsyncClient, effect: Any, took_effect: bool
) -> None:
    server.fault(effect(took_effect=took_effect), method="DELETE")
    with pytest.raises(httpx.TransportError):
        await client.delete(PACKAGE)

    assert (acme.package("npm", "left-pad") is None) == took_effect


async def application(server: MockGitHub) -> list[dict[str, Any]]:
    """What an application sends to a server that can break connections."""
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request"}

    async def send(message: Any) -> None:
        sent.append(message)

    path = b"/user/packages/npm/left-pad"
    headers = [(b"authorization", f"Bearer {server.token}".encode()), (b"user-agent", b"test")]
    scope = {"type": "http", "method": "GET", "path": path.decode(), "raw_path": path, "headers": headers}
    await server({**scope, "extensions": {"ghpackages.disconnect": {}}}, receive, send)
    return sent


async def test_a_server_that_can_break_connections_is_told_to(server: MockGitHub) -> None:
    server.user.add_package("npm", "left-pad")
    server.fault([faults.HangUp(), faults.Reset(0.5)])
    (end,) = await application(server)
    start, half, reset = await application(server)
    promised = int(dict(start["headers"])[b"content-length"])

    assert end == {"type": "ghpackages.disconnect", "reset": False}
    assert (promised // 2, True) == (len(half["body"]), half["more_body"])
    assert reset == {"type": "ghpackages.disconnect", "reset": True}


# --- other answers


@pytest.mark.parametrize(
    ("status", "kind", "message"),
    [
        (500, "application/json", '"Server Error"'),
        (502, "application/json", '{"message":"Server Error"}'),
        (503, "text/html", "<title>Unicorn!"),
        (504, "application/json", "\"We couldn't respond to your request in time."),
    ],
)
async def test_large_pages_can_time_out_with_502_504_and_a_web_page_503(
    server: MockGitHub, client: httpx.AsyncClient, status: int, kind: str, message: str
) -> None:
    server.fault(faults.Status(status))
    response = await client.get(f"{VERSIONS}?per_page=100")

    assert (status, kind) == (response.status_code, response.headers["content-type"].partition(";")[0])
    assert message in response.text
    assert "x-ratelimit-limit" not in response.headers


async def test_asking_for_fewer_items_can_help(server: MockGitHub, client: httpx.AsyncClient) -> None:
    server.fault(faults.Status(504), where=lambda request: int(request.parameters.get("per_page", 30)) > 50)
    found = [(await client.get(f"{VERSIONS}?per_page={size}")).status_code for size in (100, 50)]

    assert found == [504, 200]


@pytest.mark.parametrize(("message", "shown"), [(None, "I'm a Teapot"), ("Short and stout", "Short and stout")])
async def test_other_statuses_have_the_usual_form(
    server: MockGitHub, client: httpx.AsyncClient, message: str | None, shown: str
) -> None:
    server.fault(faults.Status(418, message))
    body = (await client.get(PACKAGE)).json()

    assert (body["message"], body["status"]) == (shown, "418")
    assert body["documentation_url"].endswith("#get-a-package-for-an-organization")


ALLOW_LIST = (
    "Although you appear to have the correct authorization credentials, the `acme` organization has an IP allow list"
)


async def test_an_ip_allow_list_can_refuse_with_no_requests_remaining(
    server: MockGitHub, client: httpx.AsyncClient
) -> None:
    no_limit = faults.Headers({"x-ratelimit-remaining": "0"})
    server.fault(faults.InTurn(no_limit, faults.Status(403, f"{ALLOW_LIST} enabled.")))
    refused = await client.get(PACKAGE)

    assert (refused.status_code, refused.json()["message"]) == (403, f"{ALLOW_LIST} enabled.")
    assert refused.headers["x-ratelimit-remaining"] == "0"


async def test_an_old_enterprise_server_can_detect_abuse_without_retry_after(
    server: MockGitHub, client: httpx.AsyncClient
) -> None:
    url = "https://docs.github.com/rest/overview/resources-in-the-rest-api#abuse-rate-limits"
    server.fault(faults.Status(403, "You have triggered an abuse detection mechanism.", documentation_url=url))
    refused = await client.get(PACKAGE)

    assert (refused.status_code, refused.json()["documentation_url"]) == (403, url)
    assert refused.json()["message"] == "You have triggered an abuse detection mechanism."
    assert "retry-after" not in refused.headers


async def test_a_status_without_a_name_has_the_usual_form_too(server: MockGitHub, client: httpx.AsyncClient) -> None:
    server.fault(faults.Status(599))

    assert (await client.get("/nowhere")).json()["status"] == "599"


async def test_a_deletion_can_answer_500_and_have_succeeded_and_asked_again_it_answers_404(
    acme: MockOwner, server: MockGitHub, client: httpx.AsyncClient
) -> None:
    server.fault(faults.Status(500, took_effect=True), method="DELETE", times=1)
    found = [(await client.delete(PACKAGE)).status_code for _ in range(2)]

    assert found == [500, 404]
    assert acme.package("npm", "left-pad") is None


async def test_a_deletion_that_answers_500_may_have_done_nothing(
    acme: MockOwner, server: MockGitHub, client: httpx.AsyncClient
) -> None:
    server.fault(faults.Status(500), method="DELETE")

    assert (await client.delete(PACKAGE)).status_code == 500
    assert acme.package("npm", "left-pad") is not None


async def test_any_answer_can_be_given(server: MockGitHub, client: httpx.AsyncClient) -> None:
    server.fault([faults.Answer(200, b"\xff", {"Content-Type": "text/plain"}), faults.Answer(202, "[]")])
    first, second = [await client.get(PACKAGE) for _ in range(2)]

    assert (first.status_code, first.content, first.headers["content-type"]) == (200, b"\xff", "text/plain")
    assert (second.status_code, second.text) == (202, "[]")
    assert second.headers["content-type"].startswith("application/json")


@pytest.mark.parametrize(
    ("location", "expected"),
    [("https://elsewhere.example", f"https://elsewhere.example{PACKAGE}?page=2"), ("/other?a=1", "/other?a=1")],
)
async def test_redirects_lead_elsewhere(
    server: MockGitHub, client: httpx.AsyncClient, location: str, expected: str
) -> None:
    server.fault(faults.Redirect(location, 307))
    response = await client.get(f"{PACKAGE}?page=2")

    assert (307, expected) == (response.status_code, response.headers["location"])


# --- bytes


async def test_json_can_be_truncated(server: MockGitHub, client: httpx.AsyncClient) -> None:
    whole = (await client.get(PACKAGE)).content
    server.fault(faults.TruncatedBody(0.3))
    response = await client.get(PACKAGE)

    assert response.content == whole[: int(len(whole) * 0.3)]
    with pytest.raises(json.JSONDecodeError):
        response.json()


async def test_gzip_can_be_broken(server: MockGitHub, client: httpx.AsyncClient) -> None:
    server.fault(faults.BrokenGzip())
    with pytest.raises(httpx.DecodingError):
        await client.get(PACKAGE)


async def test_the_bytes_are_spoilt_last_and_other_answers_are_spared(
    server: MockGitHub, client: httpx.AsyncClient
) -> None:
    server.fault(faults.TruncatedBody())
    server.fault(faults.UnknownFields())
    server.fault(faults.Status(502), nth=2)
    first, second = [await client.get(PACKAGE) for _ in range(2)]

    assert first.text.startswith('{"id":')
    assert second.json() == {"message": "Server Error"}


# --- headers


async def test_headers_can_be_set_and_taken_away(server: MockGitHub, client: httpx.AsyncClient) -> None:
    server.fault(faults.Headers({"X-OAuth-Scopes": "gist", "ETag": None, "X-GitHub-*": None}))
    headers = (await client.get(PACKAGE)).headers

    assert headers["x-oauth-scopes"] == "gist"
    assert "etag" not in headers
    assert not any(name.startswith("x-github-") for name in headers)


async def test_rate_headers_can_be_missing(server: MockGitHub, client: httpx.AsyncClient) -> None:
    server.fault(faults.NoRateHeaders())
    headers = (await client.get(PACKAGE)).headers

    assert not any(name.startswith("x-ratelimit") for name in headers)
    assert "x-github-request-id" in headers


# --- links


async def links_of(client: httpx.AsyncClient, page: int = 2, path: str = VERSIONS) -> dict[str, str]:
    found = (await client.get(f"{path}?per_page=2&page={page}")).links
    return {relation: link["url"] for relation, link in found.items() if relation}


async def test_a_list_can_have_no_link(server: MockGitHub, client: httpx.AsyncClient) -> None:
    server.fault(faults.NoLink())

    assert await links_of(client) == {}


@pytest.mark.parametrize("relation", ["next", "prev", "first", "last"])
async def test_a_relation_can_be_missing(server: MockGitHub, client: httpx.AsyncClient, relation: Any) -> None:
    server.fault(faults.Link(**{relation: None}))

    assert {"next", "prev", "first", "last"} - {relation} == (await links_of(client)).keys()


async def test_a_link_can_name_a_wrong_page(server: MockGitHub, client: httpx.AsyncClient) -> None:
    server.fault(faults.Link(last=99, next=0))
    links = await links_of(client)

    path = "https://api.github.com/organizations/363514/packages/npm/left-pad/versions"
    assert (links["last"], links["next"]) == (f"{path}?per_page=2&page=99", f"{path}?per_page=2&page=0")
    assert links["prev"] == f"{path}?per_page=2&page=1"


async def test_a_link_can_lead_in_a_circle(server: MockGitHub, client: httpx.AsyncClient) -> None:
    server.fault(faults.Link(next=lambda page: page))

    assert (await links_of(client, 3))["next"].endswith("&page=3")


async def test_a_link_can_lead_to_another_host(server: MockGitHub, client: httpx.AsyncClient) -> None:
    server.fault(faults.Link(origin="https://elsewhere.example"))
    links = await links_of(client)

    assert {url.partition("/organizations")[0] for url in links.values()} == {"https://elsewhere.example"}
    assert links["next"].endswith("?per_page=2&page=3")


async def test_a_link_can_be_any_text(server: MockGitHub, client: httpx.AsyncClient) -> None:
    server.fault(faults.Link(next="ftp://%"))

    assert (await links_of(client))["next"] == "ftp://%"


async def test_a_single_page_can_claim_that_there_are_more(server: MockGitHub, client: httpx.AsyncClient) -> None:
    server.fault(faults.Link(next=2))
    response = await client.get(VERSIONS)

    assert response.links["next"]["url"] == f"https://api.github.com{VERSIONS}?page=2"


async def test_other_relations_stay() -> None:
    server = MockGitHub(deprecation_link="https://example.org/why")
    server.user.add_package("npm", "left-pad").add_versions(5)
    server.fault(faults.Link(next=7))
    async with in_process(server) as client:
        links = await links_of(client, path="/user/packages/npm/left-pad/versions")

    assert links["deprecation"] == "https://example.org/why"
    assert links["next"].endswith("page=7")


async def test_what_is_no_list_gets_no_link(server: MockGitHub, client: httpx.AsyncClient) -> None:
    server.fault(faults.Link(next=2))

    assert "link" not in (await client.get(PACKAGE)).headers


# --- items


async def test_values_nobody_has_heard_of(server: MockGitHub, client: httpx.AsyncClient) -> None:
    server.fault(faults.UnknownEnums("nmp"))
    (package,) = (await client.get(LIST)).json()
    version = (await client.get(VERSIONS)).json()[0]

    assert (package["package_type"], package["visibility"], package["owner"]["type"]) == ("nmp", "nmp", "nmp")
    assert version["metadata"] == {"package_type": "nmp"}
    assert "visibility" not in version


async def test_fields_nobody_has_heard_of(server: MockGitHub, client: httpx.AsyncClient) -> None:
    server.fault([faults.UnknownFields(), faults.UnknownFields({"stars": 5})])
    first, second = [(await client.get(PACKAGE)).json() for _ in range(2)]

    assert (first["unheard_of"]["object"], second["stars"]) == ({}, 5)
    assert first["name"] == "left-pad"


async def test_fields_can_be_missing(server: MockGitHub, client: httpx.AsyncClient) -> None:
    server.fault(faults.MissingFields("html_url", "owner.login", "no.such.thing", "name.first"))
    (package,) = (await client.get(LIST)).json()

    assert "html_url" not in package
    assert "login" not in package["owner"]
    assert package["owner"]["id"] == 363_514


async def test_fields_can_be_null(server: MockGitHub, client: httpx.AsyncClient) -> None:
    server.fault(faults.NullFields("license", "metadata.container", "created_at"))
    version = (await client.get(VERSIONS)).json()[0]

    assert (version["license"], version["created_at"]) == (None, None)
    assert version["metadata"] == {"package_type": "npm", "container": None}


@pytest.mark.parametrize(
    "effect", [faults.NullFields("name", item=2), faults.Items(lambda item: item.update(name=None), item=2)]
)
async def test_one_item_of_a_page_can_be_odd(
    server: MockGitHub, client: httpx.AsyncClient, effect: faults.Effect
) -> None:
    server.fault(effect)
    names = [version["name"] for version in (await client.get(VERSIONS)).json()]

    assert [name is None for name in names] == [False, False, True, False, False]


@pytest.mark.parametrize(
    ("package_type", "effect", "metadata"),
    [
        ("npm", faults.MissingFields("metadata.package_type"), {}),
        ("container", faults.MissingFields("metadata.container.tags"), {"package_type": "container", "container": {}}),
        ("docker", faults.MissingFields("metadata.docker.tags"), {"package_type": "docker", "docker": {}}),
        ("container", faults.MissingFields("metadata.package_type", "metadata.container"), {}),
        ("container", faults.NullFields("metadata.container"), {"package_type": "container", "container": None}),
        ("npm", faults.NullFields("metadata"), None),
        ("npm", faults.MissingFields("metadata"), "absent"),
    ],
    ids=["npm", "no tags", "no docker tags", "container", "null container", "null", "absent"],
)
async def test_metadata_can_be_empty_without_its_list_null_or_absent(
    server: MockGitHub, client: httpx.AsyncClient, package_type: str, effect: faults.Effect, metadata: object
) -> None:
    server.user.add_package(package_type, "web").add_version()
    server.fault(effect, operation="list_versions")
    (version,) = (await client.get(f"/user/packages/{package_type}/web/versions")).json()

    assert version.get("metadata", "absent") == metadata


@pytest.mark.parametrize("value", [None, 7, [], {"id": "seven"}])
async def test_one_item_of_a_list_can_be_null_or_anything_that_cannot_be_decoded(
    server: MockGitHub, client: httpx.AsyncClient, value: object
) -> None:
    (package,) = (await client.get(LIST)).json()
    server.fault(faults.OddItem(value, item=1))
    versions = (await client.get(VERSIONS)).json()

    assert versions[1] == value
    assert [version["metadata"] for version in (*versions[:1], *versions[2:])] == [{"package_type": "npm"}] * 4
    assert (await client.get(LIST)).json() == [package]


async def test_other_effects_spare_an_item_that_is_null(server: MockGitHub, client: httpx.AsyncClient) -> None:
    for effect in (faults.NullFields("name"), faults.PartialResults(1), faults.OddItem(item=4)):
        server.fault(effect)

    assert [version and version["name"] for version in (await client.get(VERSIONS)).json()] == [None] * 5


async def test_a_single_package_is_no_list_with_an_odd_item(server: MockGitHub, client: httpx.AsyncClient) -> None:
    server.fault([faults.OddItem(), faults.OddItem(), faults.PartialResults(363_514)])
    answers = [await client.get(path) for path in (f"{PACKAGE}/versions/1", PACKAGE, PACKAGE)]

    assert [answer.status_code for answer in answers] == [404, 200, 200]
    assert answers[1].json()["name"] == "left-pad"
    assert "x-github-sso" not in answers[2].headers


@pytest.mark.parametrize("path", [USER_LIST, "/users/octocat/packages?package_type=npm", LIST])
async def test_a_list_can_say_which_organisations_results_are_left_out_for_want_of_single_sign_on(
    server: MockGitHub, client: httpx.AsyncClient, path: str
) -> None:
    server.user.add_package("npm", "mine")
    server.fault(faults.PartialResults(363_514, 21_955_855))
    response = await client.get(path)

    assert response.status_code == 200
    assert response.headers["x-github-sso"] == "partial-results; organizations=363514,21955855"
    assert [package["name"] for package in response.json()] == ([] if path == LIST else ["mine"])


async def test_items_of_refusals_are_left_alone(server: MockGitHub, client: httpx.AsyncClient) -> None:
    server.fault(faults.NullFields("message"))

    assert (await client.get(f"{PACKAGE}/versions/1")).json()["message"] == "Package version not found."


async def test_any_function_can_change_an_answer(server: MockGitHub, client: httpx.AsyncClient) -> None:
    def change(request: Request, response: Response) -> Response | None:
        if request.parameters:
            return Response(204)
        response.body = b'{"id": 1}'
        return None

    server.fault(faults.Change(change))

    assert (await client.get(PACKAGE)).json() == {"id": 1}
    assert (await client.get(LIST)).status_code == 204


# --- what is gone


async def listed(client: httpx.AsyncClient, path: str = VERSIONS) -> list[int]:
    return [item["id"] for item in (await client.get(path)).json()]


async def test_lists_can_show_versions_that_are_already_gone(
    server: MockGitHub, client: httpx.AsyncClient, left_pad: MockPackage
) -> None:
    before = await listed(client)
    server.fault(faults.StaleLists(), times=2)
    for number in before[1:3]:
        assert (await client.delete(f"{VERSIONS}/{number}")).status_code == 204

    assert (await client.get(f"{VERSIONS}/{before[1]}")).status_code == 404
    assert [await listed(client) for _ in range(3)] == [before, before, [before[0], *before[3:]]]
    assert left_pad.versions.count("deleted") == 2


async def test_lists_can_be_stale_for_some_seconds(server: MockGitHub, client: httpx.AsyncClient) -> None:
    server.clock = clock = MockClock()
    server.fault(faults.StaleLists(30))
    gone = (await listed(client))[0]
    await client.delete(f"{VERSIONS}/{gone}")
    clock.now = clock.now.replace(second=30)
    assert gone in await listed(client)
    clock.now = clock.now.replace(second=31)

    assert gone not in await listed(client)


async def test_lists_can_show_packages_that_are_already_gone(
    acme: MockOwner, server: MockGitHub, client: httpx.AsyncClient
) -> None:
    server.fault(faults.StaleLists(), nth=1)
    (package,) = acme.packages
    await client.delete(PACKAGE)

    assert [await listed(client, LIST) for _ in range(2)] == [[package.id], []]
    assert acme.deleted_packages == [package]


async def test_what_has_a_successor_of_its_name_is_not_shown_again(
    acme: MockOwner, server: MockGitHub, client: httpx.AsyncClient, left_pad: MockPackage
) -> None:
    server.fault(faults.StaleLists())
    old = left_pad.add_version(name="2.0.0")
    left_pad.delete_version(old)
    new = left_pad.add_version(name="2.0.0")
    found = await listed(client)
    assert (new.id in found, old.id in found) == (True, False)
    left_pad.delete()
    successor = acme.add_package("npm", "left-pad")

    assert await listed(client, LIST) == [successor.id]


async def test_dates_of_deletion_survive_a_stale_list(
    acme: MockOwner, server: MockGitHub, client: httpx.AsyncClient, left_pad: MockPackage
) -> None:
    server.clock = clock = MockClock()
    (version,) = left_pad.versions.newest(0, 1)
    left_pad.delete_version(version)
    gone = acme.add_package("npm", "gone")
    gone.delete()
    then, clock.now = clock.now, clock.now.replace(year=2027)
    server.fault(faults.StaleLists())
    assert version.id in await listed(client)
    assert gone.id in await listed(client, LIST)

    assert (version.deleted_at, gone.deleted_at) == (then, then)


@on_virtual_clock
async def test_what_is_deleted_again_while_a_stale_list_is_under_way_stays_so() -> None:
    server = MockGitHub()
    packages = [server.user.add_package("npm", name) for name in ("a", "b")]
    version = packages[0].add_version()
    packages[0].delete_version(version)
    packages[1].delete()
    server.fault(faults.InTurn(faults.StaleLists(), faults.Latency(1)))
    async with in_process(server) as client, asyncio.TaskGroup() as group:
        group.create_task(client.get("/user/packages/npm/a/versions"))
        group.create_task(client.get(USER_LIST))
        await asyncio.sleep(0.5)
        packages[0].delete_version(version)
        packages[1].delete()

    assert version.deleted_at
    assert packages[1].deleted_at


async def test_a_stale_list_of_what_is_not_there_is_as_ever(server: MockGitHub, client: httpx.AsyncClient) -> None:
    server.fault(faults.StaleLists())

    assert (await client.get("/orgs/acme/packages/npm/none/versions")).status_code == 404
    assert (await client.get("/orgs/nobody/packages?package_type=npm")).status_code == 404
