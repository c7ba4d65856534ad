"""What changed between any two audits: everything that changed if both saw everything, nothing else in any case."""

from __future__ import annotations

import json
from random import Random
from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st
from tests.audit.reports import Record, failure, package, report, repository, version

from ghpackages.audit import Change, compare

Key = tuple[str, str, str]
"""Owner, type and name."""

Versions = dict[int, tuple[frozenset[str], bool]]
"""Their tags, and whether they are deleted."""


class Found(NamedTuple):
    """A package as it is."""

    id: int
    visibility: str
    repository: str | None
    versions: Versions


State = dict[Key, Found]

OWNERS = ("acme", "@me")
KEYS = st.tuples(st.sampled_from(OWNERS), st.sampled_from(["container", "npm"]), st.sampled_from("abc"))
VERSIONS = st.dictionaries(
    st.integers(1, 6), st.tuples(st.frozensets(st.sampled_from("xyz"), max_size=2), st.booleans()), max_size=5
)
FOUND = st.builds(
    Found,
    st.integers(1, 2),
    st.sampled_from(["public", "private"]),
    st.sampled_from([None, "acme/x", "acme/y"]),
    VERSIONS,
)
STATES = st.dictionaries(KEYS, FOUND, max_size=8)
ORDERS = st.randoms(use_true_random=False)


def shuffled(items: list[Record], order: Random) -> list[Record]:
    order.shuffle(items)
    return items


def record_of(key: Key, found: Found, order: Random, error: str | None = None) -> Record:
    owner, type_, name = key
    versions = [version(id_, *sorted(tags), deleted=deleted) for id_, (tags, deleted) in found.versions.items()]
    linked = found.repository
    return package(
        name,
        *shuffled(versions, order),
        owner=owner,
        type_=type_,
        id_=found.id,
        visibility=found.visibility,
        repository=repository(linked, ord(linked[-1])) if linked else None,
        error=error,
    )


class Applied:
    """A state to which changes are applied."""

    def __init__(self, state: State) -> None:
        self.packages = {key: list(found[:3]) for key, found in state.items()}
        self.deleted = {key: {id_: one[1] for id_, one in found.versions.items()} for key, found in state.items()}
        self.tags = {key: self._active_tags(key, found.versions) for key, found in state.items()}

    @staticmethod
    def _active_tags(key: Key, versions: Versions) -> dict[int, set[str]]:
        has_tags = key[1] == "container"
        return {id_: set(tags if has_tags and not deleted else ()) for id_, (tags, deleted) in versions.items()}

    def apply(self, change: Change, after: State) -> None:
        key = (change.owner, change.package_type, change.package_name)
        if change.kind == "package_added":
            return self._add(key, after[key])
        if change.kind == "package_gone":
            return self._remove(key)
        if change.kind in ("visibility_changed", "repository_changed"):
            return self._replace(self.packages[key], change)
        if change.tag is not None:
            return self._move_tag(self.tags[key], change.tag, change)
        return self._change_version(self.deleted[key], self.tags[key], change)

    def _add(self, key: Key, found: Found) -> None:
        assert key not in self.packages
        one = Applied({key: found})
        self.packages |= one.packages
        self.deleted |= one.deleted
        self.tags |= one.tags

    def _remove(self, key: Key) -> None:
        del self.packages[key], self.deleted[key], self.tags[key]

    def _replace(self, values: list[object], change: Change) -> None:
        place = 1 if change.kind == "visibility_changed" else 2
        assert values[place] == change.before != change.after
        values[place] = change.after

    def _change_version(self, deleted: dict[int, bool], tags: dict[int, set[str]], change: Change) -> None:
        assert change.version_id is not None
        was = deleted.pop(change.version_id, None)
        tags.pop(change.version_id, None)
        assert was is {"version_added": None, "version_deleted": False, "version_restored": True}.get(change.kind, was)
        if change.kind != "version_gone":
            deleted[change.version_id] = is_deleted = change.kind == "version_deleted"
            tags[change.version_id] = set() if is_deleted else set(change.tags or ())

    def _move_tag(self, tags: dict[int, set[str]], tag: str, change: Change) -> None:
        assert change.version_id is not None
        if change.kind == "tag_gone":
            tags[change.version_id].remove(tag)
            return
        if change.kind == "tag_added":
            assert tag not in tags[change.version_id]
        tags.get(change.from_version_id or 0, set()).discard(tag)
        tags[change.version_id].add(tag)


