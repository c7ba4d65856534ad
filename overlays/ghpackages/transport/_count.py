"""How many requests something costs."""

from collections.abc import Generator
from contextlib import contextmanager, suppress
from contextvars import ContextVar

from attrs import define, field

_COUNTS: ContextVar[tuple["RequestCount", ...]] = ContextVar("ghpackages request counts", default=())


@define
class RequestCount:
    """A count that grows.

    Attributes:
        requests: How many requests were sent, repetitions and redirections included.
        is_open: Whether it still counts.
    """

    requests: int = 0
    is_open: bool = field(default=True, init=False, repr=False, eq=False)


@contextmanager
def count_requests() -> Generator[RequestCount, None, None]:
    """Count the requests that are sent within this block, and by tasks that are started within it.

    with count_requests() as count:
        await github.org("acme").packages("npm").collect()
    print(count.requests)
    """
    count = RequestCount()
    token = _COUNTS.set((*(each for each in _COUNTS.get() if each.is_open), count))
    try:
        yield count
    finally:
        count.is_open = False
        with suppress(ValueError):  # in an asynchronous generator that is closed in another context
            _COUNTS.reset(token)


def count_one() -> None:
    """Count a request that is sent now."""
    for count in _COUNTS.get():
        if count.is_open:
            count.requests += 1
