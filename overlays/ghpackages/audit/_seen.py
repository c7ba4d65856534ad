"""What is kept of a package while it is compared: far less than its record."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from attrs import frozen

from ._change import Change, ChangeKind
from ._checks import package_key, tags_of


class Version(NamedTuple):
    """What is kept of a version."""

    id: int
    name: str
    tags: tuple[str, ...] | None
    is_deleted: bool


class Repository(NamedTuple):
    """What is kept of a repository."""

    id: int | None
    name: str

    def is_same(self, other: "Repository") -> bool:
        """Whether it is the same, under whatever name."""
        if self.id is not None and other.id is not None:
            return self.id == other.id
        return self.name.lower() == other.name.lower()


@frozen
class Seen:
    """What is kept of a package.

    Attributes:
        key: What tells it from others.
        owner: Whose it is.
        package_type: Its type.
        name: Its name.
        visibility: Who may see it.
        repository: What it is linked to.
        count: How many versions were seen.
        listed: These, if they are to be compared one by one.
        problem: Why not all were seen; None if all were.
    """

    key: tuple[str, str, str, int]
    owner: str
    package_type: str
    name: str
    visibility: str
    repository: Repository | None
    count: int
    listed: tuple[Version, ...]
    problem: str | None

    @classmethod
    def of(cls, record: Mapping[str, Any], *, lists_versions: bool) -> "Seen":
        """What a package's record is reduced to."""
        package = record["package"]
        return cls(
            key=package_key(record["owner"], package),
            owner=record["owner"],
            package_type=package["package_type"],
            name=package["name"],
            visibility=package["visibility"],
            repository=_repository(package.get("repository")),
            count=record["versions"],
            listed=tuple(_version(match["version"]) for match in record["matches"]) if lists_versions else (),
            problem=None if record["complete"] else _problem(record["error"]),
        )

    @property
    def place(self) -> tuple[str, str, str]:
        """Owner, type and name, which only one package has at a time."""
        return self.key[:3]

    @property
    def is_complete(self) -> bool:
        """Whether all versions were seen."""
        return self.problem is None

    @property
    def known_count(self) -> int | None:
        """The number of versions, if it is known."""
        return self.count if self.is_complete else None

    def change(self, kind: ChangeKind, **values: Any) -> Change:
        """A change of this package."""
        return Change(kind, self.owner, self.package_type, self.name, **values)

    def version_change(self, kind: ChangeKind, version: Version) -> Change:
        """A change of one of its versions."""
        return self.change(kind, version_id=version.id, version_name=version.name, tags=version.tags)


def _version(version: Mapping[str, Any]) -> Version:
    return Version(version["id"], version["name"], tags_of(version), bool(version.get("deleted_at")))


def _repository(repository: Mapping[str, Any] | None) -> Repository | None:
    return None if repository is None else Repository(repository.get("id"), repository["full_name"])


def _problem(error: Mapping[str, Any] | None) -> str:
    return "no reason is given" if error is None else error["message"]
