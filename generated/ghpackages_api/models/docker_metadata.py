# Generated from openapi/github-packages.yaml by "nox -s generate"; do not edit.
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from attrs import define as _attrs_define
from attrs import field as _attrs_field
from ghpackages_runtime.errors import DecodeError
from ghpackages_runtime.values import UNSET, Field, Model, Unset, find_failure, sparing, texts

_new = object.__new__


@sparing
@_attrs_define(repr=False)
class DockerMetadata(Model):
    """The tags of an image in the older Docker registry.

    Attributes:
        tag: `list[str]`.
        tags: `list[str]`.
    """

    tag: list[str] | None | Unset = UNSET
    tags: list[str] | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict[str, Any])

    def to_dict(self) -> dict[str, Any]:
        """The JSON object that this was decoded from: absent keys stay absent, nulls null, unknown keys as they came."""
        data: dict[str, Any] = {}
        if self.tag is not UNSET:
            data["tag"] = self.tag
        if self.tags is not UNSET:
            data["tags"] = self.tags
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
            value = src_dict.get("tag", UNSET)
            self.tag = value if value is UNSET or value is None else texts(value)
            value = src_dict.get("tags", UNSET)
            self.tags = value if value is UNSET or value is None else texts(value)
            self._unknown = (
                None if _KEYS.issuperset(src_dict) else {key: src_dict[key] for key in src_dict if key not in _KEYS}
            )
        except (LookupError, TypeError, ValueError, OverflowError, AttributeError, DecodeError) as cause:
            raise find_failure("DockerMetadata", src_dict, _FIELDS) from cause
        return self


_FIELDS: tuple[Field, ...] = (
    Field("tag", texts),
    Field("tags", texts),
)
_KEYS: frozenset[str] = frozenset(field.key for field in _FIELDS)
