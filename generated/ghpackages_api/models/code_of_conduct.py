# Generated from openapi/github-packages.yaml by "nox -s generate"; do not edit.
from __future__ import annotations

from collections.abc import Mapping
from operator import itemgetter
from typing import Any, Self

from attrs import define as _attrs_define
from attrs import field as _attrs_field
from ghpackages_runtime.errors import DecodeError
from ghpackages_runtime.values import UNSET, Field, Model, Unset, find_failure, sparing, text

_new = object.__new__


@sparing
@_attrs_define(repr=False)
class CodeOfConduct(Model):
    """The code of conduct of the repository.

    Attributes:
        key: `str`.
        name: `str`.
        url: `str`.
        html_url: `str`.
        body: `str`.
    """

    key: str
    name: str
    url: str
    html_url: str | None
    body: str | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict[str, Any])

    def to_dict(self) -> dict[str, Any]:
        """The JSON object that this was decoded from: absent keys stay absent, nulls null, unknown keys as they came."""
        data: dict[str, Any] = {
            "key": self.key,
            "name": self.name,
            "url": self.url,
            "html_url": self.html_url,
        }
        if self.body is not UNSET:
            data["body"] = self.body
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
                key,
                name,
                url,
                html_url,
            ) = _usual(src_dict)
            self.key = key
            self.name = name
            self.url = url
            self.html_url = html_url
            if (
                key.__class__ is not str
                or name.__class__ is not str
                or url.__class__ is not str
                or (html_url.__class__ is not str and html_url is not None)
            ):
                raise TypeError("a value has the wrong kind")
            if len(src_dict) == 4:
                self.body = UNSET
                self._unknown = None
                return self
            self.body = src_dict.get("body", UNSET)
            self._unknown = (
                None if _KEYS.issuperset(src_dict) else {key: src_dict[key] for key in src_dict if key not in _KEYS}
            )
        except (LookupError, TypeError, ValueError, OverflowError, AttributeError, DecodeError) as cause:
            raise find_failure("CodeOfConduct", src_dict, _FIELDS) from cause
        return self


_FIELDS: tuple[Field, ...] = (
    Field("key", text, required=True, nullable=False),
    Field("name", text, required=True, nullable=False),
    Field("url", text, required=True, nullable=False),
    Field("html_url", text, required=True),
    Field("body"),
)
_KEYS: frozenset[str] = frozenset(field.key for field in _FIELDS)
_usual = itemgetter(
    "key",
    "name",
    "url",
    "html_url",
)
