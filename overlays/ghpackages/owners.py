"""One interface to the 27 generated operations: nine things to do, for an organisation, a user or oneself."""

from collections.abc import Awaitable, Callable
from typing import Concatenate, Generic, Literal, ParamSpec, Protocol, TypeVar

from attrs import evolve, field, frozen

from ghpackages_api.api.packages import (
    delete_package_for_authenticated_user,
    delete_package_for_org,
    delete_package_for_user,
    delete_package_version_for_authenticated_user,
    delete_package_version_for_org,
    delete_package_version_for_user,
    get_package_for_authenticated_user,
    get_package_for_org,
    get_package_for_user,
    get_package_version_for_authenticated_user,
    get_package_version_for_org,
    get_package_version_for_user,
    list_docker_migration_conflicts_for_authenticated_user,
    list_docker_migration_conflicts_for_org,
    list_docker_migration_conflicts_for_user,
    list_package_versions_for_authenticated_user,
    list_package_versions_for_org,
    list_package_versions_for_user,
    list_packages_for_authenticated_user,
    list_packages_for_org,
    list_packages_for_user,
    restore_package_for_authenticated_user,
    restore_package_for_org,
    restore_package_for_user,
    restore_package_version_for_authenticated_user,
    restore_package_version_for_org,
    restore_package_version_for_user,
)
from ghpackages_api.models import (
    BasicError,
    Package,
    PackageType,
    PackageVersion,
    PackageVersionState,
    PackageVisibility,
)
from ghpackages_api.types import UNSET, Response
from ghpackages_runtime.client import Client, segment
from ghpackages_runtime.errors import response_error

from .exceptions import (
    BadRequestError,
    DecodeError,
    IncompleteListingError,
    NotFoundError,
    PermissionDeniedError,
    ValidationFailedError,
)
from .pagination import Answer, Listing, Paginator, hidden_organizations, look_ahead

T = TypeVar("T", Package, PackageVersion)
R = TypeVar("R")
P = ParamSpec("P")

OwnerKind = Literal["org", "user", "me"]


class View(Protocol):
    """A client, as far as owners need it."""

    @property
    def api(self) -> Client:
        """The generated client."""
        ...

    @property
    def concurrency(self) -> int:
        """How many requests are made at once, at most."""
        ...

    def with_options(self, *, max_wait: float) -> "View":
        """Return the same client with another `max_wait`."""
        ...


_REFUSALS = (BadRequestError, NotFoundError, PermissionDeniedError, ValidationFailedError)
"""What one listing may meet and the next one not, as with a token that may read some types of packages only."""


@frozen
class _Operation(Generic[P, R]):
    """An operation: one generated function for each kind of owner. They differ only in how the owner is named.

    Attributes:
        org: The function that takes the name of an organisation first.
        user: The one that takes a login first.
        me: The one for the authenticated user.
    """

    org: Callable[Concatenate[str, P], Awaitable[R]]
    user: Callable[Concatenate[str, P], Awaitable[R]]
    me: Callable[P, Awaitable[R]]

    def __call__(self, owner: "Owner", /, *args: P.args, **kwargs: P.kwargs) -> Awaitable[R]:
        """Call the function for this owner."""
        if owner.kind == "me":
            return self.me(*args, **kwargs)
        return (self.org if owner.kind == "org" else self.user)(owner.name, *args, **kwargs)


_LIST_PACKAGES = _Operation(
    list_packages_for_org.asyncio_detailed,
    list_packages_for_user.asyncio_detailed,
    list_packages_for_authenticated_user.asyncio_detailed,
)
_LIST_VERSIONS = _Operation(
    list_package_versions_for_org.asyncio_detailed,
    list_package_versions_for_user.asyncio_detailed,
    list_package_versions_for_authenticated_user.asyncio_detailed,
)
_GET_PACKAGE = _Operation(
    get_package_for_org.asyncio, get_package_for_user.asyncio, get_package_for_authenticated_user.asyncio
)
_DELETE_PACKAGE = _Operation(
    delete_package_for_org.asyncio, delete_package_for_user.asyncio, delete_package_for_authenticated_user.asyncio
)
_RESTORE_PACKAGE = _Operation(
    restore_package_for_org.asyncio, restore_package_for_user.asyncio, restore_package_for_authenticated_user.asyncio
)
_GET_VERSION = _Operation(
    get_package_version_for_org.asyncio,
    get_package_version_for_user.asyncio,
    get_package_version_for_authenticated_user.asyncio,
)
_DELETE_VERSION = _Operation(
    delete_package_version_for_org.asyncio,
    delete_package_version_for_user.asyncio,
    delete_package_version_for_authenticated_user.asyncio,
)
_RESTORE_VERSION = _Operation(
    restore_package_version_for_org.asyncio,
    restore_package_version_for_user.asyncio,
    restore_package_version_for_authenticated_user.asyncio,
)
_DOCKER_CONFLICTS = _Operation(
    list_docker_migration_conflicts_for_org.asyncio_detailed,
    list_docker_migration_conflicts_for_user.asyncio_detailed,
    list_docker_migration_conflicts_for_authenticated_user.asyncio_detailed,
)


