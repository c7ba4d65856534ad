"""What stands between the connection and the rules: it delays, loses and spoils answers."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final, Unpack

from ._effect import Effect, Exchange, Reply
from ._fault import Chooser, Fault, FaultOptions, Script
from ._http import Request, Response
from ._records import RecordedRequest, Recorder
from ._world import World

__all__ = ["FaultLayer"]


class FaultLayer:
    """The faults in force, in order of their stages and, within one, of their addition: the outermost first."""

    def __init__(self, recorder: Recorder, handle: Callable[[Request], Response]) -> None:
        self._recorder: Final = recorder
        self._handle: Final = handle
        self.faults: tuple[Fault, ...] = ()

    def add(self, what: Fault | Effect | Script | Chooser, **options: Unpack[FaultOptions]) -> Fault:
        """Put a fault in force, or one that is made of an effect."""
        if isinstance(what, Fault) and options:
            raise ValueError("a fault that exists takes no options")
        fault = what if isinstance(what, Fault) else Fault(what, **options)
        fault.attach(self.remove)
        self.faults = tuple(sorted((*self.faults, fault), key=lambda one: one.stage))
        return fault

    def remove(self, fault: Fault) -> None:
        """Put an end to a fault."""
        self.faults = tuple(one for one in self.faults if one is not fault)

    def clear(self) -> None:
        """Put an end to all of them."""
        for fault in self.faults:
            fault.remove()

    async def answer(self, request: Request, world: World, record: RecordedRequest) -> Reply:
        """Answer a request as the faults want it."""
        if not self.faults:
            return Reply(self._served(request, record))
        return await self._through(self.faults, Exchange(request, world), record)

    async def _through(self, faults: tuple[Fault, ...], exchange: Exchange, record: RecordedRequest) -> Reply:
        # A fault counts a request when it gets so far: what an outer one keeps away is not its business.
        for index, fault in enumerate(faults):
            effect = fault.strike(exchange)
            if effect is not None:
                record.faults += (fault,)
                return await effect.apply(exchange, partial(self._through, faults[index + 1 :], exchange, record))
        return Reply(self._served(exchange.request, record))

    def _served(self, request: Request, record: RecordedRequest) -> Response:
        self._recorder.answering(record)
        try:
            return self._handle(request)
        finally:
            self._recorder.answering(None)
