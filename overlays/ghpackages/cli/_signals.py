"""Running a command: it ends early, and cleanly, on a signal or when nobody reads its output any more."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, Never

from ._exit import CLOSED_PIPE


def discard_output() -> None:
    """Let the flush at the end of the process go nowhere.

    Source: https://docs.python.org/3/library/signal.html#note-on-sigpipe
    """
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):
        return


def run_async(command: Coroutine[Any, Any, int]) -> int:
    """Run a command until it is done or a signal cancels it; then the code is 128 and the signal's number."""
    try:
        with asyncio.Runner() as runner:
            code = runner.run(_until_signal(command))
            sys.stdout.flush()
            return code
    except BrokenPipeError:  # before typer sees it, which would exit with 1
        discard_output()
        return CLOSED_PIPE


async def _until_signal(command: Coroutine[Any, Any, int]) -> int:
    loop = asyncio.get_running_loop()
    task = asyncio.ensure_future(command)
    received: list[int] = []

    def stop(number: int) -> None:
        received.append(number)
        task.cancel()

    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(number, stop, number)
        except (NotImplementedError, RuntimeError, ValueError):  # Windows, or not the main thread
            continue
    try:
        return await task
    except asyncio.CancelledError:
        if received:
            return 128 + received[0]
        raise


class _Terminated(BaseException):
    """SIGTERM came."""


def run(command: Callable[[], int]) -> int:
    """Run a command that waits for nothing; signals end it as they end others, and what it wrote is removed."""

    def stop(number: int, frame: object) -> Never:
        raise _Terminated

    before: Any = signal.SIG_DFL
    with suppress(ValueError):  # not the main thread
        before = signal.signal(signal.SIGTERM, stop)
    try:
        code = command()
        sys.stdout.flush()
    except _Terminated:
        return 128 + signal.SIGTERM
    except BrokenPipeError:
        discard_output()
        return CLOSED_PIPE
    finally:
        with suppress(ValueError):
            signal.signal(signal.SIGTERM, before)
    return code
