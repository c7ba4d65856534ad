"""The pytest plugin of ghpackages: a mock of GitHub Packages, and a client on it, for tests of your own code.

It imports nothing but pytest until a fixture is used, so that it costs nothing where it is installed and not needed.
For the same reason it is not a module of `ghpackages.testing`, which imports the mock server.
All fixtures are synchronous: pytest-asyncio and anyio both work.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from ghpackages import GitHubPackages
    from ghpackages.testing import MockClock, MockGitHub


@pytest.fixture
def mock_clock() -> MockClock:
    """The clock of `mock_github`: it stands still until `now` is set, `advance` called, or `github_packages` pauses."""
    from ghpackages.testing import MockClock

    return MockClock()


@pytest.fixture
def mock_github(mock_clock: MockClock) -> MockGitHub:
    """A server that holds nothing but its user `octocat`, whose `token` may do everything; it needs no port."""
    from ghpackages.testing import MockGitHub

    return MockGitHub(clock=mock_clock)


@pytest.fixture
def github_packages(mock_github: MockGitHub, mock_clock: MockClock) -> GitHubPackages:
    """A client of `mock_github`, in process: use it with `async with`.

    It does not slow itself down to GitHub's pace, and takes nothing from the environment. Where it pauses, for a rate
    limit or before it repeats a request, it does not wait, but advances `mock_clock`.
    """
    from datetime import timedelta

    import httpx

    from ghpackages import GitHubPackages
    from ghpackages.transport import SkippingClock

    class WithoutPauses(GitHubPackages):
        _clock = SkippingClock(lambda seconds: mock_clock.advance(timedelta(seconds=seconds)))

    return WithoutPauses(
        mock_github.token,
        base_url="https://api.github.com",
        transport=httpx.ASGITransport(app=mock_github),
        points_per_minute=None,
    )
