"""The foundation of all models: UNSET, the response of `asyncio_detailed`, and the decoding of single values.

UNSET of the stock package loses its identity through pickle and deepcopy, after which models are no longer equal and
`to_dict()` writes the wrong keys; an enum member keeps it. Its `Response.status_code` is an HTTPStatus, which raises on
statuses such as 599.
"""

import enum
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, Generic, Literal, TypeVar, cast

import httpx
from attrs import define, field

from .errors import DecodeError

T = TypeVar("T")


class Unset(enum.Enum):
    """The type of `UNSET`."""

    UNSET = "UNSET"

    def __bool__(self) -> Literal[False]:
        return False

    def __repr__(self) -> str:
        return "UNSET"


UNSET: Final = Unset.UNSET
"""The value of an attribute whose key was absent; null is `None`."""


@define
class Response(Generic[T]):
    """The result of `asyncio_detailed`, whatever the status.

    Attributes:
        status_code: The HTTP status.
        content: The body as received.
        headers: The headers.
        parsed: The decoded body; None if there is none, or for an error without a JSON object.
        http_response: The response of httpx.
    """

    status_code: int
    content: bytes
    headers: httpx.Headers
    parsed: T | None
    http_response: httpx.Response = field(repr=False, eq=False)


class Model:
    """The base of all models: the slot of `additional_properties` is None until its dict is needed."""

    if TYPE_CHECKING:
        _unknown: dict[str, Any] | None
    else:  # the slot is the model's own
        __slots__ = ()


def _look(model: Any) -> dict[str, Any]:
    unknown: dict[str, Any] | None = model._unknown
    if unknown is None:
        unknown = {}
        _replace(model, unknown)
    return unknown


def _replace(model: Any, unknown: dict[str, Any]) -> None:
    model._unknown = unknown


def sparing(cls: type[T]) -> type[T]:
    """Create the dict of `additional_properties` when it is first used; nearly all objects do without.

    The slot itself is named `_unknown`.
    """
    model: Any = cls
    model._unknown = vars(cls)["additional_properties"]
    model.additional_properties = property(_look, _replace)
    return cls


class Field:
    """A field as the slow pass of a decoder sees it: its key, and how one value of it is decoded."""

    __slots__ = ("decode", "key", "nullable", "required")

    def __init__(
        self, key: str, decode: Callable[[Any], object] | None = None, *, required: bool = False, nullable: bool = True
    ) -> None:
        self.key = key
        self.decode = decode
        self.required = required
        self.nullable = nullable

    def failure(self, model: str, source: Mapping[str, Any]) -> DecodeError | None:
        """Return the reason why this field of `source` can't be decoded; None if it can."""
        value = source.get(self.key, UNSET)
        if value is UNSET:
            return DecodeError(model, self.key, UNSET, "is missing") if self.required else None
        if value is None:
            return None if self.nullable else DecodeError(model, self.key, None, "is null")
        try:
            if self.decode:
                self.decode(value)
        except DecodeError as inner:
            return DecodeError(model, f"{self.key}.{inner.field}".rstrip("."), inner.value, inner.problem)
        except (TypeError, ValueError, OverflowError) as cause:
            return DecodeError(model, self.key, value, f"is not valid: {cause}")
        return None


def find_failure(model: str, source: object, fields: Sequence[Field]) -> DecodeError:
    """Find the field of `source` at fault, after a decoder has failed: the slow pass."""
    if not isinstance(source, Mapping):
        return DecodeError(model, "", source, "is not an object")
    items = cast("Mapping[str, Any]", source)
    failures = (field.failure(model, items) for field in fields)
    return next((failure for failure in failures if failure), DecodeError(model, "", items, "can't be decoded"))


def text(value: object) -> str:
    """Check and return a value that an enum does not know."""
    if isinstance(value, str):
        return value
    raise TypeError("expected a string")


def array(value: Any) -> list[Any]:
    """Check and return a JSON array."""
    if value.__class__ is not list:
        raise TypeError("expected an array")
    return value


def instant(value: str) -> datetime:
    """Parse a date and time with its offset from UTC (RFC 3339)."""
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError("a date and time without an offset from UTC")
    return moment


def instant_text(moment: datetime) -> str:
    """Format an instant as GitHub does: whole seconds and `Z`; other precisions and offsets are kept."""
    written = moment.isoformat()
    return f"{written[:-6]}Z" if written.endswith("+00:00") else written


__all__ = ["UNSET", "Response", "Unset"]
