"""How one package differs between two audits: pure rules, that tell only what both audits saw.

What an incomplete list of versions lacks may just not have been seen: nothing is called gone for it, nor added.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from attrs import frozen

from ._change import Change, ChangeKind
from ._seen import Seen, Version

_CAME: Final[Mapping[str, ChangeKind]] = {"deleted": "version_deleted"}
_WENT: Final[Mapping[str, ChangeKind]] = {"deleted": "deletion_ended"}


def package_changes(before: Seen, after: Seen, *, state: str, lists_versions: bool) -> Iterator[Change]:
    """The changes of one package.

    Args:
        before: The package in the first report.
        after: The same package in the second.
        state: The state of the versions that both looked at.
        lists_versions: Whether versions are compared one by one; else their number is.
    """
    if before.visibility != after.visibility:
        yield after.change("visibility_changed", before=before.visibility, after=after.visibility)
    yield from _repository_changes(before, after)
    if lists_versions:
        yield from _Pair.of(before, after, state).changes()
    elif before.is_complete and after.is_complete and before.count != after.count:
        yield after.change("versions_counted", before=before.count, after=after.count)


def added(package: Seen) -> Change:
    """A package that is in the second report only."""
    return package.change("package_added", after=package.known_count)


def gone(package: Seen) -> Change:
    """A package that is in the first report only."""
    return package.change("package_gone", before=package.known_count)


def _repository_changes(before: Seen, after: Seen) -> Iterator[Change]:
    old, new = before.repository, after.repository
    if old is new is None or (old and new and old.is_same(new)):
        return
    yield after.change("repository_changed", before=old and old.name, after=new and new.name)


@frozen
class _Pair:
    """The versions of one package in both reports, by their id."""

    package: Seen
    state: str
    old: Mapping[int, Version]
    new: Mapping[int, Version]
    can_come: bool
    can_go: bool

    @classmethod
    def of(cls, before: Seen, after: Seen, state: str) -> "_Pair":
        old, new = ({version.id: version for version in one.listed} for one in (before, after))
        return cls(after, state, old, new, can_come=before.is_complete, can_go=after.is_complete)

    def changes(self) -> Iterator[Change]:
        """Versions that went, changed and came, then tags."""
        if self.old == self.new:
            return
        yield from self._went()
        yield from self._came()
        yield from self._tags()

    def _went(self) -> Iterator[Change]:
        for id_, version in self.old.items():
            now = self.new.get(id_)
            if now is None:
                if self.can_go:
                    yield self.package.version_change(_WENT.get(self.state, "version_gone"), version)
            elif now.is_deleted != version.is_deleted:
                yield self.package.version_change("version_deleted" if now.is_deleted else "version_restored", now)

    def _came(self) -> Iterator[Change]:
        if not self.can_come:
            return
        for id_, version in self.new.items():
            if id_ not in self.old:
                yield self.package.version_change(_CAME.get(self.state, "version_added"), version)
                if version.is_deleted and self.state == "all":
                    yield self.package.version_change("version_deleted", version)

    def _tags(self) -> Iterator[Change]:
        was_on, is_on = _carriers(self.old.values()), _carriers(self.new.values())
        for tag in {**is_on, **was_on}:
            left = [id_ for id_ in was_on.get(tag, ()) if id_ not in is_on.get(tag, ())]
            reached = [id_ for id_ in is_on.get(tag, ()) if id_ not in was_on.get(tag, ())]
            for origin, version in zip(left, reached, strict=False):
                yield self._moved(tag, self.old[origin], self.new[version])
            yield from self._lost(tag, left[len(reached) :])
            yield from self._gained(tag, reached[len(left) :])

    def _moved(self, tag: str, origin: Version, version: Version) -> Change:
        return self.package.change(
            "tag_moved",
            tag=tag,
            version_id=version.id,
            version_name=version.name,
            from_version_id=origin.id,
            from_version_name=origin.name,
        )

    def _lost(self, tag: str, ids: Iterable[int]) -> Iterator[Change]:
        return self._tag_changes("tag_gone", tag, ids, self.new) if self.can_go else iter(())

    def _gained(self, tag: str, ids: Iterable[int]) -> Iterator[Change]:
        return self._tag_changes("tag_added", tag, ids, self.old) if self.can_come else iter(())

    def _tag_changes(
        self, kind: ChangeKind, tag: str, ids: Iterable[int], others: Mapping[int, Version]
    ) -> Iterator[Change]:
        """Changes of a tag on versions that are active in the other report too; else it came or went with them."""
        for id_ in ids:
            version = others.get(id_)
            if version and not version.is_deleted:
                yield self.package.change(kind, tag=tag, version_id=id_, version_name=version.name)


def _carriers(versions: Iterable[Version]) -> dict[str, list[int]]:
    """The active versions that each tag is on: one, unless it moved while they were read."""
    found: dict[str, list[int]] = {}
    for version in versions:
        for tag in () if version.is_deleted else dict.fromkeys(version.tags or ()):
            found.setdefault(tag, []).append(version.id)
    return found
