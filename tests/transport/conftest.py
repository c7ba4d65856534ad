"""Which clock a test runs on: those of the whole stack over real sockets on one that is in a hurry."""

import asyncio
import gc
import logging
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from typing import Any

import pytest
from tests.transport.loopback import Server, serving
from tests.transport.virtual_clock import HurriedLoop


def pytest_asyncio_loop_factories(
    config: pytest.Config, item: pytest.Item
) -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    if item.path.name in {"test_body.py", "test_leaks.py"}:
        return {"hurried clock": HurriedLoop}
    return {"real clock": asyncio.new_event_loop}


@pytest.fixture(scope="module")
def quick_gc() -> Iterator[None]:
    """What was there before is not looked at again by each of many collections."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.fixture(params=[False, True], ids=["httpx", "fast"])
async def server(request: pytest.FixtureRequest) -> AsyncIterator[Server]:
    """A server for either kind of connections."""
    if request.param:
        pytest.importorskip("aiohttp", reason="the extra fast is not installed")
    async with serving() as running:
        running.fast = request.param
        yield running


@pytest.fixture
async def quiet(caplog: pytest.LogCaptureFixture) -> AsyncIterator[None]:
    """Nothing is repeated, and the event loop has nothing to report, not even of what is dropped."""
    reports: list[dict[str, Any]] = []
    caplog.set_level(logging.WARNING, "ghpackages")
    asyncio.get_running_loop().set_exception_handler(lambda _, context: reports.append(context))
    yield
    gc.collect()
    await asyncio.sleep(0)
    assert reports == []
    assert [record.getMessage() for record in caplog.records if record.name == "ghpackages"] == []
