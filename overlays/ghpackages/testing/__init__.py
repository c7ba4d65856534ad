"""A mock of the GitHub Packages REST API, for tests and for trying things out without a token."""

from . import faults
from ._app import MockGitHub
from ._auth import TokenKind
from ._behaviour import Behaviour, MockOptions
from ._clock import EPOCH, Clock, MockClock
from ._fault import Chooser, Fault, FaultOptions, Script
from ._fault_text import parse_fault
from ._http import Request, Response
from ._records import RecordedRequest
from ._serve import running, serve
from ._state import MockOwner, MockPackage, PackageType, Repository, Visibility
from ._versions import MockVersion

__all__ = [
    "EPOCH",
    "Behaviour",
    "Chooser",
    "Clock",
    "Fault",
    "FaultOptions",
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
    "Script",
    "TokenKind",
    "Visibility",
    "faults",
    "parse_fault",
    "running",
    "serve",
]
