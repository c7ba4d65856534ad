"""Exit codes, and one line for whatever goes wrong."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.cli.serving import Spoilt, serving

from ghpackages import __version__
from ghpackages.testing import MockGitHub, RecordedRequest, Request, Response, faults

Run = Callable[..., Any]


def test_done_is_0(run: Run, server: MockGitHub) -> None:
    outcome = run("audit", "acme-a", "acme-b")

    assert (outcome.code, outcome.err) == (0, "")
    assert "2 packages" in outcome.out
    assert {one.headers["authorization"] for one in server.requests} == {"Bearer ***"}


def test_version(run: Run) -> None:
    outcome = run("--version")

    assert (outcome.code, outcome.out) == (0, f"ghpackages {__version__}\n")


@pytest.mark.parametrize("arguments", [[], ["packages"], ["versions"], ["audit"], ["mock-server"]])
def test_help_names_the_exit_codes(run: Run, arguments: list[str]) -> None:
    outcome = run(*arguments, "--help")

    assert outcome.code == 0
    assert "Exit code" in outcome.out


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--older-than", "2 years"], 1),
        (["--older-than", "30 years"], 0),
        (["--unlinked"], 1),
        (["--name", "nothing"], 0),
        ([], 2),
        (["--state", "deleted"], 2),
    ],
)
def test_findings_are_1_on_request(run: Run, arguments: list[str], code: int) -> None:
    assert run("audit", "@me", "--demo", "--fail-on-match", *arguments).code == code
    assert run("audit", "@me", "--demo", *arguments).code == 0


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("", "missing command"),
        ("audit", "missing argument 'OWNER...'"),
        ("packages a b", "unexpected extra argument"),
        ("audt", "no such command 'audt'"),
        ("audit a --nope", "no such option: --nope"),
        ("audit a --token x", "no such option: --token"),
        ("audit a --demo --type nmp", "'nmp' is not one of"),
        ("audit a --demo --visibility secret", "'secret' is not one of"),
        ("audit a --demo --format xml", "'xml' is not one of"),
        ("audit a --demo --by pushed", "'pushed' is not one of"),
        ("audit a --demo --state gone", "'gone' is not one of"),
        ("audit a --demo --skip-newest many", "'many' is not a valid int"),
        ("audit a --demo --older-than soon", "'soon' is no duration"),
        ("audit a --demo --older-than 2026-05-22", "no time zone"),
        ("audit a --demo --as-of yesterday", "no date and time"),
        ("audit a --demo --tagged --untagged", "untagged and has a tag"),
        ("audit a --demo --concurrency 0", "from 1 to 100"),
        ("audit a --demo --per-page 101", "from 1 to 100"),
        ("audit a --demo --timeout 0", "not in the range"),
        ("audit team:x --demo", "is no owner"),
        ("audit .. --demo", "must not be empty, '.' or '..'"),
        ("packages a --demo --base-url https://x.example", "leave out --base-url"),
        ("packages a --base-url ftp://x", "must begin with https://"),
        ("packages a --base-url http://x.example", "plain http"),
        ("packages a --demo --type npm --start-page 101", "beyond the 10000 packages"),
        ("packages a --demo --start-page 2", "start_page needs a package_type"),
        ("versions a container .. --demo", "must not be empty"),
        ("audit @me --demo -o no/such/folder.json", "can't write"),
        ("mock-server --port 99999", "not in the range"),
    ],
)
def test_wrong_usage_is_2_and_one_line(run: Run, command: str, said: str) -> None:
    outcome = run(*command.split())

    assert outcome.code == 2
    assert said in outcome.complaint
    assert outcome.out == ""


def test_a_token_of_another_server_is_wrong_usage(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GH_TOKEN", "secret")
    outcome = run("packages", "acme", "--base-url", "https://ghe.example/api/v3")

    assert outcome.code == 2
    assert "GH_ENTERPRISE_TOKEN" in outcome.complaint
    assert "secret" not in outcome.err


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("SSL_CERT_FILE", "no-such-file.pem", "SSL_CERT_FILE=no-such-file.pem can't be used: No such file"),
        ("SSL_CERT_DIR", "no-such-folder", "SSL_CERT_DIR=no-such-folder is not a directory"),
        ("HTTPS_PROXY", "nonsense://user:secret@proxy.example.com", "HTTPS_PROXY must be a valid URL"),
        ("GITHUB_API_URL", "ghe.example.com", "GITHUB_API_URL='ghe.example.com' must begin with https://"),
    ],
)
def test_an_environment_that_can_not_be_used_is_wrong_usage(
    run: Run, variable: str, value: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR", "HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GH_TOKEN", "secret")
    monkeypatch.setenv("GITHUB_API_URL", "https://api.github.com")
    monkeypatch.setenv(variable, value)
    outcome = run("packages", "acme")

    assert outcome.code == 2
    assert said in outcome.complaint
    assert "secret" not in outcome.err


def test_a_failed_package_is_3_and_the_rest_is_there(run: Run, server: Spoilt) -> None:
    server.spoil = "/npm/a/versions"
    outcome = run("audit", "acme-a", "acme-b", "-f", "csv")

    assert outcome.code == 3
    assert outcome.err.splitlines()[0].startswith("ghpackages: acme-a npm a: GET ")
    assert outcome.err.splitlines()[1] == "ghpackages: the result is incomplete: 1 package failed"
    assert [line.split(",")[-2] for line in outcome.out.splitlines()] == ["complete", "false", "true"]


def test_a_failed_listing_is_3_and_the_rest_is_there(run: Run, server: Spoilt) -> None:
    outcome = run("audit", "nobody", "acme-b")

    assert outcome.code == 3
    assert "ghpackages: nobody: GET " in outcome.err
    assert "If nobody is a user, write user:nobody" in outcome.err
    assert "1 package" in outcome.out


@pytest.mark.parametrize("status", [403, 404])
def test_a_first_type_that_is_refused_is_3_and_the_rest_is_there(run: Run, server: Spoilt, status: int) -> None:
    server.spoil, server.status = "package_type=container", status
    outcome = run("audit", "acme-a", "-f", "csv")

    assert outcome.code == 3
    assert outcome.err.splitlines()[0].startswith("ghpackages: container packages of acme-a: GET ")
    assert outcome.err.splitlines()[1] == "ghpackages: the result is incomplete: 1 listing failed"
    assert [line.split(",")[1] for line in outcome.out.splitlines()] == ["package_type", "npm"]


@pytest.mark.parametrize("status", [403, 404])
def test_packages_of_all_types_are_shown_before_a_refused_type_is_told(run: Run, server: Spoilt, status: int) -> None:
    server.spoil, server.status = "package_type=container", status
    outcome = run("packages", "acme-a")

    assert outcome.code == 4
    assert outcome.out.splitlines()[2].split()[:2] == ["npm", "a"]
    first, second = outcome.err.splitlines()
    assert first.startswith("ghpackages: GET ")
    assert second == "ghpackages: refused: container packages of acme-a"


def test_what_single_sign_on_leaves_is_shown_before_it_is_told(run: Run, server: Spoilt) -> None:
    server.fault(faults.PartialResults(7), operation="list_packages")
    outcome = run("packages", "acme-a", "--type", "npm")

    assert outcome.code == 3
    assert outcome.out.splitlines()[2].split()[:2] == ["npm", "a"]
    assert "packages of the organisations with the ids 7 are left out" in outcome.err


def test_a_table_of_nothing_is_not_shown_before_an_error(run: Run, server: Spoilt) -> None:
    server.spoil, server.status = "acme-a/packages?package_type=", 403
    outcome = run("packages", "acme-a")

    assert (outcome.code, outcome.out) == (4, "")


def test_types_that_are_all_refused_alike_are_one_line(run: Run, server: Spoilt) -> None:
    server.spoil, server.status = "acme-a/packages?package_type=", 403
    outcome = run("audit", "acme-a", "acme-b", "-f", "csv")

    assert outcome.code == 3
    assert outcome.err.splitlines()[0].startswith("ghpackages: acme-a: GET ")
    assert outcome.err.splitlines()[1] == "ghpackages: the result is incomplete: 1 listing failed"


def test_an_incomplete_report_says_so_in_the_file_too(run: Run, server: Spoilt) -> None:
    assert run("audit", "nobody", "acme-b", "-o", "a.jsonl").code == 3
    assert '"record":"summary","complete":false' in Path("a.jsonl").read_text(encoding="utf-8")


@pytest.mark.parametrize("command", ["packages {}", "audit {}", "audit {} nobody-either -f jsonl"])
def test_a_missing_owner_is_4(run: Run, server: Spoilt, command: str) -> None:
    outcome = run(*command.format("nobody").split())

    assert outcome.code == 4
    assert "If nobody is a user, write user:nobody" in outcome.err
    assert all(line.startswith("ghpackages: ") for line in outcome.err.splitlines())


def test_a_missing_package_is_4(run: Run, server: Spoilt) -> None:
    outcome = run("versions", "acme-a", "npm", "nothing")

    assert outcome.code == 4
    assert "Package not found." in outcome.complaint
    assert "is a user" not in outcome.complaint


@pytest.mark.parametrize("command", ["packages acme-a", "versions acme-a npm a", "audit acme-a"])
def test_a_refused_token_is_4(run: Run, server: Spoilt, command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GH_TOKEN", server.add_token(scopes=["repo"]))
    assert "read:packages" in (outcome := run(*command.split())).complaint
    assert outcome.code == 4

    server.revoke_token(server.token)
    monkeypatch.setenv("GH_TOKEN", server.token)
    assert "Bad credentials" in (outcome := run(*command.split())).complaint
    assert (outcome.code, server.token in outcome.err) == (4, False)

    monkeypatch.delenv("GH_TOKEN")
    assert "GH_TOKEN" in (outcome := run(*command.split())).complaint
    assert outcome.code == 4


class Revoking(Spoilt):
    """A server that revokes its token after so many requests; then its answers have the limits of anonymous callers."""

    left = 1000

    def handle(self, request: Request) -> Response:
        self.left -= 1
        if self.left == -1:
            self.revoke_token(self.token)
        response = super().handle(request)
        if response.status == 401:
            response.headers |= {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "4000000000"}
        return response


@pytest.mark.parametrize(("left", "code"), [(0, 4), (14, 3)])
def test_a_token_that_is_revoked_meanwhile_is_one_line(
    run: Run, monkeypatch: pytest.MonkeyPatch, left: int, code: int
) -> None:
    server = Revoking()
    for number in range(40):
        server.user.add_package("npm", f"p{number}").add_version()
    server.left = left
    monkeypatch.setenv("GH_TOKEN", server.token)
    with serving(server) as url:
        monkeypatch.setenv("GITHUB_API_URL", url)
        outcome = run("audit", "@me", "--type", "npm", "--concurrency", "2", "-f", "csv")

    assert outcome.code == code
    lines = outcome.err.splitlines()
    assert [line for line in lines if "Bad credentials" in line] == lines[:1]
    assert lines[1:] == ([] if code == 4 else ["ghpackages: the result is incomplete: 1 listing failed"])
    assert (len(outcome.out.splitlines()) > 1) == (code == 3)


@pytest.mark.parametrize("command", ["packages acme-a", "audit acme-a"])
def test_a_server_in_trouble_is_5(run: Run, server: Spoilt, command: str) -> None:
    server.spoil = "/packages"
    outcome = run(*command.split())

    assert outcome.code == 5
    assert "502" in outcome.err


def test_a_rate_limit_is_waited_for_and_told(run: Run, server: Spoilt) -> None:
    server.refusals = 1
    outcome = run("audit", "acme-a")

    assert outcome.code == 0
    assert outcome.complaint.startswith("ghpackages: waiting until ")
    assert outcome.complaint.endswith(" UTC for the pause that GitHub asks for")
    assert "3" in outcome.out.splitlines()[-1]


def test_a_quiet_command_waits_in_silence(run: Run, server: Spoilt) -> None:
    server.refusals = 1

    assert run("audit", "acme-a", "--quiet").err == ""


def test_a_rate_limit_beyond_max_wait_is_told_at_once(run: Run, server: Spoilt) -> None:
    server.refusals = 1
    outcome = run("versions", "acme-a", "npm", "a", "--max-wait", "10")

    assert outcome.code == 5
    assert "Try again at" in outcome.complaint


@pytest.mark.parametrize("command", ["packages acme", "versions acme npm a", "audit acme"])
def test_a_server_that_is_not_there_is_5(run: Run, command: str) -> None:
    outcome = run(*command.split(), "--base-url", "http://127.0.0.1:1")

    assert outcome.code == 5
    assert "got no complete answer" in outcome.complaint


def test_what_nobody_expected_is_5_and_one_line(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("two\nlines")

    monkeypatch.setattr("ghpackages.cli._lists.parse_owner", fail)
    outcome = run("packages", "@me", "--demo")

    assert (outcome.code, outcome.complaint) == (5, "ghpackages: unexpected error, RuntimeError: two lines")


def test_the_demonstration_does_not_use_the_environment(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GH_TOKEN", "from the environment")
    monkeypatch.setenv("GITHUB_API_URL", "http://nowhere.example")

    assert run("audit", "@me", "--demo").code == 0


def test_the_demonstration_is_always_the_same(run: Run) -> None:
    arguments = ("audit", "@me", "--demo", "--older-than", "6 months", "-f", "jsonl")

    assert run(*arguments).out == run(*arguments).out


def test_a_recorded_request_has_no_token(server: Spoilt, run: Run) -> None:
    run("packages", "acme-a")
    record: RecordedRequest = server.requests[0]

    assert server.token not in str(record)


class Echoing(MockGitHub):
    """A server that repeats what it is sent: a request for versions as an error, others as the names of packages."""

    def handle(self, request: Request) -> Response:
        sent = json.dumps(dict(request.headers))[1:-1].replace('"', "'")
        headers = {"content-type": "application/json", "x-github-request-id": sent}
        if "/versions" in request.raw_path:
            return Response(404, json.dumps({"message": sent, "documentation_url": sent}).encode(), headers)
        response = super().handle(request)
        body = re.sub(rb'("name": ?")', rb"\1" + sent.encode(), response.body)
        return Response(response.status, body, headers)


@pytest.mark.parametrize("form", ["table", "json", "jsonl", "csv"])
def test_a_token_that_a_server_repeats_is_shown_and_written_nowhere(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    server = Echoing()
    server.add_org("octo-org").add_package("npm", "left-pad").add_version()
    monkeypatch.setenv("GH_TOKEN", server.token)
    with serving(server) as url:
        monkeypatch.setenv("GITHUB_API_URL", url)
        shown = [
            run("packages", "octo-org", "--format", form),
            run("versions", "octo-org", "npm", "left-pad", "--format", form),
            run("audit", "octo-org", "--format", form),
        ]
        if form != "table":
            shown.append(run("audit", "octo-org", "-o", str(tmp_path / f"report.{form}")))

    texts = [text for outcome in shown for text in (outcome.out, outcome.err)]
    texts += [path.read_text("utf-8") for path in tmp_path.iterdir()]
    assert len(server.token) > 8
    assert not [text for text in texts if server.token in text]
    assert "Bearer ***" in "".join(texts)
