"""The foundation of all models: UNSET, the response of `asyncio_detailed`, and the decoding of single values.

UNSET of the stock package loses its identity through pickle and deepcopy, after which models are no longer equal and
`to_dict()` writes the wrong keys; an enum member keeps it. Its `Response.status_code` is an HTTPStatus, which raises on
statuses such as 599.
"""

import enum
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, Generic, Literal, TypeVar, cast

import httpx
from attrs import define, field, fields

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
    """The base of all models.

    Decoding checks what identity and logic rest on: required values, dates, objects, lists and enums (a string, known
    or not) are of the described JSON kind. Any other value is kept as it came even if it is of another kind, so
    `description` can be a number; `to_dict()` returns it unchanged.

    The slot of `additional_properties` is None until its dict is needed.
    """

    if TYPE_CHECKING:
        _unknown: dict[str, Any] | None
    else:  # the slot is the model's own
        __slots__ = ()

    def __repr__(self) -> str:
        """Return one short line: the first three attributes that are set, except links and what may be a secret."""
        model: Any = type(self)
        names = [each.name for each in fields(model) if each.name != "additional_properties"]
        shown = [(name, getattr(self, name, None)) for name in names if "url" not in name and "token" not in name]
        facts = [f"{name}={_brief(value)}" for name, value in shown if value is not UNSET and value is not None]
        return f"{model.__name__}({', '.join(facts[:3])})"


def _brief(value: object) -> str:
    """Return a value as a few printable characters; what takes more is an ellipsis."""
    match value:
        case str():
            return repr(str(value) if len(value) <= _BRIEF else f"{value[:_BRIEF]}…")
        case bool() | float() | Model():
            return repr(value)
        case int() if value.bit_length() <= 64:  # Python refuses to print thousands of digits
            return repr(value)
        case datetime():
            return instant_text(value)
        case list():
            return _brief_list(cast("list[object]", value))
        case _:
            return "…"


def _brief_list(items: list[object]) -> str:
    shown = [_brief(item) if isinstance(item, str) else "…" for item in items[:3]]
    return f"[{', '.join(shown + ['…'] * (len(items) > 3))}]"


_BRIEF = 32


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


def text(value: Any) -> str:
    """Check and return a JSON string."""
    if value.__class__ is not str:
        raise TypeError("expected a string")
    return value


def integer(value: Any) -> int:
    """Check and return a JSON number without a fraction, which a bool is not."""
    if value.__class__ is not int:
        raise TypeError("expected an integer")
    return value


def boolean(value: Any) -> bool:
    """Check and return true or false."""
    if value.__class__ is not bool:
        raise TypeError("expected true or false")
    return value


def array(value: Any) -> list[Any]:
    """Check and return a JSON array."""
    if value.__class__ is not list:
        raise TypeError("expected an array")
    return value


def texts(value: Any) -> list[str]:
    """Check and return a JSON array of strings."""
    strings: list[str] = array(value)
    join(strings)
    return strings


join: Final[Callable[[Any], object]] = "".join
"""The quickest way to look at each item of a list: it raises a TypeError if one is not a string."""

MARKS: Final = slice(7, None, 3)
"""Where a date and time in GitHub's form has the characters `-T::Z`; no other form that `fromisoformat` reads has."""

_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:[0-5]\d)", re.ASCII | re.IGNORECASE)


def instant(value: Any) -> datetime:
    """Parse a date and time with its offset from UTC, to the microsecond.

    Other forms of ISO 8601 that `fromisoformat` reads are refused, and so are instants before the year 1 or after 9999
    in UTC, which could not be converted.

    Source: https://www.rfc-editor.org/rfc/rfc3339#section-5.6
    """
    written = text(value)
    if not _RFC_3339.fullmatch(written):
        raise ValueError("expected a date and time with an offset from UTC (RFC 3339)")
    moment = datetime.fromisoformat(written.upper())
    moment.astimezone(UTC)
    return moment


def instant_text(moment: datetime) -> str:
    """Format an instant as GitHub does: whole seconds and `Z`; other precisions and offsets are kept."""
    written = moment.isoformat()
    return f"{written[:-6]}Z" if written.endswith("+00:00") else written


__all__ = ["UNSET", "Response", "Unset"]
