"""Audits that ended early go on where they were."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.cli.forking import Forking
from tests.cli.serving import Spoilt, serving

from ghpackages.testing import MockGitHub, Request, Response

Run = Callable[..., Any]
Start = Callable[..., "subprocess.Popen[str]"]

NOW = ("--as-of", "2026-11-01T00:00:00Z")
QUESTION = ("audit", "acme", "--older-than", "1 hour")
AUDIT = (*QUESTION, "-o", "a.jsonl")
FILE, PARTIAL = Path("a.jsonl"), Path("a.jsonl.partial")


@pytest.fixture(scope="module")
def shelf() -> Iterator[tuple[MockGitHub, str]]:
    """Give a server with 7 packages, and where it is."""
    server = MockGitHub(clock=lambda: datetime(2026, 10, 1, tzinfo=UTC))
    acme = server.add_org("acme")
    for number in range(7):
        acme.add_package("npm" if number % 2 else "container", f"p{number}").add_versions(number)
    with serving(server) as url:
        yield server, url


@pytest.fixture
def whole(run: Run, shelf: tuple[MockGitHub, str], monkeypatch: pytest.MonkeyPatch) -> bytes:
    """Give what an undisturbed run writes, and lead to the server."""
    monkeypatch.setenv("GITHUB_API_URL", shelf[1])
    monkeypatch.setenv("GH_TOKEN", shelf[0].token)
    run(*AUDIT, *NOW)
    content = FILE.read_bytes()
    FILE.unlink()
    return content


@pytest.fixture
def asked(server: MockGitHub) -> Callable[[], set[str]]:
    """Give a function that tells which packages were asked for."""
    return lambda: {one.path.split("/")[-2] for one in server.requests if one.path.endswith("/versions")}


def lines(content: bytes) -> list[bytes]:
    return content.splitlines(keepends=True)


def files() -> list[str]:
    return sorted(one.name for one in Path().iterdir())


@pytest.mark.parametrize("kept", range(1, 10))
@pytest.mark.parametrize("torn", [0, 200])
def test_whatever_is_left_the_result_is_that_of_an_undisturbed_run(
    run: Run, whole: bytes, kept: int, torn: int
) -> None:
    *head, last = [*lines(whole), b""][: kept + 1]
    PARTIAL.write_bytes(b"".join(head) + last[:torn])
    outcome = run(*AUDIT, "--resume")

    assert outcome.code == 0
    assert outcome.err.splitlines()[0] == f"resuming a.jsonl.partial: {plural(min(kept - 1, 7))} done before"
    assert FILE.read_bytes() == whole
    assert files() == ["a.jsonl"]


def plural(number: int) -> str:
    return f"{number} package{'' if number == 1 else 's'}"


@pytest.mark.parametrize("left", [None, b"", b'{"record":"header"'])
def test_without_a_whole_header_it_begins_anew(run: Run, whole: bytes, left: bytes | None) -> None:
    if left is not None:
        PARTIAL.write_bytes(left)
    outcome = run(*AUDIT, *NOW, "--resume")

    assert outcome.err.splitlines()[0] == "there is no a.jsonl.partial to resume: beginning anew"
    assert FILE.read_bytes() == whole
    assert files() == ["a.jsonl"]


def test_quiet_resumes_in_silence(run: Run, whole: bytes) -> None:
    assert run(*AUDIT, "--resume", "-q").err == ""

    PARTIAL.write_bytes(whole[:3000])
    assert run(*AUDIT, "--resume", "-q").err == ""


def test_what_is_finished_is_not_asked_for_again(run: Run, server: MockGitHub, asked: Callable[[], set[str]]) -> None:
    run("audit", "acme-a", "acme-b", "-o", "a.jsonl")
    assert asked() == {"a", "b"}

    PARTIAL.write_bytes(b"".join(lines(FILE.read_bytes())[:2]))
    server.requests.clear()
    run("audit", "acme-a", "acme-b", "-o", "a.jsonl", "--resume")

    assert asked() == {"b"}
    assert json.loads(lines(FILE.read_bytes())[-1])["packages"] == 2


def test_what_is_incomplete_is_asked_for_again(run: Run, server: Spoilt, asked: Callable[[], set[str]]) -> None:
    server.spoil = "/npm/a/versions"
    assert run("audit", "acme-a", "acme-b", "-o", "a.jsonl").code == 3

    FILE.rename(PARTIAL)
    server.requests.clear()
    server.spoil = ""
    outcome = run("audit", "acme-a", "acme-b", "-o", "a.jsonl", "--resume")
    _, *packages, summary = map(json.loads, lines(FILE.read_bytes()))

    assert (outcome.code, asked()) == (0, {"a"})
    assert [(one["package"]["name"], one["versions"], one["complete"]) for one in packages] == [
        ("b", 3, True),
        ("a", 3, True),
    ]
    assert (summary["complete"], summary["versions"]) == (True, 6)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("acme", "@me"), 'owners ["acme"] there, ["acme","@me"] here'),
        (("acme", "--name", "*"), 'names not set there, ["*"] here'),
        (("acme", "--older-than", "2 years"), "older_than 1 hour there, 2 years here"),
        (("acme", "--as-of", "2026-10-01T00:00:00Z"), "as_of 2026-11-01T00:00:00Z there, 2026-10-01T00:00:00Z here"),
    ],
)
def test_another_audit_is_not_resumed(run: Run, whole: bytes, arguments: tuple[str, ...], said: str) -> None:
    PARTIAL.write_bytes(whole[:3000])
    outcome = run("audit", "--older-than", "1 hour", *arguments, "-o", "a.jsonl", "--resume")

    assert (outcome.code, outcome.complaint) == (2, f"ghpackages: a.jsonl.partial is of another audit: {said}")
    assert PARTIAL.read_bytes() == whole[:3000]
    assert files() == ["a.jsonl.partial"]


@pytest.mark.parametrize("given", [(), NOW, ("--as-of", "2026-11-01T02:00:00+02:00")])
def test_the_instant_of_the_earlier_run_is_kept(run: Run, whole: bytes, given: tuple[str, ...]) -> None:
    PARTIAL.write_bytes(whole[:3000])

    assert run(*AUDIT, *given, "--resume").code == 0
    assert FILE.read_bytes() == whole


@pytest.mark.parametrize(
    ("line", "content", "said"),
    [
        (0, b"[]", "line 1 "),
        (0, b'{"record":"header","schema_version":999}', "line 1 "),
        (1, b"{", "line 2 "),
        (1, b'{"record":"package"}', "line 2 "),
    ],
)
def test_a_damaged_file_is_not_resumed(run: Run, whole: bytes, line: int, content: bytes, said: str) -> None:
    damaged = lines(whole)[:5]
    damaged[line] = content + b"\n"
    PARTIAL.write_bytes(b"".join(damaged))
    outcome = run(*AUDIT, "--resume")

    assert outcome.code == 2
    assert outcome.complaint.startswith(f"ghpackages: can't resume a.jsonl.partial: {said}")
    assert PARTIAL.read_bytes() == b"".join(damaged)
    assert files() == ["a.jsonl.partial"]


@pytest.mark.parametrize(
    ("output", "said"),
    [
        ((), "--resume needs --output FILE in JSON Lines form"),
        (("-f", "jsonl"), "--resume needs --output FILE in JSON Lines form"),
        (("-o", "a.csv"), "--resume needs --output FILE in JSON Lines form"),
        (("-o", "/dev/null", "-f", "jsonl"), "/dev/null is none"),
    ],
)
def test_only_a_file_of_json_lines_can_be_resumed(run: Run, output: tuple[str, ...], said: str) -> None:
    outcome = run("audit", "@me", "--demo", *output, "--resume")

    assert (outcome.code, outcome.out) == (2, "")
    assert said in outcome.complaint


def test_without_resume_what_is_left_is_overwritten(run: Run, whole: bytes) -> None:
    PARTIAL.write_text("something else\n" * 10_000, encoding="utf-8")

    assert run(*AUDIT, *NOW).code == 0
    assert FILE.read_bytes() == whole
    assert files() == ["a.jsonl"]


@pytest.mark.parametrize("resume", [(), ("--resume",)])
def test_two_runs_do_not_write_the_same_file(run: Run, start: Start, server: Spoilt, resume: tuple[str, ...]) -> None:
    server.refusals = 1
    process = start(["audit", "acme-a", "acme-b", "-o", "a.jsonl"])
    assert process.stderr is not None
    assert "waiting until" in process.stderr.readline()
    before = PARTIAL.read_bytes()
    outcome = run("audit", "acme-a", "-o", "a.jsonl", *resume)
    process.kill()
    process.communicate()

    assert (outcome.code, outcome.complaint) == (2, "ghpackages: another run is writing a.jsonl.partial")
    assert PARTIAL.read_bytes().startswith(before)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_leaves_what_was_found_and_tells_how_to_go_on(
    run: Run, start: Start, server: Spoilt, number: signal.Signals, code: int
) -> None:
    run("audit", "acme-a", "acme-b", *NOW, "-o", "a.jsonl")
    whole = FILE.read_bytes()
    FILE.unlink()
    server.stuck = "/npm/b/versions"
    process = start(["audit", "acme-a", "acme-b", *NOW, "-o", "a.jsonl"])
    assert process.stderr is not None
    assert "waiting until" in process.stderr.readline()
    for _ in range(10_000):  # the record of the other package is about to be written
        if PARTIAL.read_bytes().count(b"\n") == 2:
            break
        time.sleep(0.001)
    else:
        pytest.fail("the record was not written at once")
    process.send_signal(number)
    _, err = process.communicate(timeout=30)

    assert process.returncode == code
    assert err == "ghpackages: a.jsonl.partial keeps what was found: add --resume to go on\n"
    assert PARTIAL.read_bytes() == b"".join(lines(whole)[:2])

    server.stuck = ""
    assert run("audit", "acme-a", "acme-b", "-o", "a.jsonl", "--resume").code == 0
    assert FILE.read_bytes() == whole


def test_what_nobody_expected_leaves_what_was_found(run: Run, whole: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("disk on fire")

    with monkeypatch.context() as broken:
        broken.setattr("ghpackages.cli._formats.summary_record", fail)
        outcome = run(*AUDIT, *NOW)

    assert outcome.code == 5
    assert outcome.err.splitlines() == [
        "ghpackages: a.jsonl.partial keeps what was found: add --resume to go on",
        "ghpackages: unexpected error, RuntimeError: disk on fire",
    ]
    assert run(*AUDIT, "--resume").code == 0
    assert FILE.read_bytes() == whole


def test_what_a_run_left_that_was_killed_while_it_rewrote_is_cleared_away(run: Run, whole: bytes) -> None:
    Path("a.jsonl.partial.new").write_bytes(whole[:1000])

    assert run(*AUDIT, *NOW).code == 0
    assert FILE.read_bytes() == whole
    assert files() == ["a.jsonl"]


def test_nothing_is_left_where_nothing_was_found(run: Run, whole: bytes) -> None:
    assert run("audit", "nobody", "-o", "a.jsonl").code == 4
    assert files() == []


KILLS = 10


class Counting(MockGitHub):
    """A server that tells when it has been asked so often for versions."""

    def __init__(self) -> None:
        super().__init__()
        self.left = 0
        self.is_reached = threading.Event()

    def handle(self, request: Request) -> Response:
        if "/versions" in request.raw_path:
            self.left -= 1
            if self.left == 0:
                self.is_reached.set()
        return super().handle(request)

    def expect(self, number: int) -> None:
        self.left = number
        self.is_reached.clear()


def killed_and_resumed(folder: Path, seed: int) -> tuple[list[int], bytes, bytes]:
    """Kill an audit at random points until it was killed often enough, then let it finish."""
    chance, counts, server = random.Random(seed), list[int](), Counting()  # noqa: S311
    acme = server.add_org("acme")
    for number in range(60):
        acme.add_package("container", f"p{number}").add_versions(number * number % 120)
    target, partial = folder / "a.jsonl", folder / "a.jsonl.partial"
    with serving(server) as url, Forking({**os.environ, "GITHUB_API_URL": url, "GH_TOKEN": server.token}) as forking:
        arguments = ["audit", "acme", "--all-versions", *NOW, "-q", "--concurrency", "3", "-o", str(target)]
        assert forking.run(arguments) == 0
        whole = target.read_bytes()
        while len(counts) < KILLS:
            target.unlink(missing_ok=True)  # it was faster
            server.expect(chance.randrange(1, 40))  # up to 16 others may go before a second page
            if forking.run([*arguments, "--resume"], lambda: server.is_reached.wait(0.01)) == -signal.SIGKILL:
                counts.append(partial.read_bytes().count(b"\n"))
        assert forking.run([*arguments, "--resume"]) == 0
    return counts, whole, target.read_bytes()


def test_killed_again_and_again_the_result_is_that_of_an_undisturbed_run(tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("one", "other")]
    for folder in folders:
        folder.mkdir()
    with ThreadPoolExecutor() as pool:  # two chains of kills at the same time
        outcomes = list(pool.map(killed_and_resumed, folders, range(2)))

    assert sum(len(counts) for counts, _, _ in outcomes) == 20
    assert len({count for counts, _, _ in outcomes for count in counts}) > 5
    assert [len(lines(whole)) for _, whole, _ in outcomes] == [62, 62]
    assert [whole == resumed for _, whole, resumed in outcomes] == [True, True]
