"""Differences between our description and GitHub's, as they are found."""

from __future__ import annotations

from attrs import frozen
from openapi.upstream.departures import ARROW, Departure, Departures, Place, Step
from openapi.upstream.document import Document
from openapi.upstream.rules import Judgement, Rule, Side, rule_for
from openapi.upstream.shapes import Shape
from openapi.upstream.tree import Tree

NOTHING_THERE = "nothing"
"""What a report says of a side that lacks the thing."""


@frozen
class Difference:
    """Something that GitHub's description has and ours has not, or the other way round."""

    rule: Rule
    place: Place
    value: str
    """The enum value that it is about, empty otherwise."""
    upstream: str
    ours: str
    departure: Departure | None

    @property
    def judgement(self) -> Judgement:
        """What it is."""
        return Judgement.INTENDED if self.departure else self.rule.judgement

    @property
    def location(self) -> str:
        """Where it is: `GET /user/packages → 200 → [] → visibility`."""
        return ARROW.join(step.label for step in self.place)

    @property
    def anchor(self) -> tuple[str, ...]:
        """Where it comes from in our description: one component may be the reason in many locations."""
        labels: tuple[str, ...] = ()
        for step in self.place:
            labels = (step.component,) if step.component else (*labels, step.label)
        return labels


class Notes:
    """Takes down differences, and what becomes of our departures by them."""

    def __init__(self, ours: Document, departures: Departures) -> None:
        self.differences: list[Difference] = []
        self._ours = ours
        self._departures = departures
        self._reached: dict[int, tuple[Tree, tuple[Tree, ...]]] = {}

    def add(self, kind: str, side: Side, place: Place, upstream: str, ours: str, *, value: str = "") -> None:
        """Take down a difference."""
        departure = self._departures.cover(kind, place, value)
        self.differences.append(Difference(rule_for(kind, side), place, value, upstream, ours, departure))

    def add_mark(self, side: Side, place: Place, upstream: bool, ours: bool) -> None:
        """Take down that one of the sides marks this as deprecated, if the other does not."""
        if upstream != ours:
            texts = ("deprecated", "not deprecated") if upstream else ("not deprecated", "deprecated")
            self.add("deprecated" if upstream else "undeprecated", side, place, *texts)

    def meet(self, place: Place, *values: str) -> None:
        """Say that a place, or values there, are compared."""
        for value in values or ("",):
            self._departures.meet(place, value)

    def skip(self, place: Place, *ours: Tree) -> None:
        """Say that what we have at a place is not compared any further."""
        self._departures.hide(place, *(self._below(node) for node in ours))

    def _below(self, node: Tree) -> tuple[Tree, ...]:
        """Our objects that can be come to from one, kept because the same ones are asked for again and again."""
        # The object is kept beside the outcome, so that its id is not given to another.
        if id(node) not in self._reached:
            self._reached[id(node)] = node, tuple(self._ours.reach(node))
        return self._reached[id(node)][1]


def deepen(place: Place, shape: Shape) -> Place:
    """The same place, with what our schema there was read from."""
    last = place[-1]
    return (*place[:-1], Step(last.label, (*last.nodes, *shape.nodes), shape.component or last.component))


def beyond(place: Place, label: str, *nodes: Tree) -> Place:
    """A step further, to where these objects of ours stand."""
    return (*place, Step(label, nodes))
