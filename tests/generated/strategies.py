"""Payloads that a server might send: any optional key absent or null, unknown keys, unknown enum values, odd kinds.

What a key takes is read from the annotations of the models, which users see; not from the decoders.
"""

from __future__ import annotations

import re
import types
import typing
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from functools import cache
from typing import Any, cast

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from tests.generated.payloads import Payload

from ghpackages_api import models
from ghpackages_api.types import Unset

patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""For every property test: how fast the machine is, is none of the properties."""

TEXT = st.text(max_size=12)
ODD_TEXT = st.text(st.characters(codec=None), max_size=12)
"""Texts with lone surrogates and control characters among their characters."""
INTEGERS = st.integers() | st.sampled_from([2**63, -(2**64), 10**400])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=5,
)
ODD_JSON = JSON | ODD_TEXT | INTEGERS | st.lists(TEXT, max_size=3)
MOMENTS = st.datetimes(min_value=datetime(1, 1, 2), timezones=st.just(UTC))
DATES = MOMENTS.map(lambda moment: f"{moment.replace(microsecond=0, tzinfo=None).isoformat()}Z")

MODELS: list[type[Any]] = [
    each
    for each in (getattr(models, name) for name in models.__all__)
    if isinstance(each, type) and not issubclass(each, Enum)
]
_GITHUBS_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)


@dataclass(frozen=True)
class Known:
    """What a key takes: a value of a kind, of which a list has an item, and perhaps null or nothing."""

    kind: Any
    item: Any
    required: bool
    nullable: bool

    @property
    def checked(self) -> bool:
        """Whether a value of another kind is refused; else it is kept."""
        return self.kind not in {str, int, bool} or self.required or not self.nullable

    def takes(self, value: object) -> bool:
        """Whether this value is decoded."""
        if value is None:
            return self.nullable
        return not self.checked or _has_kind(value, self.kind, self.item)

    def values(self) -> st.SearchStrategy[Any]:
        """Values of the described kind."""
        value = _values(self.kind, self.item)
        return st.none() | value if self.nullable else value


@cache
def known(model: type[Any]) -> dict[str, Known]:
    """The keys of a model and what they take."""
    hints = typing.get_type_hints(model)
    del hints["additional_properties"]
    return {name.rstrip("_"): _known(hint) for name, hint in hints.items() if not name.startswith("_")}


def _known(hint: Any) -> Known:
    union = set(typing.get_args(hint)) if isinstance(hint, types.UnionType) else {hint}
    (kind, *_) = sorted(union - {types.NoneType, Unset}, key=lambda each: each is str)  # of an enum and str, the enum
    item = typing.get_args(kind)[0] if typing.get_origin(kind) is list else None
    return Known(list if item else kind, item, Unset not in union, types.NoneType in union)


def _has_kind(value: object, kind: Any, item: Any) -> bool:
    if kind is list:
        return isinstance(value, list) and all(_has_kind(each, item, None) for each in cast("list[object]", value))
    if kind is datetime:
        return isinstance(value, str) and bool(_GITHUBS_DATE.fullmatch(value))
    if kind in MODELS:
        return is_sound(kind, value)
    return type(value) is (str if issubclass(kind, Enum) else kind)


def is_sound(model: type[Any], payload: object) -> bool:
    """Whether a payload must be decoded, and not be a `DecodeError`."""
    if not isinstance(payload, dict):
        return False
    found = cast("Payload", payload)
    return all(each.takes(found[key]) if key in found else not each.required for key, each in known(model).items())


def _values(kind: Any, item: Any) -> st.SearchStrategy[Any]:
    if kind is list:
        return st.lists(_values(item, None), max_size=3)
    if kind in MODELS:
        return objects(kind)
    if issubclass(kind, Enum):
        return st.sampled_from([each.value for each in kind]) | TEXT
    plain: dict[type[Any], st.SearchStrategy[Any]] = {
        str: ODD_TEXT,
        int: INTEGERS,
        bool: st.booleans(),
        datetime: DATES,
    }
    return plain[kind]


@cache
def objects(model: type[Any]) -> st.SearchStrategy[Payload]:
    """Objects with all required keys, a few optional ones and unknown ones."""
    return st.deferred(lambda: _objects(model))


@st.composite
def _objects(draw: st.DrawFn, model: type[Any]) -> Payload:
    keys = known(model)
    optional = [key for key in keys if not keys[key].required]
    chosen = draw(st.lists(st.sampled_from(optional), max_size=4, unique=True)) if optional else []
    described = {key: draw(each.values()) for key, each in keys.items() if each.required or key in chosen}
    unknown = st.dictionaries(TEXT.filter(lambda key: key not in keys), JSON, max_size=2)
    return described | draw(unknown)


def least(model: type[Any]) -> Payload:
    """The object with the required keys only."""
    return {key: _sample(each.kind, each.item, least) for key, each in known(model).items() if each.required}


def most(model: type[Any]) -> Payload:
    """An object with every key."""
    return {key: _sample(each.kind, each.item, most) for key, each in known(model).items()}


def _sample(kind: Any, item: Any, sample: Any) -> Any:
    plain: dict[Any, object] = {str: "text", int: 7, bool: True, datetime: "2026-01-02T03:04:05Z"}
    if kind is list:
        return [_sample(item, None, sample)]
    return sample(kind) if kind in MODELS else plain.get(kind, "unheard-of")


PACKAGES = objects(models.Package)
VERSIONS = objects(models.PackageVersion)
