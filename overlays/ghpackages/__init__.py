"""The asyncio client for GitHub Packages.

Its names are imported when they are first asked for: `import ghpackages` alone loads neither httpx nor attrs.
"""

from ghpackages_api import lazy_names

from ._version import __version__

TYPE_CHECKING = False  # what type checkers take for true
if TYPE_CHECKING:
    from ghpackages_api.models import Package, PackageType, PackageVersion, PackageVersionState, PackageVisibility
    from ghpackages_api.types import UNSET, Unset

    from ._helpers import repository_name, version_tags
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
else:  # type checkers would take a `__getattr__` for leave to ask for anything
    __getattr__, __dir__ = lazy_names(
        __name__,
        {
            "ghpackages_api.models": "Package PackageType PackageVersion PackageVersionState PackageVisibility",
            "ghpackages_api.types": "UNSET Unset",
            "._helpers": "repository_name version_tags",
            ".client": "GitHubPackages",
            ".exceptions": """
                APIConnectionError APIError APITimeoutError AuthenticationError BadRequestError DecodeError
                GitHubPackagesError IncompleteListingError NotFoundError PageWindowError PermissionDeniedError
                PrimaryRateLimitError RateLimitError SecondaryRateLimitError ServerError ValidationFailedError
            """,
            ".owners": "Owner",
            ".pagination": "Page Paginator",
            ".transport": "RateLimit RequestCount Wait count_requests",
        },
    )

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
