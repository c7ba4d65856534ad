"""What the commands do; imported by the first that runs, so that the version and the help come at once."""

from ghpackages.audit import audit as make_audit

from ._audits import AuditQuery
from ._audits import audit as run_audit
from ._client import DEMO_NOW, Connection
from ._diff import DiffQuery
from ._diff import diff as run_diff
from ._lists import PackagesQuery, VersionsQuery
from ._lists import packages as list_packages
from ._lists import versions as list_versions
from ._results import Results
from ._server import ServerOptions, serve_mock
from ._signals import run, run_async

__all__ = [
    "DEMO_NOW",
    "AuditQuery",
    "Connection",
    "DiffQuery",
    "PackagesQuery",
    "Results",
    "ServerOptions",
    "VersionsQuery",
    "list_packages",
    "list_versions",
    "make_audit",
    "run",
    "run_async",
    "run_audit",
    "run_diff",
    "serve_mock",
]
