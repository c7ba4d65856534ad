"""Exit codes, and what is said on standard error."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ghpackages import GitHubPackagesError
    from ghpackages.audit import AuditFailure

OK = 0
FINDINGS = 1
USAGE = 2
INCOMPLETE = 3
REFUSED = 4
FAILED = 5
CLOSED_PIPE = 141
"""As of a program that SIGPIPE ended."""

MEANING = (
    "Exit code: 0 done; 1 findings or changes (with --fail-on-match); 2 wrong usage; 3 incomplete result; "
    "4 refused by the server (token, permissions, or the owner or package does not exist or is hidden); "
    "5 server not reachable, rate limited, or unexpected; 130 interrupted; 143 terminated; "
    "141 the reader of the output went away."
)


class CommandError(Exception):
    """Ends a command with an exit code and one line."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


def code_of(error: BaseException) -> int:
    """The exit code for an error that ended a command."""
    from ghpackages import (
        AuthenticationError,
        BadRequestError,
        IncompleteListingError,
        NotFoundError,
        PermissionDeniedError,
    )

    refusals = (AuthenticationError, BadRequestError, NotFoundError, PermissionDeniedError)
    if isinstance(error, CommandError):
        return error.code
    if isinstance(error, IncompleteListingError):
        return INCOMPLETE
    if isinstance(error, ValueError):  # PageWindowError among them
        return USAGE
    return REFUSED if isinstance(error, refusals) else FAILED


def explain(error: BaseException) -> str:
    """An error in one line."""
    from ghpackages import GitHubPackagesError

    if isinstance(error, CommandError | GitHubPackagesError | ValueError):
        return str(error)
    if isinstance(error, OSError):
        return f"{error.strerror or error}{f': {error.filename}' if error.filename else ''}"
    return f"unexpected error, {type(error).__name__}: {error}"


def plain(text: str) -> str:
    """A text without line ends and control characters, which could mislead a reader or a terminal."""
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text)


def say(message: str) -> None:
    """Write one line to standard error."""
    sys.stderr.write(f"{plain(' '.join(message.split()))}\n")
    sys.stderr.flush()


def complain(message: str) -> None:
    """Write one line to standard error about what went wrong."""
    say(f"ghpackages: {message}")


def hint(owner: str, error: GitHubPackagesError) -> str:
    """What may help if an owner is not found."""
    from ghpackages import NotFoundError

    is_org = owner != "@me" and ":" not in owner
    if not is_org or not isinstance(error, NotFoundError) or "package" in error.message.lower():
        return ""
    return f" If {owner} is a user, write user:{owner}"


def describe_failure(failure: AuditFailure) -> str:
    """What could not be had, and why."""
    if failure.package_name:
        what = f"{failure.owner} {failure.package_type} {failure.package_name}"
    else:
        what = f"{failure.package_type} packages of {failure.owner}" if failure.package_type else failure.owner
    return f"{what}: {failure.error}{hint(failure.owner, failure.error)}"
