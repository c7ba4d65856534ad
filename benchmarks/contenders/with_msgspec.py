"""msgspec structs, from bytes to objects in one step: the least that typed decoding can cost."""

# pyright: basic, reportMissingImports=false, reportMissingModuleSource=false
# (what it imports is installed only where it is measured)

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
from benchmarks.contenders._description import Classes


def make(name: str, required: dict[str, Any], optional: dict[str, Any]) -> type:
    """Make a struct; no key of the document is a keyword of Python."""
    fields = [*required.items(), *((key, kind, None) for key, kind in optional.items())]
    return msgspec.defstruct(name, fields)


CLASSES = Classes(make)


def decoder(kind: str) -> Callable[[bytes], list[Any]]:
    model = CLASSES["Package" if kind == "package" else "PackageVersion"]
    return msgspec.json.Decoder(list[model]).decode