@given(STATES, STATES, ORDERS)
def test_the_changes_applied_to_the_first_report_give_the_second(before: State, after: State, order: Random) -> None:
    filters = {"all_versions": True, "state": "all"}
    one, other = (
        report(
            *shuffled([record_of(key, found, order) for key, found in state.items()], order),
            owners=OWNERS,
            filters=filters,
        )
        for state in (before, after)
    )
    changes = compare(one, other)
    found = Applied(before)
    for change in changes:
        assert str(change).isprintable()
        assert json.loads(json.dumps(change.to_dict())) == change.to_dict()
        found.apply(change, after)
    expected = Applied(after)
    assert (found.packages, found.deleted, found.tags) == (expected.packages, expected.deleted, expected.tags)
    assert changes.is_complete
    assert [*compare(one, one)] == []


# Audits that did not see everything


def with_unique_tags(found: Found) -> Found:
    """Give a package of active versions, of which no two have the same tag, as on a registry."""
    taken: set[str] = set()
    versions: Versions = {}
    for id_, (tags, _) in found.versions.items():
        versions[id_] = (tags - taken, False)
        taken |= tags
    return found._replace(versions=versions)


TRUTHS = st.dictionaries(KEYS, FOUND.map(with_unique_tags), max_size=6)


class Sight(NamedTuple):
    """What an audit does not see."""

    failed: frozenset[tuple[str, str | None, str | None]]
    incomplete: frozenset[Key]
    keeps: int | None
    chance: Random

    def report(self, truth: State, filters: dict[str, object]) -> list[Record]:
        packages = shuffled([self._record(*one) for one in truth.items() if self._shows(one[0])], self.chance)
        failures = [failure(*one) for one in sorted(self.failed, key=str)]
        whole = report(*packages, owners=OWNERS, filters=filters, failures=failures)
        return whole if self.keeps is None else whole[: 1 + self.keeps][: len(whole) - 1]

    def _shows(self, key: Key) -> bool:
        owner, type_, name = key
        is_hidden = not self.failed.isdisjoint({(owner, None, None), (owner, type_, None), (owner, type_, name)})
        return not is_hidden or self.chance.random() < 0.3

    def _record(self, key: Key, found: Found) -> Record:
        if key not in self.incomplete:
            return record_of(key, found, self.chance)
        seen = {id_: one for id_, one in found.versions.items() if self.chance.random() < 0.5}
        return record_of(key, found._replace(versions=seen), self.chance, error="502: Server Error")


FAILED = st.one_of(
    st.tuples(st.sampled_from(OWNERS), st.none(), st.none()),
    st.tuples(st.sampled_from(OWNERS), st.sampled_from(["container", "npm"]), st.none()),
    KEYS,
)
SIGHTS = st.builds(
    Sight,
    st.frozensets(FAILED, max_size=1),
    st.frozensets(KEYS, max_size=4),
    st.none() | st.none() | st.integers(0, 5),
    ORDERS,
)


def is_true(change: Change, before: State, after: State) -> bool:
    """Whether a change happened, whatever the audits saw."""
    key = (change.owner, change.package_type, change.package_name)
    old, new = before.get(key), after.get(key)
    if change.kind in ("package_gone", "package_added"):
        return (old and old.id) != (new and new.id) and (old if change.kind == "package_gone" else new) is not None
    assert old is not None
    assert new is not None
    assert old.id == new.id
    if change.kind == "versions_counted":
        return (len(old.versions), len(new.versions)) == (change.before, change.after)
    if change.tag is not None:
        return tags_are_true(change, old, new)
    if change.version_id is not None:
        went = change.kind == "version_gone"
        assert went or change.kind == "version_added"
        return (change.version_id in old.versions, change.version_id in new.versions) == (went, not went)
    place = 1 if change.kind == "visibility_changed" else 2
    return (old[place], new[place]) == (change.before, change.after)


def tags_are_true(change: Change, old: Found, new: Found) -> bool:
    was_on, is_on = ([id_ for id_, (tags, _) in found.versions.items() if change.tag in tags] for found in (old, new))
    expected = {
        "tag_moved": ([change.from_version_id], [change.version_id]),
        "tag_added": ([], [change.version_id]),
        "tag_gone": ([change.version_id], []),
    }
    return (was_on, is_on) == expected[change.kind]


@given(TRUTHS, TRUTHS, SIGHTS, SIGHTS, st.sampled_from([{}, {"all_versions": True}]))
def test_whatever_was_not_seen_no_change_is_told_that_did_not_happen(
    before: State, after: State, first: Sight, second: Sight, filters: dict[str, object]
) -> None:
    changes = compare(first.report(before, filters), second.report(after, filters))
    found = [*changes]
    assert [change for change in found if not is_true(change, before, after)] == []
    assert len({*found}) == len(found)
    if changes.is_complete:
        sees_all = Sight(frozenset(), frozenset(), None, Random(0))  # noqa: S311  (an order, no secret)
        everything = compare(sees_all.report(before, filters), sees_all.report(after, filters))
        assert {*map(str, everything)} == {*map(str, found)}
