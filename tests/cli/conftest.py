"""Fixtures for the tests of the command line."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import pytest
from attrs import frozen
from tests.cli.serving import Spoilt, serving
from tests.transport.virtual_clock import HurriedLoop

from ghpackages.cli import main

TOKENS = ("GH_TOKEN", "GITHUB_TOKEN", "GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN", "GITHUB_API_URL")


@frozen
class Outcome:
    """What a command did."""

    code: int
    out: str
    err: str

    @property
    def complaint(self) -> str:
        """The only line on standard error."""
        (line,) = self.err.splitlines()
        return line


Run = Callable[..., Outcome]


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Have no token, and no files lying about."""
    for name in TOKENS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(str(Path(entry).absolute()) for entry in sys.path))
    monkeypatch.chdir(tmp_path)


class _Hurried(asyncio.DefaultEventLoopPolicy):
    """Makes event loops on which the waits before another attempt take a small part of their time."""

    def new_event_loop(self) -> asyncio.AbstractEventLoop:
        return HurriedLoop()


@pytest.fixture
def _hurry() -> Iterator[None]:
    before = asyncio.get_event_loop_policy()
    asyncio.set_event_loop_policy(_Hurried())
    yield
    asyncio.set_event_loop_policy(before)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], _hurry: None) -> Run:
    """Give a function that runs a command in this process."""

    def run(*arguments: str) -> Outcome:
        capsys.readouterr()
        code = main(arguments)
        return Outcome(code, *capsys.readouterr())

    return run


@pytest.fixture
def start() -> Callable[..., subprocess.Popen[str]]:
    """Give a function that starts a command in a process of its own."""

    def start(arguments: Sequence[str], environment: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
        return subprocess.Popen(  # noqa: S603  (our own arguments)
            [sys.executable, "-m", "ghpackages", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment,
        )

    return start


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Spoilt]:
    """Give a server on a socket, to which the environment leads."""
    server = Spoilt()
    for name in ("a", "b"):
        server.add_org(f"acme-{name}").add_package("npm", name).add_versions(3)
    with serving(server) as url:
        monkeypatch.setenv("GITHUB_API_URL", url)
        monkeypatch.setenv("GH_TOKEN", server.token)
        yield server
