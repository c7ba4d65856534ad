# Generated from openapi/github-packages.yaml by "nox -s generate"; do not edit.
from enum import StrEnum


class BypassReviewerType(StrEnum):
    ROLE = "ROLE"
    TEAM = "TEAM"

    def __str__(self) -> str:
        return str(self.value)
