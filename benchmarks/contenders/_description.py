"""Classes with the fields of the objects in our document, for libraries that decode into classes of the user.

Our models are made from the same document, so all decode the same: strings, numbers, dates, enums, lists and nested
objects. A field that may be absent defaults to None; its type includes null only where the document does, which is
faster than allowing it everywhere, as our models do.
"""

# pyright: basic, reportMissingImports=false, reportMissingModuleSource=false

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Any, Union

import yaml

DOCUMENT = Path(__file__).parents[2] / "openapi" / "github-packages.yaml"
SCALARS = {"string": str, "integer": int, "boolean": bool}


class Classes:
    """The classes of the document's schemas, each made on first use.

    Args:
        make: Makes a class from its name and the types of its required and optional fields; no field is a keyword.
    """

    def __init__(self, make: Callable[[str, dict[str, Any], dict[str, Any]], type]) -> None:
        self._make, self._made = make, dict[str, Any]()
        self._schemas = yaml.safe_load(DOCUMENT.read_text("utf-8"))["components"]["schemas"]

    def of(self, kind: str) -> Any:
        return self[{"package": "Package", "version": "PackageVersion"}[kind]]

    def __getitem__(self, name: str) -> Any:
        if name not in self._made:
            self._made[name] = self._class_of(name, self._schemas[name])
        return self._made[name]

    def _class_of(self, name: str, schema: Mapping[str, Any]) -> Any:
        if "enum" in schema:
            return Enum(name, {value.upper(): value for value in schema["enum"]})
        if "properties" not in schema:
            return dict[str, Any]
        kinds = {key: self._type_of(each) for key, each in schema["properties"].items()}
        names = set(schema.get("required", ()))
        required = {key: kind for key, kind in kinds.items() if key in names}
        return self._make(name, required, {key: kind for key, kind in kinds.items() if key not in names})

    def _type_of(self, schema: Mapping[str, Any]) -> Any:
        if "$ref" in schema:
            return self[schema["$ref"].rpartition("/")[2]]
        if choices := schema.get("oneOf") or schema.get("allOf"):
            return Union[tuple(self._type_of(choice) for choice in choices)]  # noqa: UP007 (of a variable number)
        kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
        return Union[tuple(self._plain(kind, schema) for kind in kinds)]  # noqa: UP007

    def _plain(self, kind: str, schema: Mapping[str, Any]) -> Any:
        if kind == "null":
            return None
        if kind == "array":
            return list[self._type_of(schema["items"])]  # type: ignore[misc]
        return datetime if schema.get("format") == "date-time" else SCALARS[kind]
