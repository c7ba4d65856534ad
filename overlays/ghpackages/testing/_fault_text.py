"""Faults as text, for command lines."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Final, Literal, cast

from ._effect import Effect
from ._effects_answer import Status
from ._effects_content import (
    BrokenGzip,
    Link,
    MissingFields,
    NoLink,
    NoRateHeaders,
    NullFields,
    OddItem,
    PartialResults,
    TruncatedBody,
    UnknownEnums,
    UnknownFields,
)
from ._effects_limits import Limits, PrimaryRefusal, RetryAfter, SecondaryRefusal
from ._effects_stale import StaleLists
from ._effects_wire import Drip, HangUp, Latency, Reset
from ._fault import Fault, FaultOptions
from ._pattern import METHODS

__all__ = ["parse_fault"]

PLUS_MINUS: Final = re.compile(r"±|\+-")


def parse_fault(text: str) -> Fault:
    """Make a fault of a text: what goes wrong, then with which requests and when, all separated by colons.

    `502:GET:/orgs/*/packages:times=2`, `latency=0.2±0.1`, `reset:p=0.01`, `missing=repository:operation=list_packages`

    What goes wrong, `[ ]` being optional:

    - `STATUS` (400 to 599), `latency=SECONDS[±JITTER]`, `reset[=PART]`, `hang-up[=PART]`, `drip[=BYTES/SECONDS]`
    - `truncated[=PART]`, `broken-gzip`, `no-rate-headers`, `unknown-enums`, `unknown-fields`, `missing=FIELD,…`,
      `null=FIELD,…`, `null-item[=INDEX]`, `partial-results=ORGANIZATION-ID,…`, `stale[=SECONDS]`
    - `no-link`, `no-next-link`, `no-last-link`, `link-loop`, `link-host=HOST`
    - `primary-limit[=SECONDS]`, `secondary-limit[=SECONDS]`, `limits[=POINTS]`

    `PART` is how much of the body is sent, from 0 to 1. The limits take `status=403` or `429`, and
    `retry-after=seconds`, `date` or `absent`. With `took-effect`, a status, a latency, `reset` and `hang-up` come after
    the server has acted.

    With which requests: methods (`GET,HEAD`), a path that begins with a slash or a star, `operation=…,…`, `owner=…`,
    `package=…`, `page=…,…`. When: `times=…`, `nth=…,…`, `every=…`, `p=…`, `seed=…`. They mean what they do in `Fault`.

    Raises:
        ValueError: The text can't be meant; the message says why, in one line.
    """
    try:
        return _parsed(text)
    except ValueError as error:
        raise ValueError(f"{text!r} is no fault: {error}") from None


def _parsed(text: str) -> Fault:
    kind, *parts = text.strip().split(":")
    name, _, argument = kind.partition("=")
    given = _Given(name, argument)
    options = FaultOptions()
    for part in parts:
        _add(part, given, options)
    return Fault(given.effect(), **options)


class _Given:
    """What is said of an effect."""

    def __init__(self, name: str, argument: str) -> None:
        self.name: Final = name
        self.argument: Final = argument
        self.options: Final[dict[str, str]] = {}

    def effect(self) -> Effect:
        """Make the effect, for which everything must be of use."""
        if not self.argument and f"{self.name}=" in _EFFECTS:
            raise ValueError(f"{self.name} needs a value: {self.name}=…")
        make = _EFFECTS.get(self.name) or _EFFECTS.get(f"{self.name}=") or _status_of(self.name)
        if self.argument and self.name not in _WITH_ARGUMENT:
            raise ValueError(f"{self.name} takes no value")
        made = make(self)
        if self.options:
            raise ValueError(f"{self.name} has no {', '.join(self.options)}")
        return made

    def number(self, default: float) -> float:
        """Read the argument."""
        return float(self.argument) if self.argument else default

    def optional(self) -> float | None:
        """Read the argument, which may be missing."""
        return float(self.argument) if self.argument else None

    def names(self) -> list[str]:
        """Read the argument as a list."""
        return self.argument.split(",")

    def took_effect(self) -> bool:
        """Tell whether the server has acted before."""
        return self.options.pop("took-effect", None) is not None

    def status(self) -> Literal[403, 429]:
        """Read the status of a limit."""
        return cast(Literal[403, 429], int(self.options.pop("status", "403")))

    def retry_after(self, default: RetryAfter) -> RetryAfter:
        """Read the form of Retry-After."""
        return cast(RetryAfter, self.options.pop("retry-after", default))


def _status_of(name: str) -> Callable[[_Given], Effect]:
    if not name.isascii() or not name.isdecimal():
        known = ", ".join(sorted(each.rstrip("=") for each in _EFFECTS))
        raise ValueError(f"unknown kind {name!r}: expected the status of an error, {known}")
    return lambda given: Status(int(name), took_effect=given.took_effect())


def _latency(given: _Given) -> Effect:
    seconds, jitter, *_ = (*PLUS_MINUS.split(given.argument, maxsplit=1), "0")
    return Latency(float(seconds), jitter=float(jitter), took_effect=given.took_effect())


def _drip(given: _Given) -> Effect:
    size, slash, pause = given.argument.partition("/")
    if given.argument and not slash:
        raise ValueError("a drip is BYTES/SECONDS")
    return Drip(int(size), float(pause)) if slash else Drip()


def _broken(kind: type[Reset | HangUp], given: _Given) -> Effect:
    return kind(given.optional(), took_effect=given.took_effect())


def _primary(given: _Given) -> Effect:
    return PrimaryRefusal(given.optional(), given.status(), retry_after=given.retry_after("absent"))


def _secondary(given: _Given) -> Effect:
    return SecondaryRefusal(given.number(60.0), given.status(), retry_after=given.retry_after("seconds"))


def _limits(given: _Given) -> Effect:
    points = int(given.argument) if given.argument else 900
    return Limits(points=points, status=given.status(), retry_after=given.retry_after("seconds"))


_EFFECTS: Final[dict[str, Callable[[_Given], Effect]]] = {
    "broken-gzip": lambda _: BrokenGzip(),
    "drip": _drip,
    "hang-up": partial(_broken, HangUp),
    "latency=": _latency,
    "limits": _limits,
    "link-host=": lambda given: Link(origin=f"https://{given.argument}"),
    "link-loop": lambda _: Link(next=lambda page: page),
    "missing=": lambda given: MissingFields(*given.names()),
    "no-last-link": lambda _: Link(last=None),
    "no-link": lambda _: NoLink(),
    "no-next-link": lambda _: Link(next=None),
    "no-rate-headers": lambda _: NoRateHeaders(),
    "null=": lambda given: NullFields(*given.names()),
    "null-item": lambda given: OddItem(item=int(given.argument or 0)),
    "partial-results=": lambda given: PartialResults(*map(int, given.names())),
    "primary-limit": _primary,
    "reset": partial(_broken, Reset),
    "secondary-limit": _secondary,
    "stale": lambda given: StaleLists(given.optional()),
    "truncated": lambda given: TruncatedBody(given.number(0.5)),
    "unknown-enums": lambda _: UnknownEnums(),
    "unknown-fields": lambda _: UnknownFields(),
}
"""By name; one that ends in `=` needs a value."""

_WITH_ARGUMENT: Final = {
    *("drip", "hang-up", "limits", "null-item", "primary-limit", "reset", "secondary-limit", "stale", "truncated"),
    *(name[:-1] for name in _EFFECTS if name.endswith("=")),
}


def _add(part: str, given: _Given, options: FaultOptions) -> None:
    name, equals, value = part.partition("=")
    if part.startswith(("/", "*")):
        options["path"] = part
    elif not equals and set(methods := part.split(",")) <= METHODS:
        options["method"] = methods
    elif part == "took-effect" or (equals and name in {"status", "retry-after"}):
        given.options[name] = value
    elif equals and name in _OPTIONS:
        options.update(_OPTIONS[name](value))
    else:
        raise ValueError(f"unknown part {part!r}: expected methods, a path, took-effect, or one of {_names()}")


def _names() -> str:
    return ", ".join(f"{name}=" for name in [*_OPTIONS, "status", "retry-after"])


def _numbers(value: str) -> list[int]:
    return [int(number) for number in value.split(",")]


_OPTIONS: Final[dict[str, Callable[[str], FaultOptions]]] = {
    "operation": lambda value: {"operation": value.split(",")},
    "owner": lambda value: {"owner": value},
    "package": lambda value: {"package": value},
    "page": lambda value: {"page": _numbers(value)},
    "times": lambda value: {"times": int(value)},
    "nth": lambda value: {"nth": _numbers(value)},
    "every": lambda value: {"every": int(value)},
    "p": lambda value: {"probability": float(value)},
    "seed": lambda value: {"seed": int(value)},
}
