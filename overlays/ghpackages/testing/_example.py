"""The example organisation: the size and shape of a real one, and the same bytes for a seed wherever it is made.

Only `Random.random` and `Random.getrandbits` are used: Python keeps their sequences from release to release
(https://docs.python.org/3/library/random.html#notes-on-reproducibility).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Final

from ._clock import EPOCH
from ._state import MockOwner, MockPackage

if TYPE_CHECKING:
    from ._app import MockGitHub

__all__ = ["fill"]

YEARS: Final = timedelta(days=3 * 365)
LARGEST: Final = 3000
LONG_TAIL: Final = 2400
SINGLES_FROM: Final = 150

AREAS: Final = ("web", "data", "search", "billing", "identity", "media", "infra", "mobile")
SERVICES: Final = ("api", "worker", "scheduler", "gateway", "migrations", "cache", "admin", "exporter", "e2e")
IMAGES: Final = ("python-base", "node-base", "jdk-base", "nginx", "runner", "docs-site", "hello-world", "status-page")
WIDGETS: Final = ("button", "charts", "dialog", "forms", "grid", "icons", "layout", "tables", "theme", "tokens")
LIBRARIES: Final = ("auth", "client", "config", "events", "http", "logging", "metrics", "retry", "storage", "testing")
CONFIGS: Final = ("eslint-config", "prettier-config", "stylelint-config", "tsconfig", "babel-preset", "jest-preset")

NAMES: Final[dict[str, tuple[str, ...]]] = {
    "container": (*(f"{area}/{service}" for area in AREAS for service in SERVICES), *IMAGES),
    "npm": (*(f"ui-{name}" for name in WIDGETS), *(f"octo-{name}" for name in LIBRARIES), *CONFIGS),
    "maven": tuple(f"com.example.{group}-{name}" for group in ("core", "spring") for name in (*LIBRARIES, "utils")),
    "nuget": tuple(f"OctoOrg.{name.title()}" for name in (*LIBRARIES, "abstractions", "analyzers", "templates")),
    "rubygems": tuple(f"octo-{name}" for name in (*LIBRARIES, "rails", "rubocop")),
    "docker": tuple(f"legacy-{name}" for name in (*SERVICES, "importer", "reports")),
}
OCTOCAT: Final = (
    ("container", "hello_docker", None),
    ("container", "sandbox/blog", "blog"),
    ("npm", "hello-world-npm", "hello-world"),
    ("maven", "com.example.hello-world", "hello-world"),
    ("rubygems", "octo-name", "octo-name-repo"),
    ("nuget", "HelloWorld", "hello-world"),
    ("docker", "hello-world", "hello-world"),
)
LICENSES: Final = ("MIT", "Apache-2.0", "BSD-3-Clause", None)


def fill(server: MockGitHub, seed: int) -> None:
    """Add the example organisation, its packages and a few users."""
    rng = Random(f"octo-org/{seed}")
    server.add_user("hubot", id=480_938)
    server.add_user("monalisa", id=11_245)
    org = server.add_org("octo-org", id=6_811_672, members=["hubot"])
    for plan in _plans(rng):
        _add(rng, org, plan)
    _add_deleted_packages(rng, org)
    for package_type, name, repository in OCTOCAT:
        visibility = "public" if rng.random() < 0.5 else "private"
        size = 1 + int(rng.random() * 25)
        _add(rng, server.user, Plan(package_type, name, size, visibility, repository))


@dataclass(frozen=True, slots=True)
class Plan:
    """What a package is to become."""

    package_type: str
    name: str
    size: int
    visibility: str
    repository: str | None
    downloads: int = 0
    conflict: bool = False


def _plans(rng: Random) -> Iterator[Plan]:
    keys = [(package_type, name) for package_type, names in NAMES.items() for name in names]
    # Containers tend to be the large ones; `web/api` is the largest.
    weights = {key: rng.random() + (key[0] != "container") * 0.6 - (key[1] == "web/api") for key in keys}
    for rank, key in enumerate(sorted(keys, key=lambda one: weights[one])):
        yield _plan(rng, rank, *key)


def _plan(rng: Random, rank: int, package_type: str, name: str) -> Plan:
    visibility = _visibility(rng, package_type)
    repository = name.split("/")[0].removeprefix("com.example.").lower() if rng.random() < 0.7 else None
    popular = visibility == "public" and rng.random() < 0.2
    return Plan(
        package_type,
        name,
        _size(rank),
        visibility,
        repository or (name if package_type in {"maven", "docker"} else None),
        downloads=5_001 + int(rng.random() * 90_000) if popular else int(rng.random() * 900),
        conflict=package_type == "container" and name in {"hello-world", "status-page"},
    )


def _size(rank: int) -> int:
    if rank == 0:
        return LARGEST
    return 1 if rank >= SINGLES_FROM else max(LONG_TAIL // (rank + 1), 2)


def _visibility(rng: Random, package_type: str) -> str:
    draw = rng.random()
    if draw < 0.25:
        return "public"
    return "internal" if draw < 0.45 and package_type not in {"maven", "docker"} else "private"


def _add(rng: Random, owner: MockOwner, plan: Plan) -> MockPackage:
    created = EPOCH - timedelta(days=30) - rng.random() * (YEARS - timedelta(days=30))
    package = owner.add_package(
        plan.package_type,
        plan.name,
        visibility=plan.visibility,
        repository=plan.repository,
        created_at=created,
        downloads=plan.downloads,
        conflict=plan.conflict,
    )
    dates = _dates(rng, package.created_at, plan.size)
    if plan.package_type in {"container", "docker"}:
        _add_images(rng, package, dates)
    else:
        _add_releases(rng, package, dates)
    return package


def _dates(rng: Random, created: datetime, size: int) -> list[datetime]:
    """Spread dates from a package's first to its last activity, which for some is long ago."""
    span = int((EPOCH - created).total_seconds())
    active = int(span * (rng.random() if rng.random() < 0.3 else 0.97))
    offsets = sorted(int(rng.random() * active) for _ in range(size - 1))
    return [created, *(created + timedelta(seconds=offset) for offset in offsets)]