@frozen
class Owner:
    """An organisation, a user or the authenticated user, and what can be done with their packages.

    All methods raise `ValueError` for what can't be valid before anything is sent, and otherwise the errors of
    `ghpackages.exceptions`. Names are given as they are, never percent-encoded. The scopes that a token needs are
    those of https://docs.github.com/packages/learn-github-packages/about-permissions-for-github-packages.

    Attributes:
        kind: "org", "user" or "me".
        name: The name of the organisation or user; empty for the authenticated user.
    """

    _view: View = field(repr=False)
    kind: OwnerKind
    name: str = ""

    def __attrs_post_init__(self) -> None:
        """Refuse a name that would lead to another path."""
        if self.kind != "me":
            segment("owner", self.name)

    def __str__(self) -> str:
        """The owner as the command line writes it: `acme`, `user:octocat` or `@me`."""
        return {"org": self.name, "user": f"user:{self.name}", "me": "@me"}[self.kind]

    @property
    def _client(self) -> Client:
        return self._view.api

    def with_options(self, *, max_wait: float) -> "Owner":
        """Return the same owner with another `max_wait`, in seconds.

        Raises:
            ValueError: It is negative.
        """
        return evolve(self, view=self._view.with_options(max_wait=max_wait))

    def packages(
        self,
        package_type: PackageType | str | None = None,
        *,
        visibility: PackageVisibility | str | None = None,
        per_page: int = 100,
        start_page: int = 1,
        consistent: bool = False,
        beyond_window: bool = False,
    ) -> Paginator[Package]:
        """The packages of one type, or of all six types one after the other.

        GitHub shows at most 10,000 packages of a type and visibility: beyond that, iterating raises
        `IncompleteListingError` after the last one that can be had. So it does if single sign-on hides packages from
        this token. Of all six types, one that is refused (400, 403, 404) is raised after the packages of the others.
        Listed packages have no `version_count`; the oldest come first as a rule.

        What it costs: a request for every 100 packages of a type, and at least one; where the server sends no Link, one
        more, for the empty page that is the proof. With `consistent` a type of more than one page is read twice, the
        first time page by page; see `versions`.

        Args:
            package_type: "npm", "maven", "rubygems", "docker", "nuget" or "container"; None for all.
            visibility: "public", "private" or "internal"; None for all.
            per_page: Items per page, 1 to 100.
            start_page: The page to begin with, from 1.
            consistent: Whether to prove that nothing shifted meanwhile, for each type by itself; see `versions`.
            beyond_window: Whether to list by visibility what is more than 10,000, and merge that without duplicates.
                Costs nothing where it is not needed. What exceeds the window even so is named by the error. A package
                whose visibility is changed meanwhile can be missed.

        Raises:
            ValueError: An argument can't be valid.
            PageWindowError: `start_page` is beyond the window.

        Source: https://docs.github.com/rest/packages/packages#list-packages-for-an-organization
        """
        types = [PackageType(package_type)] if package_type is not None else list(PackageType)
        shown = None if visibility is None else PackageVisibility(visibility)

        def listing(type_: PackageType, shown: PackageVisibility | None, *, split: bool = False) -> Listing[Package]:
            async def fetch(page: int, per_page: int) -> Answer[Package]:
                return await _answer(
                    _LIST_PACKAGES(
                        self,
                        client=self._client,
                        package_type=type_,
                        visibility=UNSET if shown is None else shown,
                        page=page,
                        per_page=per_page,
                    )
                )

            return Listing(
                name=f"{f'{shown} ' if shown else ''}{type_} packages of {self}",
                fetch=fetch,
                has_window=True,
                short_page_is_last=False,
                newest_first=False,  # the oldest in every recording
                parts=tuple(listing(type_, part) for part in PackageVisibility) if split else (),
            )

        split = beyond_window and shown is None
        listings = tuple(listing(type_, shown, split=split) for type_ in types)
        return self._paginator(listings, per_page, start_page, consistent)

    def versions(
        self,
        package_type: PackageType | str,
        package_name: str,
        *,
        state: PackageVersionState | str = PackageVersionState.ACTIVE,
        per_page: int = 100,
        start_page: int = 1,
        consistent: bool = False,
    ) -> Paginator[PackageVersion]:
        """The versions of a package, the newest first as a rule.

        What it costs: a request for every 100 versions, and at least one. Numbered pages can't promise that nothing
        shifted: a version that is deleted while they are read can pull another one across a border, unseen. Where that
        matters, `consistent=True` proves that it didn't happen, or reads again, 5 times in all. That costs one request
        more for two pages and two for more of them; if the versions don't come newest first, or the server tells no
        last page, everything is read twice, the first time page by page. All versions are held in memory, and none is
        given before the proof. It holds for versions that are added and deleted meanwhile; not for one that is
        restored.

        Args:
            package_type: The type of the package.
            package_name: Its name; may have slashes.
            state: "active" or "deleted".
            per_page: Items per page, 1 to 100.
            start_page: The page to begin with, from 1; there is no limit.
            consistent: Whether to prove that nothing shifted meanwhile.

        Raises:
            ValueError: An argument can't be valid.

        Source: https://docs.github.com/rest/packages/packages#list-package-versions-for-a-package-owned-by-an-organization
        """
        type_ = PackageType(package_type)
        segment("package_name", package_name)
        state_ = PackageVersionState(state)

        async def fetch(page: int, per_page: int) -> Answer[PackageVersion]:
            return await _answer(
                _LIST_VERSIONS(
                    self, type_, package_name, client=self._client, page=page, per_page=per_page, state=state_
                )
            )

        listing = Listing(
            name=f"versions of {type_}/{package_name} of {self}",
            fetch=fetch,
            has_window=False,
            short_page_is_last=True,
            newest_first=True,
        )
        return self._paginator((listing,), per_page, start_page, consistent)

    def _paginator(
        self, listings: tuple[Listing[T], ...], per_page: int, start_page: int, consistent: bool
    ) -> Paginator[T]:
        return Paginator(listings, per_page, start_page, consistent, look_ahead(self._view.concurrency))

    async def get_package(self, package_type: PackageType | str, package_name: str) -> Package:
        """One package, its `version_count` included.

        Source: https://docs.github.com/rest/packages/packages#get-a-package-for-an-organization
        """
        return await _GET_PACKAGE(self, package_type, package_name, client=self._client)

    async def delete_package(self, package_type: PackageType | str, package_name: str) -> None:
        """Delete a package with all its versions. It can be restored for 30 days.

        Raises:
            GitHubPackagesError: It failed; with `outcome` "unknown" it may have taken effect all the same.

        Source: https://docs.github.com/rest/packages/packages#delete-a-package-for-an-organization
        """
        await _DELETE_PACKAGE(self, package_type, package_name, client=self._client)

    async def restore_package(
        self, package_type: PackageType | str, package_name: str, *, token: str | None = None
    ) -> None:
        """Bring back a package that was deleted within the last 30 days.

        Args:
            package_type: The type of the package.
            package_name: Its name.
            token: A package token, which GitHub's description mentions and does not explain.

        Raises:
            GitHubPackagesError: It failed; with `outcome` "unknown" it may have taken effect all the same.

        Source: https://docs.github.com/rest/packages/packages#restore-a-package-for-an-organization
        """
        await _RESTORE_PACKAGE(
            self, package_type, package_name, client=self._client, token=UNSET if token is None else token
        )

    async def get_version(self, package_type: PackageType | str, package_name: str, version_id: int) -> PackageVersion:
        """One version of a package.

        Source: https://docs.github.com/rest/packages/packages#get-a-package-version-for-an-organization
        """
        return await _GET_VERSION(self, package_type, package_name, version_id, client=self._client)

    async def delete_version(self, package_type: PackageType | str, package_name: str, version_id: int) -> None:
        """Delete a version of a package. It can be restored for 30 days.

        GitHub refuses the last version (of npm packages the whole package goes), the last tagged version of an image,
        and public versions of more than 5,000 downloads. An untagged version of an image may be a part of a
        multi-platform image; the API does not tell.

        Raises:
            GitHubPackagesError: It failed; with `outcome` "unknown" it may have taken effect all the same.

        Source: https://docs.github.com/rest/packages/packages#delete-package-version-for-an-organization
        """
        await _DELETE_VERSION(self, package_type, package_name, version_id, client=self._client)

    async def restore_version(self, package_type: PackageType | str, package_name: str, version_id: int) -> None:
        """Bring back a version that was deleted within the last 30 days.

        Raises:
            GitHubPackagesError: It failed; with `outcome` "unknown" it may have taken effect all the same.

        Source: https://docs.github.com/rest/packages/packages#restore-package-version-for-an-organization
        """
        await _RESTORE_VERSION(self, package_type, package_name, version_id, client=self._client)

    async def docker_conflicts(self) -> list[Package]:
        """The packages that met a conflict when they were moved from the Docker to the Container registry.

        Raises:
            IncompleteListingError: Single sign-on hides packages from this token.

        Source:
        https://docs.github.com/rest/packages/packages#get-list-of-conflicting-packages-during-docker-migration-for-organization
        """
        answer = await _answer(_DOCKER_CONFLICTS(self, client=self._client))
        if error := answer.refused or answer.undecodable:
            raise error
        if (hidden := hidden_organizations(answer.headers)) is not None:
            name, items = f"docker conflicts of {self}", len(answer.items)
            raise IncompleteListingError(
                "single-sign-on", name, items=items, pages=1, last_page=1, organizations=hidden
            )
        return list(answer.items)


async def _answer(response: Awaitable[Response[list[T] | BasicError]]) -> Answer[T]:
    """The items that can be decoded, or the refusal; raises for other errors, and if no item can be decoded."""
    try:
        answer = await response
    except DecodeError as error:
        if error.response is None or not error.decoded:
            raise
        return Answer(error.decoded, error.response.headers, error)
    if answer.status_code != 200 or not isinstance(answer.parsed, list):
        failure = response_error(answer.http_response)
        if isinstance(failure, _REFUSALS):
            return Answer((), answer.headers, refused=failure)
        raise failure
    return Answer(answer.parsed, answer.headers)
