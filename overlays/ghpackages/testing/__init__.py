"""A mock of the GitHub Packages REST API, for tests and for trying things out without a token."""

from ._app import MockGitHub, RecordedRequest
from ._auth import TokenKind
from ._behaviour import Behaviour, MockOptions
from ._clock import EPOCH, Clock, MockClock
from ._http import Request, Response
from ._serve import running, serve
from ._state import MockOwner, MockPackage, PackageType, Repository, Visibility
from ._versions import MockVersion

__all__ = [
    "EPOCH",
    "Behaviour",
    "Clock",
    "MockClock",
    "MockGitHub",
    "MockOptions",
    "MockOwner",
    "MockPackage",
    "MockVersion",
    "PackageType",
    "RecordedRequest",
    "Repository",
    "Request",
    "Response",
    "TokenKind",
    "Visibility",
    "running",
    "serve",
]
