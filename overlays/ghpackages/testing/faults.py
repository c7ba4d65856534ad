"""What can go wrong: the effects of `MockGitHub.fault`.

    from ghpackages.testing import MockGitHub, faults

    server = MockGitHub()
    server.fault(faults.Status(502), operation="list_packages", times=2)
    server.fault(faults.Latency(0.2, jitter=0.1))
    with server.fault(faults.Reset(), method="DELETE", probability=0.01):
        ...
    server.fault([faults.Status(502), None, faults.Reset()], path="/orgs/*/packages")

Where several faults strike the same request, those that concern the connection and headers are the outermost; then
come limits, delays, other answers, bytes, contents, and what the server knows; among equals, those added first. What
an outer one answers itself never gets to the inner ones.

What can't be done in process (`httpx.ASGITransport`) is done there as nearly as possible: a connection that breaks is
an error of httpx; time does pass, but httpx enforces no timeouts. `running(server, front=True)` has real connections.
"""

from __future__ import annotations

from ._effect import Change, Effect, Exchange, InTurn, Proceed, Refusal, Reply, Stage
from ._effects_answer import Answer, Redirect, Status
from ._effects_content import (
    BrokenGzip,
    Headers,
    Item,
    Items,
    Link,
    LinkTarget,
    LinkTargets,
    MissingFields,
    NoLink,
    NoRateHeaders,
    NullFields,
    OddItem,
    PartialResults,
    TruncatedBody,
    UnknownEnums,
    UnknownFields,
)
from ._effects_limits import Limits, PrimaryRefusal, RetryAfter, SecondaryRefusal
from ._effects_stale import StaleLists
from ._effects_wire import Drip, HangUp, Latency, Reset

__all__ = [
    "Answer",
    "BrokenGzip",
    "Change",
    "Drip",
    "Effect",
    "Exchange",
    "HangUp",
    "Headers",
    "InTurn",
    "Item",
    "Items",
    "Latency",
    "Limits",
    "Link",
    "LinkTarget",
    "LinkTargets",
    "MissingFields",
    "NoLink",
    "NoRateHeaders",
    "NullFields",
    "OddItem",
    "PartialResults",
    "PrimaryRefusal",
    "Proceed",
    "Redirect",
    "Refusal",
    "Reply",
    "Reset",
    "RetryAfter",
    "SecondaryRefusal",
    "Stage",
    "StaleLists",
    "Status",
    "TruncatedBody",
    "UnknownEnums",
    "UnknownFields",
]
