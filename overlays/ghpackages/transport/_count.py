"""How many requests something costs."""

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar

from attrs import define

_COUNTS: ContextVar[tuple["RequestCount", ...]] = ContextVar("ghpackages request counts", default=())


@define
class RequestCount:
    """A count that grows.

    Attributes:
        requests: How many requests were sent, repetitions and redirections included.
    """

    requests: int = 0


@contextmanager
def count_requests() -> Generator[RequestCount, None, None]:
    """Count the requests that are sent within this block, and by tasks that are started within it.

    with count_requests() as count:
        await github.org("acme").packages("npm").collect()
    print(count.requests)
    """
    count = RequestCount()
    token = _COUNTS.set((*_COUNTS.get(), count))
    try:
        yield count
    finally:
        _COUNTS.reset(token)


def count_one() -> None:
    """Count a request that is sent now."""
    for count in _COUNTS.get():
        count.requests += 1
