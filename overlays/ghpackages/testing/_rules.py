"""The nine things to do, with the rules and messages of the real API.

https://docs.github.com/rest/packages/packages
https://docs.github.com/packages/learn-github-packages/deleting-and-restoring-a-package
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from ._auth import NOT_ACCESSIBLE, Token, can_administer, can_see, check_scopes
from ._behaviour import Behaviour
from ._http import Problem, Request, Response
from ._pages import EncodedPage, PageCache, VersionWriter
from ._paging import BEYOND_ORDER, DEFAULT_PER_PAGE, PACKAGES_ORDER, VERSIONS_ORDER, Page, link_header, relations
from ._payloads import Site, array, package_json
from ._routes import Action, Route, documentation_url
from ._state import PACKAGE_TYPES, REPOSITORY_TYPES, VISIBILITIES, MockOwner, MockPackage
from ._versions import MockVersion, VersionState

__all__ = ["Call", "perform"]

WINDOW: Final = 10_000
MANY_DOWNLOADS: Final = 5_000
RESTORABLE: Final = timedelta(days=30)

PACKAGE_NOT_FOUND: Final = "Package not found."
VERSION_NOT_FOUND: Final = "Package version not found."
# As seen on the only two refusals that were recorded with their headers.
PERMISSIONS: Final = {"x-accepted-github-permissions": "allows_permissionless_access=true"}
# The refusal of a body was recorded when the documentation was there.
FORMER_DOCUMENTATION: Final = "https://docs.github.com/rest/reference/packages"


@dataclass(frozen=True, slots=True)
class Call:
    """An operation that passed authentication, on an owner that exists."""

    request: Request
    route: Route
    owner: MockOwner
    token: Token
    site: Site
    behaviour: Behaviour
    now: datetime
    pages: PageCache


def perform(call: Call) -> Response:
    """Carry out an operation."""
    if call.route.name:
        _check_member("package_type", call.route.package_type, PACKAGE_TYPES)
        _package(call)  # one that does not exist is missing without the scope, too
        check_scopes(call.token, call.route.action, call.route.package_type, call.behaviour)
        _check_body(call)
    return _OPERATIONS[call.route.action](call)


def _check_member(parameter: str, value: str, known: tuple[str, ...]) -> None:
    if value not in known:
        values = ", ".join(known)
        raise Problem(422, f'Invalid request.\n\nInvalid input for "{parameter}": "{value}" is not one of {values}.')


def _check_body(call: Call) -> None:
    if call.request.method == "DELETE" and call.request.body:  # https://github.com/cli/cli/issues/4286
        body, url = call.request.body.decode(errors="replace"), documentation_url(call.route, FORMER_DOCUMENTATION)
        raise Problem(422, f"Invalid request.\n\nFor 'links/0/schema', {body} is not a null.", url=url)


def _parameter(call: Call, name: str, known: tuple[str, ...]) -> str | None:
    value = call.request.parameters.get(name)
    if value is not None:
        _check_member(name, value, known)
    return value


def _json(text: str, link: str = "") -> Response:
    headers = {"link": link} if link else {}
    return Response(200, text.encode(), headers)


def _package_text(call: Call, package: MockPackage, *, version_count: bool) -> str:
    internal_as = call.behaviour.internal_shown_as
    return package_json(call.site, package, version_count=version_count, internal_as=internal_as)


def _link(call: Call, page: Page, pages: int, order: tuple[str, ...]) -> str:
    """Point to the numeric owner, or to `/user`; on *list packages* with the size of the page, if none was sent."""
    targets = relations(page.number, pages)
    if not call.behaviour.last_link:
        targets.pop("last", None)
    kind = "organizations" if call.owner.type == "Organization" else "user"
    listed, ref = call.route.action == "list_packages", call.route.owner
    own = listed and ref.login and call.owner is call.token.account and not call.token.is_integration
    owner = "user" if ref.kind == "me" or own else f"{kind}/{call.owner.id}"
    size = f"&per_page={DEFAULT_PER_PAGE}" if listed and "per_page" not in call.request.parameters else ""
    return link_header(f"{call.site.api}/{owner}/{call.route.raw_rest}", call.request.query, targets, order, size)


# --- what a token sees


def _visible_packages(call: Call) -> list[MockPackage]:
    packages = [package for package in call.owner.packages if can_see(call.token, package)]
    match call.behaviour.package_order:
        case "oldest":
            return packages
        case "newest":
            return packages[::-1]
        case "name":
            return sorted(packages, key=lambda package: package.name)


def _package(call: Call) -> MockPackage:
    key = call.route.package_type, call.route.name
    deleted = call.owner.deleted_package(*key) if call.route.action == "restore_package" else None
    package = deleted or call.owner.package(*key)
    if package is None:
        raise Problem(404, PACKAGE_NOT_FOUND)
    if can_see(call.token, package):
        return package
    if call.token.is_integration and call.behaviour.integration_refusal == 403:
        raise Problem(403, NOT_ACCESSIBLE)
    raise Problem(404, PACKAGE_NOT_FOUND)


def _administered(call: Call, package: MockPackage) -> MockPackage:
    if can_administer(call.token, package):
        return package
    status = call.behaviour.integration_refusal if call.token.is_integration else call.behaviour.not_admin_status
    forbidden = NOT_ACCESSIBLE if call.token.is_integration else "Forbidden"
    raise Problem(status, forbidden if status == 403 else PACKAGE_NOT_FOUND)


def _version(call: Call, package: MockPackage) -> MockVersion:
    version = package.versions.find(call.route.version_id)
    if version is None:
        raise Problem(404, VERSION_NOT_FOUND)
    return version


# --- reading


def list_packages(call: Call) -> Response:
    """List the packages of one type, as far as the search index reaches."""
    package_type = _parameter(call, "package_type", PACKAGE_TYPES)
    visibility = _parameter(call, "visibility", VISIBILITIES)
    if package_type is None:
        raise Problem(422, 'Invalid request.\n\n"package_type" wasn\'t supplied.')
    asked = Page.asked(call.request.parameters)
    _check_window(asked)
    if package_type == "container" and call.token.is_integration:
        raise Problem(400, "Invalid argument.", headers=PERMISSIONS)  # https://github.com/cli/cli/issues/9606
    if call.route.owner.kind == "me" and call.token.kind == "app-user":
        raise Problem(403, NOT_ACCESSIBLE, headers=PERMISSIONS)
    found = [package for package in _visible_packages(call) if _matches(package, package_type, visibility)]
    page = Page(asked.number, max(asked.per_page - call.behaviour.short_pages, 1))
    count = call.behaviour.list_version_count
    text = array(_package_text(call, package, version_count=count) for package in found[page.start : page.stop])
    links = call.behaviour.packages_link
    return _json(text, _link(call, page, page.count(len(found)), PACKAGES_ORDER) if links else "")


def _check_window(page: Page) -> None:
    # GitHub declares this 400 without a body, so the words are ours.
    if page.number * page.per_page > WINDOW:
        raise Problem(400, f"Results beyond the first {WINDOW} can't be listed: lower page or per_page.")


def _matches(package: MockPackage, package_type: str, visibility: str | None) -> bool:
    if package.package_type != package_type:
        return False
    if visibility is None or package.visibility == visibility:
        return True
    # Where permissions are those of a repository, `internal` means private.
    return package_type in REPOSITORY_TYPES and "public" not in {visibility, package.visibility}


def list_conflicts(call: Call) -> Response:
    """List the packages that met a conflict in the Docker migration."""
    found = [package for package in _visible_packages(call) if package.conflict]
    return _json(array(_package_text(call, package, version_count=True) for package in found))


def get_package(call: Call) -> Response:
    """Show one package."""
    return _json(_package_text(call, _package(call), version_count=True))


def list_versions(call: Call) -> Response:
    """List a package's versions, newest first and without any limit."""
    state = _state(call)
    package = _package(call)
    page = Page.asked(call.request.parameters)
    pages = max(page.count(package.versions.count(state)), 1)
    order = VERSIONS_ORDER if page.number <= pages else BEYOND_ORDER
    body, etag = _encoded(call, package, page, state)
    link = _link(call, page, pages, order)
    return Response(200, body, {"link": link, "etag": etag} if link else {"etag": etag})


