"""Saving all that a server knows, and loading it."""

from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from tests.mock.plain import facts

from ghpackages.testing import EPOCH, MockClock, MockGitHub, MockOptions, Request, Response

OPTIONS: MockOptions = {"clock": MockClock()}


def saved(server: MockGitHub) -> str:
    """Save to a string."""
    file = StringIO()
    server.save(file)
    return file.getvalue()


def loaded(text: str, **options: Any) -> MockGitHub:
    """Load from a string."""
    return MockGitHub.load(StringIO(text), **{**OPTIONS, **options})


def again(server: MockGitHub) -> MockGitHub:
    """Save and load."""
    return loaded(saved(server))


def ask(server: MockGitHub, method: str, path: str, token: str | None = None) -> Response:
    """Ask with a token, by default the one that is there from the start; an empty one is none."""
    value = server.token if token is None else token
    authorization = {"authorization": f"Bearer {value}"} if value else {}
    raw_path, _, query = path.partition("?")
    return server.handle(Request(method, raw_path, query, {"host": "x.test", "user-agent": "test", **authorization}))


def answers(server: MockGitHub, paths: list[str], tokens: list[str]) -> list[Response]:
    """Ask for everything with all tokens."""
    return [ask(server, "GET", path, token) for path in paths for token in tokens]


def everything(server: MockGitHub) -> list[str]:
    """Give the paths of all that there is to see."""
    paths: list[str] = []
    for owner in server.owners:
        base = f"/{'orgs' if owner.type == 'Organization' else 'users'}/{owner.login}"
        paths += [f"{base}/packages?package_type={one}" for one in ("container", "npm", "maven")]
        paths += [f"{base}/docker/conflicts", "/orgs/first/packages?package_type=npm"]
        for package in owner.packages:
            path = f"{base}/packages/{package.package_type}/{package.name.replace('/', '%2F')}"
            paths += [
                path,
                *(f"{path}/versions?state={state}&page={page}" for state in ("active", "deleted") for page in (1, 2)),
            ]
    return paths


def picture(server: MockGitHub) -> list[object]:
    """Give what no answer shows as well."""
    packages = [(one, one.downloads, one.updated_at) for owner in server.owners for one in owner.packages]
    return [(repr(one), *rest, *map(facts, one.versions)) for one, *rest in packages]


def rich() -> MockGitHub:
    """Make a server that has one of everything."""
    server = MockGitHub(**OPTIONS)
    acme = server.add_org("first", members=["monalisa"])
    acme.rename("Acme")
    mona = server.add_user("monalisa", id=7)
    server.user.rename("octavia")
    acme.add_repository("web", description='the "web" ✓', private=True)
    web = acme.add_package("container", "web/api", repository="web", visibility="internal", conflict=True, downloads=3)
    web.add_versions(40, tags=lambda index: [f"v{index}"] if index % 3 == 0 else [])
    web.add_version(tags=["latest"], name="sha256:1", downloads=0)
    web.add_versions(31, step=timedelta(milliseconds=700))
    for index, version in enumerate(web.versions.newest(5, 45)):
        if index % 4 == 0:
            web.delete_version(version, at=EPOCH - timedelta(days=index))
        elif index % 4 == 1:
            version.tags, version.license, version.downloads = ("again",), "MIT", 9000
            version.updated_at = EPOCH
    web.downloads = 4
    pad = mona.add_package("npm", "left-pad", visibility="public", created_at=EPOCH - timedelta(days=9))
    pad.add_version(name="1.0.1", description="by hand")
    pad.add_versions(3, downloads=6000)
    for version in pad.versions.newest(1, 3):
        pad.delete_version(version)
    pad.restore_version(pad.versions.newest(1, 2, "deleted")[0])
    pad.add_versions(2)  # one of them gets the name of the deleted one
    assert len({version.name for version in pad.versions}) == 5
    for name, days in (("core", 3), ("old", 40), ("old", 3)):
        gone = acme.add_package("maven", name)
        gone.add_versions(2)
        gone.delete(at=EPOCH - timedelta(days=days))
    acme.add_package("maven", "core", repository="core").add_version()
    server.add_token("ghs_1", login="acme", kind="actions", repositories=["web"], rate_headers=False)
    server.add_token("limited", login="monalisa", scopes=["read:packages"], rate_limit=500)
    server.add_token("sso", sso_required=["Acme"], expires_at=EPOCH + timedelta(days=1))
    return server


TOKENS = ["ghs_1", "limited", "sso", "", "bad"]


