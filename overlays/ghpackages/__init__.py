"""The asyncio client for GitHub Packages."""

from ghpackages_api.models import Package, PackageType, PackageVersion, PackageVersionState, PackageVisibility
from ghpackages_api.types import UNSET, Unset

from ._helpers import repository_name, version_tags
from ._version import __version__
from .client import GitHubPackages
from .exceptions import (
    APIConnectionError,
    APIError,
    APITimeoutError,
    AuthenticationError,
    BadRequestError,
    DecodeError,
    GitHubPackagesError,
    IncompleteListingError,
    NotFoundError,
    PageWindowError,
    PermissionDeniedError,
    PrimaryRateLimitError,
    RateLimitError,
    SecondaryRateLimitError,
    ServerError,
    ValidationFailedError,
)
from .owners import Owner
from .pagination import Page, Paginator
from .transport import RateLimit, RequestCount, Wait, count_requests

__all__ = [
    "UNSET",
    "APIConnectionError",
    "APIError",
    "APITimeoutError",
    "AuthenticationError",
    "BadRequestError",
    "DecodeError",
    "GitHubPackages",
    "GitHubPackagesError",
    "IncompleteListingError",
    "NotFoundError",
    "Owner",
    "Package",
    "PackageType",
    "PackageVersion",
    "PackageVersionState",
    "PackageVisibility",
    "Page",
    "PageWindowError",
    "Paginator",
    "PermissionDeniedError",
    "PrimaryRateLimitError",
    "RateLimit",
    "RateLimitError",
    "RequestCount",
    "SecondaryRateLimitError",
    "ServerError",
    "Unset",
    "ValidationFailedError",
    "Wait",
    "__version__",
    "count_requests",
    "repository_name",
    "version_tags",
]
