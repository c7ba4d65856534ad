# Generated from openapi/github-packages.yaml by "nox -s generate"; do not edit.
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from attrs import define as _attrs_define
from attrs import field as _attrs_field
from ghpackages_runtime.errors import DecodeError
from ghpackages_runtime.values import UNSET, Field, Model, Unset, array, find_failure, sparing

from .bypass_reviewer import BypassReviewer

_bypass_reviewer = BypassReviewer.from_dict
_new = object.__new__


@sparing
@_attrs_define(repr=False)
class DelegatedBypassOptions(Model):
    """Who may let a push through that secret scanning holds back.

    Attributes:
        reviewers: `list[BypassReviewer]`.
    """

    reviewers: list[BypassReviewer] | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict[str, Any])

    def to_dict(self) -> dict[str, Any]:
        """The JSON object that this was decoded from: absent keys stay absent, nulls null, unknown keys as they came."""
        data: dict[str, Any] = {}
        if self.reviewers is not UNSET:
            data["reviewers"] = [item.to_dict() for item in self.reviewers] if self.reviewers is not None else None
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
            value = src_dict.get("reviewers", UNSET)
            self.reviewers = (
                value if value is UNSET or value is None else [_bypass_reviewer(item) for item in array(value)]
            )
            self._unknown = (
                None if _KEYS.issuperset(src_dict) else {key: src_dict[key] for key in src_dict if key not in _KEYS}
            )
        except (LookupError, TypeError, ValueError, OverflowError, AttributeError, DecodeError) as cause:
            raise find_failure("DelegatedBypassOptions", src_dict, _FIELDS) from cause
        return self


_FIELDS: tuple[Field, ...] = (Field("reviewers", lambda items: [_bypass_reviewer(item) for item in array(items)]),)
_KEYS: frozenset[str] = frozenset(field.key for field in _FIELDS)
