"""cattrs with orjson, as its documentation recommends for speed: without detailed validation.

Source: https://catt.rs/en/stable/validation.html#non-detailed-validation
"""

# pyright: basic, reportMissingImports=false, reportMissingModuleSource=false

from typing import Any

import attrs
from benchmarks.contenders._description import Classes
from cattrs.preconf.orjson import make_converter


def make(name: str, required: dict[str, Any], optional: dict[str, Any]) -> type:
    fields = {key: attrs.field(type=kind) for key, kind in required.items()}
    fields |= {key: attrs.field(type=kind, default=None) for key, kind in optional.items()}
    return attrs.make_class(name, fields, slots=True)


def decoder(kind: str) -> Any:
    converter, model = make_converter(detailed_validation=False), Classes(make).of(kind)
    return lambda body: converter.loads(body, list[model])
