"""The JSON Schema of the records."""

import json
from importlib.resources import files
from typing import Any, cast


def report_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of each line of a report in JSON Lines; it is in `report.schema.json`, too.

    Keys of our own are all named in it. Inside of `package` and `version`, which are GitHub's, others may appear.
    """
    text = files("ghpackages.audit").joinpath("report.schema.json").read_text("utf-8")
    return cast("dict[str, Any]", json.loads(text))
