# Generated from openapi/github-packages.yaml by "nox -s generate"; do not edit.
"""The errors that endpoint functions raise."""

from ghpackages_runtime.errors import (
    APIConnectionError,
    APIError,
    APITimeoutError,
    AuthenticationError,
    BadRequestError,
    DecodeError,
    GitHubPackagesError,
    NotFoundError,
    PermissionDeniedError,
    PrimaryRateLimitError,
    RateLimitError,
    SecondaryRateLimitError,
    ServerError,
    ValidationFailedError,
    connection_error,
    response_error,
    revive,
)

_revive = revive  # pickles from before `ghpackages_runtime` existed look for it here

__all__ = [
    "APIConnectionError",
    "APIError",
    "APITimeoutError",
    "AuthenticationError",
    "BadRequestError",
    "DecodeError",
    "GitHubPackagesError",
    "NotFoundError",
    "PermissionDeniedError",
    "PrimaryRateLimitError",
    "RateLimitError",
    "SecondaryRateLimitError",
    "ServerError",
    "ValidationFailedError",
    "connection_error",
    "response_error",
]
