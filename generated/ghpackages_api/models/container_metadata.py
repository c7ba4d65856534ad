# Generated from openapi/github-packages.yaml by "nox -s generate"; do not edit.
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from attrs import define as _attrs_define
from attrs import field as _attrs_field
from ghpackages_runtime.errors import DecodeError
from ghpackages_runtime.values import UNSET, Field, Model, Unset, find_failure, join, sparing, texts

_new = object.__new__


@sparing
@_attrs_define(repr=False)
class ContainerMetadata(Model):
    """The tags of an image in the Container registry.

    Attributes:
        tags: `list[str]`.
    """

    tags: list[str] | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict[str, Any])

    def to_dict(self) -> dict[str, Any]:
        """The JSON object that this was decoded from: absent keys stay absent, nulls null, unknown keys as they came."""
        data: dict[str, Any] = {}
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
            try:
                tags = src_dict["tags"]
            except KeyError:
                tags = _ABSENT["tags"]
            self.tags = tags
            if (tags.__class__ is not list or join(tags) is None) and tags is not None and tags is not UNSET:
                raise TypeError("a value has the wrong kind")
            if len(src_dict) == 1 and tags is not UNSET:
                self._unknown = None
                return self
            self._unknown = (
                None if _KEYS.issuperset(src_dict) else {key: src_dict[key] for key in src_dict if key not in _KEYS}
            )
        except (LookupError, TypeError, ValueError, OverflowError, AttributeError, DecodeError) as cause:
            raise find_failure("ContainerMetadata", src_dict, _FIELDS) from cause
        return self


_FIELDS: tuple[Field, ...] = (Field("tags", texts),)
_KEYS: frozenset[str] = frozenset(field.key for field in _FIELDS)
_ABSENT: dict[str, Any] = {field.key: UNSET for field in _FIELDS if not field.required}
