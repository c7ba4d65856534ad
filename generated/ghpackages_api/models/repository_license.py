# Generated from openapi/github-packages.yaml by "nox -s generate"; do not edit.
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from attrs import define as _attrs_define
from attrs import field as _attrs_field
from ghpackages_runtime.errors import DecodeError
from ghpackages_runtime.values import UNSET, Field, Model, Unset, find_failure, sparing

_new = object.__new__


@sparing
@_attrs_define(repr=False)
class RepositoryLicense(Model):
    """The licence of the repository.

    Attributes:
        key: `str`.
        name: `str`.
        spdx_id: `str`.
        url: `str`.
        node_id: `str`.
    """

    key: str | None | Unset = UNSET
    name: str | None | Unset = UNSET
    spdx_id: str | None | Unset = UNSET
    url: str | None | Unset = UNSET
    node_id: str | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict[str, Any])

    def to_dict(self) -> dict[str, Any]:
        """The JSON object that this was decoded from: absent keys stay absent, nulls null, unknown keys as they came."""
        data: dict[str, Any] = {}
        if self.key is not UNSET:
            data["key"] = self.key
        if self.name is not UNSET:
            data["name"] = self.name
        if self.spdx_id is not UNSET:
            data["spdx_id"] = self.spdx_id
        if self.url is not UNSET:
            data["url"] = self.url
        if self.node_id is not UNSET:
            data["node_id"] = self.node_id
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
            self.key = src_dict.get("key", UNSET)
            self.name = src_dict.get("name", UNSET)
            self.spdx_id = src_dict.get("spdx_id", UNSET)
            self.url = src_dict.get("url", UNSET)
            self.node_id = src_dict.get("node_id", UNSET)
            self._unknown = (
                None if _KEYS.issuperset(src_dict) else {key: src_dict[key] for key in src_dict if key not in _KEYS}
            )
        except (LookupError, TypeError, ValueError, OverflowError, AttributeError, DecodeError) as cause:
            raise find_failure("RepositoryLicense", src_dict, _FIELDS) from cause
        return self


_FIELDS: tuple[Field, ...] = (
    Field("key"),
    Field("name"),
    Field("spdx_id"),
    Field("url"),
    Field("node_id"),
)
_KEYS: frozenset[str] = frozenset(field.key for field in _FIELDS)
