"""`python -m tests.conformance.fuzz`: schemathesis, with our document, against the running mock server.

Exit code 0 if it finds nothing and each operation was met with success and refusal; 1 otherwise.
"""

from __future__ import annotations

import asyncio
import os
import re
import sys
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, Unpack

from ghpackages.testing import MockGitHub, MockOptions, running

from .__main__ import OURS
from .description import OPERATIONS
from .fuzz_data import example

__all__ = ["main"]

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

CHECKS: Final = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
)
MAX_EXAMPLES: Final = 250


class UndoingServer(MockGitHub):
    """Counts what it answers, and undoes every change, so that the example stays as it is."""

    def __init__(self, **options: Unpack[MockOptions]) -> None:
        super().__init__(**options)
        self.seen: Final = Counter[tuple[str, int]]()
        """Operation and status; requests that are none of the 27 count as one without a name."""

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer a request."""
        statuses: list[int] = []

        async def watched(message: Message) -> None:
            statuses.extend([message["status"]] if "status" in message else [])
            await send(message)

        await super().__call__(scope, receive, watched)
        for status in statuses:
            self.seen[_operation(scope), status] += 1
            if status == 204 and scope["method"] in {"DELETE", "POST"}:
                await super().__call__(_inverse(scope), _no_body, _ignore)


def _operation(scope: Message) -> str:
    path = scope["raw_path"].decode("latin-1").partition("?")[0]
    for name, (method, template) in OPERATIONS.items():
        pattern = re.escape(template).replace(re.escape("{}"), "[^/]+")
        if scope["method"] == method.upper() and re.fullmatch(pattern, path):
            return name
    return ""


def _inverse(scope: Message) -> Message:
    path: bytes = scope["raw_path"].partition(b"?")[0]
    deleted = scope["method"] == "DELETE"
    raw_path = path + b"/restore" if deleted else path.removesuffix(b"/restore")
    return {**scope, "method": "POST" if deleted else "DELETE", "raw_path": raw_path, "query_string": b""}


async def _no_body() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}


async def _ignore(message: Message) -> None:
    pass


async def _schemathesis(document: Path, url: str, token: str, max_examples: int) -> int:
    """Run it in a folder of its own, because it leaves files."""
    options = [
        *("--url", url, "--header", f"Authorization: Bearer {token}", "--checks", ",".join(CHECKS)),
        *("--mode", "all", "--phases", "coverage,fuzzing,stateful", "--workers", "1", "--request-timeout", "30"),
        *("--max-examples", str(max_examples), "--generation-deterministic", "--continue-on-failure"),
        *("--warnings", "off"),
    ]
    paths = [str(Path(__file__).parents[2]), *filter(None, sys.path)]
    hooks = {"SCHEMATHESIS_HOOKS": "tests.conformance.fuzz_data", "PYTHONPATH": os.pathsep.join(paths)}
    program = [str(Path(sys.executable).parent / "schemathesis"), "--no-color", "run", str(document), *options]
    with TemporaryDirectory() as folder:
        process = await asyncio.create_subprocess_exec(*program, cwd=folder, env={**os.environ, **hooks})
        return await process.wait()


def _judge(seen: Counter[tuple[str, int]]) -> Iterator[str]:
    """Name the operations that were not really tested."""
    succeeded = {name for name, status in seen if status in {200, 204}}
    refused = {name for name, status in seen if 400 <= status < 500}
    for what, names in (("Never met with success", succeeded), ("Never met with a refusal", refused)):
        if missing := OPERATIONS.keys() - names:
            yield f"{what}: {', '.join(sorted(missing))}"


async def main(max_examples: int = MAX_EXAMPLES, *, document: Path = OURS) -> int:
    """Fuzz, and say how thoroughly."""
    server = example(UndoingServer)
    async with running(server) as url:
        code = await _schemathesis(document, url, server.token, max_examples)
    print(f"\n{server.seen.total()} requests, by operation and answer:")
    for name in OPERATIONS:
        counts = sorted((status, number) for (operation, status), number in server.seen.items() if operation == name)
        print(f"  {name:54} " + "  ".join(f"{status}: {number}" for status, number in counts))
    problems = list(_judge(server.seen))
    print("\n".join(problems))
    return 1 if code or problems else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main(*map(int, sys.argv[1:2]))))
