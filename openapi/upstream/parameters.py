"""The differences between two operations' parameters."""

from __future__ import annotations

from collections.abc import Mapping

from openapi.upstream.departures import Place, Step
from openapi.upstream.differences import NOTHING_THERE, Notes
from openapi.upstream.document import Document, Operation, Target
from openapi.upstream.rules import Side
from openapi.upstream.schemas import Schemas
from openapi.upstream.tree import Tree, as_tree, branch

Known = dict[tuple[str, str], Target]
"""Parameters by where they are sent and by name."""


class Parameters:
    """Compares the parameters of operations of ours with GitHub's."""

    def __init__(self, ours: Document, upstream: Document, notes: Notes, schemas: Schemas) -> None:
        self._ours = ours
        self._upstream = upstream
        self._notes = notes
        self._schemas = schemas

    def compare(self, place: Place, ours: Operation, theirs: Operation) -> None:
        """Take down all differences."""
        mine, yours = self._ours.parameters(ours), self._upstream.parameters(theirs)
        if ours.key == theirs.key:
            names = dict(zip(theirs.path_names, ours.path_names, strict=True))
            self._note_path_names(place, mine, names)
            yours = {(where, _name(where, name, names)): each for (where, name), each in yours.items()}
        self._join_renamed(place, mine, yours)
        for key, target in mine.items():
            self._compare_one(_at(place, key, target), target, yours.get(key))
        for key, target in yours.items():
            if key not in mine:
                self._add(_at(place, key), target)

    def _note_path_names(self, place: Place, ours: Known, names: Mapping[str, str]) -> None:
        for name, our_name in names.items():
            if name != our_name:
                there = _at(place, ("path", our_name), ours.get(("path", our_name)))
                self._notes.add("path-parameter-renamed", Side.REQUEST, there, name, our_name)

    def _join_renamed(self, place: Place, ours: Known, theirs: Known) -> None:
        """One parameter gone and one of the same kind come in its place: as far as one can tell, it was renamed."""
        gone = [key for key in ours if key not in theirs]
        come = [key for key in theirs if key not in ours]
        if len(gone) == len(come) == 1 and gone[0][0] == come[0][0]:
            (key,), (new,) = gone, come
            if _need(ours[key]) == _need(theirs[new]) and self._schemas.same(_schema(ours[key]), _schema(theirs[new])):
                self._notes.add("parameter-renamed", Side.REQUEST, _at(place, key, ours[key]), new[1], key[1])
                theirs[key] = theirs.pop(new)

    def _compare_one(self, place: Place, ours: Target, theirs: Target | None) -> None:
        if theirs is None:
            text = f"{self._schemas.our_text(_schema(ours))}, {_need(ours)}"
            self._notes.add("parameter-removed", Side.REQUEST, place, NOTHING_THERE, text)
            self._notes.skip(place, ours.chain[-1])
            return
        self._notes.meet(place)
        if _need(ours) != _need(theirs):
            kind = f"parameter-made-{_need(theirs)}"
            self._notes.add(kind, Side.REQUEST, place, _need(theirs), _need(ours))
        marks = (each.node.get("deprecated") is True for each in (theirs, ours))
        self._notes.add_mark(Side.REQUEST, place, *marks)
        self._schemas.compare(Side.REQUEST, place, _schema(ours), _schema(theirs))

    def _add(self, place: Place, theirs: Target) -> None:
        self._notes.meet(place)
        kind = "required-parameter-added" if _need(theirs) == "required" else "parameter-added"
        text = f"{self._schemas.text(_schema(theirs))}, {_need(theirs)}"
        self._notes.add(kind, Side.REQUEST, place, text, NOTHING_THERE)


def _at(place: Place, key: tuple[str, str], ours: Target | None = None) -> Place:
    return (*place, Step(" ".join(key), ours.chain if ours else (), ours.component if ours else ""))


def _name(where: str, name: str, names: Mapping[str, str]) -> str:
    """Our name for one of GitHub's parameters."""
    return names.get(name, name) if where == "path" else name


def _need(target: Target) -> str:
    return "required" if target.node.get("required") is True else "optional"


def _schema(target: Target) -> Tree:
    """A parameter's schema, which may stand under a content type."""
    contents = list(branch(target.node, "content").values())
    return branch(as_tree(contents[0]), "schema") if contents else branch(target.node, "schema")
