"""What a request belongs to: a flow, which takes turns with others, and an operation, whose waits are summed up.

The governor lets flows go in turn, so that a listing of a thousand pages does not hold up what comes after it.
"""

from collections.abc import Generator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import TypeVar

from attrs import define

T = TypeVar("T")


@define(eq=False)
class Flow:
    """Something that makes many requests.

    Attributes:
        turn: The turn of its last request, in the governor's count.
    """

    turn: int = 0


FLOW: ContextVar[Flow | None] = ContextVar("ghpackages flow", default=None)
"""The flow that a request belongs to; without one it takes the next turn."""


@define(eq=False)
class Waits:
    """How long an operation has waited in governors, with all its attempts and redirects, and all pieces of a page.

    Attributes:
        limits: Seconds for rate limits, which `max_wait` bounds.
        total: Seconds for rate limits, and for its turn among the other requests of this program.
        sent: When its last request was sent, by the governor's clock.
    """

    limits: float = 0.0
    total: float = 0.0
    sent: float | None = None


WAITS = "ghpackages.waits"
"""The extension of a request that holds its `Waits`."""

_PAGE: ContextVar[Waits | None] = ContextVar("ghpackages page", default=None)


@contextmanager
def one_operation() -> Generator[None, None, None]:
    """Sum up the waits of all requests within this block."""
    with _within(_PAGE, Waits()):
        yield


@contextmanager
def apart() -> Generator[None, None, None]:
    """Let all requests within this block, and those of tasks that are started there, belong to nothing."""
    with _within(_PAGE, None), _within(FLOW, None):
        yield


@contextmanager
def _within(variable: ContextVar[T], value: T) -> Generator[None, None, None]:
    token = variable.set(value)
    try:
        yield
    finally:
        with suppress(ValueError):  # a coroutine that is closed in another context
            variable.reset(token)


def new_waits() -> Waits:
    """Return the waits of the operation that the next request belongs to."""
    return _PAGE.get() or Waits()
