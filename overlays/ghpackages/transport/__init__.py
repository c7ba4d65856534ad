"""Transports of httpx that each do one thing, and work alone around any `httpx.AsyncBaseTransport`.

`GitHubPackages` composes them: window guard ▶ retry ▶ governor ▶ redirects ▶ credentials ▶ log ▶ connections.
"""

from ._connections import PoolsTransport, connections
from ._count import RequestCount, count_requests
from ._credentials import CredentialsTransport, ForeignOriginError, Secret, Token, TokenSource, protect
from ._governor import Concurrency, Governor, GovernorTransport
from ._layer import BorrowedTransport, LateTransport
from ._limits import RateLimit, Wait
from ._log import LogTransport
from ._redirects import RedirectsTransport
from ._retry import RetryTransport
from ._window_guard import WindowGuardTransport

__all__ = [
    "BorrowedTransport",
    "Concurrency",
    "CredentialsTransport",
    "ForeignOriginError",
    "Governor",
    "GovernorTransport",
    "LateTransport",
    "LogTransport",
    "PoolsTransport",
    "RateLimit",
    "RedirectsTransport",
    "RequestCount",
    "RetryTransport",
    "Secret",
    "Token",
    "TokenSource",
    "Wait",
    "WindowGuardTransport",
    "connections",
    "count_requests",
    "protect",
]
