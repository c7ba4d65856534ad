"""What is put into a path arrives as it was given, or nothing is sent."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.generated import strategies
from tests.generated.generation import SAMPLES, Api, sample_arguments
from tests.generated.handlers import Recorder
from tests.generated.traps import BAD_SEGMENTS

SURVIVORS = [
    *("a#b", "a?b=c", "100%", "%", "a%2Fb", "%2ea%2fb", "%zz", "a b", " a", "größe", "包", "🎁", "a+b", "a&b=c;d"),
    *("@scope", "a:b", "~", "...", ".a", "a.", "a..b", "-", "a\\b", "\n", "\x00", "{org}", "{", "io.github.core-utils"),
]


async def sent(api: Api, operation: str, **arguments: Any) -> str:
    """The path on the wire."""
    requests = Recorder()
    await api.call(operation, requests, **arguments)
    return requests.path


@pytest.mark.parametrize("name", SURVIVORS, ids=ascii)
async def test_a_name_arrives_as_it_was_given(ours: Api, name: str) -> None:
    path = await sent(ours, "get_package_for_org", package_name=name)

    assert unquote(path.removeprefix("/orgs/acme/packages/npm/")) == name


@pytest.mark.parametrize("owner", SURVIVORS, ids=ascii)
async def test_an_owner_arrives_as_it_was_given(ours: Api, owner: str) -> None:
    path = await sent(ours, "list_packages_for_user", username=owner)

    assert unquote(path.removeprefix("/users/").removesuffix("/packages")) == owner


@strategies.patient
@given(st.text(min_size=1, max_size=20))
async def test_any_name_arrives_in_its_own_segment_or_is_refused(ours: Api, name: str) -> None:
    requests = Recorder()

    try:
        await ours.call("restore_package_for_org", requests, package_name=name)
    except ValueError:
        assert requests.requests == []
    else:
        *before, segment, after = requests.path.split("/")
        assert (before, after) == (["", "orgs", "acme", "packages", "npm"], "restore")
        assert unquote(segment) == name


@strategies.patient
@given(st.text(alphabet="./%2eEfF5a", min_size=1, max_size=10))
async def test_nothing_of_dots_slashes_and_percent_signs_leads_to_another_path(ours: Api, name: str) -> None:
    requests = Recorder()

    try:
        await ours.call("get_package_for_org", requests, package_name=name)
    except ValueError:
        assert requests.requests == []
    else:
        assert unquote(requests.path) == f"/orgs/acme/packages/npm/{name}"


async def test_a_slash_in_a_name_is_encoded_exactly_once(ours: Api) -> None:
    path = await sent(ours, "list_package_versions_for_org", package_type="container", package_name="web/api")

    assert path == "/orgs/acme/packages/container/web%2Fapi/versions"


async def test_a_name_that_looks_encoded_is_taken_as_it_is(ours: Api) -> None:
    assert (await sent(ours, "get_package_for_authenticated_user", package_name="a%2Fb")).endswith("/npm/a%252Fb")


@pytest.mark.parametrize(
    "bad",
    [
        *BAD_SEGMENTS,
        *("./a", "/a", "a/", "/", "%2e%2E/a", "a/%252e%252e", "a/./b", "..%2fetc", "%2F", "a%2f"),
    ],
)
@pytest.mark.parametrize(
    ("operation", "argument"),
    [
        ("delete_package_for_org", "org"),
        ("delete_package_for_user", "username"),
        ("delete_package_for_authenticated_user", "package_name"),
        ("delete_package_version_for_user", "package_version_id"),
    ],
)
async def test_what_leads_elsewhere_is_refused_before_anything_is_sent(
    ours: Api, operation: str, argument: str, bad: str
) -> None:
    requests = Recorder()

    with pytest.raises(ValueError, match=f"^{argument} must not be empty"):
        await ours.call(operation, requests, **{argument: bad})

    assert requests.requests == []


@pytest.mark.parametrize("detailed", [False, True])
async def test_every_operation_refuses_a_bad_value_of_every_path_parameter(ours: Api, detailed: bool) -> None:
    requests = Recorder()

    for name, module in ours.operations.items():
        for argument in set(sample_arguments(module.asyncio)) & set(SAMPLES):
            with pytest.raises(ValueError, match=r"\.\."):
                await ours.call(name, requests, detailed=detailed, **{argument: ".."})

    assert requests.requests == []


async def test_an_unknown_package_type_is_refused_before_anything_is_sent(ours: Api) -> None:
    requests = Recorder()

    with pytest.raises(ValueError, match="nmp"):
        await ours.call("list_packages_for_org", requests, package_type="nmp")

    assert requests.requests == []


@pytest.mark.parametrize(
    ("operation", "arguments"),
    [("list_packages_for_org", {"visibility": "secret"}), ("list_package_versions_for_user", {"state": "gone"})],
)
async def test_an_unknown_enum_value_in_the_query_is_refused(
    ours: Api, operation: str, arguments: dict[str, str]
) -> None:
    requests = Recorder()

    with pytest.raises(ValueError, match="not a valid"):
        await ours.call(operation, requests, **arguments)

    assert requests.requests == []


async def test_the_query_has_the_defaults_and_what_was_given(ours: Api) -> None:
    requests = Recorder()
    await ours.call("list_packages_for_org", requests, package_type="container", per_page=100)

    assert dict(requests.requests[0].url.params) == {"package_type": "container", "page": "1", "per_page": "100"}


async def test_the_token_of_a_restore_is_sent_in_the_query(ours: Api) -> None:
    requests = Recorder()
    await ours.call("restore_package_for_user", requests, token="a&b=c")

    assert dict(requests.requests[0].url.params) == {"token": "a&b=c"}


async def test_no_operation_sends_a_body(ours: Api) -> None:
    """A DELETE with one, even `{}`, answers 422: https://github.com/cli/cli/issues/4286."""
    for operation in ours.operations:
        requests = Recorder()
        await ours.call(operation, requests)
        assert requests.requests[0].content == b""


async def test_each_operation_sends_its_own_method_and_path(ours: Api) -> None:
    found = set()
    for operation in ours.operations:
        requests = Recorder()
        await ours.call(operation, requests)
        found.add((requests.requests[0].method, requests.path))

    assert len(found) == 27
