# Generated from openapi/github-packages.yaml by "nox -s generate"; do not edit.
from enum import StrEnum


class PackageType(StrEnum):
    CONTAINER = "container"
    DOCKER = "docker"
    MAVEN = "maven"
    NPM = "npm"
    NUGET = "nuget"
    RUBYGEMS = "rubygems"

    def __str__(self) -> str:
        return str(self.value)
