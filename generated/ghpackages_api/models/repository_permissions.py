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
class RepositoryPermissions(Model):
    """What the owner of the token may do in the repository.

    Attributes:
        admin: `bool`.
        maintain: `bool`.
        push: `bool`.
        triage: `bool`.
        pull: `bool`.
    """

    admin: bool | None | Unset = UNSET
    maintain: bool | None | Unset = UNSET
    push: bool | None | Unset = UNSET
    triage: bool | None | Unset = UNSET
    pull: bool | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict[str, Any])

    def to_dict(self) -> dict[str, Any]:
        """The JSON object that this was decoded from: absent keys stay absent, nulls null, unknown keys as they came."""
        data: dict[str, Any] = {}
        if self.admin is not UNSET:
            data["admin"] = self.admin
        if self.maintain is not UNSET:
            data["maintain"] = self.maintain
        if self.push is not UNSET:
            data["push"] = self.push
        if self.triage is not UNSET:
            data["triage"] = self.triage
        if self.pull is not UNSET:
            data["pull"] = self.pull
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
            self.admin = src_dict.get("admin", UNSET)
            self.maintain = src_dict.get("maintain", UNSET)
            self.push = src_dict.get("push", UNSET)
            self.triage = src_dict.get("triage", UNSET)
            self.pull = src_dict.get("pull", UNSET)
            self._unknown = (
                None if _KEYS.issuperset(src_dict) else {key: src_dict[key] for key in src_dict if key not in _KEYS}
            )
        except (LookupError, TypeError, ValueError, OverflowError, AttributeError, DecodeError) as cause:
            raise find_failure("RepositoryPermissions", src_dict, _FIELDS) from cause
        return self


_FIELDS: tuple[Field, ...] = (
    Field("admin"),
    Field("maintain"),
    Field("push"),
    Field("triage"),
    Field("pull"),
)
_KEYS: frozenset[str] = frozenset(field.key for field in _FIELDS)
