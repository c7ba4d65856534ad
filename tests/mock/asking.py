"""Clients for tests that have no fixtures: those on a clock of their own, and those over sockets."""

from __future__ import annotations

import httpx

from ghpackages.testing import MockGitHub

API = "https://api.github.com"


def in_process(server: MockGitHub) -> httpx.AsyncClient:
    """A client without a connection."""
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=server), base_url=API, headers=signed(server))


def over(base_url: str, server: MockGitHub) -> httpx.AsyncClient:
    """A client with connections."""
    return httpx.AsyncClient(base_url=base_url, headers=signed(server), trust_env=False)


def signed(server: MockGitHub) -> dict[str, str]:
    """The header with the server's token."""
    return {"Authorization": f"Bearer {server.token}"}
