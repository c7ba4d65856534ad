"""The data that the server sends, the same in every run, and the facts by which a result is checked.

The organisation `octo` has 10,000 packages to be listed; `acme` has 200 packages with 54,466 versions on 637 pages, to
be audited. The objects have the keys of GitHub's documented examples, owner and repository with all their URLs, in
compact JSON as GitHub sends it. They include `version_count`, which GitHub omits from its lists although its
description requires it: githubkit follows the description and would fail at the first page.

Source: https://docs.github.com/rest/packages/packages#list-packages-for-an-organization
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from math import exp
from random import Random
from typing import Any

LISTED, AUDITED = "octo", "acme"
IDS = {LISTED: 9919, AUDITED: 363514}
PER_PAGE, LISTED_PACKAGES, AUDITED_PACKAGES, AUDITED_PAGES = 100, 10_000, 200, 637
LISTING_REQUESTS = LISTED_PACKAGES // PER_PAGE
AUDIT_REQUESTS = AUDITED_PACKAGES // PER_PAGE + AUDITED_PAGES
API, WEB = "https://api.github.com", "https://github.com"
NEWEST, SEED = datetime(2026, 6, 1, tzinfo=UTC), 6289
WORDS = ("api", "web", "worker", "gateway", "billing", "search", "mailer", "ingest", "report", "session", "proxy")

USER_PATHS = """
followers=/followers following=/following{/other_user} gists=/gists{/gist_id} starred=/starred{/owner}{/repo}
subscriptions=/subscriptions organizations=/orgs repos=/repos events=/events{/privacy} received_events=/received_events
"""
REPOSITORY_PATHS = """
archive=/{archive_format}{/ref} assignees=/assignees{/user} blobs=/git/blobs{/sha} branches=/branches{/branch}
collaborators=/collaborators{/collaborator} comments=/comments{/number} commits=/commits{/sha}
compare=/compare/{base}...{head} contents=/contents/{+path} contributors=/contributors deployments=/deployments
downloads=/downloads events=/events forks=/forks git_commits=/git/commits{/sha} git_refs=/git/refs{/sha}
git_tags=/git/tags{/sha} hooks=/hooks issue_comment=/issues/comments{/number} issue_events=/issues/events{/number}
issues=/issues{/number} keys=/keys{/key_id} labels=/labels{/name} languages=/languages merges=/merges
milestones=/milestones{/number} notifications=/notifications{?since,all,participating} pulls=/pulls{/number}
releases=/releases{/id} stargazers=/stargazers statuses=/statuses/{sha} subscribers=/subscribers
subscription=/subscription tags=/tags teams=/teams trees=/git/trees{/sha}
"""

Json = dict[str, Any]

PackageRow = tuple[int, str, bool, int]
"""What is checked of a listed package: id, name, whether it is private, id of its repository."""

VersionCount = tuple[str, int, int, int, datetime | str, datetime | str]
"""What is checked of an audited package: name, versions, tagged, untagged, oldest and newest `created_at`."""


class ListingFacts:
    """Sums over a listing, and a hash of its names in order: two agree only if all their packages do."""

    def __init__(self, rows: Iterable[PackageRow] = ()) -> None:
        self.packages = self.ids = self.private = self.repositories = 0
        self.names = ""
        for row in rows:
            self.add(row)

    def add(self, row: PackageRow) -> None:
        id_, name, private, repository = row
        self.packages += 1
        self.ids += id_
        self.private += private
        self.repositories += repository
        self.names = sha256(f"{self.names}{name}".encode()).hexdigest()


def audit_facts(counts: Iterable[VersionCount]) -> Json:
    return {name: [*numbers, timestamp(oldest), timestamp(newest)] for name, *numbers, oldest, newest in counts}


def timestamp(moment: datetime | str) -> str:
    """A date and time as GitHub sends it."""
    return moment if isinstance(moment, str) else moment.strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(frozen=True)
class Package:
    """A package and its versions, newest first: `item` and `versions` are JSON."""

    item: bytes
    name: str
    versions: tuple[bytes, ...] = ()


def compact(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def sizes() -> list[int]:
    """Numbers of versions of the audited packages: few have many (some 1,400), more than half fit on one page.

    No last page is full. GitHub sends no Link with a single page, and a client that does not trust a full page without
    one (ghpackages does not) sends one more request, so the least possible number would differ between contenders.
    """
    random = Random(SEED)
    pages = [max(1, round(15.4 * exp(-number / 37.05))) for number in range(AUDITED_PACKAGES)]
    found = [(count - 1) * PER_PAGE + 1 + int(random.random() * (PER_PAGE - 1)) for count in pages]
    return sorted(found, key=lambda _: random.random())


def urls(base: str, paths: str) -> dict[str, str]:
    pairs = (pair.split("=") for pair in paths.split())
    return {f"{key}_url": base + path for key, path in pairs}


# fmt: off
def simple_user(login: str, id_: int) -> Json:
    url = f"{API}/users/{login}"
    return {
        "login": login, "id": id_, "node_id": f"MDEyOk9yZ2FuaXphdGlvbj{id_}",
        "avatar_url": f"https://avatars.githubusercontent.com/u/{id_}?v=4", "gravatar_id": "",
        "url": url, "html_url": f"{WEB}/{login}", **urls(url, USER_PATHS),
        "type": "Organization", "user_view_type": "public", "site_admin": False,
    }


def minimal_repository(owner: Json, name: str, id_: int, *, private: bool) -> Json:
    full_name = f"{owner['login']}/{name}"
    url = f"{API}/repos/{full_name}"
    return {
        "id": id_, "node_id": f"MDEwOlJlcG9zaXRvcnk{id_}", "name": name, "full_name": full_name, "private": private,
        "owner": owner, "html_url": f"{WEB}/{full_name}",
        "description": f"The {name.replace('-', ' ')}: source and images.", "fork": False,
        "url": url, **urls(url, REPOSITORY_PATHS),
    }


def package_json(org: str, number: int, name: str, versions: int, random: Random) -> Json:
    owner, private = simple_user(org, IDS[org]), random.random() < 0.4
    source, created = f"platform-{name[3:].rpartition('-')[0]}", NEWEST - timedelta(minutes=number * 37)
    return {
        "id": 7_000_000 - number * 3, "name": name, "package_type": "container", "owner": owner,
        "repository": minimal_repository(owner, source, 640_000_000 + number * 7, private=private),
        "version_count": versions, "visibility": "private" if private else "public",
        "url": f"{API}/orgs/{org}/packages/container/{name}", "created_at": timestamp(created),
        "updated_at": timestamp(created + timedelta(days=int(random.random() * 90))),
        "html_url": f"{WEB}/orgs/{org}/packages/container/package/{name}",
    }


def version_json(org: str, package: str, id_: int, created: datetime, random: Random) -> Json:
    """A version; about three in ten have tags, the others are parts or predecessors of those."""
    tags = [f"1.{id_ % 90}.{id_ % 7}", *(["latest"] if id_ % 11 == 0 else [])] if random.random() < 0.3 else []
    web = f"{WEB}/orgs/{org}/packages/container"
    return {
        "id": id_, "name": f"sha256:{sha256(str(id_).encode()).hexdigest()}",
        "url": f"{API}/orgs/{org}/packages/container/{package}/versions/{id_}",
        "package_html_url": f"{web}/package/{package}", "created_at": timestamp(created),
        "updated_at": timestamp(created + timedelta(seconds=5)), "html_url": f"{web}/{package}/{id_}",
        "metadata": {"package_type": "container", "container": {"tags": tags}},
    }
# fmt: on


def names(count: int, random: Random) -> list[str]:
    """Names that are all different, such as `ci-billing-worker-17`."""
    pairs = ((int(random.random() * len(WORDS)), int(random.random() * len(WORDS))) for _ in range(count))
    return [f"ci-{WORDS[one]}-{WORDS[two]}-{number}" for number, (one, two) in enumerate(pairs, 1)]


@cache
def listed() -> tuple[Package, ...]:
    random = Random(SEED)
    numbered = enumerate(names(LISTED_PACKAGES, random), 1)
    items = [package_json(LISTED, number, name, 1 + number % 40, random) for number, name in numbered]
    return tuple(Package(compact(item), str(item["name"])) for item in items)


@cache
def audited() -> tuple[Package, ...]:
    random = Random(SEED)
    everything = enumerate(zip(names(AUDITED_PACKAGES, random), sizes(), strict=True), 1)
    return tuple(_audited_package(number, name, size, random) for number, (name, size) in everything)


def _audited_package(number: int, name: str, size: int, random: Random) -> Package:
    first, newest = 400_000_000 + number * 10_000, NEWEST - timedelta(hours=number)
    item = package_json(AUDITED, number, name, size, random)
    created = (newest - timedelta(minutes=place * 11) for place in range(size))
    versions = (version_json(AUDITED, name, first - place, date, random) for place, date in enumerate(created))
    return Package(compact(item), name, tuple(map(compact, versions)))


def row(package: Any) -> PackageRow:
    """Return what is checked of a listed package, be it a dictionary or an object."""
    if hasattr(package, "keys"):
        return package["id"], package["name"], package["visibility"] == "private", package["repository"]["id"]
    return package.id, package.name, package.visibility == "private", package.repository.id


def expected_listing() -> Json:
    items = (json.loads(package.item) for package in listed())
    return vars(ListingFacts(map(row, items)))


def expected_audit() -> Json:
    return audit_facts(map(_count, audited()))


def _count(package: Package) -> VersionCount:
    versions = [json.loads(version) for version in package.versions]
    tagged = sum(bool(version["metadata"]["container"]["tags"]) for version in versions)
    created = [version["created_at"] for version in versions]
    return package.name, len(versions), tagged, len(versions) - tagged, min(created), max(created)
