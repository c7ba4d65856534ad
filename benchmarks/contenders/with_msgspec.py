"""msgspec structs, from bytes to objects in one go: the least that typed decoding can cost."""

# pyright: basic, reportMissingImports=false, reportMissingModuleSource=false
# (what it imports is installed where it is measured only)

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
from benchmarks.peers.contenders._description import Classes


def make(name: str, required: dict[str, Any], optional: dict[str, Any]) -> type:
    """A struct; no key of the document is a word of Python's."""
    fields = [*required.items(), *((key, kind, None) for key, kind in optional.items())]
    return msgspec.defstruct(name, fields)


CLASSES = Classes(make)


def decoder(kind: str) -> Callable[[bytes], list[Any]]:
    """From bytes to objects."""
    model = CLASSES["Package" if kind == "package" else "PackageVersion"]
    return msgspec.json.Decoder(list[model]).decode
