"""The differences between two operations' requests and responses: statuses, content types and what is in them."""

from __future__ import annotations

from openapi.upstream.departures import Place, Step
from openapi.upstream.differences import NOTHING_THERE, Notes, beyond
from openapi.upstream.document import Document, Target
from openapi.upstream.rules import Side
from openapi.upstream.schemas import Schemas
from openapi.upstream.tree import Tree, as_tree, branch


class Bodies:
    """Compares the bodies of operations of ours with GitHub's."""

    def __init__(self, ours: Document, upstream: Document, notes: Notes, schemas: Schemas) -> None:
        self._ours = ours
        self._upstream = upstream
        self._notes = notes
        self._schemas = schemas

    def compare_requests(self, place: Place, ours: Tree, theirs: Tree) -> None:
        """Take down all differences between the bodies that two operations ask for."""
        one, other = (
            self._ours.target(branch(ours, "requestBody")),
            self._upstream.target(branch(theirs, "requestBody")),
        )
        there = (*place, Step("body", one.chain, one.component))
        if one.node and other.node:
            if _need(one) != _need(other):
                kind = f"request-body-made-{_need(other)}"
                self._notes.add(kind, Side.REQUEST, there, _need(other), _need(one))
            self._compare_contents(Side.REQUEST, there, one, other)
        elif one.node:
            self._notes.add("request-body-removed", Side.REQUEST, there, NOTHING_THERE, _contents(one))
            self._notes.skip(there, one.chain[-1])
        elif other.node:
            kind = "required-request-body-added" if _need(other) == "required" else "request-body-added"
            self._notes.add(kind, Side.REQUEST, there, f"{_contents(other)}, {_need(other)}", NOTHING_THERE)

    def compare_responses(self, place: Place, ours: Tree, theirs: Tree) -> None:
        """Take down all differences between the responses of two operations, by status."""
        mine, yours = branch(ours, "responses"), branch(theirs, "responses")
        met: set[str] = set()
        for status, response in mine.items():
            target = self._ours.target(as_tree(response))
            there = (*place, Step(status, target.chain, target.component))
            twins = _twins(status, mine, yours)
            met.update(twins)
            for twin in twins:
                answer = self._upstream.target(as_tree(yours[twin]))
                self._compare_response(there, target, answer, whole=twin == status)
            if not twins:
                self._notes.add(_kind(status, "removed"), Side.RESPONSE, there, NOTHING_THERE, _contents(target))
                self._notes.skip(there, target.chain[-1])
        for status, response in yours.items():
            if status not in met:
                text = _contents(self._upstream.target(as_tree(response)))
                self._notes.add(_kind(status, "added"), Side.RESPONSE, beyond(place, status), text, NOTHING_THERE)

    def _compare_response(self, place: Place, ours: Target, theirs: Target, *, whole: bool) -> None:
        self._notes.meet(place)
        one, other = branch(ours.node, "content"), branch(theirs.node, "content")
        if bool(one) == bool(other):
            self._compare_contents(Side.RESPONSE, place, ours, theirs, whole=whole)
        else:
            kind = "body-added" if other else "body-removed"
            self._notes.add(kind, Side.RESPONSE, place, _contents(theirs), _contents(ours))
            self._notes.skip(place, one)

    def _compare_contents(self, side: Side, place: Place, ours: Target, theirs: Target, *, whole: bool = True) -> None:
        """Take down all differences; GitHub's one status need not have all that our whole range of them has."""
        one, other = _by_type(ours), _by_type(theirs)
        several = len(one.keys() & other.keys()) > 1
        for kind, content in one.items():
            there = beyond(place, kind)
            if kind in other:
                schemas = branch(content, "schema"), branch(other[kind], "schema")
                self._schemas.compare(side, there if several else place, *schemas)
                continue
            if whole:
                self._notes.add("content-type-removed", side, there, _contents(theirs), _contents(ours))
            self._notes.skip(there, content)
        for kind in other:
            if kind not in one:
                self._notes.add("content-type-added", side, beyond(place, kind), _contents(theirs), _contents(ours))


def _twins(status: str, ours: Tree, theirs: Tree) -> list[str]:
    """GitHub's statuses that one of ours stands for: itself, or those of its range (`5XX`) that we lack."""
    if status in theirs:
        return [status]
    if not status.upper().endswith("XX"):
        return []
    return [each for each in theirs if each[:1] == status[:1] and each not in ours]


def _kind(status: str, change: str) -> str:
    return f"success-status-{change}" if status.startswith("2") else f"status-{change}"


def _need(target: Target) -> str:
    return "required" if target.node.get("required") is True else "optional"


def _by_type(target: Target) -> dict[str, Tree]:
    """What is sent, by content type; a charset is no part of it."""
    contents = branch(target.node, "content").items()
    return {kind.partition(";")[0].strip().lower(): as_tree(content) for kind, content in contents}


def _contents(target: Target) -> str:
    return ", ".join(sorted(_by_type(target))) or "no body"
