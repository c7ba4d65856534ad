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
class BasicError(Model):
    """What the server says when it refuses; other keys may come with it.

    Attributes:
        message: `str`.
        documentation_url: `str`.
        url: `str`.
        status: The HTTP status as a string; absent in older answers.
    """

    message: str | None | Unset = UNSET
    documentation_url: str | None | Unset = UNSET
    url: str | None | Unset = UNSET
    status: str | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict[str, Any])

    def to_dict(self) -> dict[str, Any]:
        """The JSON object that this was decoded from: absent keys stay absent, nulls null, unknown keys as they came."""
        data: dict[str, Any] = {}
        if self.message is not UNSET:
            data["message"] = self.message
        if self.documentation_url is not UNSET:
            data["documentation_url"] = self.documentation_url
        if self.url is not UNSET:
            data["url"] = self.url
        if self.status is not UNSET:
            data["status"] = self.status
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
            self.message = src_dict.get("message", UNSET)
            self.documentation_url = src_dict.get("documentation_url", UNSET)
            self.url = src_dict.get("url", UNSET)
            self.status = src_dict.get("status", UNSET)
            self._unknown = (
                None if _KEYS.issuperset(src_dict) else {key: src_dict[key] for key in src_dict if key not in _KEYS}
            )
        except (LookupError, TypeError, ValueError, OverflowError, AttributeError, DecodeError) as cause:
            raise find_failure("BasicError", src_dict, _FIELDS) from cause
        return self


_FIELDS: tuple[Field, ...] = (
    Field("message"),
    Field("documentation_url"),
    Field("url"),
    Field("status"),
)
_KEYS: frozenset[str] = frozenset(field.key for field in _FIELDS)