def _add_images(rng: Random, package: MockPackage, dates: list[datetime]) -> None:
    for date, tags in zip(dates, _image_tags(rng, len(dates)), strict=True):
        retagged = timedelta(seconds=int(rng.random() * 86_400)) if len(tags) > 1 else timedelta()
        package.add_version(name=_digest(rng), created_at=date, updated_at=date + retagged, tags=tags)
    for number in range(len(dates) // 20):
        date = dates[int(rng.random() * len(dates))]
        package.add_version(name=_digest(rng), created_at=date, deleted_at=_deletion(rng, date, recent=number % 2 == 0))


def _digest(rng: Random) -> str:
    return f"sha256:{rng.getrandbits(256):064x}"


def _deletion(rng: Random, created: datetime, *, recent: bool) -> datetime:
    """Choose an instant within or before the last 30 days, after the creation in either case."""
    if recent:
        return max(EPOCH - timedelta(days=29) * rng.random(), created)
    return max(EPOCH - timedelta(days=31) - timedelta(days=200) * rng.random(), created)


def _image_tags(rng: Random, size: int) -> list[tuple[str, ...]]:
    """Tag every third image: with a number if released, else with its commit; the others are parts of it or remains."""
    tags: list[tuple[str, ...]] = [()] * size
    moving = {"latest", *(f"1.{minor}" for minor in range(size // 30 + 1)), "1"}
    for index in range(size - 1, -1, -3):
        build = index // 3
        if build % 4 and index != size - 1:
            tags[index] = (f"sha-{rng.getrandbits(28):07x}",)
            continue
        series = f"1.{build // 10}"
        moved = [tag for tag in (series, "1", "latest") if tag in moving]
        moving.difference_update(moved)
        tags[index] = (f"{series}.{build % 10}", *moved)
    return tags


def _add_releases(rng: Random, package: MockPackage, dates: list[datetime]) -> None:
    license_name = LICENSES[int(rng.random() * len(LICENSES))]
    description = f"{package.name} of {package.owner.login}" if rng.random() < 0.6 else None
    for number, date in enumerate(dates):
        package.add_version(
            name=f"{number // 40}.{number // 8 % 5}.{number % 8}",
            created_at=date,
            updated_at=date + timedelta(seconds=1),
            license=license_name,
            description=description,
        )
    if len(dates) > 10:
        name, deleted = "0.0.0-alpha.1", _deletion(rng, dates[0], recent=rng.random() < 0.5)
        package.add_version(name=name, created_at=dates[0], deleted_at=deleted, license=license_name)


def _add_deleted_packages(rng: Random, org: MockOwner) -> None:
    for package_type, name, days in (("container", "web/legacy", 10), ("npm", "octo-legacy", 90)):
        package = _add(rng, org, Plan(package_type, name, 12, "private", None))
        package.delete(at=EPOCH - timedelta(days=days))
