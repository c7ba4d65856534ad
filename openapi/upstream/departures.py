"""The `x-departure` entries of our description: where it differs from GitHub's by intent.

What an entry covers stands in its `covers`: kinds of difference (see `rules`), each with a list of places. A place is
the way to it from where the entry stands, or the last step if the difference is there itself; `*` stands for anything
in a step. With `sources` the entry concerns these only. An entry without concerns all, and github.com's description
tells if it is needed: Enterprise Server is behind, and may agree where github.com does not, or the other way round.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase

from attrs import define, field, frozen
from openapi.upstream.rules import KINDS, Judgement
from openapi.upstream.tree import Tree, as_list, as_tree, branch, branches, is_tree, shown, word, words

KEY = "x-departure"
ARROW = " → "
"""Between the steps of the way to a place."""
GITHUB_COM = "api.github.com"
"""The source that judges the departures that name none."""


@frozen(eq=False)
class Departure:
    """One entry."""

    place: str
    """Where it stands, such as `components/schemas/Package`."""
    what: str
    why: str
    link: str
    covers: Tree
    """Kinds of difference, each with a list of places."""
    sources: tuple[str, ...]
    """The names of the sources that it concerns; none: all."""

    def concerns(self, source: str) -> bool:
        """Whether it covers differences from this source."""
        return not self.sources or source in self.sources

    def is_judged_by(self, source: str) -> bool:
        """Whether this source tells if it is needed."""
        return source in (self.sources or (GITHUB_COM,))


@define(eq=False)
class Part:
    """One kind and place of what a departure covers, and what became of it in one comparison."""

    departure: Departure
    kind: str
    pattern: str
    used: bool = False
    """A difference matched."""
    met: bool = False
    """The place is in one of the descriptions and was compared."""
    hidden: bool = False
    """The place was not compared, because something around it differs."""
    _steps: list[str] = field(init=False)

    def fits(self, way: list[str]) -> bool:
        """Whether this is the way from the departure to its place, step by step."""
        return len(self._steps) == len(way) and all(map(fnmatchcase, way, self._steps))

    def __attrs_post_init__(self) -> None:
        self._steps = self.pattern.split(ARROW)

    @property
    def verdict(self) -> Judgement | None:
        """What is wrong with it, if anything."""
        if self.used or (self.hidden and not self.met):
            return None
        return Judgement.NOT_NEEDED if self.met and self.kind in KINDS else Judgement.ERROR


def _with_departures(nodes: tuple[Tree, ...]) -> tuple[Tree, ...]:
    return tuple(node for node in nodes if KEY in node)


@frozen
class Step:
    """One step of the way to a place."""

    label: str
    nodes: tuple[Tree, ...] = field(default=(), converter=_with_departures)
    """Our objects that stand there, as far as they have departures."""
    component: str = ""
    """The name of our component that begins there, empty if none does."""


Place = tuple[Step, ...]


@define
class Departures:
    """The entries of a description, in one comparison with one source."""

    source: str
    all: list[Departure] = field(factory=list[Departure])
    _parts: dict[int, list[Part]] = field(factory=dict[int, list[Part]])

    @classmethod
    def of(cls, contents: Tree, source: str) -> Departures:
        """Those of a description, to be compared with the source of this name."""
        found = cls(source)
        for place, node in _walk(contents, (), set()):
            for entry in branches(node, KEY):
                found._add(_read(entry, "/".join(place)), node)
        return found

    def _add(self, departure: Departure, node: Tree) -> None:
        self.all.append(departure)
        self._parts.setdefault(id(node), []).extend(_parts_of(departure))

    def cover(self, kind: str, place: Place, value: str) -> Departure | None:
        """The departure that covers a difference, if one does; it counts as used from now on."""
        covering: Departure | None = None
        for part in self._matching(place, value):
            if part.kind == kind and part.departure.concerns(self.source):
                part.used = True
                covering = covering or part.departure
        return covering

    def meet(self, place: Place, value: str = "") -> None:
        """Note that a place, or a value there, was compared."""
        for part in self._matching(place, value):
            part.met = True

    def hide(self, place: Place, *below: Iterable[Tree]) -> None:
        """Note that a place, and what stands in these objects of ours, can't be compared."""
        inside = (part for nodes in below for node in nodes for part in self._parts.get(id(node), ()))
        for part in (*self._matching(place, ""), *inside):
            part.hidden = True

    def verdicts(self) -> Iterator[tuple[Part, Judgement]]:
        """The parts that this source tells not to be needed, or to concern nothing."""
        for parts in self._parts.values():
            for part in parts:
                if part.departure.is_judged_by(self.source) and part.verdict is not None:
                    yield part, part.verdict

    def empty(self) -> Iterator[Departure]:
        """Those that cover nothing, because they don't say what."""
        return (each for each in self.all if each.is_judged_by(self.source) and not list(_parts_of(each)))

    def _matching(self, place: Place, value: str) -> Iterator[Part]:
        """The parts that a place belongs to, the nearest departure first."""
        way = [step.label for step in place] + ([value] if value else [])
        for depth in reversed(range(len(place))):
            for node in place[depth].nodes:
                for part in self._parts.get(id(node), ()):
                    if part.fits(way[depth + 1 :] or way[depth:]):
                        yield part


def _read(entry: Tree, place: str) -> Departure:
    return Departure(
        place=place,
        what=word(entry, "what"),
        why=word(entry, "why").strip(),
        link=word(entry, "link"),
        covers=branch(entry, "covers"),
        sources=tuple(words(entry.get("sources"))),
    )


def _parts_of(departure: Departure) -> Iterator[Part]:
    for kind, patterns in departure.covers.items():
        for pattern in words(patterns):
            yield Part(departure, kind, pattern)


def _walk(value: object, place: tuple[str, ...], seen: set[int]) -> Iterator[tuple[tuple[str, ...], Tree]]:
    """Every object of a description with its place; an object that stands in several (YAML) with the first."""
    if id(value) in seen:
        return
    seen.add(id(value))
    if is_tree(value):
        yield place, as_tree(value)
    named = as_tree(value).items() if is_tree(value) else enumerate(as_list(value))
    for key, child in named:
        if is_tree(child) or as_list(child):
            yield from _walk(child, (*place, shown(key)), seen)
