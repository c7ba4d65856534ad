# Generated from openapi/github-packages.yaml by "nox -s generate"; do not edit.
from enum import StrEnum


class PackageVisibility(StrEnum):
    INTERNAL = "internal"
    PRIVATE = "private"
    PUBLIC = "public"

    def __str__(self) -> str:
        return str(self.value)
