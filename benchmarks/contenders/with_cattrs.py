"""cattrs with orjson, as its documentation recommends for speed: without detailed validation.

Source: https://catt.rs/en/stable/validation.html#non-detailed-validation
"""

# pyright: basic, reportMissingImports=false, reportMissingModuleSource=false
# (what it imports is installed only where it is measured)

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import attrs
from benchmarks.contenders._description import Classes
from cattrs.preconf.orjson import make_converter


def make(name: str, required: dict[str, Any], optional: dict[str, Any]) -> type:
    """Make a slotted attrs class; no key of the document is a keyword of Python."""
    fields = {key: attrs.field(type=kind) for key, kind in required.items()}
    fields |= {key: attrs.field(type=kind, default=None) for key, kind in optional.items()}
    return attrs.make_class(name, fields, slots=True)


CLASSES = Classes(make)


def decoder(kind: str) -> Callable[[bytes], list[Any]]:
    converter = make_converter(detailed_validation=False)
    model = CLASSES["Package" if kind == "package" else "PackageVersion"]
    return lambda body: converter.loads(body, list[model])
