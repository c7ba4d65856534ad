# Generated from openapi/github-packages.yaml by "nox -s generate"; do not edit.
from __future__ import annotations

import datetime
from collections.abc import Mapping
from operator import itemgetter
from typing import Any, Self

from attrs import define as _attrs_define
from attrs import field as _attrs_field
from ghpackages_runtime.errors import DecodeError
from ghpackages_runtime.values import UNSET, Field, Model, Unset, find_failure, instant, instant_text, sparing

from .package_version_metadata import PackageVersionMetadata

_package_version_metadata = PackageVersionMetadata.from_dict
_fromisoformat = datetime.datetime.fromisoformat


@sparing
@_attrs_define
class PackageVersion(Model):
    """A version of a package.

    Attributes:
        id: The number that identifies the version.
        name: The name: a version number, or the digest of an image.
        url: `str`.
        package_html_url: `str`.
        created_at: `datetime.datetime`.
        updated_at: `datetime.datetime`.
        html_url: `str`.
        license_: `str`.
        description: `str`.
        deleted_at: When it was deleted; absent on active versions.
        metadata: What only some types of packages have.
    """

    id: int
    name: str
    url: str
    package_html_url: str
    created_at: datetime.datetime
    updated_at: datetime.datetime
    html_url: str | None | Unset = UNSET
    license_: str | None | Unset = UNSET
    description: str | None | Unset = UNSET
    deleted_at: datetime.datetime | None | Unset = UNSET
    metadata: PackageVersionMetadata | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict[str, Any])

    def to_dict(self) -> dict[str, Any]:
        """The JSON object that this was decoded from: absent keys stay absent, nulls null, unknown keys as they came."""
        data: dict[str, Any] = {
            "id": self.id,
            "name": self.name,
            "url": self.url,
            "package_html_url": self.package_html_url,
            "created_at": instant_text(self.created_at),
            "updated_at": instant_text(self.updated_at),
        }
        if self.html_url is not UNSET:
            data["html_url"] = self.html_url
        if self.license_ is not UNSET:
            data["license"] = self.license_
        if self.description is not UNSET:
            data["description"] = self.description
        if self.deleted_at is not UNSET:
            data["deleted_at"] = instant_text(self.deleted_at) if self.deleted_at is not None else None
        if self.metadata is not UNSET:
            data["metadata"] = self.metadata.to_dict() if self.metadata is not None else None
        if self._unknown:
            data.update(self._unknown)
        return data

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Decode a JSON object.

        Raises:
            DecodeError: A required key is absent or null, or a value has the wrong kind; it names model and field.
        """
        self = object.__new__(cls)
        try:
            try:
                usual = _usual(src_dict)
                is_usual = len(src_dict) == 8
            except KeyError:
                usual = _usual({**_ABSENT, **src_dict})
                is_usual = False
            (
                id,
                name,
                url,
                package_html_url,
                created_at,
                updated_at,
                self.html_url,
                metadata,
            ) = usual
            self.id = id
            self.name = name
            self.url = url
            self.package_html_url = package_html_url
            self.created_at = created_at = _fromisoformat(created_at)
            self.updated_at = updated_at = _fromisoformat(updated_at)
            self.metadata = metadata if metadata is UNSET or metadata is None else _package_version_metadata(metadata)
            if (
                id is None
                or name is None
                or url is None
                or package_html_url is None
                or created_at.tzinfo is None
                or updated_at.tzinfo is None
            ):
                raise TypeError("a required value is null, or an instant has no offset")
            if is_usual:
                self.license_ = UNSET
                self.description = UNSET
                self.deleted_at = UNSET
                self._unknown = None
                return self
            self.license_ = src_dict.get("license", UNSET)
            self.description = src_dict.get("description", UNSET)
            value = src_dict.get("deleted_at", UNSET)
            self.deleted_at = value if value is UNSET or value is None else instant(value)
            self._unknown = (
                None if _KEYS.issuperset(src_dict) else {key: src_dict[key] for key in src_dict if key not in _KEYS}
            )
        except (LookupError, TypeError, ValueError, OverflowError, AttributeError, DecodeError) as cause:
            raise find_failure("PackageVersion", src_dict, _FIELDS) from cause
        return self


_FIELDS: tuple[Field, ...] = (
    Field("id", required=True, nullable=False),
    Field("name", required=True, nullable=False),
    Field("url", required=True, nullable=False),
    Field("package_html_url", required=True, nullable=False),
    Field("created_at", instant, required=True, nullable=False),
    Field("updated_at", instant, required=True, nullable=False),
    Field("html_url"),
    Field("license"),
    Field("description"),
    Field("deleted_at", instant),
    Field("metadata", _package_version_metadata),
)
_KEYS: frozenset[str] = frozenset(field.key for field in _FIELDS)
_ABSENT: dict[str, Any] = {field.key: UNSET for field in _FIELDS if not field.required}
_usual = itemgetter(
    "id",
    "name",
    "url",
    "package_html_url",
    "created_at",
    "updated_at",
    "html_url",
    "metadata",
)
