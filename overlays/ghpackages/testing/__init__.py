"""A mock of the GitHub Packages REST API, for tests and for trying things out without a token."""

from ghpackages_api import lazy_names

TYPE_CHECKING = False  # what type checkers take for true
if TYPE_CHECKING:
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
else:  # type checkers would take a `__getattr__` for leave to ask for anything
    __getattr__, __dir__ = lazy_names(
        __name__,
        {
            ".faults": "",
            "._app": "MockGitHub",
            "._auth": "TokenKind",
            "._behaviour": "Behaviour MockOptions",
            "._clock": "EPOCH Clock MockClock",
            "._fault": "Chooser Fault FaultOptions Script",
            "._fault_text": "parse_fault",
            "._http": "Request Response",
            "._records": "RecordedRequest",
            "._serve": "running serve",
            "._state": "MockOwner MockPackage PackageType Repository Visibility",
            "._versions": "MockVersion",
        },
    )

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
