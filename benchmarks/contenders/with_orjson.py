"""orjson alone: dictionaries, the least that decoding can cost."""

# pyright: basic, reportMissingImports=false, reportMissingModuleSource=false
# (what it imports is installed only where it is measured)

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson


def decoder(kind: str) -> Callable[[bytes], list[dict[str, Any]]]:
    return orjson.loads
