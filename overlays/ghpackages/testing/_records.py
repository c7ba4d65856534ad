"""What the server was asked."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from ._clock import Clock
from ._fault import Fault
from ._http import Request

__all__ = ["RecordedRequest", "Recorder"]

REQUESTS_KEPT: Final = 20_000


@dataclass(slots=True)
class RecordedRequest:
    """A request, recorded when it arrived and completed when it was answered."""

    method: str
    path: str
    """As sent: percent-encoded."""
    query: str
    headers: dict[str, str] = field(repr=False)
    """By lower-case name; of the authorization only the scheme is kept."""
    status: int = 0
    """What was answered; 0 as long as nothing is, and for ever if the connection broke before."""
    at: datetime = field(kw_only=True)
    """When it arrived, by the server's clock."""
    login: str | None = field(default=None, kw_only=True)
    """Whose token it came with: a user's, or the account that an app is installed on; None without a valid token."""
    answered_at: datetime | None = None
    """When its answer was sent or its connection broke, by the server's clock; None before."""
    in_flight: int = 1
    """How many requests, this one included, were under way when it arrived."""
    faults: tuple[Fault, ...] = field(default=(), repr=False)
    """The faults that struck it, the outermost first."""


class Recorder:
    """Records requests as they come and go; `whose` returns the login to which a request's token belongs."""

    def __init__(self, whose: Callable[[Request, datetime], str | None]) -> None:
        self._whose: Final = whose
        self.requests: Final = deque[RecordedRequest](maxlen=REQUESTS_KEPT)
        self.in_flight = 0
        self._current: RecordedRequest | None = None

    def begin(self, request: Request, clock: Clock) -> RecordedRequest:
        """Record a request that arrives."""
        self.in_flight += 1
        return self._add(request, clock, self.in_flight)

    def end(self, record: RecordedRequest, clock: Clock) -> None:
        """Record that nothing more happens to it."""
        self.in_flight -= 1
        record.answered_at = clock()

    def answering(self, record: RecordedRequest | None) -> None:
        """Note whose request the server answers next; None for one that is not recorded yet."""
        self._current = record

    def answered(self, request: Request, status: int, clock: Clock) -> None:
        """Record a request that the server has answered, unless it is recorded already."""
        if self._current is None:
            record = self._add(request, clock, self.in_flight + 1)
            record.status, record.answered_at = status, record.at

    def _add(self, request: Request, clock: Clock, in_flight: int) -> RecordedRequest:
        headers, at = _without_secret(request.headers), clock()
        login = self._whose(request, at)
        record = RecordedRequest(
            request.method, request.raw_path, request.query, headers, at=at, login=login, in_flight=in_flight
        )
        self.requests.append(record)
        return record


def _without_secret(headers: Mapping[str, str]) -> dict[str, str]:
    masked = dict(headers)
    if "authorization" in masked:
        masked["authorization"] = f"{masked['authorization'].split(' ', 1)[0]} ***"
    return masked
