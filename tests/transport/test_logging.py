"""The line that each request leaves at DEBUG."""

import logging
import re

import httpx
import pytest
from tests.transport.loopback import Asked, answer, ask, innermost, reset, serving

from ghpackages.transport._log import LogTransport


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    found = [record for record in caplog.records if record.name == "ghpackages"]
    assert {record.levelno for record in found} <= {logging.DEBUG}
    return [re.sub(r"\d+ ms", "7 ms", record.getMessage()) for record in found]


async def test_a_request_is_one_line_without_its_query(caplog: pytest.LogCaptureFixture):
    async def limited(asked: Asked) -> bytes:
        return answer(404, x_ratelimit_remaining="4987")

    async with serving(limited) as server:
        with caplog.at_level(logging.DEBUG, "ghpackages"):
            url = server.url.join("/orgs/acme/packages/npm/a%2Fb/restore?token=package-token")
            await ask(LogTransport(innermost(server.url)), url, "POST")
    assert lines(caplog) == ["POST /orgs/acme/packages/npm/a%2Fb/restore 404 in 7 ms, 4987 left"]


async def test_a_server_that_tells_no_limit_and_one_that_gives_no_answer_are_logged_too(
    caplog: pytest.LogCaptureFixture,
):
    async with serving() as server:
        with caplog.at_level(logging.DEBUG, "ghpackages"):
            await ask(LogTransport(innermost(server.url)), server.url)
            server.give = reset
            with pytest.raises(httpx.ReadError):
                await ask(LogTransport(innermost(server.url)), server.url)
    assert lines(caplog) == ["GET / 200 in 7 ms, ? left", "GET / ReadError in 7 ms, ? left"]


async def test_above_debug_there_is_no_line(caplog: pytest.LogCaptureFixture):
    async with serving() as server:
        with caplog.at_level(logging.INFO):
            await ask(LogTransport(innermost(server.url)), server.url)
    assert lines(caplog) == []
