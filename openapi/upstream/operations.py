"""The differences between two descriptions' operations."""

from __future__ import annotations

from collections.abc import Container

from openapi.upstream.bodies import Bodies
from openapi.upstream.departures import Place, Step
from openapi.upstream.differences import NOTHING_THERE, Notes
from openapi.upstream.document import Document, Operation
from openapi.upstream.parameters import Parameters
from openapi.upstream.rules import Side
from openapi.upstream.schemas import Schemas
from openapi.upstream.scope import concerns_packages, known_as


class Operations:
    """Compares all operations of ours with GitHub's."""

    def __init__(self, ours: Document, upstream: Document, notes: Notes) -> None:
        self._ours = ours
        self._upstream = upstream
        self._notes = notes
        schemas = Schemas(ours, upstream, notes)
        self._parameters = Parameters(ours, upstream, notes, schemas)
        self._bodies = Bodies(ours, upstream, notes, schemas)

    def compare(self) -> int:
        """Take down all differences, and tell how many of GitHub's operations are about packages.

        Raises:
            BrokenReferenceError: a reference leads nowhere.

        """
        ours = {each.key: each for each in self._ours.operations(lambda path, node: True)}
        theirs = {each.key: each for each in self._upstream.operations(concerns_packages)}
        strays = self._strays(ours)
        met: set[tuple[str, str]] = set()
        for key, operation in ours.items():
            twin = theirs.get(key) or strays.get(known_as(operation.id))
            met.update([twin.key] if twin else [])
            self._compare(operation, twin)
        for key, operation in theirs.items():
            if key not in met:
                self._add(operation)
        return len(theirs)

    def _strays(self, ours: Container[tuple[str, str]]) -> dict[str, Operation]:
        """GitHub's operations by id where we have none, packages or not: one of ours may have moved there."""
        everything = self._upstream.operations(lambda path, node: True)
        return {each.id: each for each in everything if each.id and each.key not in ours}

    def _add(self, theirs: Operation) -> None:
        place = (Step(theirs.label),)
        self._notes.add("operation-added", Side.OPERATION, place, theirs.id or theirs.label, NOTHING_THERE)

    def _compare(self, ours: Operation, theirs: Operation | None) -> None:
        place = (Step(ours.label, (ours.item, ours.node)),)
        if theirs is None:
            self._notes.add("operation-removed", Side.OPERATION, place, NOTHING_THERE, ours.id)
            self._notes.skip(place, ours.item)
            return
        self._notes.meet(place)
        self._compare_itself(place, ours, theirs)
        self._parameters.compare(place, ours, theirs)
        self._bodies.compare_requests(place, ours.node, theirs.node)
        self._bodies.compare_responses(place, ours.node, theirs.node)

    def _compare_itself(self, place: Place, ours: Operation, theirs: Operation) -> None:
        if ours.key != theirs.key:
            self._notes.add("operation-moved", Side.OPERATION, place, theirs.label, ours.label)
        if theirs.id and known_as(ours.id) not in ("", theirs.id):
            self._notes.add("operation-renamed", Side.OPERATION, place, theirs.id, known_as(ours.id))
        marks = (each.node.get("deprecated") is True for each in (theirs, ours))
        self._notes.add_mark(Side.OPERATION, place, *marks)
