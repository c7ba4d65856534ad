# Generated from openapi/github-packages.yaml by "nox -s generate"; do not edit.
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from attrs import define as _attrs_define
from attrs import field as _attrs_field
from ghpackages_runtime.errors import DecodeError
from ghpackages_runtime.values import UNSET, Field, Model, Unset, find_failure, sparing, text

from .security_feature_status import SecurityFeatureStatus

_new = object.__new__

_security_feature_status_of = {member.value: member for member in SecurityFeatureStatus}.get


def _security_feature_status(value: str) -> SecurityFeatureStatus | str:
    return _security_feature_status_of(value) or text(value)


@sparing
@_attrs_define(repr=False)
class SecurityFeature(Model):
    """One security feature.

    Attributes:
        status: Whether a security feature is on.
    """

    status: SecurityFeatureStatus | str | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict[str, Any])

    def to_dict(self) -> dict[str, Any]:
        """The JSON object that this was decoded from: absent keys stay absent, nulls null, unknown keys as they came."""
        data: dict[str, Any] = {}
        if self.status is not UNSET:
            data["status"] = str(self.status) if self.status is not None else None
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
            value = src_dict.get("status", UNSET)
            self.status = _security_feature_status_of(value) or (
                value if value is UNSET or value is None else text(value)
            )
            self._unknown = (
                None if _KEYS.issuperset(src_dict) else {key: src_dict[key] for key in src_dict if key not in _KEYS}
            )
        except (LookupError, TypeError, ValueError, OverflowError, AttributeError, DecodeError) as cause:
            raise find_failure("SecurityFeature", src_dict, _FIELDS) from cause
        return self


_FIELDS: tuple[Field, ...] = (Field("status", _security_feature_status),)
_KEYS: frozenset[str] = frozenset(field.key for field in _FIELDS)
