"""What a fault does to an exchange of request and answer: the frame that all effects share."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from functools import cached_property
from typing import Final

from ._auth import Token
from ._http import Request, Response
from ._routes import Route, resolve
from ._state import MockOwner
from ._world import World

__all__ = ["Change", "Disconnected", "Effect", "Exchange", "InTurn", "Proceed", "Refusal", "Reply", "Stage"]


class Stage(IntEnum):
    """How far out an effect is: the outer ones, with lower numbers, see the request first and the answer last."""

    WIRE = 0
    """How an answer is sent, whichever it is."""
    LIMITS = 1
    DELAY = 2
    REFUSAL = 3
    """Another answer, or none."""
    BODY = 4
    """The bytes of the server's own answer."""
    CONTENT = 5
    """What these bytes mean."""
    SERVER = 6
    """What the server knows."""


class Disconnected(Exception):  # noqa: N818  (a signal that never gets out)
    """Nothing is answered: the connection ends."""

    def __init__(self, *, reset: bool) -> None:
        super().__init__("reset" if reset else "closed")
        self.reset: Final = reset


@dataclass(slots=True)
class Reply:
    """An answer, and how it is sent."""

    response: Response
    share: float = 1.0
    """How much of the body is sent, from 0 to 1, before the connection ends."""
    reset: bool = False
    """Whether an answer that is not sent whole ends in a reset, and not orderly."""
    piece: int | None = None
    """The size of the pieces that the body is sent in, in bytes."""
    pause: float = 0.0
    """The seconds between two pieces."""


Proceed = Callable[[], Awaitable[Reply]]
"""Lets a request go on, through further effects and to the server."""


@dataclass
class Exchange:
    """A request on its way to the server."""

    request: Request
    _world: World = field(repr=False)

    @property
    def now(self) -> datetime:
        """What the server's clock says, not rounded to seconds."""
        return self._world.inventory.clock()

    @cached_property
    def path(self) -> str:
        """The path as sent, without the query and the server's prefix."""
        return self.request.raw_path.removeprefix(self._world.behaviour.prefix)

    @cached_property
    def route(self) -> Route | None:
        """The operation that is asked for; None if there is no such path."""
        return resolve(self.request.method, self.path)

    @property
    def is_list(self) -> bool:
        """Tell whether a page of packages or versions is asked for."""
        return self.route is not None and self.route.action in {"list_packages", "list_versions"}

    @cached_property
    def secret(self) -> str:
        """The token as it was sent, or nothing."""
        return self.request.headers.get("authorization", "").partition(" ")[2].strip()

    @cached_property
    def token(self) -> Token | None:
        """The token that the server knows under this name."""
        return self._world.tokens.get(self.secret)

    @cached_property
    def owner(self) -> MockOwner | None:
        """Whom the path names, by login, former login, number or token."""
        if self.route is None:
            return None
        ref = self.route.owner
        if ref.kind == "me":
            return self.token.account if self.token else None
        inventory, login = self._world.inventory, ref.login.lower()
        if ref.number:
            return inventory.by_id.get(ref.number)
        return inventory.owners.get(login) or inventory.former.get(login)


class Effect(ABC):
    """What happens to a request or its answer. Derive from it for effects of your own."""

    stage: Stage = Stage.REFUSAL

    def concerns(self, exchange: Exchange) -> bool:
        """Tell whether it can do anything to a request; what it can't do anything to is not counted."""
        return True

    @abstractmethod
    async def apply(self, exchange: Exchange, proceed: Proceed) -> Reply:
        """Give the answer; `proceed` has that of the server, which acts when it is called."""


class Refusal(Effect):
    """Another answer than the server's, which acted nevertheless or never saw the request."""

    took_effect: bool = False

    async def apply(self, exchange: Exchange, proceed: Proceed) -> Reply:
        """Give the other answer."""
        if self.took_effect:
            await proceed()
        return Reply(self.answer(exchange))

    @abstractmethod
    def answer(self, exchange: Exchange) -> Response:
        """Give the other answer."""


class Change(Effect):
    """The server's answer, changed.

    `function` gets the request and the answer; it changes the answer or gives another one.
    """

    stage = Stage.CONTENT

    def __init__(self, function: Callable[[Request, Response], Response | None]) -> None:
        self._function: Final = function

    async def apply(self, exchange: Exchange, proceed: Proceed) -> Reply:
        """Change the answer."""
        reply = await proceed()
        reply.response = self.change(exchange, reply.response)
        return reply

    def change(self, exchange: Exchange, response: Response) -> Response:
        """Change the answer."""
        return self._function(exchange.request, response) or response


class InTurn(Effect):
    """Several effects on the same request, the outermost first."""

    def __init__(self, *effects: Effect) -> None:
        if not effects:
            raise ValueError("there must be at least one effect")
        self.effects: Final = effects
        self.stage = effects[0].stage

    def __repr__(self) -> str:
        return f"InTurn({', '.join(map(repr, self.effects))})"

    async def apply(self, exchange: Exchange, proceed: Proceed) -> Reply:
        """Let each wrap the next."""
        for effect in reversed(self.effects):
            proceed = _wrapped(effect, exchange, proceed)
        return await proceed()


def _wrapped(effect: Effect, exchange: Exchange, proceed: Proceed) -> Proceed:
    return lambda: effect.apply(exchange, proceed)