def _encoded(call: Call, package: MockPackage, page: Page, state: VersionState) -> EncodedPage:
    """Find a page that was written before, in which nothing can have changed since, or write it."""
    versions, addresses = package.versions, (call.site, package.owner.login, package.repository)
    key = package, versions.revision, state, page, addresses, call.behaviour.docker_metadata
    found = call.pages.get(key)
    if found is None:
        pieces = versions.pieces(page.start, page.stop, state)
        found = EncodedPage.of(_writer(call, package).write_all(pieces))
        call.pages.put(key, found)
    return found


def _state(call: Call) -> VersionState:
    if call.route.owner.kind == "user" and not call.behaviour.user_versions_state:
        return "active"
    return "deleted" if _parameter(call, "state", ("active", "deleted")) == "deleted" else "active"


def _writer(call: Call, package: MockPackage) -> VersionWriter:
    return VersionWriter(call.site, package, docker_key=call.behaviour.docker_metadata)


def get_version(call: Call) -> Response:
    """Show one active version."""
    package = _package(call)
    return _json(_writer(call, package).write(_version(call, package)))


# --- deleting


def delete_package(call: Call) -> Response:
    """Delete a package with all its versions."""
    package = _administered(call, _package(call))
    is_popular = package.visibility == "public" and package.versions.most_downloads() > MANY_DOWNLOADS
    if is_popular and call.behaviour.popular_packages_refused:
        _refuse_popular()
    package.delete(at=call.now)
    return Response(204)


