# Generated from openapi/github-packages.yaml by "nox -s generate"; do not edit.
from enum import StrEnum


class PullRequestCreationPolicy(StrEnum):
    ALL = "all"
    COLLABORATORS_ONLY = "collaborators_only"

    def __str__(self) -> str:
        return str(self.value)
