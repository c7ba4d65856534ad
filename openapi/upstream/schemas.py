"""The differences between two schemas."""

from __future__ import annotations

from openapi.upstream.departures import Departures, Place
from openapi.upstream.differences import NOTHING_THERE, Notes, beyond, deepen
from openapi.upstream.document import Document
from openapi.upstream.rules import Side
from openapi.upstream.shapes import Shape, Shapes
from openapi.upstream.tree import NOTHING, Tree


class Schemas:
    """Compares schemas of ours with GitHub's."""

    def __init__(self, ours: Document, upstream: Document, notes: Notes) -> None:
        self._documents = ours, upstream
        self._notes = notes
        self._ours = Shapes(ours)
        self._theirs = Shapes(upstream)
        self._active: set[tuple[int, int]] = set()

    def compare(self, side: Side, place: Place, ours: Tree, theirs: Tree, *, null: bool = True) -> None:
        """Take down all differences between two schemas, with or without null; a schema within itself is compared once.

        Raises:
            BrokenReferenceError: a reference leads nowhere.

        """
        one, other = self._ours.of(ours), self._theirs.of(theirs)
        # The objects that references lead to, so that a schema is known again wherever it is referred to.
        pair = id(self._documents[0].target(ours).chain[-1]), id(self._documents[1].target(theirs).chain[-1])
        if pair in self._active:
            return
        self._active.add(pair)
        place = deepen(place, one)
        self._notes.meet(place)
        if null and one.nullable != other.nullable:
            kind = "made-nullable" if other.nullable else "made-not-null"
            self._notes.add(kind, side, place, str(other), str(one))
        self._compare_marks(side, place, one, other)
        if one.variants or other.variants:
            self._compare_variants(side, place, one.choices(ours), other.choices(theirs))
        elif self._compare_types(side, place, ours, theirs):
            self._compare_enums(side, place, one, other)
            self._compare_items(side, place, one, other)
            self._compare_fields(side, place, one, other)
            self._compare_other_keys(side, place, one, other)
        self._active.discard(pair)

    def text(self, schema: Tree) -> str:
        """How a report names a schema of GitHub's."""
        return self._theirs.text(schema)

    def our_text(self, schema: Tree) -> str:
        """How a report names a schema of ours."""
        return self._ours.text(schema)

    def _compare_marks(self, side: Side, place: Place, one: Shape, other: Shape) -> None:
        self._notes.add_mark(side, place, other.deprecated, one.deprecated)
        if one.default != other.default:
            kind = _changed("default", one.default, other.default)
            self._notes.add(kind, side, place, _default(other), _default(one))

    def _compare_types(self, side: Side, place: Place, ours: Tree, theirs: Tree) -> bool:
        """Whether there is something in common to be compared further."""
        one, other = self._ours.of(ours), self._theirs.of(theirs)
        if one.types == other.types:
            return True
        kind = _type_change(one.types, other.types)
        self._notes.add(kind, side, place, self.text(theirs), self.our_text(ours))
        if kind == "type-changed":
            self._notes.skip(place, *one.nodes)
        return kind != "type-changed"

    def _compare_enums(self, side: Side, place: Place, one: Shape, other: Shape) -> None:
        if one.enum is None or other.enum is None:
            if one.enum != other.enum:
                self._notes.add("enum-opened" if one.enum else "enum-closed", side, place, str(other), str(one))
                self._notes.skip(place, *one.nodes)
            return
        self._notes.meet(place, *sorted(one.enum | other.enum))
        for value in sorted(one.enum ^ other.enum):
            kind = "enum-value-added" if value in other.enum else "enum-value-removed"
            self._notes.add(kind, side, place, str(other), str(one), value=value)

    def _compare_items(self, side: Side, place: Place, one: Shape, other: Shape) -> None:
        if one.items is not None or other.items is not None:
            self.compare(side, beyond(place, "[]"), one.items or NOTHING, other.items or NOTHING)

    def _compare_fields(self, side: Side, place: Place, one: Shape, other: Shape) -> None:
        for name, schema in one.fields.items():
            there = beyond(place, name, schema)
            if name not in other.fields:
                self._notes.add("field-removed", side, there, NOTHING_THERE, self._field(name, one))
                self._notes.skip(there, schema)
                continue
            if (name in one.required) != (name in other.required):
                kind = "field-made-required" if name in other.required else "field-made-optional"
                self._notes.add(kind, side, there, _need(name, other), _need(name, one))
            self.compare(side, there, schema, other.fields[name])
        for name in other.fields:
            if name not in one.fields:
                self._add_field(side, beyond(place, name), name, other)

    def _add_field(self, side: Side, place: Place, name: str, other: Shape) -> None:
        self._notes.meet(place)
        needed = side is Side.REQUEST and name in other.required
        text = f"{self.text(other.fields[name])}, {_need(name, other)}"
        self._notes.add("required-field-added" if needed else "field-added", side, place, text, NOTHING_THERE)

    def _field(self, name: str, one: Shape) -> str:
        return f"{self.our_text(one.fields[name])}, {_need(name, one)}"

    def _compare_other_keys(self, side: Side, place: Place, one: Shape, other: Shape) -> None:
        there = beyond(place, "other keys")
        if one.closed != other.closed:
            kind = "keys-closed" if other.closed else "keys-opened"
            self._notes.add(kind, side, there, _keys(other), _keys(one))
        elif one.other_keys is not None or other.other_keys is not None:
            self.compare(side, there, one.other_keys or NOTHING, other.other_keys or NOTHING)

    def _compare_variants(self, side: Side, place: Place, ours: tuple[Tree, ...], theirs: tuple[Tree, ...]) -> None:
        """Compare each variant with the one that is most like it; the others are added or removed."""
        pairs = self._pair(ours, theirs)
        for index, variant in enumerate(ours):
            if index in pairs:
                self.compare(side, place, variant, theirs[pairs[index]], null=False)
            else:
                self._notes.add("variant-removed", side, place, NOTHING_THERE, self.our_text(variant))
                self._notes.skip(place, variant)
        for index, variant in enumerate(theirs):
            if index not in pairs.values():
                self._notes.add("variant-added", side, place, self.text(variant), NOTHING_THERE)

    def _pair(self, ours: tuple[Tree, ...], theirs: tuple[Tree, ...]) -> dict[int, int]:
        """Which variants belong together, by their numbers: first the two that differ least, and so on."""
        costs = sorted(
            (self._distance(one, other), mine, yours)
            for mine, one in enumerate(ours)
            for yours, other in enumerate(theirs)
        )
        pairs: dict[int, int] = {}
        for _, mine, yours in costs:
            if mine not in pairs and yours not in pairs.values():
                pairs[mine] = yours
        return pairs

    def same(self, ours: Tree, theirs: Tree) -> bool:
        """Whether two schemas allow the same but for null."""
        return self._distance(ours, theirs) == 0

    def _distance(self, ours: Tree, theirs: Tree) -> int:
        """How many differences there are; what can't be compared at all is far away."""
        trial = Notes(self._documents[0], Departures(""))
        Schemas(*self._documents, trial).compare(Side.RESPONSE, beyond((), ""), ours, theirs, null=False)
        apart = any(each.rule.kind == "type-changed" and len(each.place) == 1 for each in trial.differences)
        return len(trial.differences) + (_FAR if apart else 0)


_FAR = 1_000_000


def _changed(what: str, one: str | None, other: str | None) -> str:
    return f"{what}-added" if one is None else f"{what}-removed" if other is None else f"{what}-changed"


def _type_change(one: frozenset[str], other: frozenset[str]) -> str:
    ours, theirs = _with_integers(one), _with_integers(other)
    if not theirs or (ours and ours < theirs):
        return "type-widened"
    return "type-narrowed" if not ours or theirs < ours else "type-changed"


def _with_integers(types: frozenset[str]) -> frozenset[str]:
    """Integers are numbers."""
    return types | {"integer"} if "number" in types else types


def _need(name: str, shape: Shape) -> str:
    return "required" if name in shape.required else "optional"


def _default(shape: Shape) -> str:
    return "no default" if shape.default is None else f"default {shape.default}"


def _keys(shape: Shape) -> str:
    return "no other keys" if shape.closed else "any other keys"
