"""`ghpackages mock-server`."""

import asyncio
from pathlib import Path
from typing import Never

from attrs import frozen

from ghpackages.testing import MockGitHub, parse_fault, running

from ._exit import FAILED, USAGE, complain, explain, say
from ._output import opened

EXAMPLE = "octo-org"
"""The example organisation."""


@frozen
class ServerOptions:
    """What the mock server has, how it misbehaves, and where it listens.

    Attributes:
        host: The address.
        port: The port; 0 takes a free one.
        seed: `octo-org`, `octo-org:NUMBER`, a number or a file that was saved.
        empty: Whether it begins with nothing at all.
        orgs: Organisations without packages.
        faults: What goes wrong, as `ghpackages.testing.parse_fault` reads it.
        save: The file that everything is saved to in the end.
    """

    host: str
    port: int
    seed: str
    empty: bool
    orgs: tuple[str, ...]
    faults: tuple[str, ...]
    save: Path | None


async def serve_mock(options: ServerOptions) -> int:
    """Serve until cancelled.

    Raises:
        ValueError: An option can't be meant.
    """
    server = _seeded(options)
    for name in options.orgs:
        server.add_org(name)
    for text in options.faults:
        server.fault(parse_fault(text))
    front = bool(options.faults)  # uvicorn can't break connections
    try:
        async with running(server, host=options.host, port=options.port, front=front) as base_url:
            _introduce(server, base_url, options)
            try:
                await _forever()
            finally:
                if options.save:
                    _save(server, options.save)
    except ImportError as error:  # without uvicorn
        complain(str(error))
        return USAGE
    except OSError as error:
        complain(f"can't listen on {options.host}:{options.port}: {explain(error)}")
        return FAILED


def _seeded(options: ServerOptions) -> MockGitHub:
    if options.empty:
        return MockGitHub()
    name, _, number = options.seed.rpartition(":") if ":" in options.seed else (options.seed, "", "0")
    if options.seed.isdecimal():
        name, number = EXAMPLE, options.seed
    if name == EXAMPLE and number.isdecimal():
        return MockGitHub.octo_org(seed=int(number))
    try:
        return MockGitHub.load(Path(options.seed))
    except OSError as error:
        expected = "expected octo-org, octo-org:NUMBER or a file that --save wrote"
        raise ValueError(f"can't seed with {options.seed}: {explain(error)}; {expected}") from error


def _save(server: MockGitHub, file: Path) -> None:
    try:
        with opened(file) as out:
            server.save(out)
    except (OSError, ValueError) as error:
        complain(f"can't save to {file}: {explain(error)}")
    else:
        say(f"Saved to {file}")


def _introduce(server: MockGitHub, base_url: str, options: ServerOptions) -> None:
    known = [owner.login for owner in server.owners if owner.type == "Organization"]
    owner = next(iter([*options.orgs, *sorted(known, key=lambda login: login != EXAMPLE), "@me"]))
    say(f"Base URL: {base_url}")
    say(f"Token: {server.token}")
    say(f"Try: GITHUB_API_URL={base_url} GH_TOKEN={server.token} ghpackages audit {owner}")
    say("Stop it with Ctrl-C.")


async def _forever() -> Never:
    while True:
        await asyncio.Event().wait()
