"""Transports of httpx that each do one thing, and work alone around any `httpx.AsyncBaseTransport`."""

from ._connections import connections
from ._credentials import CredentialsTransport, Token, TokenSource
from ._window_guard import WindowGuardTransport

__all__ = ["CredentialsTransport", "Token", "TokenSource", "WindowGuardTransport", "connections"]
