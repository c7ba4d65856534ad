"""What is looked at, and what matches: pure functions over packages and versions, usable without the network.

stale = VersionFilter(untagged=True, older_than="6 months", skip_newest=10)
for match in stale.matches(versions):
    print(match.version.id, match.reason)
"""

import heapq
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatchcase
from typing import Final, get_args

from attrs import field, fields, frozen

from ghpackages import Package, PackageVersion, repository_name, version_tags

from ._choices import By
from ._durations import Duration, as_limit, iso, resolve

Criterion = Callable[[PackageVersion], str | None]
"""Tells the reason why a version matches; None if it doesn't."""

RESTORABLE = timedelta(days=30)
"""Source: https://docs.github.com/packages/learn-github-packages/deleting-and-restoring-a-package"""

_REFERRER_TAG: Final = re.compile(r"sha256-([0-9a-f]{64})(\..+)?")
"""The tag of what refers to another version, such as its signature; it names the digest of that version.

Sources: https://github.com/opencontainers/distribution-spec/blob/main/spec.md#referrers-tag-schema
and https://github.com/sigstore/cosign/blob/main/specs/SIGNATURE_SPEC.md#tag-based-discovery
"""


@frozen
class VersionMatch:
    """A version that matches all version filters. That says nothing about whether it is still needed.

    Attributes:
        version: The version.
        reason: Why it matches, such as `untagged; older than 2026-05-22: created 2026-01-03`; empty if there was no
            filter and every version is listed.
        restorable_until: Until when it can be restored, if it is deleted: 30 days after the deletion.
    """

    version: PackageVersion
    reason: str
    restorable_until: datetime | None


def _globs(value: str | Iterable[str]) -> tuple[str, ...]:
    globs = (value,) if isinstance(value, str) else tuple(value)
    if not all(globs):
        raise ValueError("a pattern must not be empty")
    return globs


def _optional_limit(value: str | datetime | None) -> Duration | datetime | None:
    return None if value is None else as_limit(value)


def _optional_duration(value: str | None) -> Duration | None:
    return None if value is None else Duration.parse(value)


def check_choice(name: str, value: str, literal: object) -> None:
    """Refuse what is not among the values of a `Literal`.

    Raises:
        ValueError: It is not among them.
    """
    if value not in get_args(literal):
        raise ValueError(f"{name} must be one of {', '.join(get_args(literal))}: {value!r}")


@frozen(kw_only=True)
class PackageFilter:
    """Which packages are looked at; all that is set must hold.

    Attributes:
        names: Patterns of which the name matches one; `*` also matches slashes, `?` any character, `[ab]` one of them.
        repositories: Patterns of which the linked repository, as `owner/name`, matches one, in upper or lower case.
        unlinked: Only packages that are linked to no repository.
        inactive_for: Only packages whose newest active version was created longer ago than this, such as `1 year`; of
            one without any, when the package was created.

    Raises:
        ValueError: A pattern is empty, a duration is none, or nothing could pass.
    """

    names: tuple[str, ...] = field(default=(), converter=_globs)
    repositories: tuple[str, ...] = field(default=(), converter=_globs)
    unlinked: bool = False
    inactive_for: Duration | None = field(default=None, converter=_optional_duration)

    def __attrs_post_init__(self) -> None:
        """Refuse what excludes itself."""
        if self.unlinked and self.repositories:
            raise ValueError("no package is linked to a repository and unlinked: give one of the two filters")

    def accepts(self, package: Package) -> bool:
        """Whether a package passes, as far as can be told without its versions."""
        if self.names and not _matches_any(package.name, self.names):
            return False
        if not self.unlinked and not self.repositories:
            return True
        repository = repository_name(package)
        if self.unlinked:
            return repository is None
        globs = [glob.lower() for glob in self.repositories]
        return repository is not None and _matches_any(repository.lower(), globs)

    def describe(self) -> dict[str, object]:
        """The filters that are set, for the report."""
        return _set_fields(self)


