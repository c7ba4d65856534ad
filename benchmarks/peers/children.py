"""The processes of the benchmark: the server, and one for each measurement."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
TIMEOUT = 300


class MeasurementError(Exception):
    """A measurement that gives no figure, with the reason in one line."""


@dataclass(frozen=True)
class Cores:
    """Where the server and the clients run; None where processes can't be pinned."""

    server: int | None = None
    clients: int | None = None

    @classmethod
    def choose(cls) -> Cores:
        """Two different ones, if there are."""
        if not hasattr(os, "sched_getaffinity"):
            return cls()
        cores = sorted(os.sched_getaffinity(0))
        return cls(cores[0], cores[1]) if len(cores) > 1 else cls()

    def pin(self) -> Callable[[], None] | None:
        """What a client does before it begins."""
        core = self.clients
        return None if core is None else lambda: os.sched_setaffinity(0, {core})


@contextmanager
def serving(cores: Cores) -> Generator[str, None, None]:
    """Run the server in a process of its own, and give its address."""
    command = [sys.executable, "-m", "benchmarks.peers.server"]
    command += [] if cores.server is None else ["--core", str(cores.server)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        assert process.stdout  # noqa: S101 (for the type checker)
        try:
            url = process.stdout.readline().strip()
            if not url:
                raise SystemExit("the server of the benchmark does not start")
            yield url
        finally:
            process.terminate()


def environment() -> dict[str, str]:
    """What children have in their environment: no proxies, certificates, tokens or base URLs."""
    unwanted = ("gh_", "github_", "pythondont", "ssl_cert_")
    return {
        name: value
        for name, value in os.environ.items()
        if not name.lower().endswith("_proxy") and not name.lower().startswith(unwanted)
    }


def run_child(arguments: Sequence[str], cores: Cores) -> str:
    """Run a process to its end, and give the last line that it printed.

    Raises:
        MeasurementError: It failed, or took too long.
    """
    try:
        done = subprocess.run(  # noqa: S603
            arguments,
            cwd=ROOT,
            env=environment(),
            timeout=TIMEOUT,
            preexec_fn=cores.pin(),
            capture_output=True,
            text=True,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        raise MeasurementError(f"took more than {TIMEOUT} s") from late
    except OSError as missing:
        raise MeasurementError(str(missing)) from missing
    if done.returncode:
        raise MeasurementError(last_line(done.stderr) or f"ended with status {done.returncode}")
    return last_line(done.stdout)


def last_line(text: str) -> str:
    """What matters of an output."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else ""
