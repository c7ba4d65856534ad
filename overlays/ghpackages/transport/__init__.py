"""Transports of httpx that each do one thing, and work alone around any `httpx.AsyncBaseTransport`.

`GitHubPackages` composes them: event loop ▶ window guard ▶ retry ▶ redirects ▶ authentication ▶ governor ▶
signing ▶ log ▶ connections.
"""

from ._clock import Clock, SkippingClock
from ._connections import PoolsTransport, connections
from ._count import RequestCount, count_requests
from ._credentials import (
    AuthenticationTransport,
    Credentials,
    ForeignOriginError,
    Secret,
    SigningTransport,
    Token,
    TokenSource,
    TokenSourceError,
    protect,
)
from ._governor import Concurrency, Governor, GovernorTransport
from ._layer import BorrowedTransport
from ._limits import RateLimit, Wait
from ._log import LogTransport
from ._loop import Home, LateTransport, LoopTransport
from ._redirects import RedirectsTransport
from ._retry import RetryTransport
from ._window_guard import WindowGuardTransport

__all__ = [
    "AuthenticationTransport",
    "BorrowedTransport",
    "Clock",
    "Concurrency",
    "Credentials",
    "ForeignOriginError",
    "Governor",
    "GovernorTransport",
    "Home",
    "LateTransport",
    "LogTransport",
    "LoopTransport",
    "PoolsTransport",
    "RateLimit",
    "RedirectsTransport",
    "RequestCount",
    "RetryTransport",
    "Secret",
    "SigningTransport",
    "SkippingClock",
    "Token",
    "TokenSource",
    "TokenSourceError",
    "Wait",
    "WindowGuardTransport",
    "connections",
    "count_requests",
    "protect",
]
