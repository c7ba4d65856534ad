"""A fault: what goes wrong, with which requests, and when."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from random import Random
from types import TracebackType
from typing import Final, Self, Unpack, get_type_hints

from ._effect import Effect, Exchange, Stage
from ._http import Request
from ._pattern import Pattern, PatternOptions

__all__ = ["Chooser", "Fault", "FaultOptions", "Script"]

Chooser = Callable[[Request], Effect | None]
"""Tells the effect on a request; None is none."""

Script = Sequence[Effect | None]
"""The effects on one request after the other; None is none, as for all that come later."""


class FaultOptions(PatternOptions, total=False):
    """The keyword arguments of `Fault`, which explains each one."""

    times: int | None
    nth: int | Collection[int] | None
    every: int
    probability: float
    seed: int


class Fault:
    """An effect, a script of effects, or a function that chooses one, for certain requests.

    Which requests are meant (all of these must hold):
        method: One or several, such as "GET".
        path: The path without the query and the prefix, as sent: a pattern in which `*` is anything but a slash and
            `**` anything, or a regular expression for all of it. Remember that links lead to numeric owners.
        operation: One or several of `conflicts`, `list_packages`, `list_versions`, and `get_…`, `delete_…` and
            `restore_…` with `package` or `version`.
        owner: The login, however the path names the owner: numbers and `/user` count, too.
        package: The name of the package, not encoded.
        page: One or several.
        token: The token it is made with.
        where: Any function of the request.

    Which of them it strikes:
        times: The first so many only.
        nth: Only this one, or these, counted from 1.
        every: Only every so-manieth: with 3 the third, the sixth, …
        probability: Only so many by chance, from 0 to 1; for a `seed` always the same ones.

    Raises:
        ValueError: Something of it can't be.
    """

    def __init__(self, what: Effect | Script | Chooser, **options: Unpack[FaultOptions]) -> None:
        if unknown := options.keys() - _OPTIONS:
            raise TypeError(f"a fault has no {', '.join(sorted(unknown))}: it has {', '.join(sorted(_OPTIONS))}")
        times, nth = options.get("times"), options.get("nth")
        every, probability = options.get("every", 1), options.get("probability", 1.0)
        self._random: Final = Random(options.get("seed", 0))
        self._pattern: Final = Pattern.of(options)
        self._choose: Final = _chooser(what)
        self._numbers: Final = None if nth is None else frozenset({nth} if isinstance(nth, int) else nth)
        if every < 1 or not 0 <= probability <= 1 or (times is not None and times < 1):
            raise ValueError(f"not a number of requests: {times=}, {every=}, {probability=}")
        if self._numbers is not None and (not self._numbers or min(self._numbers) < 1):
            raise ValueError(f"requests count from 1: {nth!r}")
        self._times, self._every, self._probability = times, every, probability
        self._remove: Callable[[Fault], object] | None = None
        self.what: Final = what
        self.stage: Final = _stage(what)
        self.seen = 0
        """How many requests it was about."""
        self.hits = 0
        """How many requests it struck."""

    def __repr__(self) -> str:
        return f"<Fault {self.what!r}: {self.hits} of {self.seen}>"

    def __enter__(self) -> Self:
        """Give the fault, which is in force already."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Remove it."""
        self.remove()

    def attach(self, remove: Callable[[Fault], object]) -> None:
        """Note how to put an end to it."""
        if self._remove is not None:
            raise ValueError(f"{self!r} is in force already")
        self._remove = remove

    def remove(self) -> None:
        """Put an end to it; requests under way are not spared."""
        if self._remove is not None:
            self._remove(self)
            self._remove = None

    def strike(self, exchange: Exchange) -> Effect | None:
        """Tell the effect on a request, if any, and count."""
        what = self.what
        if not self._pattern.matches(exchange) or (isinstance(what, Effect) and not what.concerns(exchange)):
            return None
        self.seen += 1
        if not self._is_due():
            return None
        effect = self._choose(exchange.request)
        self.hits += effect is not None
        return effect

    def _is_due(self) -> bool:
        if self._times is not None and self.hits >= self._times:
            return False
        if self._numbers is not None and self.seen not in self._numbers:
            return False
        return self.seen % self._every == 0 and (self._probability == 1 or self._random.random() < self._probability)


_OPTIONS: Final = frozenset(get_type_hints(FaultOptions))


def _chooser(what: Effect | Script | Chooser) -> Chooser:
    if isinstance(what, Effect):
        return lambda _: what
    if callable(what):
        return what
    return _Steps(_script(what))


class _Steps:
    """Tells one effect after the other. No closure: that would be shared with a copy of the server."""

    def __init__(self, steps: Script) -> None:
        self._steps: Final = list(steps)

    def __call__(self, request: Request) -> Effect | None:
        return self._steps.pop(0) if self._steps else None


def _script(what: Effect | Script | Chooser) -> Script:
    """Give the effects that are known beforehand."""
    if isinstance(what, Effect) or callable(what):
        return (what,) if isinstance(what, Effect) else ()
    if not what or not all(map(_is_step, what)):
        raise ValueError(f"not a script of effects: {what!r}")
    return what


def _is_step(step: object) -> bool:
    return step is None or isinstance(step, Effect)


def _stage(what: Effect | Script | Chooser) -> Stage:
    return min((effect.stage for effect in _script(what) if effect is not None), default=Stage.REFUSAL)