def test_what_was_saved_and_loaded_gives_the_same_answers_byte_for_byte() -> None:
    server = rich()
    tokens = [server.token, *TOKENS]
    paths = everything(server)
    answers(server, paths[:7], tokens)
    twin = again(server)

    assert len(paths) > 20
    assert picture(server) == picture(twin)
    assert answers(server, paths, tokens) == answers(twin, paths, tokens)


def test_what_was_saved_and_loaded_changes_in_the_same_way() -> None:
    server = rich()
    servers = [server, again(server)]
    for one in servers:
        web = one.owner("acme").package("container", "web/api")
        assert web is not None
        path = "/orgs/acme/packages/container/web%2Fapi/versions"
        active, deleted = web.versions.newest(3, 4)[0].id, web.versions.newest(1, 2, "deleted")[0].id
        assert ask(one, "DELETE", f"{path}/{active}").status == 204
        assert ask(one, "POST", f"{path}/{deleted}/restore").status == 204
        assert ask(one, "POST", "/orgs/acme/packages/maven/core/restore").status == 404
        assert ask(one, "POST", "/orgs/acme/packages/maven/old/restore").status == 204
        web.add_versions(3)
        one.user.add_package("npm", "new").add_versions(3)
        one.owner("acme").add_repository("more")
        one.add_user("hubot")
        one.add_token()
    assert saved(servers[0]) == saved(servers[1])
    first, second = (answers(one, everything(one), [server.token]) for one in servers)
    assert first == second


def test_saving_again_gives_the_same_file() -> None:
    text = saved(rich())

    assert text == saved(loaded(text))


def test_the_example_is_the_same_after_loading() -> None:
    server = MockGitHub.octo_org(**OPTIONS)
    twin = again(server)
    paths = everything(server)[::7]

    assert answers(server, paths, [server.token]) == answers(twin, paths, [server.token])


def test_many_versions_are_saved_as_their_description_and_loaded_without_being_made() -> None:
    server = MockGitHub(**OPTIONS)
    web = server.user.add_package("container", "web")
    web.add_versions(1_000_000)
    web.delete_version(web.versions.newest(500_000, 500_001)[0])
    text = saved(server)
    found = loaded(text).user.package("container", "web")

    assert len(text) < 2000
    assert found is not None
    assert (found.versions.count(), found.versions.count("deleted")) == (999_999, 1)
    assert len(found.versions.runs) == 1


def test_a_file_can_be_named_by_a_path(tmp_path: Path) -> None:
    for path in (tmp_path / "state.json", str(tmp_path / "state2.json")):
        server = MockGitHub()
        server.user.add_package("npm", "große")
        server.save(path)
        assert MockGitHub.load(path).user.package("npm", "große")


def test_a_revoked_token_stays_a_bad_one() -> None:
    server = MockGitHub(**OPTIONS)
    server.add_token("other")
    server.revoke_token(server.token)
    twin = again(server)

    assert [ask(twin, "GET", "/user/packages", token).status for token in (server.token, "other")] == [401, 422]
    assert server.token == twin.token


def test_options_are_given_again_when_loading() -> None:
    server = loaded(saved(rich()), rate_limit=None, prefix="/api/v3")

    assert "x-ratelimit-limit" not in ask(server, "GET", "/api/v3/user/packages").headers


# --- files written by hand


def test_a_file_written_by_hand_needs_a_few_keys_only() -> None:
    server = loaded(
        """{"owners": [
            {"login": "acme", "packages": [
                {"type": "container", "name": "web/api", "versions": [{"tags": ["latest"]}, {"count": 250}]},
                {"type": "npm", "name": "left-pad", "versions": [{"name": "1.0.0", "license": null}, {}]}
            ]},
            {"login": "hubot", "type": "User"}
        ]}"""
    )
    acme = server.owner("acme")
    web, pad = acme.package("container", "web/api"), acme.package("npm", "left-pad")

    assert (acme.type, acme.role_of(server.user)) == ("Organization", "admin")
    assert web is not None
    assert (web.visibility, web.created_at, web.versions.count()) == ("private", EPOCH, 251)
    assert web.versions.newest(0, 1)[0].tags == ("latest",)
    assert web.versions.newest(250, 251)[0].created_at == EPOCH - timedelta(minutes=250)
    assert pad is not None
    assert {version.name for version in pad.versions} == {"1.0.0", "1.0.1"}
    assert ask(server, "GET", "/orgs/acme/packages/npm/left-pad").status == 200


def test_an_empty_file_is_an_empty_server() -> None:
    assert saved(loaded("{}")) == saved(MockGitHub(**OPTIONS))


