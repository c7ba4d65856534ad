"""Owners, their repositories and their packages: what the server knows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Final, Literal, cast, get_args

from ._clock import Clock, instant
from ._names import DigestNames, NameRule, NumberNames, digest_name, free_numbers, number_name
from ._runs import Run, TagRule, checked_tags
from ._versions import MockVersion, VersionStore

__all__ = [
    "Ids",
    "Inventory",
    "MockOwner",
    "MockPackage",
    "OwnerType",
    "PackageType",
    "Repository",
    "Role",
    "Visibility",
]

OwnerType = Literal["Organization", "User"]
PackageType = Literal["npm", "maven", "rubygems", "docker", "nuget", "container"]
Role = Literal["admin", "member"]
Visibility = Literal["public", "private", "internal"]

PACKAGE_TYPES: Final[tuple[str, ...]] = get_args(PackageType)
VISIBILITIES: Final[tuple[str, ...]] = get_args(Visibility)
TAGGED_TYPES: Final = frozenset({"container", "docker"})
# Registries whose permissions are those of a repository.
# https://docs.github.com/packages/learn-github-packages/about-permissions-for-github-packages
REPOSITORY_TYPES: Final = frozenset({"docker", "maven"})


def _checked(kind: str, value: str, known: tuple[str, ...]) -> str:
    if value not in known:
        raise ValueError(f"unknown {kind} {value!r}: expected one of {', '.join(known)}")
    return value


def _named(kind: str, name: str) -> str:
    if not name.strip() or name in {".", ".."}:
        raise ValueError(f"{name!r} can't be the name of {kind}")
    return name


def _plain_name(kind: str, name: str) -> str:
    if "/" in name:
        raise ValueError(f"the name of {kind} can't contain a slash: {name!r}")
    return _named(kind, name)


class Ids:
    """Numbers things, as real ids are: growing, and never side by side."""

    __slots__ = ("_claimed", "_first", "_step", "next")

    def __init__(self, first: int, step: int) -> None:
        self.next = first
        self._first: Final = first
        self._step: Final = step
        self._claimed: Final[set[int]] = set()

    def take(self) -> int:
        """Give the next id."""
        while self.next in self._claimed:
            self.next += self._step
        return self.block(1).start

    def block(self, size: int) -> range:
        """Give the next ids, so many at once."""
        start, self.next = self.next, self.next + size * self._step
        return range(start, self.next, self._step)

    def block_from(self, first: int, size: int) -> range:
        """Give ids that start with a certain one, and none of them or below ever again."""
        ids = range(first, first + size * self._step, self._step)
        self.pass_by(ids[-1])
        return ids

    def claim(self, wanted: int | None) -> int:
        """Give a certain id, or the next one."""
        if wanted is None:
            return self.take()
        if wanted < 1 or wanted in self._claimed or wanted in range(self._first, self.next, self._step):
            raise ValueError(f"the id {wanted} is in use or not positive")
        self._claimed.add(wanted)
        return wanted

    def pass_by(self, used: int) -> None:
        """Never give an id that is in use, nor a lower one."""
        if used >= self.next:
            self.next += ((used - self.next) // self._step + 1) * self._step


@dataclass(eq=False)
class Inventory:
    """Everything that a server knows, and the counters that number it."""

    clock: Clock
    owners: dict[str, MockOwner] = field(default_factory=dict[str, "MockOwner"])
    """By lower-case login: names are not case-sensitive, and users and organisations share them."""
    by_id: dict[int, MockOwner] = field(default_factory=dict[int, "MockOwner"])
    former: dict[str, MockOwner] = field(default_factory=dict[str, "MockOwner"])
    """By lower-case former login."""
    owner_ids: Ids = field(default_factory=lambda: Ids(363_514, 1_009))
    repository_ids: Ids = field(default_factory=lambda: Ids(216_219_492, 613))
    package_ids: Ids = field(default_factory=lambda: Ids(7_930_767, 37))
    version_ids: Ids = field(default_factory=lambda: Ids(406_855_100, 11))

    def now(self) -> datetime:
        """Tell the time, in whole seconds of UTC."""
        return instant(self.clock())

    def add_owner(self, owner_type: OwnerType, login: str, owner_id: int | None) -> MockOwner:
        """Add an organisation or a user."""
        if _plain_name("an owner", login).lower() in self.owners:
            raise ValueError(f"there already is an owner named {login!r}")
        if owner_id is None:
            owner_id = next(number for number in iter(self.owner_ids.take, None) if number not in self.by_id)
        if owner_id < 1 or owner_id in self.by_id:
            raise ValueError(f"the id {owner_id} is in use or not positive")
        owner = MockOwner(self, owner_type, login, owner_id)
        self.owners[login.lower()] = self.by_id[owner_id] = owner
        self.former.pop(login.lower(), None)
        return owner


@dataclass(frozen=True, slots=True, eq=False)
class Repository:
    """A repository that packages are linked to."""

    id: int
    name: str
    owner: MockOwner
    private: bool
    description: str | None = None


class MockOwner:
    """An organisation or a user, and what it owns."""

    def __init__(self, inventory: Inventory, owner_type: OwnerType, login: str, owner_id: int) -> None:
        self._inventory = inventory
        self._packages: dict[tuple[str, str], MockPackage] = {}
        self._deleted: dict[tuple[str, str], list[MockPackage]] = {}
        self._oldest: list[MockPackage] | None = None
        self._repositories: dict[str, Repository] = {}
        self._roles: dict[str, Role] = {}
        self.type: Final = owner_type
        self.login = login
        self.id: Final = owner_id

    def __repr__(self) -> str:
        """Show the kind and the name."""
        return f"<MockOwner {self.type} {self.login!r}>"

    def add_member(self, login: str, *, role: Role = "member") -> None:
        """Make a user a member of this organisation: members see its private and internal packages, admins delete."""
        if self.type == "User":
            raise ValueError(f"{self.login} is a user and has no members")
        self._roles[login.lower()] = role

    def remove_member(self, login: str) -> None:
        """Take a user's membership away."""
        if self._roles.pop(login.lower(), None) is None:
            raise ValueError(f"{login} is no member of {self.login}")

    def role_of(self, user: MockOwner) -> Role | None:
        """Tell what a user is here; everyone is the admin of their own account."""
        return "admin" if user is self else self._roles.get(user.login.lower())

    def rename(self, login: str) -> None:
        """Give the owner another name; requests for the former one are redirected (see `Behaviour`)."""
        owners = self._inventory.owners
        if owners.get(_plain_name("an owner", login).lower(), self) is not self:
            raise ValueError(f"there already is an owner named {login!r}")
        self._inventory.former[self.login.lower()] = owners.pop(self.login.lower())
        owners[login.lower()] = self
        self._inventory.former.pop(login.lower(), None)
        for owner in owners.values():
            owner._follow(self.login.lower(), login.lower())
        self.login = login

    def _follow(self, former: str, login: str) -> None:
        """Keep a member who was renamed."""
        role = self._roles.pop(former, None)
        if role is not None:
            self._roles[login] = role

    @property
    def members(self) -> dict[str, Role]:
        """The roles of the members, by lower-case login."""
        return dict(self._roles)

    def add_repository(
        self,
        name: str,
        *,
        id: int | None = None,  # noqa: A002  (what GitHub calls it)
        private: bool = False,
        description: str | None = None,
    ) -> Repository:
        """Add a repository that packages can be linked to."""
        if _plain_name("a repository", name) in self._repositories:
            raise ValueError(f"{self.login} already has a repository named {name!r}")
        repository = Repository(self._inventory.repository_ids.claim(id), name, self, private, description)
        self._repositories[name] = repository
        return repository

    @property
    def repositories(self) -> list[Repository]:
        """All repositories."""
        return list(self._repositories.values())

    def repository(self, name: str) -> Repository | None:
        """Find a repository."""
        return self._repositories.get(name)

    def add_package(
        self,
        package_type: str,
        name: str,
        *,
        id: int | None = None,  # noqa: A002  (what GitHub calls it)
        visibility: str = "private",
        repository: str | None = None,
        created_at: datetime | None = None,
        downloads: int = 0,
        conflict: bool = False,
    ) -> MockPackage:
        """Add a package.

        `repository` links it to a repository of that name, which is made if need be. `downloads` is what each of its
        versions starts with. `conflict` puts the package on the list of Docker migration conflicts.
        """
        key = (_checked("package type", package_type, PACKAGE_TYPES), _named("a package", name))
        if key in self._packages:
            raise ValueError(f"{self.login} already has a {package_type} package named {name!r}")
        if conflict and package_type not in TAGGED_TYPES:
            raise ValueError("only docker and container packages can conflict in the Docker migration")
        created = self._inventory.now() if created_at is None else instant(created_at)
        package = MockPackage(
            self, cast(PackageType, package_type), name, self._inventory.package_ids.claim(id), created
        )
        package.visibility = visibility
        package.downloads, package.conflict = downloads, conflict
        package.link(repository)
        self._packages[key] = package
        self._oldest = None
        return package

    def package(self, package_type: str, name: str) -> MockPackage | None:
        """Find a package that is not deleted."""
        return self._packages.get((package_type, name))

    def deleted_package(self, package_type: str, name: str) -> MockPackage | None:
        """Find the package that was deleted last under this name."""
        deleted = self._deleted.get((package_type, name))
        return deleted[-1] if deleted else None

    @property
    def packages(self) -> list[MockPackage]:
        """The packages that are not deleted, oldest first; not to be changed."""
        if self._oldest is None:
            self._oldest = sorted(self._packages.values(), key=lambda one: (one.created_at, one.id))
        return self._oldest

    @property
    def deleted_packages(self) -> list[MockPackage]:
        """The packages that are deleted; of the same name, those first that were deleted first."""
        return [package for packages in self._deleted.values() for package in packages]

    def _bury(self, package: MockPackage) -> None:
        key = (package.package_type, package.name)
        del self._packages[key]
        self._deleted.setdefault(key, []).append(package)
        self._oldest = None

    def _raise(self, package: MockPackage) -> None:
        key = (package.package_type, package.name)
        if key in self._packages:
            raise ValueError(f"the name {package.name!r} is in use again")
        self._deleted[key].remove(package)
        self._packages[key] = package
        self._oldest = None


