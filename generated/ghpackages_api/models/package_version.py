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

from .package_version_metadata import PackageVersionMetadata

_package_version_metadata = PackageVersionMetadata.from_dict
_new = object.__new__
_fromisoformat = datetime.datetime.fromisoformat


@sparing
@_attrs_define(repr=False)
class PackageVersion(Model):
    """A version of a package.

    Attributes:
        id: The number that identifies the version.
        name: The name: a version number, or the digest of an image.
        created_at: `datetime.datetime`.
        updated_at: `datetime.datetime`.
        url: `str`.
        package_html_url: `str`.
        html_url: `str`.
        license_: `str`.
        description: `str`.
        deleted_at: When it was deleted; absent on active versions.
        metadata: What only some types of packages have.
    """

    id: int
    name: str
    created_at: datetime.datetime
    updated_at: datetime.datetime
    url: str | Unset = UNSET
    package_html_url: str | Unset = UNSET
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
            "created_at": instant_text(self.created_at),
            "updated_at": instant_text(self.updated_at),
        }
        if self.url is not UNSET:
            data["url"] = self.url
        if self.package_html_url is not UNSET:
            data["package_html_url"] = self.package_html_url
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
            DecodeError: A required key is absent or null, or a value that is checked (see `Model`) is of the wrong
                kind; it names model, field and value.
        """
        self = _new(cls)
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
                created_at,
                updated_at,
                url,
                package_html_url,
                self.html_url,
                metadata,
            ) = usual
            self.id = id
            self.name = name
            self.created_at = _fromisoformat(created_at) if created_at[MARKS] == "-T::Z" else instant(created_at)
            self.updated_at = _fromisoformat(updated_at) if updated_at[MARKS] == "-T::Z" else instant(updated_at)
            self.url = url
            self.package_html_url = package_html_url
            self.metadata = metadata if metadata is UNSET or metadata is None else _package_version_metadata(metadata)
            if (
                id.__class__ is not int
                or name.__class__ is not str
                or (url.__class__ is not str and url is not UNSET)
                or (package_html_url.__class__ is not str and package_html_url is not UNSET)
            ):
                raise TypeError("a value has the wrong kind")
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
    Field("id", integer, required=True, nullable=False),
    Field("name", text, required=True, nullable=False),
    Field("created_at", instant, required=True, nullable=False),
    Field("updated_at", instant, required=True, nullable=False),
    Field("url", text, nullable=False),
    Field("package_html_url", text, nullable=False),
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
    "created_at",
    "updated_at",
    "url",
    "package_html_url",
    "html_url",
    "metadata",
)