def test_a_name_in_a_file_can_be_in_use_again() -> None:
    deleted = {"type": "npm", "name": "a", "deleted_at": "2026-10-31T00:00:00Z"}
    old = {"name": "1.0.0", "deleted_at": "2026-10-31T00:00:00Z"}
    package = {"type": "npm", "name": "a", "versions": [{"name": "1.0.0"}, old]}
    acme = loaded(json.dumps({"owners": [{"login": "acme", "packages": [package, deleted]}]})).owner("acme")

    assert (len(acme.packages), len(acme.deleted_packages)) == (1, 1)
    assert acme.packages[0].versions.count() == acme.packages[0].versions.count("deleted") == 1


def test_octocat_is_octocat_when_named_in_a_file() -> None:
    server = loaded('{"owners": [{"login": "octocat"}]}')

    assert (server.user.login, server.user.id, server.user.type) == ("octocat", 583_231, "User")


def test_many_versions_written_by_hand_can_say_more() -> None:
    run: dict[str, object] = {
        "count": 4,
        "first_at": "2026-01-01T00:00:00+01:00",
        "step_seconds": 0.5,
        "tags": {"3": ["newest"]},
        "first_id": 100,
        "downloads": 7,
        "changed": [{"id": 111, "deleted_at": "2026-10-01T00:00:00Z"}, {"id": 122, "tags": ["third"]}],
    }
    package = {"type": "container", "name": "web", "versions": [run]}
    found = loaded(json.dumps({"owners": [{"login": "acme", "packages": [package]}]})).owner("acme").packages[0]
    (deleted,) = found.versions.newest(0, 9, "deleted")

    assert [(one.id, one.tags) for one in found.versions.newest(0, 9)] == [
        (133, ("newest",)),
        (122, ("third",)),
        (100, ()),
    ]
    assert {(one.downloads, one.created_at.isoformat()[:16]) for one in found.versions} == {(7, "2025-12-31T23:00")}
    assert (deleted.id, found.add_version().id > 133) == (111, True)


def test_another_user_and_other_tokens_can_be_named() -> None:
    text = '{"user": "Mona", "owners": [{"login": "mona"}, {"login": "acme"}], "tokens": [{"token": "secret"}]}'
    server = loaded(text)

    assert (server.user.login, server.user.type, server.token) == ("mona", "User", "secret")
    assert server.owner("acme").role_of(server.user) == "admin"
    assert [owner.login for owner in server.owners] == ["mona", "acme"]


def file(**owner: object) -> str:
    """Write a file with one organisation."""
    return json.dumps({"owners": [{"login": "acme", **owner}]})


def package(*versions: object, **facts: object) -> str:
    """Write a file with one package."""
    return file(packages=[{"type": "npm", "name": "a", "versions": [*versions], **facts}])


