"""Whose requests take turns: a flow is what asks for much, such as a listing with its pages.

The governor lets flows go in turn, so that a listing of a thousand pages does not hold up what comes after it.
"""

from contextvars import ContextVar

from attrs import define


@define(eq=False)
class Flow:
    """Something that makes many requests.

    Attributes:
        turn: The turn of its last request, in the governor's count.
    """

    turn: int = 0


FLOW: ContextVar[Flow | None] = ContextVar("ghpackages flow", default=None)
"""The flow that a request belongs to; without one it takes the next turn."""