@frozen(kw_only=True)
class VersionFilter:
    """Which versions match; all that is set must hold.

    Versions of types without tags (all but container and docker) match none of the filters that look at tags.

    Attributes:
        tagged: Only versions that have a tag.
        untagged: Only versions that have none. Such a version may be a part of a multi-platform image.
        tags_any: Patterns of which one matches a tag; as in `PackageFilter.names`.
        tags_all: Patterns that each match a tag.
        tags_none: Patterns of which none matches any tag.
        older_than: Only versions from before an instant (an aware `datetime` or ISO 8601 text), or older than a
            duration by the calendar, such as `6 months`, `2 weeks` or `1 year 3 months`.
        newer_than: Only versions from after it, in the same forms.
        by: The date that these two and `skip_newest` look at: "created" or "updated".
        skip_newest: How many of the newest active versions never match. Only those that pass the tag filters above are
            counted, whatever their age and `where`: `tagged=True, skip_newest=3` keeps the newest three releases. A
            version that has tags, all of them `sha256-…` tags of what refers to another version, such as its signature,
            is never counted, and never kept for being new.
        where: Any function; only versions for which it is true match.

    Raises:
        ValueError: A pattern is empty, a duration or instant is none or has no time zone, or nothing could match.
    """

    tagged: bool = False
    untagged: bool = False
    tags_any: tuple[str, ...] = field(default=(), converter=_globs)
    tags_all: tuple[str, ...] = field(default=(), converter=_globs)
    tags_none: tuple[str, ...] = field(default=(), converter=_globs)
    older_than: Duration | datetime | None = field(default=None, converter=_optional_limit)
    newer_than: Duration | datetime | None = field(default=None, converter=_optional_limit)
    by: By = "created"
    skip_newest: int = 0
    where: Callable[[PackageVersion], bool] | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse what can't be meant."""
        check_choice("by", self.by, By)
        if self.skip_newest < 0:
            raise ValueError(f"skip_newest must not be negative: {self.skip_newest}")
        if self.untagged and (self.tagged or self.tags_any or self.tags_all):
            raise ValueError("no version is untagged and has a tag: give one of the two filters")

    def __bool__(self) -> bool:
        """Whether any filter is set."""
        return any(name != "by" for name in self.describe())

    def describe(self) -> dict[str, object]:
        """The filters that are set, for the report."""
        return _set_fields(self)

    def matches(self, versions: Iterable[PackageVersion], *, as_of: datetime | None = None) -> list[VersionMatch]:
        """The versions of one package that match, in the order given.

        Args:
            versions: The versions of the package, all of them if `skip_newest` is to be right.
            as_of: The aware instant that durations reach back from; now if omitted.

        Raises:
            ValueError: A duration reaches back beyond the year 1.
        """
        matcher = Matcher(self, self.other_criteria(as_of or datetime.now(UTC)))
        for version in versions:
            matcher.add(version)
        return matcher.matches()

    def tag_criteria(self) -> tuple[Criterion, ...]:
        """The filters that look at tags; `skip_newest` counts the versions that pass them."""
        found: list[Criterion] = []
        if self.tagged:
            found.append(_is_tagged)
        if self.untagged:
            found.append(_is_untagged)
        found += [_has_tag((glob,)) for glob in self.tags_all]
        if self.tags_any:
            found.append(_has_tag(self.tags_any))
        if self.tags_none:
            found.append(_has_no_tag(self.tags_none))
        return tuple(found)

    def other_criteria(self, as_of: datetime) -> tuple[Criterion, ...]:
        """The other filters that look at one version at a time.

        Raises:
            ValueError: A duration reaches back beyond the year 1.
        """
        found: list[Criterion] = []
        if self.older_than is not None:
            found.append(_is_older(resolve(self.older_than, as_of), self.by))
        if self.newer_than is not None:
            found.append(_is_newer(resolve(self.newer_than, as_of), self.by))
        if self.where is not None:
            found.append(_is_chosen(self.where))
        return tuple(found)


class Matcher:
    """Sees the versions of one package one by one, and keeps only those that may match.

    Args:
        filter_: Which versions match.
        others: Its `other_criteria`.
    """

    def __init__(self, filter_: VersionFilter, others: Sequence[Criterion]) -> None:
        self._tags, self._others = filter_.tag_criteria(), others
        self._by: By = filter_.by
        self._skip = filter_.skip_newest
        self._skipped = f"not among the newest {self._skip}{_counted(filter_)}"
        self._newest: list[tuple[datetime, int]] = []  # a heap, the oldest of them first
        self._found: list[tuple[PackageVersion, list[str]]] = []

    def add(self, version: PackageVersion) -> None:
        """See a version."""
        reasons = _reasons(self._tags, version)
        if reasons is None:
            return
        if self._skip and deleted_at(version) is None and not _is_referrer(version):
            _push(self._newest, (date_of(version, self._by), version.id), self._skip)
        more = _reasons(self._others, version)
        if more is not None:
            self._found.append((version, reasons + more))

    def matches(self) -> list[VersionMatch]:
        """Everything that matches, in the order seen."""
        skipped = {id_ for _, id_ in self._newest}
        more = [self._skipped] if self._skip else []
        return [
            VersionMatch(version, "; ".join([*reasons, *more]), restorable_until(version))
            for version, reasons in self._found
            if version.id not in skipped
        ]


