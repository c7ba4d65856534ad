"""Commands in processes of their own that start at once: they are forked from one that has imported everything."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Self

SCRIPT = """
import json, os, sys
from ghpackages.cli._main import run

for line in sys.stdin:
    if not (process := os.fork()):
        os._exit(run(json.loads(line)))
    print(process, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]), flush=True)
"""


class Forking:
    """Runs commands one after the other.

    Args:
        environment: Their environment variables.
    """

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._parent = subprocess.Popen(  # noqa: S603  (our own script)
            [sys.executable, "-c", SCRIPT],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            env=environment,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._parent.communicate()

    def run(self, arguments: Sequence[str], kill_when: Callable[[], bool] = lambda: False) -> int:
        """Run a command, kill it as soon as something is the case, and give its exit code."""
        assert self._parent.stdin is not None
        assert self._parent.stdout is not None
        self._parent.stdin.write(f"{json.dumps(arguments)}\n".encode())
        process = int(self._parent.stdout.readline())
        while not select.select([self._parent.stdout], [], [], 0)[0]:
            if kill_when():
                os.kill(process, signal.SIGKILL)
                break
        return int(self._parent.stdout.readline())
