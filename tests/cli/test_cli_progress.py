"""How far a command is: redrawn in place on a terminal, a line a minute elsewhere."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from tests.cli.terminal import Terminal, on_terminal
from tests.transport.virtual_clock import on_virtual_clock

from ghpackages import RateLimit, Wait
from ghpackages.audit import Progress
from ghpackages.cli._progress import Display, Mode, Part, audit_parts, choose_mode, fitted, joined

Run = Callable[..., Any]

NOON = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
SOON = NOON.replace(minute=5, second=10)
BUSY = Progress(packages=38, found=164, all_found=False, versions=12_345, requests=1_204)
WAITING = RateLimit(limit=5000, remaining=4812, used=188, reset=NOON, paused_until=SOON, reason="secondary")
WAIT = Wait("primary", 310.0, SOON)


@pytest.fixture(autouse=True)
def _term(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")


def ticking() -> list[Part]:
    """What changes every second."""
    return [Part(f"{int(asyncio.get_running_loop().time())} s")]


def test_everything_that_is_known_is_shown() -> None:
    assert joined(audit_parts(BUSY, WAITING)) == (
        "38 of 164+ packages, 12,345 versions, 1,204 requests, 4,812 left until 12:00 UTC, "
        "waiting until 12:05:10 UTC for the pause that GitHub asks for"
    )


@pytest.mark.parametrize(
    ("found", "all_found", "expected"),
    [(0, False, "listing packages"), (164, False, "0 of 164+ packages"), (164, True, "0 of 164 packages")],
)
def test_the_number_of_packages_tells_whether_all_are_known(found: int, all_found: bool, expected: str) -> None:
    line = joined(audit_parts(Progress(0, found, all_found, 0, 1), RateLimit()))

    assert line == f"{expected}, 0 versions, 1 request"


@pytest.mark.parametrize("width", [0, 1, 10, 18, 19, 20, 40, 64, 80, 139, 160])
def test_the_line_fits(width: int) -> None:
    line = fitted(audit_parts(BUSY, WAITING), width)

    assert len(line) <= width
    assert line.startswith("38 of 164+ packages"[:width])


def test_where_there_is_no_room_the_wait_stays_longest() -> None:
    assert [fitted(audit_parts(BUSY, WAITING), width) for width in (100, 79, 50)] == [
        "38 of 164+ packages, 12,345 versions, waiting until 12:05:10 UTC for the pause that GitHub asks for",
        "38 of 164+ packages, 12,345 versions, waiting until 12:05:10 UTC",
        "38 of 164+ packages, waiting until 12:05:10 UTC",
    ]


@on_virtual_clock
async def test_the_line_is_redrawn_while_nothing_happens() -> None:
    with on_terminal() as terminal:
        async with Display(Mode.LIVE).showing(ticking):
            await asyncio.sleep(3.5)

    assert [*dict.fromkeys(terminal.shown)] == ["0 s", "1 s", "2 s", "3 s", ""]
    assert terminal.lines == [""]


@on_virtual_clock
async def test_the_line_vanishes_when_something_goes_wrong() -> None:
    with on_terminal() as terminal, pytest.raises(RuntimeError):
        async with Display(Mode.LIVE).showing(ticking):
            await asyncio.sleep(1)
            raise RuntimeError

    assert terminal.shown[0] == "0 s"
    assert terminal.lines == [""]


@on_virtual_clock
async def test_what_does_not_change_is_not_drawn_again() -> None:
    with on_terminal() as terminal:
        async with Display(Mode.LIVE).showing(lambda: [Part("the same")]):
            await asyncio.sleep(60)

    assert terminal.shown == ["the same", ""]


@on_virtual_clock
async def test_complaints_stand_above_the_line() -> None:
    display = Display(Mode.LIVE)
    with on_terminal() as terminal:
        async with display.showing(ticking):
            await asyncio.sleep(1.5)
            display.complain("one")
            assert terminal.lines == ["ghpackages: one", "1 s"]
            await asyncio.sleep(1)
            display.complain("two")
            assert terminal.lines == ["ghpackages: one", "ghpackages: two", "2 s"]

    assert terminal.lines == ["ghpackages: one", "ghpackages: two", ""]


@on_virtual_clock
async def test_where_there_is_no_terminal_there_is_a_line_a_minute(capsys: pytest.CaptureFixture[str]) -> None:
    async with Display(Mode.LINES).showing(lambda: [*ticking(), Part("more", 1)]):
        await asyncio.sleep(150)

    assert capsys.readouterr().err == "ghpackages: 60 s, more\nghpackages: 120 s, more\n"


@pytest.mark.parametrize("mode", [Mode.WAITS, Mode.SILENT])
def test_otherwise_nothing_is_shown(mode: Mode, capsys: pytest.CaptureFixture[str]) -> None:
    @on_virtual_clock
    async def show() -> None:
        async with Display(mode).showing(ticking):
            await asyncio.sleep(150)

    show()

    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(("mode", "is_told"), [(mode, mode in {Mode.LINES, Mode.WAITS}) for mode in Mode])
def test_a_wait_is_told_where_no_line_shows_it(mode: Mode, is_told: bool, capsys: pytest.CaptureFixture[str]) -> None:
    Display(mode).tell_wait(WAIT)
    line = "ghpackages: waiting until 12:05:10 UTC for the next hour's requests\n"

    assert capsys.readouterr().err == line * is_told


@pytest.mark.parametrize(
    ("quiet", "is_shared", "term", "expected"),
    [
        (False, False, "xterm", Mode.LIVE),
        (False, False, "dumb", Mode.WAITS),
        (False, True, "xterm", Mode.WAITS),
        (True, False, "xterm", Mode.SILENT),
    ],
)
def test_a_terminal_gets_what_it_can_show(
    quiet: bool, is_shared: bool, term: str, expected: Mode, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", term)

    with on_terminal():
        assert choose_mode(quiet=quiet, is_shared=is_shared) is expected


@pytest.mark.parametrize(("quiet", "expected"), [(False, Mode.LINES), (True, Mode.SILENT)])
def test_what_is_no_terminal_gets_lines(quiet: bool, expected: Mode, capsys: pytest.CaptureFixture[str]) -> None:
    assert choose_mode(quiet=quiet, is_shared=False) is expected


def test_a_terminal_that_went_away_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    class Gone(Terminal):
        def write(self, text: str) -> int:
            raise OSError

    monkeypatch.setattr(sys, "stderr", Gone())
    Display(Mode.LIVE).draw("text")


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        (("audit", "octo-org", "-f", "csv"), "packages, "),
        (("audit", "octo-org"), "packages, "),
        (("versions", "octo-org", "container", "web/api"), "0 versions, "),
        (("audit", "octo-org", "--plan"), "planning, "),
    ],
)
def test_commands_show_how_far_they_are(run: Run, arguments: tuple[str, ...], shown: str) -> None:
    with on_terminal() as terminal:
        outcome = run(*arguments, "--demo")

    assert (outcome.code, terminal.lines) == (0, [""])
    assert any(shown in line and "request" in line for line in terminal.shown)
    assert "\r" not in outcome.out
