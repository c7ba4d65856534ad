# Generated from openapi/github-packages.yaml by "nox -s generate"; do not edit.
from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Self

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..errors import DecodeError
from ..types import UNSET, Field, Unset, find_failure, instant, instant_text, text
from .minimal_repository import MinimalRepository
from .package_type import PackageType
from .package_visibility import PackageVisibility
from .simple_user import SimpleUser

_package_type_of = {member.value: member for member in PackageType}.get


def _package_type(value: str) -> PackageType | str:
    return _package_type_of(value) or text(value)


_package_visibility_of = {member.value: member for member in PackageVisibility}.get


def _package_visibility(value: str) -> PackageVisibility | str:
    return _package_visibility_of(value) or text(value)


@_attrs_define
class Package:
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
        data.update(self.additional_properties)
        return data

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Decode a JSON object.

        Raises:
            DecodeError: A required key is absent or null, or a value has the wrong kind; it names model and field.
        """
        self = cls.__new__(cls)
        try:
            get = src_dict.get
            self.id = id = src_dict["id"]
            self.name = name = src_dict["name"]
            self.package_type = _package_type_of(src_dict["package_type"]) or text(src_dict["package_type"])
            self.url = url = src_dict["url"]
            self.html_url = html_url = src_dict["html_url"]
            self.visibility = _package_visibility_of(src_dict["visibility"]) or text(src_dict["visibility"])
            self.created_at = instant(src_dict["created_at"])
            self.updated_at = instant(src_dict["updated_at"])
            self.version_count = get("version_count", UNSET)
            value = get("owner", UNSET)
            self.owner = value if value is None or value is UNSET else SimpleUser.from_dict(value)
            value = get("repository", UNSET)
            self.repository = value if value is None or value is UNSET else MinimalRepository.from_dict(value)
            if id is None or name is None or url is None or html_url is None:
                raise TypeError("a required value is null")
            self.additional_properties = (
                {} if _KEYS.issuperset(src_dict) else {key: src_dict[key] for key in src_dict if key not in _KEYS}
            )
        except (LookupError, TypeError, ValueError, OverflowError, AttributeError, DecodeError) as cause:
            raise find_failure("Package", src_dict, _FIELDS) from cause
        return self


_FIELDS: tuple[Field, ...] = (
    Field("id", required=True, nullable=False),
    Field("name", required=True, nullable=False),
    Field("package_type", _package_type, required=True, nullable=False),
    Field("url", required=True, nullable=False),
    Field("html_url", required=True, nullable=False),
    Field("visibility", _package_visibility, required=True, nullable=False),
    Field("created_at", instant, required=True, nullable=False),
    Field("updated_at", instant, required=True, nullable=False),
    Field("version_count"),
    Field("owner", SimpleUser.from_dict),
    Field("repository", MinimalRepository.from_dict),
)
_KEYS: frozenset[str] = frozenset(field.key for field in _FIELDS)
