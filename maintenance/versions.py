"""Which version number a change asks for, by https://semver.org and the policy in CHANGELOG.md."""

from __future__ import annotations

from enum import StrEnum

from packaging.version import Version


class Step(StrEnum):
    """A part of the version number that goes up."""

    MAJOR = "major"
    MINOR = "minor"
    PATCH = "patch"


def asked(*, breaks: bool, adds: bool) -> Step:
    """What Semantic Versioning asks for from 1.0 on."""
    if breaks:
        return Step.MAJOR
    return Step.MINOR if adds else Step.PATCH


def taken(step: Step, version: str) -> Step:
    """The step to take from a version: before 1.0 a minor version may break."""
    return Step.MINOR if step is Step.MAJOR and Version(version).major == 0 else step


def after(version: str, step: Step) -> str:
    """The next version number.

    >>> after("0.4.1", Step.MINOR)
    '0.5.0'
    """
    known = Version(version)
    match step:
        case Step.MAJOR:
            return f"{known.major + 1}.0.0"
        case Step.MINOR:
            return f"{known.major}.{known.minor + 1}.0"
        case Step.PATCH:
            return f"{known.major}.{known.minor}.{known.micro + 1}"
