"""The asyncio client for GitHub Packages.

This is the only package with lazy names: `import ghpackages` alone loads neither httpx nor attrs, so that it costs a
millisecond where only the version, the help of the command line or the fixtures of the pytest plugin are needed.
"""

from ._version import __version__

TYPE_CHECKING = False  # type checkers take it for true; importing it from `typing` takes 5 ms
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
        UsageError,
        ValidationFailedError,
    )
    from .owners import Owner
    from .pagination import Page, Paginator
    from .transport import RateLimit, RequestCount, Wait, count_requests
else:  # because of a `__getattr__` type checkers would accept any name
    _HOMES = {
        "ghpackages_api.models": "Package PackageType PackageVersion PackageVersionState PackageVisibility",
        "ghpackages_api.types": "UNSET Unset",
        "ghpackages._helpers": "repository_name version_tags",
        "ghpackages.client": "client GitHubPackages",
        "ghpackages.exceptions": """
            exceptions APIConnectionError APIError APITimeoutError AuthenticationError BadRequestError DecodeError
            GitHubPackagesError IncompleteListingError NotFoundError PageWindowError PermissionDeniedError
            PrimaryRateLimitError RateLimitError SecondaryRateLimitError ServerError UsageError
            ValidationFailedError
        """,
        "ghpackages.owners": "owners Owner",
        "ghpackages.pagination": "pagination Page Paginator",
        "ghpackages.transport": "transport RateLimit RequestCount Wait count_requests",
    }

    def __getattr__(name: str) -> object:
        """Import a public name, or a public module of the core, when it is first used (PEP 562)."""
        from importlib import import_module

        for home, names in _HOMES.items():
            if name in names.split():
                module = import_module(home)
                return globals().setdefault(name, getattr(module, name, module))
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

    def __dir__() -> list[str]:
        return sorted({*globals(), *" ".join(_HOMES.values()).split()})


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
    "UsageError",
    "ValidationFailedError",
    "Wait",
    "__version__",
    "count_requests",
    "repository_name",
    "version_tags",
]
