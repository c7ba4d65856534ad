"""Tests here run on a virtual clock, on which the waits before another attempt take no time."""

import asyncio
from collections.abc import Callable, Mapping

import pytest
from tests.transport.virtual_clock import VirtualClockLoop


def pytest_asyncio_loop_factories(
    config: pytest.Config, item: pytest.Item
) -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    uses_sockets = item.path.name == "test_proxies.py"
    return {"real clock": asyncio.new_event_loop} if uses_sockets else {"virtual clock": VirtualClockLoop}
