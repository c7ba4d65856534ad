"""One difference between two audits."""

from typing import Any, Final, Literal, get_args

from attrs import asdict, frozen

ChangeKind = Literal[
    "package_added",
    "package_gone",
    "visibility_changed",
    "repository_changed",
    "versions_counted",
    "version_added",
    "version_gone",
    "version_deleted",
    "version_restored",
    "deletion_ended",
    "tag_added",
    "tag_gone",
    "tag_moved",
]
"""What changed. `Change` says what each means."""

KINDS: Final[tuple[ChangeKind, ...]] = get_args(ChangeKind)


@frozen
class Change:
    """One difference between two audits. `str()` tells it in one line.

    The kinds:
        package_added: The second report has a package that the first has not: it was published, or restored, or the
            token may see it now. If known, `after` is the number of its versions.
        package_gone: The first report has a package that the second has not: it was deleted, or the token may not see
            it any more. If known, `before` is the number of its versions. A package that was deleted and made anew
            under its name has another id; it is gone and added.
        visibility_changed: From `before` to `after`.
        repository_changed: The package was linked to `after`, unlinked from `before`, or both. A repository that only
            got another name is the same.
        versions_counted: The number of versions changed, where they are not compared one by one.
        version_added: A version is listed now: it was published, or restored.
        version_gone: A version is not listed any more: it was deleted (where deleted ones are listed too: past
            restoring).
        version_deleted: A version is listed as deleted now.
        version_restored: A version that was listed as deleted is active.
        deletion_ended: In an audit of only deleted versions, one is not listed any more: it was restored, or can't be.
        tag_added: A version that both reports have got a tag that was on no other.
        tag_gone: A version that both reports have lost a tag, and no other got it.
        tag_moved: A tag went from one version to another; these may be gone, or added.

    Attributes:
        kind: What changed.
        owner: Whose package it is: `acme`, `user:octocat` or `@me`.
        package_type: Its type.
        package_name: Its name.
        version_id: The version; of a tag that moved, the one that has it now.
        version_name: The name of the version.
        tags: The tags of a version that came, went, was deleted or restored; None if its type has no tags.
        tag: The tag that was added, is gone, or moved.
        from_version_id: The version that a moved tag was on.
        from_version_name: The name of that version.
        before: What it was: a visibility, a repository as `owner/name`, a number of versions; None for nothing.
        after: What it is.
    """

    kind: ChangeKind
    owner: str
    package_type: str
    package_name: str
    version_id: int | None = None
    version_name: str | None = None
    tags: tuple[str, ...] | None = None
    tag: str | None = None
    from_version_id: int | None = None
    from_version_name: str | None = None
    before: str | int | None = None
    after: str | int | None = None

    def to_dict(self) -> dict[str, Any]:
        """The same as JSON has it: all keys, in the same order in every change."""
        return {**asdict(self), "tags": None if self.tags is None else list(self.tags)}

    @property
    def description(self) -> str:
        """What changed, in a few words: `tag latest moved from 1.2 (id 836) to 1.3 (id 901)`."""
        return one_line(self._text())

    def __str__(self) -> str:
        """Whose package, which, and what: `acme container web/api: tag latest moved from …`."""
        return one_line(f"{self.owner} {self.package_type} {self.package_name}: {self._text()}")

    def _text(self) -> str:
        if self.kind == "repository_changed":
            return self._repository_text()
        return _TEXTS[self.kind].format(
            version=f"{self.version_name} (id {self.version_id})",
            origin=f"{self.from_version_name} (id {self.from_version_id})",
            tag=self.tag,
            tagged=f", tagged {', '.join(self.tags)}" if self.tags else "",
            before=self.before,
            after=self.after,
        )

    def _repository_text(self) -> str:
        if self.before is None:
            return f"linked to {self.after}"
        if self.after is None:
            return f"unlinked from {self.before}"
        if self.before == self.after:
            return f"linked to another repository of the same name, {self.after}"
        return f"linked to {self.after} instead of {self.before}"


_TEXTS: Final[dict[ChangeKind, str]] = {
    "package_added": "package added",
    "package_gone": "package gone",
    "visibility_changed": "visibility changed from {before} to {after}",
    "versions_counted": "number of versions changed from {before} to {after}",
    "version_added": "version {version} added{tagged}",
    "version_gone": "version {version} gone{tagged}",
    "version_deleted": "version {version} deleted{tagged}",
    "version_restored": "version {version} restored{tagged}",
    "deletion_ended": "version {version} is no longer listed as deleted{tagged}",
    "tag_added": "tag {tag} added to {version}",
    "tag_gone": "tag {tag} gone from {version}",
    "tag_moved": "tag {tag} moved from {origin} to {version}",
}


def one_line(text: str) -> str:
    """The same text, with what can't be printed written as an escape."""
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode("ascii") for one in text)