def delete_version(call: Call) -> Response:
    """Delete a version; with npm's last one the package goes."""
    package = _administered(call, _package(call))
    version = _version(call, package)
    if package.visibility == "public" and version.downloads > MANY_DOWNLOADS:
        _refuse_popular()
    _check_last(call, package, version)
    if package.package_type == "npm" and package.versions.count() == 1:
        package.delete(at=call.now)
    else:
        package.delete_version(version, at=call.now)
    return Response(204)


def _refuse_popular() -> None:
    raise Problem(
        400,
        f"Publicly visible package versions with more than {MANY_DOWNLOADS} downloads cannot be deleted. "
        "Contact GitHub support for further assistance.",
    )


def _check_last(call: Call, package: MockPackage, version: MockVersion) -> None:
    if package.package_type in call.behaviour.last_version_refused and package.versions.count() == 1:
        what = "last version"
    elif package.package_type == "container" and package.versions.is_last_tagged(version):
        what = "last tagged version"
    else:
        return
    raise Problem(400, f"You cannot delete the {what} of a package. You must delete the package instead.")


# --- restoring


def restore_package(call: Call) -> Response:
    """Restore a package that was deleted in the last 30 days and whose name is free."""
    deleted = _administered(call, _package(call))
    active = call.owner.package(deleted.package_type, deleted.name)
    if active is not None or not _is_restorable(call, deleted.deleted_at):
        raise Problem(call.behaviour.restore_refused_status, PACKAGE_NOT_FOUND)
    deleted.restore()
    return Response(204)


def restore_version(call: Call) -> Response:
    """Restore a version that was deleted in the last 30 days and whose name is free."""
    package = _administered(call, _package(call))
    version = package.versions.find(call.route.version_id, "deleted")
    if version is None and package.versions.find(call.route.version_id) is None:
        raise Problem(404, VERSION_NOT_FOUND)
    if version is None or package.versions.has_name(version.name) or not _is_restorable(call, version.deleted_at):
        raise Problem(call.behaviour.restore_refused_status, VERSION_NOT_FOUND)
    package.restore_version(version)
    return Response(204)


def _is_restorable(call: Call, deleted_at: datetime | None) -> bool:
    return deleted_at is not None and call.now - deleted_at <= RESTORABLE


_OPERATIONS: Final[dict[Action, Callable[[Call], Response]]] = {
    "conflicts": list_conflicts,
    "delete_package": delete_package,
    "delete_version": delete_version,
    "get_package": get_package,
    "get_version": get_version,
    "list_packages": list_packages,
    "list_versions": list_versions,
    "restore_package": restore_package,
    "restore_version": restore_version,
}
