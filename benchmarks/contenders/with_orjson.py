"""orjson alone: dictionaries, the least that decoding can cost."""

# pyright: basic, reportMissingImports=false, reportMissingModuleSource=false
# (what it imports is installed where it is measured only)

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson


def decoder(kind: str) -> Callable[[bytes], list[dict[str, Any]]]:
    """The same for all."""
    return orjson.loads
