# Generated from openapi/github-packages.yaml by "nox -s generate"; do not edit.
from __future__ import annotations

import datetime
from collections.abc import Mapping
from operator import itemgetter
from typing import Any, Self

from attrs import define as _attrs_define
from attrs import field as _attrs_field
from ghpackages_runtime.errors import DecodeError
from ghpackages_runtime.values import (
    MARKS,
    UNSET,
    Field,
    Model,
    Unset,
    find_failure,
    instant,
    instant_text,
    integer,
    sparing,
    text,
)

from .minimal_repository import MinimalRepository
from .package_type import PackageType
from .package_visibility import PackageVisibility
from .simple_user import SimpleUser

_simple_user = SimpleUser.from_dict
_minimal_repository = MinimalRepository.from_dict
_new = object.__new__
_fromisoformat = datetime.datetime.fromisoformat

_package_type_of = {member.value: member for member in PackageType}.get


def _package_type(value: str) -> PackageType | str:
    return _package_type_of(value) or text(value)


_package_visibility_of = {member.value: member for member in PackageVisibility}.get


def _package_visibility(value: str) -> PackageVisibility | str:
    return _package_visibility_of(value) or text(value)


@sparing
@_attrs_define(repr=False)
class Package(Model):
    """A package.

    Attributes:
        id: The number that identifies the package.
        name: The name, with slashes where it has some.
        package_type: The registry that a package lives in. Gradle packages are `maven`, images of ghcr.io `container`,
            those of the older Docker registry `docker`, even where they have moved since.
        url: `str`.
        html_url: `str`.
        visibility: Who can see a package.
        created_at: `datetime.datetime`.
        updated_at: `datetime.datetime`.
        version_count: The number of versions; absent in lists.
        owner: `SimpleUser`.
        repository: The repository that the package is linked to; absent when there is none.
    """

    id: int
    name: str
    package_type: PackageType | str
    url: str
    html_url: str
    visibility: PackageVisibility | str
    created_at: datetime.datetime
    updated_at: datetime.datetime
    version_count: int | None | Unset = UNSET
    owner: SimpleUser | None | Unset = UNSET
    repository: MinimalRepository | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict[str, Any])

    def to_dict(self) -> dict[str, Any]:
        """The JSON object that this was decoded from: absent keys stay absent, nulls null, unknown keys as they came."""
        data: dict[str, Any] = {
            "id": self.id,
            "name": self.name,
            "package_type": str(self.package_type),
            "url": self.url,
            "html_url": self.html_url,
            "visibility": str(self.visibility),
            "created_at": instant_text(self.created_at),
            "updated_at": instant_text(self.updated_at),
        }
        if self.version_count is not UNSET:
            data["version_count"] = self.version_count
        if self.owner is not UNSET:
            data["owner"] = self.owner.to_dict() if self.owner is not None else None
        if self.repository is not UNSET:
            data["repository"] = self.repository.to_dict() if self.repository is not None else None
        if self._unknown:
            data.update(self._unknown)
        return data

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Decode a JSON object.

        Raises:
            DecodeError: A required key is absent or null, or a value that is checked (see `Model`) is of the wrong
                kind; it names model, field and value.
        """
        self = _new(cls)
        try:
            try:
                usual = _usual(src_dict)
                is_usual = len(src_dict) == 10
            except KeyError:
                usual = _usual({**_ABSENT, **src_dict})
                is_usual = False
            (
                id,
                name,
                package_type,
                url,
                html_url,
                visibility,
                created_at,
                updated_at,
                owner,
                repository,
            ) = usual
            self.id = id
            self.name = name
            self.package_type = _package_type_of(package_type) or text(package_type)
            self.url = url
            self.html_url = html_url
            self.visibility = _package_visibility_of(visibility) or text(visibility)
            self.created_at = _fromisoformat(created_at) if created_at[MARKS] == "-T::Z" else instant(created_at)
            self.updated_at = _fromisoformat(updated_at) if updated_at[MARKS] == "-T::Z" else instant(updated_at)
            self.owner = owner if owner is UNSET or owner is None else _simple_user(owner)
            self.repository = (
                repository if repository is UNSET or repository is None else _minimal_repository(repository)
            )
            if (
                id.__class__ is not int
                or name.__class__ is not str
                or url.__class__ is not str
                or html_url.__class__ is not str
            ):
                raise TypeError("a value has the wrong kind")
            if is_usual:
                self.version_count = UNSET
                self._unknown = None
                return self
            self.version_count = src_dict.get("version_count", UNSET)
            self._unknown = (
                None if _KEYS.issuperset(src_dict) else {key: src_dict[key] for key in src_dict if key not in _KEYS}
            )
        except (LookupError, TypeError, ValueError, OverflowError, AttributeError, DecodeError) as cause:
            raise find_failure("Package", src_dict, _FIELDS) from cause
        return self


_FIELDS: tuple[Field, ...] = (
    Field("id", integer, required=True, nullable=False),
    Field("name", text, required=True, nullable=False),
    Field("package_type", _package_type, required=True, nullable=False),
    Field("url", text, required=True, nullable=False),
    Field("html_url", text, required=True, nullable=False),
    Field("visibility", _package_visibility, required=True, nullable=False),
    Field("created_at", instant, required=True, nullable=False),
    Field("updated_at", instant, required=True, nullable=False),
    Field("version_count"),
    Field("owner", _simple_user),
    Field("repository", _minimal_repository),
)
_KEYS: frozenset[str] = frozenset(field.key for field in _FIELDS)
_ABSENT: dict[str, Any] = {field.key: UNSET for field in _FIELDS if not field.required}
_usual = itemgetter(
    "id",
    "name",
    "package_type",
    "url",
    "html_url",
    "visibility",
    "created_at",
    "updated_at",
    "owner",
    "repository",
)
