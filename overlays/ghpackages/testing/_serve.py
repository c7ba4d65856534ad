"""Serving an application on a socket, through uvicorn or through a front of our own."""

from __future__ import annotations

import asyncio
import socket
import sys
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Final

from ._app import MockGitHub
from ._front import front as front_of

if TYPE_CHECKING:
    import uvicorn

__all__ = ["running", "serve"]

BACKLOG: Final = 2048


async def serve(
    server: MockGitHub,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    front: bool = False,
    on_ready: Callable[[str], object] | None = None,
) -> None:
    """Serve until interrupted; port 0 takes a free one. `on_ready` is told the base URL once clients can connect.

    `front` is as for `running`.
    """
    if front:
        async with running(server, host=host, port=port, front=True) as base_url:
            if on_ready is not None:
                on_ready(base_url)
            await asyncio.Event().wait()
    runner = _runner(server)
    with _listening(host, port) as listener:
        if on_ready is not None:
            on_ready(_base_url(server, listener))
        await runner.serve(sockets=[listener])


@asynccontextmanager
async def running(
    server: MockGitHub, *, host: str = "127.0.0.1", port: int = 0, front: bool = False
) -> AsyncGenerator[str, None]:
    """Serve in the background of the running event loop, and give the base URL.

    With `front` not uvicorn serves but a small server of our own: only that one can reset and close connections as
    faults demand, and it needs nothing installed.
    """
    runner = None if front else _runner(server, signals=False)
    with _listening(host, port) as listener:
        if runner is None:
            async with front_of(server, listener):
                yield _base_url(server, listener)
            return
        # No task group: a pytest fixture may be left by another task than entered it.
        task = asyncio.create_task(runner.serve(sockets=[listener]))
        try:
            yield _base_url(server, listener)
        finally:
            runner.should_exit = True
            await task


def _runner(server: MockGitHub, *, signals: bool = True) -> uvicorn.Server:
    try:
        import uvicorn
    except ImportError as error:
        raise ImportError('Serving without front=True needs uvicorn: pip install "ghpackages[cli]"') from error

    class QuietServer(uvicorn.Server):
        """Leaves signals alone: they belong to whoever runs the event loop."""

        @contextmanager
        def capture_signals(self) -> Generator[None, None, None]:
            yield

    config = uvicorn.Config(
        server,
        access_log=False,
        date_header=False,
        lifespan="off",
        log_level="warning",
        server_header=False,
        timeout_keep_alive=75,
        ws="none",
    )
    return uvicorn.Server(config) if signals else QuietServer(config)


def _listening(host: str, port: int) -> socket.socket:
    """Listen at once, so that nobody needs to wait for uvicorn: early connections queue up."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio switches off Nagle's algorithm, which costs 40 ms an answer, only if the protocol is named.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if sys.platform != "win32":  # there, a port in use could be used again
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener


def _base_url(server: MockGitHub, listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    address = f"[{host}]" if ":" in host else host
    return f"http://{address}:{port}{server.behaviour.prefix}"