class MockPackage:
    """A package and its versions."""

    def __init__(
        self, owner: MockOwner, package_type: PackageType, name: str, package_id: int, created_at: datetime
    ) -> None:
        self._inventory = owner._inventory  # pyright: ignore[reportPrivateUsage]  (one cluster of objects)
        self._visibility: Visibility = "private"
        self._repository: Repository | None = None
        self.owner: Final = owner
        self.package_type: Final = package_type
        self.name: Final = name
        self.id: Final = package_id
        self.created_at: Final = created_at
        self.updated_at = created_at
        self.deleted_at: datetime | None = None
        self.downloads = 0
        """What a new version's downloads start with."""
        self.conflict = False
        """Whether the package met a conflict in the Docker migration."""
        self.versions: Final = VersionStore()

    def __repr__(self) -> str:
        """Show owner, type and name."""
        return f"<MockPackage {self.owner.login} {self.package_type} {self.name!r}>"

    @property
    def visibility(self) -> Visibility:
        """Who can see the package."""
        return self._visibility

    @visibility.setter
    def visibility(self, value: str) -> None:
        self._visibility = cast(Visibility, _checked("visibility", value, VISIBILITIES))

    @property
    def repository(self) -> Repository | None:
        """The repository that the package is linked to."""
        return self._repository

    def link(self, repository: str | None) -> None:
        """Link the package to a repository of its owner, made if need be; None unlinks it."""
        if repository is None:
            self._repository = None
            return
        found = self.owner.repository(repository)
        self._repository = found or self.owner.add_repository(repository, private=self.visibility != "public")

    def add_version(
        self,
        *,
        id: int | None = None,  # noqa: A002  (what GitHub calls it)
        tags: Iterable[str] = (),
        name: str | None = None,
        created_at: datetime | None = None,
        updated_at: datetime | None = None,
        deleted_at: datetime | None = None,
        license: str | None = None,  # noqa: A002  (what GitHub calls it)
        description: str | None = None,
        downloads: int | None = None,
    ) -> MockVersion:
        """Add a version; without a name it gets a digest (container, docker) or the next number."""
        ids = self._inventory.version_ids
        version_id = ids.take() if id is None else ids.block_from(id, 1).start
        created = self._inventory.now() if created_at is None else instant(created_at)
        version = MockVersion(
            version_id,
            self._version_name(version_id) if name is None else _named("a version", name),
            created,
            created if updated_at is None else instant(updated_at),
            self._tags(tags),
            license,
            description,
            self.downloads if downloads is None else downloads,
        )
        self.versions.add(version, named=name is not None)
        self.updated_at = max(self.updated_at, created)
        if deleted_at is not None:
            self.versions.delete(version, instant(deleted_at))
        return version

    def add_versions(
        self,
        number: int,
        *,
        first_at: datetime | None = None,
        step: timedelta = timedelta(minutes=1),
        tags: TagRule | None = None,
        downloads: int | None = None,
    ) -> None:
        """Add many versions, one every `step`; by default the newest is `step` old.

        `tags` is given each one's index, the oldest's being 0. They cost next to nothing, however many: a version is
        made when it is asked for and kept once it was changed. So `tags` is called at any time, as often as needed,
        and has to give the same tags each time.
        """
        if number < 0:
            raise ValueError(f"can't add {number} versions")
        start = self._inventory.now() - number * step if first_at is None else instant(first_at)
        newest = instant(start + max(number - 1, 0) * step)
        rule = self.checked_rule(tags, number)
        each = self.downloads if downloads is None else downloads
        index = 0
        for ids, names in self._blocks(number):
            begin = start + index * step
            run = Run(ids, begin, step, names, tags=rule, first_index=index, downloads=each)
            self.versions.add_run(run)
            index += len(ids)
        if number:
            self.updated_at = max(self.updated_at, newest)

    def exact_ids(self, first: int, size: int) -> range:
        """Reserve certain ids for versions, as they were once given."""
        return self._inventory.version_ids.block_from(first, size)

    def exact_names(self, ids: range, first_number: int | None) -> NameRule:
        """Name versions as they were once named."""
        if self.package_type in TAGGED_TYPES:
            return DigestNames(self.id, ids)
        number = self._used_names() if first_number is None else first_number
        return NumberNames(range(number, number + len(ids)))

    def delete_version(self, version: MockVersion, *, at: datetime | None = None) -> None:
        """Delete a version whatever the API's rules say; by default now."""
        self.versions.delete(version, self._inventory.now() if at is None else instant(at))

    def restore_version(self, version: MockVersion) -> None:
        """Restore a version however long ago it was deleted."""
        self.versions.restore(version)

    def delete(self, *, at: datetime | None = None) -> None:
        """Delete the package whatever the API's rules say; by default now."""
        if self.deleted_at is not None:
            raise ValueError(f"{self!r} is deleted already")
        self.deleted_at = self._inventory.now() if at is None else instant(at)
        self.owner._bury(self)  # pyright: ignore[reportPrivateUsage]

    def restore(self) -> None:
        """Restore the package however long ago it was deleted."""
        if self.deleted_at is None:
            raise ValueError(f"{self!r} is not deleted")
        self.owner._raise(self)  # pyright: ignore[reportPrivateUsage]
        self.deleted_at = None

    def _blocks(self, number: int) -> Iterator[tuple[range, NameRule]]:
        """Reserve ids, and names that are free."""
        block = self._inventory.version_ids.block
        if self.package_type in TAGGED_TYPES:
            if number:
                ids = block(number)
                yield ids, DigestNames(self.id, ids)
            return
        versions = self.versions
        for numbers in free_numbers(self._used_names(), number, versions.highest_number(), versions.has_name):
            yield block(len(numbers)), NumberNames(numbers)

    def checked_rule(self, tags: TagRule | None, number: int) -> TagRule | None:
        """Call a rule for the first and the last version, so that mistakes show at once."""
        if tags is None or not number:
            return None
        if self.package_type in TAGGED_TYPES:
            for index in (0, number - 1):
                checked_tags(tags(index))
            return tags
        for index in range(number):
            self._tags(tags(index))
        return None

    def _tags(self, tags: Iterable[str]) -> tuple[str, ...]:
        checked = checked_tags(tags)
        if checked and self.package_type not in TAGGED_TYPES:
            raise ValueError(f"{self.package_type} versions have no tags")
        return checked

    def _version_name(self, version_id: int) -> str:
        if self.package_type in TAGGED_TYPES:
            return digest_name(self.id, version_id)
        names = map(number_name, count(self._used_names()))
        return next(name for name in names if not self.versions.has_name(name))

    def _used_names(self) -> int:
        return self.versions.count() + self.versions.count("deleted")
