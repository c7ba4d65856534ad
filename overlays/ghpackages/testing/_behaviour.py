"""How the server behaves where GitHub differs over time, between installations, or is not known."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal, TypedDict

from ._clock import Clock, utc_now

__all__ = ["Behaviour", "MockOptions"]


class MockOptions(TypedDict, total=False):
    """The keyword arguments of `MockGitHub`; `Behaviour` explains each one."""

    anonymous_rate_limit: int
    clock: Clock
    compression: bool
    conditional_requests: bool
    deprecation_link: str | None
    docker_metadata: Literal["tag", "tags"]
    error_status: bool
    fine_grained_tokens: bool
    integration_refusal: Literal[403, 404]
    internal_shown_as: Literal["internal", "private"]
    last_link: bool
    last_version_refused: Collection[str]
    list_version_count: bool
    not_admin_status: Literal[403, 404]
    package_order: Literal["oldest", "newest", "name"]
    packages_link: bool
    popular_packages_refused: bool
    prefix: str
    rate_limit: int | None
    rate_limit_status: Literal[403, 429]
    rename_redirects: bool
    repo_scope: bool
    restore_refused_status: int
    retired_api_versions: Collection[str]
    short_pages: int
    user_versions_state: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Behaviour:
    """The switches of a `MockGitHub`, all of them keyword arguments of its constructor.

    Where an explanation says *unknown*, nothing is known of what GitHub really does:
    the default is a choice, not a claim, and a client should cope with every value.
    """

    anonymous_rate_limit: int = 60
    """Requests an hour without a valid token; not counted when `rate_limit` is None."""

    clock: Clock = utc_now
    """Tells the time that creations, deletions, restorations and rate limits go by; see `MockClock`."""

    compression: bool = False
    """Compress answers for clients that accept it, with a weak ETag, as GitHub does. Off, as it takes time."""

    conditional_requests: bool = False
    """Answer a matching `If-None-Match` with 304, which costs nothing of the rate limit.
    Unknown: packages answers carry an ETag, but no 304 has been seen."""

    deprecation_link: str | None = None
    """A URL that every answer's Link header names with `rel="deprecation"`, be it the only relation."""

    docker_metadata: Literal["tag", "tags"] = "tags"
    """The key of the tags in `metadata.docker`. Unknown: the description defines one and requires the other
    (https://github.com/github/rest-api-description/issues/337)."""

    error_status: bool = True
    """Repeat the status, as a string, in error bodies; older servers don't."""

    fine_grained_tokens: bool = True
    """Let fine-grained personal tokens do what their user may; False refuses them with 403.
    Unknown: reports conflict."""

    integration_refusal: Literal[403, 404] = 403
    """What an installation's or Actions token gets for a package that it has no rights on; both have been reported."""

    internal_shown_as: Literal["internal", "private"] = "internal"
    """How `visibility` in a payload shows an internal package.
    Unknown: the description lists public and private only."""

    last_link: bool = True
    """Give `rel="last"`; GitHub may leave it out where it can't be computed
    (https://docs.github.com/rest/using-the-rest-api/using-pagination-in-the-rest-api)."""

    last_version_refused: Collection[str] = ("maven", "nuget")
    """The package types whose last version can't be deleted. Unknown for docker and rubygems, which by default
    stay behind without any version."""

    list_version_count: bool = False
    """Give `version_count` in the items of *list packages*, as the description requires and GitHub does not."""

    not_admin_status: Literal[403, 404] = 403
    """The status for a user who can see a package but is no administrator of it and deletes or restores. Unknown."""

    package_order: Literal["oldest", "newest", "name"] = "oldest"
    """What *list packages* begins with. Not documented: in recordings the oldest come first, and where all were made
    at the same time the order could be that of their names."""

    packages_link: bool = True
    """Give Link headers on *list packages*; GitHub has been seen without
    (https://github.com/octokit/octokit.js/issues/2400)."""

    popular_packages_refused: bool = True
    """Refuse to delete a public package one version of which has more than 5,000 downloads, as documented.
    Unknown: it has been reported that such a package could be deleted."""

    prefix: str = ""
    """The path that the API is served under: `/api/v3` on Enterprise Server. Paths outside it answer an HTML page."""

    rate_limit: int | None = 5000
    """Requests an hour and token; None counts nothing and sends no rate headers, as Enterprise Server by default."""

    rate_limit_status: Literal[403, 429] = 403
    """The status once the rate limit is used up; GitHub documents both."""

    rename_redirects: bool = True
    """Redirect from a renamed owner's former name to its numeric path (301 for reads, else 307).
    Unknown: this has been seen for repositories only. False answers 404."""

    repo_scope: bool = True
    """Ask classic tokens for the scope `repo` too where permissions are those of a repository (docker, maven), as
    documented. The words of the refusal are unknown."""

    restore_refused_status: int = 404
    """The status when a restoration is not possible: deleted over 30 days ago, or the name is in use. Unknown."""

    retired_api_versions: Collection[str] = ()
    """API versions that answer 410."""

    short_pages: int = 0
    """By how many items every page of *list packages* falls short of `per_page`; nothing is skipped
    (https://github.com/octokit/octokit.net/issues/2987). Most telling together with `packages_link=False`."""

    user_versions_state: bool = True
    """Honour `state` on `/users/{username}/…/versions`, which does not declare it. Unknown. False ignores it."""

    def __post_init__(self) -> None:
        """Refuse values that can't be meant."""
        if self.prefix and (not self.prefix.startswith("/") or self.prefix.endswith("/")):
            raise ValueError(f"prefix must start and must not end with a slash: {self.prefix!r}")
        if self.short_pages not in range(100):
            raise ValueError(f"short_pages must be between 0 and 99: {self.short_pages!r}")
        for limit in (self.rate_limit, self.anonymous_rate_limit):
            if limit is not None and limit < 0:
                raise ValueError(f"a rate limit can't be negative: {limit}")
        if self.restore_refused_status not in range(400, 600):
            raise ValueError(f"restore_refused_status must be an error status: {self.restore_refused_status}")
