# Generated from openapi/github-packages.yaml by "nox -s generate"; do not edit.
from __future__ import annotations

from collections.abc import Mapping
from operator import itemgetter
from typing import Any, Self

from attrs import define as _attrs_define
from attrs import field as _attrs_field
from ghpackages_runtime.errors import DecodeError
from ghpackages_runtime.values import UNSET, Field, Model, Unset, find_failure, integer, sparing, text

from .bypass_mode import BypassMode
from .bypass_reviewer_type import BypassReviewerType

_new = object.__new__

_bypass_reviewer_type_of = {member.value: member for member in BypassReviewerType}.get


def _bypass_reviewer_type(value: str) -> BypassReviewerType | str:
    return _bypass_reviewer_type_of(value) or text(value)


_bypass_mode_of = {member.value: member for member in BypassMode}.get


def _bypass_mode(value: str) -> BypassMode | str:
    return _bypass_mode_of(value) or text(value)


@sparing
@_attrs_define(repr=False)
class BypassReviewer(Model):
    """A team or role that may let a push through.

    Attributes:
        reviewer_id: `int`.
        reviewer_type: What a reviewer is.
        mode: When a reviewer is asked.
    """

    reviewer_id: int
    reviewer_type: BypassReviewerType | str
    mode: BypassMode | str | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict[str, Any])

    def to_dict(self) -> dict[str, Any]:
        """The JSON object that this was decoded from: absent keys stay absent, nulls null, unknown keys as they came."""
        data: dict[str, Any] = {
            "reviewer_id": self.reviewer_id,
            "reviewer_type": str(self.reviewer_type),
        }
        if self.mode is not UNSET:
            data["mode"] = str(self.mode) if self.mode is not None else None
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
            (
                reviewer_id,
                reviewer_type,
            ) = _usual(src_dict)
            self.reviewer_id = reviewer_id
            self.reviewer_type = _bypass_reviewer_type_of(reviewer_type) or text(reviewer_type)
            if reviewer_id.__class__ is not int:
                raise TypeError("a value has the wrong kind")
            if len(src_dict) == 2:
                self.mode = UNSET
                self._unknown = None
                return self
            value = src_dict.get("mode", UNSET)
            self.mode = _bypass_mode_of(value) or (value if value is UNSET or value is None else text(value))
            self._unknown = (
                None if _KEYS.issuperset(src_dict) else {key: src_dict[key] for key in src_dict if key not in _KEYS}
            )
        except (LookupError, TypeError, ValueError, OverflowError, AttributeError, DecodeError) as cause:
            raise find_failure("BypassReviewer", src_dict, _FIELDS) from cause
        return self


_FIELDS: tuple[Field, ...] = (
    Field("reviewer_id", integer, required=True, nullable=False),
    Field("reviewer_type", _bypass_reviewer_type, required=True, nullable=False),
    Field("mode", _bypass_mode),
)
_KEYS: frozenset[str] = frozenset(field.key for field in _FIELDS)
_usual = itemgetter(
    "reviewer_id",
    "reviewer_type",
)
