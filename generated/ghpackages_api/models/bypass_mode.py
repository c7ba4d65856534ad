# Generated from openapi/github-packages.yaml by "nox -s generate"; do not edit.
from enum import StrEnum


class BypassMode(StrEnum):
    ALWAYS = "ALWAYS"
    EXEMPT = "EXEMPT"

    def __str__(self) -> str:
        return str(self.value)