# A file, and what is said about it; "~" stands for what the file is called.
MISTAKES: dict[str, tuple[str, str]] = {
    "no JSON": ('{"owners": [}', "~:1:13: Expecting value"),
    "nothing": ("", "~:1:1: Expecting value"),
    "deep": ("[" * 100_000, "~: maximum recursion depth"),
    "no object": ("[]", "~: expected an object, got []"),
    "other format": ('{"format": 2}', "~.format: expected 1, got 2"),
    "unknown key": ('{"owner": []}', "~: unknown key 'owner': expected one of format, user, token, owners"),
    "no list": ('{"owners": {}}', "~.owners: expected a list of objects, got {}"),
    "no owner": ('{"owners": ["acme"]}', "~.owners[0]: expected an object, got 'acme'"),
    "no login": ('{"owners": [{}]}', "~.owners[0]: 'login' is missing"),
    "kind of owner": (file(type="Org"), "~.owners[0].type: expected 'Organization' or 'User', got 'Org'"),
    "id of an owner": (file(id=583_231), "~.user: the id 583231 is in use"),
    "no number": (file(id="1"), "~.owners[0].id: expected a whole number that is not negative, got '1'"),
    "true is no number": (file(id=True), "~.owners[0].id: expected a whole number"),
    "same owner": ('{"owners": [{"login": "a"}, {"login": "A"}]}', "~.owners[1]: there already is an owner"),
    "user": (
        '{"user": "acme", "owners": [{"login": "acme", "type": "Organization"}]}',
        "~.user: there is no user",
    ),
    "nobody": ('{"user": "nobody"}', "~.user: there is no user named 'nobody'"),
    "role": (
        file(members={"hubot": "boss"}),
        "~.owners[0].members.hubot: expected 'admin' or 'member', got 'boss'",
    ),
    "members of a user": (file(type="User", members={"a": "admin"}), "~.owners[0].members: acme is a user"),
    "former name": (
        file(former_names=["Octocat"]),
        "~.owners[0].former_names: 'Octocat' is the name of an owner",
    ),
    "no texts": (file(former_names=[1]), "~.owners[0].former_names: expected a list of strings, got [1]"),
    "same repository": (
        file(repositories=[{"name": "a"}, {"name": "a"}]),
        "~.owners[0].repositories[1]: acme already",
    ),
    "no flag": (
        file(repositories=[{"name": "a", "private": 1}]),
        "repositories[0].private: expected true or false, got 1",
    ),
    "package type": (
        package(type="nmp"),
        "~.owners[0].packages[0]: unknown package type 'nmp': expected one of npm,",
    ),
    "visibility": (package(visibility="secret"), "~.owners[0].packages[0]: unknown visibility 'secret'"),
    "no date": (package(created_at="soon"), ".created_at: expected a date such as 2026-11-01T00:00:00Z, got 'soon'"),
    "no time zone": (package(created_at="2026-11-01"), ".created_at: expected a date with a time zone such as"),
    "same name": (package({"name": "1"}, {"name": "1"}), "versions[1]: the package already has a version named '1'"),
    "same id": (package({"id": 5}, {"id": 5}), "versions[1]: the package already has a version with the id 5"),
    "tags of npm": (package({"tags": ["a"]}), "versions[0]: npm versions have no tags"),
    "key of a run": (package({"count": 5, "license": "MIT"}), "versions[0]: unknown key 'license'"),
    "key of a version": (package({"first_at": "2026-11-01T00:00:00Z"}), "versions[0]: unknown key 'first_at'"),
    "index": (package({"count": 5, "tags": {"5": ["a"]}}), "versions[0].tags: expected an index below 5, got '5'"),
    "tag list": (package({"count": 5, "tags": {"0": "a"}}), "versions[0].tags.0: expected a list of strings, got 'a'"),
    "first": (package({"count": 5, "first_id": 9}), "versions[0]: 'first_id' needs both 'first_at' and 'first_id'"),
    "far": (package({"count": 10**12}), "~.owners[0].packages[0].versions[0]: "),
    "no step": (package({"count": 2, "step_seconds": "1"}), "versions[0].step_seconds: expected a number, got '1'"),
    "scope": (
        '{"tokens": [{"token": "a", "scopes": "repo"}]}',
        "~.tokens[0].scopes: expected a list of strings",
    ),
    "kind of token": ('{"tokens": [{"token": "a", "kind": "odd"}]}', "~.tokens[0]: unknown kind of token 'odd'"),
    "token of nobody": (
        '{"tokens": [{"token": "a", "login": "x"}]}',
        "~.tokens[0]: there is no owner named 'x'",
    ),
    "same token": (
        '{"tokens": [{"token": "a"}, {"token": "a"}]}',
        "~.tokens[1]: a token can't be empty or added",
    ),
    "counter": ('{"next": {"owner": -1}}', "~.next.owner: expected a whole number that is not negative, got -1"),
    "long": (file(id="x" * 1000), "xxx ..."),
}


@pytest.mark.parametrize(("text", "message"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_bad_file_is_one_line_that_says_where(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=r"^[^\n]{20,200}$") as caught:
        loaded(text)

    assert message.replace("~", "the file") in str(caught.value)


EXACT = {"count": 5, "first_at": "2026-11-01T00:00:00Z", "first_id": 100, "first_number": 0}
CLASHES: dict[str, tuple[tuple[object, ...], str]] = {
    "name": (({"name": "1.0.3"}, EXACT), "versions[0]: the package already has a version named '1.0.3'"),
    "id": (({"id": 111}, EXACT), "versions[0]: the package already has a version with the id 111"),
    "other run's name": ((EXACT, {**EXACT, "first_id": 500}), "versions[1]: the package already has a version named"),
    "other run's id": (
        (EXACT, {**EXACT, "first_id": 111, "first_number": 9}),
        "already has versions with ids from 111 to",
    ),
    "changed id": (
        ({**EXACT, "changed": [{"id": 101}]},),
        "changed[0].id: expected one of those from 100 to 144, got 101",
    ),
    "no changed id": (({**EXACT, "changed": [{}]},), "changed[0].id: expected one of those from 100 to 144, got None"),
}


@pytest.mark.parametrize(("versions", "message"), CLASHES.values(), ids=CLASHES.keys())
def test_versions_that_exclude_each_other_are_refused(versions: tuple[object, ...], message: str) -> None:
    with pytest.raises(ValueError, match=r"^the file[^\n]*$") as caught:
        loaded(package(*versions))

    assert message.replace("~", "the file") in str(caught.value)


def test_a_missing_file_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        MockGitHub.load(tmp_path / "none.json")


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    path.write_bytes('{"user": "große"}'.encode("latin-1"))
    with pytest.raises(ValueError, match=r"state\.json: .*utf-8"):
        MockGitHub.load(path)
