"""orjson alone: dictionaries, the least that decoding can cost."""

# pyright: basic, reportMissingImports=false, reportMissingModuleSource=false

from typing import Any

import orjson


def decoder(kind: str) -> Any:
    return orjson.loads
