"""Which clock a test runs on: those of the whole stack over real sockets on one that is in a hurry."""

import asyncio
from collections.abc import Callable, Mapping

import pytest
from tests.transport.virtual_clock import HurriedLoop


def pytest_asyncio_loop_factories(
    config: pytest.Config, item: pytest.Item
) -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    if item.path.name == "test_leaks.py":
        return {"hurried clock": HurriedLoop}
    return {"real clock": asyncio.new_event_loop}
