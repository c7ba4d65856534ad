"""What the server of the benchmark has, always the same, and the facts that a result must come to.

The organisation `octo` has 10,000 packages, to be listed; `acme` has 200 packages with 54,466 versions on 637 pages,
to be audited. The objects have the keys of GitHub's documented examples, owner and repository with all their URLs, in
compact JSON as GitHub sends it. They have `version_count`, which GitHub's own lists leave out although its
description requires it: one of the contenders believes the description, and would fail at the first page.

Source: https://docs.github.com/rest/packages/packages#list-packages-for-an-organization
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from math import exp
from random import Random

from benchmarks.peers.facts import AuditFacts, ListingFacts, VersionCount, audit_facts, date_text
from benchmarks.peers.names import AUDITED, LISTED

PER_PAGE = 100
IDS = {LISTED: 9919, AUDITED: 363514}
API, WEB = "https://api.github.com", "https://github.com"

LISTED_PACKAGES, AUDITED_PACKAGES = 10_000, 200
AUDITED_PAGES, AUDITED_VERSIONS = 637, 54_466
LEAST_LISTING = LISTED_PACKAGES // PER_PAGE
LEAST_AUDIT = AUDITED_PACKAGES // PER_PAGE + AUDITED_PAGES
"""The requests that it takes at least."""

NEWEST = datetime(2026, 6, 1, tzinfo=UTC)
SEED = 6289

WORDS = ("api", "web", "worker", "gateway", "billing", "search", "mailer", "ingest", "report", "session", "proxy")
USER_LINKS = {
    "followers_url": "/followers",
    "following_url": "/following{/other_user}",
    "gists_url": "/gists{/gist_id}",
    "starred_url": "/starred{/owner}{/repo}",
    "subscriptions_url": "/subscriptions",
    "organizations_url": "/orgs",
    "repos_url": "/repos",
    "events_url": "/events{/privacy}",
    "received_events_url": "/received_events",
}
REPOSITORY_LINKS = {
    "archive_url": "/{archive_format}{/ref}",
    "assignees_url": "/assignees{/user}",
    "blobs_url": "/git/blobs{/sha}",
    "branches_url": "/branches{/branch}",
    "collaborators_url": "/collaborators{/collaborator}",
    "comments_url": "/comments{/number}",
    "commits_url": "/commits{/sha}",
    "compare_url": "/compare/{base}...{head}",
    "contents_url": "/contents/{+path}",
    "contributors_url": "/contributors",
    "deployments_url": "/deployments",
    "downloads_url": "/downloads",
    "events_url": "/events",
    "forks_url": "/forks",
    "git_commits_url": "/git/commits{/sha}",
    "git_refs_url": "/git/refs{/sha}",
    "git_tags_url": "/git/tags{/sha}",
    "hooks_url": "/hooks",
    "issue_comment_url": "/issues/comments{/number}",
    "issue_events_url": "/issues/events{/number}",
    "issues_url": "/issues{/number}",
    "keys_url": "/keys{/key_id}",
    "labels_url": "/labels{/name}",
    "languages_url": "/languages",
    "merges_url": "/merges",
    "milestones_url": "/milestones{/number}",
    "notifications_url": "/notifications{?since,all,participating}",
    "pulls_url": "/pulls{/number}",
    "releases_url": "/releases{/id}",
    "stargazers_url": "/stargazers",
    "statuses_url": "/statuses/{sha}",
    "subscribers_url": "/subscribers",
    "subscription_url": "/subscription",
    "tags_url": "/tags",
    "teams_url": "/teams",
    "trees_url": "/git/trees{/sha}",
}

Json = dict[str, object]


@dataclass(frozen=True)
class Package:
    """A package of the data.

    Attributes:
        item: Its JSON.
        name: Its name.
        visibility: "public" or "private".
        versions: The JSON of each of its versions, the newest first.
    """

    item: bytes
    name: str
    visibility: str
    versions: tuple[bytes, ...] = ()


def compact(value: object) -> bytes:
    """JSON as GitHub sends it."""
    return json.dumps(value, separators=(",", ":")).encode()


def sizes() -> list[int]:
    """How many versions each audited package has: few have many (some 1,400), and more than half have one page.

    No last page is full: GitHub sends no Link for a single page, and whoever does not trust a full one without Link
    (ghpackages does not) asks once more, so that "the least possible" would not be the same for all.
    """
    random = Random(SEED)
    pages = [max(1, round(15.4 * exp(-number / 37.05))) for number in range(AUDITED_PACKAGES)]
    found = [(count - 1) * PER_PAGE + 1 + int(random.random() * (PER_PAGE - 1)) for count in pages]
    return sorted(found, key=lambda _: random.random())


def simple_user(login: str, id_: int, kind: str = "Organization") -> Json:
    """An owner, with all its URLs."""
    url = f"{API}/users/{login}"
    return {
        "login": login,
        "id": id_,
        "node_id": f"MDEyOk9yZ2FuaXphdGlvbj{id_}",
        "avatar_url": f"https://avatars.githubusercontent.com/u/{id_}?v=4",
        "gravatar_id": "",
        "url": url,
        "html_url": f"{WEB}/{login}",
        **{key: url + path for key, path in USER_LINKS.items()},
        "type": kind,
        "user_view_type": "public",
        "site_admin": False,
    }


def minimal_repository(owner: Json, name: str, id_: int, *, private: bool) -> Json:
    """A repository as packages carry it, with all its URLs."""
    url = f"{API}/repos/{owner['login']}/{name}"
    return {
        "id": id_,
        "node_id": f"MDEwOlJlcG9zaXRvcnk{id_}",
        "name": name,
        "full_name": f"{owner['login']}/{name}",
        "private": private,
        "owner": owner,
        "html_url": f"{WEB}/{owner['login']}/{name}",
        "description": f"The {name.replace('-', ' ')}: source and images.",
        "fork": False,
        "url": url,
        **{key: url + path for key, path in REPOSITORY_LINKS.items()},
    }


def package_json(org: str, number: int, name: str, versions: int, random: Random) -> Json:
    """A package as GitHub lists it."""
    owner, private = simple_user(org, IDS[org]), random.random() < 0.4
    source, created = f"platform-{name[3:].rpartition('-')[0]}", NEWEST - timedelta(minutes=number * 37)
    return {
        "id": 7_000_000 - number * 3,
        "name": name,
        "package_type": "container",
        "owner": owner,
        "repository": minimal_repository(owner, source, 640_000_000 + number * 7, private=private),
        "version_count": versions,
        "visibility": "private" if private else "public",
        "url": f"{API}/orgs/{org}/packages/container/{name}",
        "created_at": date_text(created),
        "updated_at": date_text(created + timedelta(days=int(random.random() * 90))),
        "html_url": f"{WEB}/orgs/{org}/packages/container/package/{name}",
    }


def version_json(org: str, package: str, id_: int, created: datetime, random: Random) -> Json:
    """A version as GitHub lists it: some three of ten have tags, others are parts or predecessors of those."""
    tags = [f"1.{id_ % 90}.{id_ % 7}", *(["latest"] if id_ % 11 == 0 else [])] if random.random() < 0.3 else []
    web = f"{WEB}/orgs/{org}/packages/container"
    return {
        "id": id_,
        "name": f"sha256:{sha256(str(id_).encode()).hexdigest()}",
        "url": f"{API}/orgs/{org}/packages/container/{package}/versions/{id_}",
        "package_html_url": f"{web}/package/{package}",
        "created_at": date_text(created),
        "updated_at": date_text(created + timedelta(seconds=5)),
        "html_url": f"{web}/{package}/{id_}",
        "metadata": {"package_type": "container", "container": {"tags": tags}},
    }


def names(count: int, random: Random) -> list[str]:
    """Names that are all different, such as `ci-billing-worker-17`."""
    pairs = ((int(random.random() * len(WORDS)), int(random.random() * len(WORDS))) for _ in range(count))
    return [f"ci-{WORDS[one]}-{WORDS[two]}-{number}" for number, (one, two) in enumerate(pairs, 1)]


@cache
def listed() -> tuple[Package, ...]:
    """The 10,000 packages of `octo`."""
    random = Random(SEED)
    items = [
        package_json(LISTED, number, name, 1 + number % 40, random)
        for number, name in enumerate(names(LISTED_PACKAGES, random), 1)
    ]
    return tuple(Package(compact(item), str(item["name"]), str(item["visibility"])) for item in items)


@cache
def audited() -> tuple[Package, ...]:
    """The 200 packages of `acme`, with their versions."""
    random = Random(SEED)
    everything = enumerate(zip(names(AUDITED_PACKAGES, random), sizes(), strict=True), 1)
    return tuple(_audited_package(number, name, size, random) for number, (name, size) in everything)


def _audited_package(number: int, name: str, size: int, random: Random) -> Package:
    first, newest = 400_000_000 + number * 10_000, NEWEST - timedelta(hours=number)
    versions = (
        version_json(AUDITED, name, first - place, newest - timedelta(minutes=place * 11), random)
        for place in range(size)
    )
    item = package_json(AUDITED, number, name, size, random)
    return Package(compact(item), name, str(item["visibility"]), tuple(map(compact, versions)))


def expected_listing() -> ListingFacts:
    """What every listing must come to."""
    items = map(json.loads, (package.item for package in listed()))
    return ListingFacts.of(
        (item["id"], item["name"], item["visibility"] == "private", item["repository"]["id"]) for item in items
    )


def expected_audit() -> AuditFacts:
    """What every audit must come to."""
    return audit_facts(map(_count, audited()))


def _count(package: Package) -> VersionCount:
    versions = [json.loads(version) for version in package.versions]
    tagged = sum(bool(version["metadata"]["container"]["tags"]) for version in versions)
    created = [version["created_at"] for version in versions]
    return package.name, len(versions), tagged, len(versions) - tagged, min(created), max(created)
