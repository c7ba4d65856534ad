"""Reading what `_saving` wrote, or what somebody wrote by hand; `MockGitHub.load` explains the format."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from os import PathLike, fspath
from pathlib import Path
from typing import Final, TextIO, cast

from ._auth import ALL_SCOPES, RateWindow, Token, TokenKind
from ._behaviour import Behaviour
from ._clock import instant
from ._entries import BadFile, Entry
from ._runs import Run, TagRule
from ._saving import FORMAT
from ._state import Inventory, MockOwner, MockPackage, OwnerType, Role
from ._world import USER, USER_ID, World

__all__ = ["read_world"]

ROLES: Final[dict[str, Role]] = {"admin": "admin", "member": "member"}
RATE: Final = ("used", "reset")
FILE: Final = ("format", "user", "token", "owners", "tokens", "anonymous_rate", "next")
OWNER: Final = ("login", "type", "id", "former_names", "members", "repositories", "packages")
REPOSITORY: Final = ("name", "id", "private", "description")
PACKAGE: Final = (
    *("type", "name", "id", "visibility", "repository", "created_at", "updated_at", "deleted_at"),
    *("downloads", "conflict", "versions"),
)
CHANGED: Final = ("id", "tags", "updated_at", "deleted_at", "license", "description", "downloads")
SINGLE: Final = ("id", "name", "created_at", *CHANGED[1:])
RUN: Final = ("count", "first_at", "step_seconds", "downloads", "tags", "first_id", "first_number", "changed")
TOKEN: Final = (
    *("token", "login", "kind", "scopes", "sso_required", "repositories", "expires_at"),
    *("rate_limit", "rate_headers", "rate"),
)


def read_world(source: str | PathLike[str] | TextIO, behaviour: Behaviour) -> World:
    """Read everything."""
    name, content = _content(source)
    try:
        data: object = json.loads(content)
    except json.JSONDecodeError as error:
        raise BadFile(f"{name}:{error.lineno}:{error.colno}: {error.msg}") from None
    except (ValueError, RecursionError) as error:
        raise BadFile(f"{name}: {error}") from None
    return _world(Entry(data, name, FILE), behaviour)


def _content(source: str | PathLike[str] | TextIO) -> tuple[str, str | bytes]:
    if isinstance(source, str | PathLike):
        return fspath(source), Path(source).read_bytes()
    return str(getattr(source, "name", "the file")), source.read()


def _world(file: Entry, behaviour: Behaviour) -> World:
    if (found := file.integer("format")) not in {None, FORMAT}:
        raise BadFile(f"{file.at('format')}: expected {FORMAT}, got {found}, which only a later release can read")
    inventory = Inventory(behaviour.clock)
    entries = file.entries("owners", OWNER)
    login = file.text("user") or USER
    owners = [_owner(inventory, entry, login) for entry in entries]
    with file.explained("user"):
        world = World(behaviour, inventory, _user(inventory, login))
    for owner, entry in zip(owners, entries, strict=True):
        _fill(world, owner, entry)
    _read_tokens(world, file)
    _read_rate(world.anonymous, file.entry("anonymous_rate", RATE))
    _read_counters(world, file)
    return world


# --- owners


def _owner(inventory: Inventory, entry: Entry, user: str) -> MockOwner:
    login, number = entry.needed("login"), entry.integer("id")
    is_user = login.lower() == user.lower()
    kind = entry.text("type") or ("User" if is_user else "Organization")
    if kind not in {"User", "Organization"}:
        raise BadFile(f"{entry.at('type')}: expected 'Organization' or 'User', got {kind!r}")
    if number is None and login.lower() == USER:
        number = USER_ID
    with entry.explained():
        return inventory.add_owner(cast(OwnerType, kind), login, number)


def _user(inventory: Inventory, login: str) -> MockOwner:
    user = inventory.owners.get(login.lower())
    if user is None and login == USER:
        user = inventory.add_owner("User", USER, USER_ID)
    if user is None or user.type != "User":
        raise ValueError(f"there is no user named {login!r}")
    return user


def _fill(world: World, owner: MockOwner, entry: Entry) -> None:
    _read_members(world, owner, entry)
    for name in entry.texts("former_names") or ():
        if name.lower() in world.inventory.owners:
            raise BadFile(f"{entry.at('former_names')}: {name!r} is the name of an owner")
        world.inventory.former[name.lower()] = owner
    for one in entry.entries("repositories", REPOSITORY):
        with one.explained():
            private, description = one.flag("private", default=False), one.text("description")
            owner.add_repository(one.needed("name"), id=one.integer("id"), private=private, description=description)
    packages = entry.entries("packages", PACKAGE)
    for package in sorted(packages, key=lambda one: "deleted_at" not in one):  # their names may be in use again
        _read_package(owner, package)


def _read_members(world: World, owner: MockOwner, entry: Entry) -> None:
    members = entry.mapping("members")
    if members is None:
        members = {world.user.login: "admin"} if owner.type == "Organization" else {}
    for login, found in members.items():
        role = ROLES.get(str(found))
        if role is None:
            raise BadFile(f"{entry.at('members')}.{login}: expected 'admin' or 'member', got {found!r}")
        with entry.explained("members"):
            owner.add_member(login, role=role)


# --- packages


def _read_package(owner: MockOwner, entry: Entry) -> None:
    with entry.explained():
        package = owner.add_package(
            entry.needed("type"),
            entry.needed("name"),
            id=entry.integer("id"),
            visibility=entry.text("visibility") or "private",
            repository=entry.text("repository"),
            created_at=entry.moment("created_at"),
            downloads=entry.integer("downloads") or 0,
            conflict=entry.flag("conflict", default=False),
        )
    versions = entry.entries("versions", (*RUN, *SINGLE))
    # Deleted ones first, as their names may be in use again; then runs, which made up the names that were free.
    for version in sorted(versions, key=lambda one: ("deleted_at" not in one, "count" not in one)):
        with version.explained():
            _read_versions(package, version)
    updated, deleted = entry.moment("updated_at"), entry.moment("deleted_at")
    package.updated_at = package.updated_at if updated is None else instant(updated)
    if deleted is not None:
        package.delete(at=instant(deleted))


def _read_versions(package: MockPackage, entry: Entry) -> None:
    size = entry.integer("count")
    if size is None:
        entry.expect(SINGLE)
        _read_single(package, entry)
        return
    entry.expect(RUN)
    if size:
        _read_run(package, entry, size)


def _read_single(package: MockPackage, entry: Entry) -> None:
    package.add_version(
        id=entry.integer("id"),
        tags=entry.texts("tags") or (),
        name=entry.text("name"),
        created_at=entry.moment("created_at"),
        updated_at=entry.moment("updated_at"),
        deleted_at=entry.moment("deleted_at"),
        license=entry.text("license"),
        description=entry.text("description"),
        downloads=entry.integer("downloads"),
    )


def _read_run(package: MockPackage, entry: Entry, size: int) -> None:
    seconds = entry.number("step_seconds")
    step, tags = timedelta(seconds=60 if seconds is None else seconds), _tags(entry, size)
    first_at, downloads = entry.moment("first_at"), entry.integer("downloads")
    if "first_id" in entry and first_at is not None:
        _read_exact_run(package, entry, size, first_at, step, package.checked_rule(tags, size))
        return
    for key in ("first_id", "first_number", "changed"):
        if key in entry:
            raise BadFile(f"{entry.where}: {key!r} needs both 'first_at' and 'first_id'")
    package.add_versions(size, first_at=first_at, step=step, tags=tags, downloads=downloads)


def _read_exact_run(
    package: MockPackage, entry: Entry, size: int, first_at: datetime, step: timedelta, tags: TagRule | None
) -> None:
    ids = package.exact_ids(entry.integer("first_id") or 0, size)
    number, downloads = entry.integer("first_number"), entry.integer("downloads")
    downloads = package.downloads if downloads is None else downloads
    run = Run(ids, first_at.astimezone(UTC), step, package.exact_names(ids, number), tags=tags, downloads=downloads)
    changed = entry.entries("changed", CHANGED)
    package.versions.add_run(run, dict(_deletions(run, changed)))
    package.updated_at = max(package.updated_at, run.created_at(size - 1))
    for one in changed:
        with one.explained():
            _change(package, one)


def _deletions(run: Run, changed: list[Entry]) -> Iterator[tuple[int, datetime]]:
    for one in changed:
        number, deleted_at = one.integer("id"), one.moment("deleted_at")
        if number is None or number not in run.ids:
            raise BadFile(f"{one.at('id')}: expected one of those from {run.ids.start} to {run.ids[-1]}, got {number}")
        if deleted_at is not None:
            yield run.ids.index(number), instant(deleted_at)


def _change(package: MockPackage, entry: Entry) -> None:
    number = entry.integer("id") or 0
    version = package.versions.find(number) or package.versions.find(number, "deleted")
    if version is None:
        raise ValueError("there is no such version")
    values = {
        "tags": entry.texts("tags"),
        "updated_at": entry.moment("updated_at"),
        "license": entry.text("license"),
        "description": entry.text("description"),
        "downloads": entry.integer("downloads"),
    }
    for name, value in values.items():
        if value is not None:
            setattr(version, name, instant(value) if isinstance(value, datetime) else value)


def _tags(entry: Entry, size: int) -> TagRule | None:
    """Give a rule that looks tags up."""
    listed = entry.mapping("tags")
    if listed is None:
        return None
    tags = Entry(listed, entry.at("tags"), listed)
    table: dict[int, tuple[str, ...]] = {}
    for index in listed:
        if not index.isdecimal() or int(index) >= size:
            raise BadFile(f"{tags.where}: expected an index below {size}, got {index!r}")
        table[int(index)] = tags.texts(index) or ()
    return lambda index: table.get(index, ())


# --- tokens and counters


def _read_tokens(world: World, file: Entry) -> None:
    entries = file.entries("tokens", TOKEN)
    for entry in entries:
        with entry.explained():
            _read_token(world, entry)
    if "tokens" not in file:
        value, window = world.made_up_token(), world.window("classic", None)
        world.add_token(value, Token(world.user, "classic", frozenset(ALL_SCOPES), window))
    world.token = file.text("token") or next(iter(world.tokens), "") or world.made_up_token()


def _read_token(world: World, entry: Entry) -> None:
    login, expires_at, limit = entry.text("login"), entry.moment("expires_at"), entry.integer("rate_limit")
    scopes, repositories = entry.texts("scopes"), entry.texts("repositories")
    kind = cast(TokenKind, entry.text("kind") or "classic")  # checked when it is added
    token = Token(
        world.user if login is None else world.owner(login),
        kind,
        frozenset(ALL_SCOPES if scopes is None else scopes),
        world.window(kind, limit),
        frozenset(org.lower() for org in entry.texts("sso_required") or ()),
        None if repositories is None else frozenset(repositories),
        None if expires_at is None else instant(expires_at),
        entry.flag("rate_headers", default=True),
        limit,
    )
    _read_rate(token.window, entry.entry("rate", RATE))
    world.add_token(entry.needed("token"), token)


def _read_rate(window: RateWindow, entry: Entry | None) -> None:
    if entry is not None:
        window.used, window.reset = entry.integer("used") or 0, entry.integer("reset") or 0


def _read_counters(world: World, file: Entry) -> None:
    entry = file.entry("next", tuple(world.counters))
    for name, ids in world.counters.items() if entry else ():
        ids.next = max(ids.next, (entry and entry.integer(name)) or 0)
