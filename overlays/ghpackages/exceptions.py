"""The errors of ghpackages. Each is a `GitHubPackagesError`, so one `except` catches them all.

GitHubPackagesError
├── APIError                      the server responded with an error status
│   ├── BadRequestError           400
│   ├── AuthenticationError       401
│   ├── PermissionDeniedError     403
│   ├── NotFoundError             404
│   ├── ValidationFailedError     422
│   └── ServerError               5xx
├── RateLimitError                403 or 429, the request may be made later
│   ├── PrimaryRateLimitError
│   └── SecondaryRateLimitError
├── APIConnectionError            no response, or an incomplete one
│   └── APITimeoutError
├── DecodeError                   a response that does not match the description
├── UsageError                    a closed client, two event loops, two consumers (also a RuntimeError)
├── PageWindowError               a page that GitHub does not show; nothing was sent (also a ValueError)
└── IncompleteListingError        a listing of which it can't be shown that it is complete
"""

from typing import Literal

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
)

IncompleteReason = Literal["window", "repeated", "shifted", "single-sign-on"]
"""Why a listing is incomplete; see `IncompleteListingError`."""


class PageWindowError(GitHubPackagesError, ValueError):
    """A page of *list packages* with page × per_page > 10000, which GitHub refuses. Nothing was sent.

    Source: https://docs.github.com/rest/packages/packages#list-packages-for-an-organization (status 400)

    Attributes:
        page: The number of the page.
        per_page: Items per page, as the server counts them (at most 100).
        limit: The greatest product that is allowed.
    """

    def __init__(self, page: int, per_page: int, limit: int) -> None:
        super().__init__(
            f"page {page} × per_page {per_page} = {page * per_page} is beyond the {limit} packages that GitHub shows; "
            "list by visibility ('public', 'private', 'internal') or by package type to see more"
        )
        self.page = page
        self.per_page = per_page
        self.limit = limit


class UsageError(GitHubPackagesError, RuntimeError):
    """A client or an iterator is used where it can't work.

    The client is closed, or was closed meanwhile, is in use in another event loop that still runs, or there is no event
    loop of asyncio, as under trio; a callable for the token is not async or does not return one; or an iterator is
    asked for its next item while another task waits for one, or was closed meanwhile.
    """


class IncompleteListingError(GitHubPackagesError):
    """It can't be shown that a listing is complete. What could be had was yielded, except with `consistent=True`.

    Attributes:
        reason: "window" (GitHub shows no page beyond page × per_page = 10000), "repeated" (the server gave a page again
            instead of the next one), "shifted" (with `consistent=True`: it changed each time that it was read) or
            "single-sign-on" (what the token is not authorised for is left out:
            https://docs.github.com/rest/authentication/authenticating-to-the-rest-api).
        listing: What was listed; for "window", what could not be read to its end.
        items: How many items were yielded; for "shifted", how many were read the last time.
        pages: How many pages were read.
        last_page: The number of the last page that was read.
        missing: The names of all listings that could not be read to their end.
        organizations: For "single-sign-on", the ids of the organisations whose packages are left out.
    """

    def __init__(
        self,
        reason: IncompleteReason,
        listing: str,
        *,
        items: int,
        pages: int,
        last_page: int,
        missing: tuple[str, ...] = (),
        organizations: tuple[int, ...] = (),
    ) -> None:
        why = {
            "window": "GitHub shows no page beyond page × per_page = 10000, and does not say that this was the last; "
            "list by visibility, or with beyond_window, to see more",
            "repeated": "the server repeated a page instead of giving the next one",
            "shifted": "each time that it was read it changed",
            "single-sign-on": "packages of the organisations with the ids "
            f"{', '.join(map(str, organizations[:100])) or '(not named)'}{', …' * (len(organizations) > 100)} "
            "are left out; "
            "authorise the token for their single sign-on at https://github.com/settings/tokens",
        }[reason]
        super().__init__(f"{listing} may be incomplete after {items} items on {pages} pages: {why}")
        self.reason: IncompleteReason = reason
        self.listing = listing
        self.items = items
        self.pages = pages
        self.last_page = last_page
        self.missing = missing
        self.organizations = organizations


__all__ = [
    "APIConnectionError",
    "APIError",
    "APITimeoutError",
    "AuthenticationError",
    "BadRequestError",
    "DecodeError",
    "GitHubPackagesError",
    "IncompleteListingError",
    "NotFoundError",
    "PageWindowError",
    "PermissionDeniedError",
    "PrimaryRateLimitError",
    "RateLimitError",
    "SecondaryRateLimitError",
    "ServerError",
    "UsageError",
    "ValidationFailedError",
]
