"""`ghpackages mock-server`."""

import asyncio
from typing import Never

from attrs import frozen

from ghpackages.testing import MockGitHub, running

from ._exit import FAILED, USAGE, complain, explain, say


@frozen
class ServerOptions:
    """What the mock server has, and where it listens."""

    host: str
    port: int
    seed: int
    empty: bool
    orgs: tuple[str, ...]


async def serve_mock(options: ServerOptions) -> int:
    """Serve until cancelled."""
    server = MockGitHub() if options.empty else MockGitHub.octo_org(seed=options.seed)
    for name in options.orgs:
        server.add_org(name)
    try:
        async with running(server, host=options.host, port=options.port) as base_url:
            _introduce(server, base_url, options)
            await _forever()
    except ImportError as error:  # without uvicorn
        complain(str(error))
        return USAGE
    except OSError as error:
        complain(f"can't listen on {options.host}:{options.port}: {explain(error)}")
        return FAILED


def _introduce(server: MockGitHub, base_url: str, options: ServerOptions) -> None:
    owner = "@me" if options.empty and not options.orgs else (options.orgs or ("octo-org",))[0]
    say(f"Base URL: {base_url}")
    say(f"Token: {server.token}")
    say(f"Try: GITHUB_API_URL={base_url} GH_TOKEN={server.token} ghpackages audit {owner}")
    say("Stop it with Ctrl-C.")


async def _forever() -> Never:
    while True:
        await asyncio.Event().wait()
