"""msgspec structs, from bytes to objects in one step: the least that typed decoding can cost."""

# pyright: basic, reportMissingImports=false, reportMissingModuleSource=false

from typing import Any

import msgspec
from benchmarks.contenders._description import Classes


def make(name: str, required: dict[str, Any], optional: dict[str, Any]) -> type:
    return msgspec.defstruct(name, [*required.items(), *((key, kind, None) for key, kind in optional.items())])


def decoder(kind: str) -> Any:
    return msgspec.json.Decoder(list[Classes(make).of(kind)]).decode
