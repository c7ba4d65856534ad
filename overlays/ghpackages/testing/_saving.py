"""Writing all that a server knows as JSON; `MockGitHub.load` explains the format."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final, cast

from ._auth import RateWindow, Token
from ._names import NumberNames
from ._runs import Run
from ._state import MockOwner, MockPackage, Repository
from ._versions import MockVersion
from ._world import World

__all__ = ["FORMAT", "written"]

FORMAT: Final = 1
SECOND: Final = timedelta(seconds=1)
CHANGES: Final = ("updated_at", "deleted_at", "tags", "license", "description", "downloads")

Json = dict[str, object]


def written(world: World) -> str:
    """Write everything."""
    return f"{_laid_out(_state(world))}\n"


def _state(world: World) -> Json:
    former: dict[str, list[str]] = {}
    for name, owner in world.inventory.former.items():
        former.setdefault(owner.login, []).append(name)
    return {
        "format": FORMAT,
        "user": world.user.login,
        "token": world.token,
        "owners": [_owner(owner, former.get(owner.login)) for owner in world.inventory.owners.values()],
        "tokens": [_token(value, token) for value, token in world.tokens.items()],
        "anonymous_rate": _rate(world.anonymous),
        "next": {key: ids.next for key, ids in world.counters.items()},
    }


def _owner(owner: MockOwner, former_names: list[str] | None) -> Json:
    return {
        "login": owner.login,
        "type": owner.type,
        "id": owner.id,
        **_given(former_names=former_names),
        **({"members": owner.members} if owner.type == "Organization" else {}),
        **_given(repositories=[_repository(one) for one in owner.repositories]),
        **_given(packages=[_package(one) for one in (*owner.deleted_packages, *owner.packages)]),
    }


def _repository(repository: Repository) -> Json:
    return {
        "name": repository.name,
        "id": repository.id,
        "private": repository.private,
        **_given(description=repository.description),
    }


def _package(package: MockPackage) -> Json:
    versions = package.versions
    singles = [_version(version, package.downloads) for version in versions.outside_runs()]
    return {
        "type": package.package_type,
        "name": package.name,
        "id": package.id,
        "visibility": package.visibility,
        **_given(repository=package.repository and package.repository.name),
        "created_at": _date(package.created_at),
        "updated_at": _date(package.updated_at),
        **_given(deleted_at=_date(package.deleted_at), downloads=package.downloads, conflict=package.conflict),
        "versions": [*(_run(run, package) for run in versions.runs), *singles],
    }


def _version(version: MockVersion, usual_downloads: int) -> Json:
    return {
        "id": version.id,
        "name": version.name,
        "created_at": _date(version.created_at),
        **({"updated_at": _date(version.updated_at)} if version.updated_at != version.created_at else {}),
        **_given(deleted_at=_date(version.deleted_at), tags=list(version.tags)),
        **_given(license=version.license, description=version.description),
        **({"downloads": version.downloads} if version.downloads != usual_downloads else {}),
    }


def _run(run: Run, package: MockPackage) -> Json:
    numbers = run.names.numbers if isinstance(run.names, NumberNames) else None
    seconds = run.step / SECOND
    return {
        "count": len(run.ids),
        "first_id": run.ids.start,
        **({"first_number": numbers.start} if numbers is not None else {}),
        "first_at": _date(run.start),
        "step_seconds": int(seconds) if seconds.is_integer() else seconds,
        **({"downloads": run.downloads} if run.downloads != package.downloads else {}),
        **_given(tags=dict(_tags(run)), changed=list(_changes(run, package.versions.changed_in(run)))),
    }


def _tags(run: Run) -> Iterator[tuple[str, list[str]]]:
    """Spell out what a rule gives, as nobody can write the rule."""
    for position in range(len(run.ids)) if run.tags is not None else ():
        if tags := run.tags_of(position):
            yield str(position), list(tags)


def _changes(run: Run, changed: list[MockVersion]) -> Iterator[Json]:
    for version in changed:
        position = run.ids.index(version.id)
        usual: Json = {"updated_at": version.created_at, "tags": run.tags_of(position), "downloads": run.downloads}
        differing = {name: getattr(version, name) for name in CHANGES if getattr(version, name) != usual.get(name)}
        if differing:
            dates = {name: _date(value) for name, value in differing.items() if isinstance(value, datetime)}
            yield {"id": version.id, **differing, **dates}


def _token(value: str, token: Token) -> Json:
    return {
        "token": value,
        "login": token.account.login,
        "kind": token.kind,
        "scopes": sorted(token.scopes),
        **_given(sso_required=sorted(token.sso_required)),
        **({"repositories": sorted(token.repositories)} if token.repositories is not None else {}),
        **_given(expires_at=_date(token.expires_at)),
        **({"rate_limit": token.rate_limit} if token.rate_limit is not None else {}),
        **({} if token.rate_headers else {"rate_headers": False}),
        "rate": _rate(token.window),
    }


def _rate(window: RateWindow) -> Json:
    return {"used": window.used, "reset": window.reset}


def _given(**values: object) -> Json:
    """Leave out what is not set, or empty."""
    return {key: value for key, value in values.items() if value}


def _date(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat().replace("+00:00", "Z")


def _laid_out(value: object, indent: str = "") -> str:
    """Write JSON with one line for each small thing, so that people can read and compare it."""
    if _is_small(value):
        return json.dumps(value, ensure_ascii=False)
    inner = f"{indent} "
    if isinstance(value, dict):
        members = cast("Mapping[str, object]", value).items()
        items = [f"{json.dumps(key)}: {_laid_out(item, inner)}" for key, item in members]
        opening, closing = "{}"
    else:
        items = [_laid_out(item, inner) for item in _items(value)]
        opening, closing = "[]"
    lines = f",\n{inner}".join(items)
    return f"{opening}\n{inner}{lines}\n{indent}{closing}"


def _is_small(value: object) -> bool:
    """Tell plain values and lists of them, and objects that hold no more than these."""
    if isinstance(value, dict):
        return all(map(_is_flat, _items(cast("object", value))))
    return _is_flat(value)


def _is_flat(value: object) -> bool:
    return not _holds(value) or not any(map(_holds, _items(value)))


def _holds(value: object) -> bool:
    return isinstance(value, dict | list | tuple)


def _items(value: object) -> Iterable[object]:
    return cast("Mapping[str, object]", value).values() if isinstance(value, dict) else cast("Iterable[object]", value)