def _counted(filter_: VersionFilter) -> str:
    """What `skip_newest` counts, as the reasons say it after the number."""
    if filter_.untagged:
        return " untagged"
    if filter_.tags_all or filter_.tags_any or filter_.tags_none:
        return " with such tags"
    return " tagged" if filter_.tagged else ""


def _reasons(criteria: Iterable[Criterion], version: PackageVersion) -> list[str] | None:
    """Why a version meets all the criteria; None if it doesn't."""
    reasons: list[str] = []
    for criterion in criteria:
        reason = criterion(version)
        if reason is None:
            return None
        reasons.append(reason)
    return reasons


def _is_referrer(version: PackageVersion) -> bool:
    """Whether a version has tags that all name another version; one without tags may refer to another, too."""
    found = list(map(_REFERRER_TAG.fullmatch, version_tags(version) or ()))
    return bool(found) and all(tag is not None and version.name != f"sha256:{tag[1]}" for tag in found)


def restorable_until(version: PackageVersion) -> datetime | None:
    """Until when a deleted version can be restored; None if it is not deleted.

    Source: https://docs.github.com/packages/learn-github-packages/deleting-and-restoring-a-package
    """
    moment = deleted_at(version)
    if moment is None:
        return None
    return moment + min(RESTORABLE, datetime.max.replace(tzinfo=UTC) - moment)


def deleted_at(version: PackageVersion) -> datetime | None:
    """When a version was deleted; None if it is active."""
    return version.deleted_at or None


def date_of(version: PackageVersion, by: By) -> datetime:
    """The date that counts."""
    return version.created_at if by == "created" else version.updated_at


def _push(heap: list[tuple[datetime, int]], item: tuple[datetime, int], size: int) -> None:
    if len(heap) < size:
        heapq.heappush(heap, item)
    else:
        heapq.heappushpop(heap, item)


def _set_fields(filter_: PackageFilter | VersionFilter) -> dict[str, object]:
    values = ((one.name, getattr(filter_, one.name), one.default) for one in fields(type(filter_)))
    return {name: _plain(value) for name, value, default in values if value != default}


def _plain(value: object) -> object:
    if isinstance(value, Duration):
        return value.text
    if isinstance(value, datetime):
        return iso(value)
    if isinstance(value, tuple):
        return [str(item) for item in value]  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
    return getattr(value, "__name__", repr(value)) if callable(value) else value


def _matches_any(text: str, globs: Iterable[str]) -> bool:
    return any(fnmatchcase(text, glob) for glob in globs)


def _is_tagged(version: PackageVersion) -> str | None:
    return "tagged" if version_tags(version) else None


def _is_untagged(version: PackageVersion) -> str | None:
    return "untagged" if version_tags(version) == () else None


def _has_tag(globs: Sequence[str]) -> Criterion:
    def criterion(version: PackageVersion) -> str | None:
        for tag in version_tags(version) or ():
            for glob in globs:
                if fnmatchcase(tag, glob):
                    return f"tag {glob}: {tag}"
        return None

    return criterion


def _has_no_tag(globs: Sequence[str]) -> Criterion:
    reason = f"no tag {' or '.join(globs)}"

    def criterion(version: PackageVersion) -> str | None:
        tags = version_tags(version)
        return None if tags is None or any(_matches_any(tag, globs) for tag in tags) else reason

    return criterion


def _is_older(limit: datetime, by: By) -> Criterion:
    def criterion(version: PackageVersion) -> str | None:
        moment = date_of(version, by)
        return _age_reason("older", limit, by, moment) if moment < limit else None

    return criterion


def _is_newer(limit: datetime, by: By) -> Criterion:
    def criterion(version: PackageVersion) -> str | None:
        moment = date_of(version, by)
        return _age_reason("newer", limit, by, moment) if moment > limit else None

    return criterion


def _age_reason(comparison: str, limit: datetime, by: By, moment: datetime) -> str:
    limit, moment = limit.astimezone(UTC), moment.astimezone(UTC)
    if limit.date() == moment.date():  # then the days alone would explain nothing
        return f"{comparison} than {iso(limit)}: {by} {iso(moment)}"
    return f"{comparison} than {limit.date()}: {by} {moment.date()}"  # %Y does not fill up years below 1000


def _is_chosen(where: Callable[[PackageVersion], bool]) -> Criterion:
    reason = f"where {getattr(where, '__name__', repr(where))}"
    return lambda version: reason if where(version) else None
