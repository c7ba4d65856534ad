"""The JSON that GitHub shows of packages, versions, owners and repositories.

Shapes and field names: https://docs.github.com/rest/packages/packages. Payloads are written as text, because the
many URLs of an owner or a repository never change and need not be encoded again for each item.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Final
from urllib.parse import quote

from ._http import Request
from ._state import REPOSITORY_TYPES, MockOwner, MockPackage, Repository

__all__ = [
    "Site",
    "array",
    "date",
    "has_release_pages",
    "package_json",
    "package_page",
    "package_path",
    "text",
    "versions_page",
]

OWNER_PATHS: Final = {
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
REPOSITORY_PATHS: Final = {
    "forks_url": "/forks",
    "keys_url": "/keys{/key_id}",
    "collaborators_url": "/collaborators{/collaborator}",
    "teams_url": "/teams",
    "hooks_url": "/hooks",
    "issue_events_url": "/issues/events{/number}",
    "events_url": "/events",
    "assignees_url": "/assignees{/user}",
    "branches_url": "/branches{/branch}",
    "tags_url": "/tags",
    "blobs_url": "/git/blobs{/sha}",
    "git_tags_url": "/git/tags{/sha}",
    "git_refs_url": "/git/refs{/sha}",
    "trees_url": "/git/trees{/sha}",
    "statuses_url": "/statuses/{sha}",
    "languages_url": "/languages",
    "stargazers_url": "/stargazers",
    "contributors_url": "/contributors",
    "subscribers_url": "/subscribers",
    "subscription_url": "/subscription",
    "commits_url": "/commits{/sha}",
    "git_commits_url": "/git/commits{/sha}",
    "comments_url": "/comments{/number}",
    "issue_comment_url": "/issues/comments{/number}",
    "contents_url": "/contents/{+path}",
    "compare_url": "/compare/{base}...{head}",
    "merges_url": "/merges",
    "archive_url": "/{archive_format}{/ref}",
    "downloads_url": "/downloads",
    "issues_url": "/issues{/number}",
    "pulls_url": "/pulls{/number}",
    "milestones_url": "/milestones{/number}",
    "notifications_url": "/notifications{?since,all,participating}",
    "labels_url": "/labels{/name}",
    "releases_url": "/releases{/id}",
    "deployments_url": "/deployments",
}

_encoder: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
text: Final = _encoder.encode


@dataclass(frozen=True, slots=True)
class Site:
    """Where the API and the web pages are."""

    api: str
    web: str

    @classmethod
    def of(cls, request: Request, prefix: str) -> Site:
        """Derive both addresses from a request, so that links work wherever the server listens."""
        host = request.headers.get("host", "")
        if prefix:
            web = request.origin
        elif host.startswith("api."):
            web = f"{request.scheme}://{host.removeprefix('api.')}"
        else:
            web = "https://github.com"
        return cls(request.origin + prefix, web)


def array(items: Iterable[str]) -> str:
    """Join JSON texts to an array."""
    return f"[{','.join(items)}]"


def date(moment: datetime) -> str:
    """Write an instant as GitHub does."""
    return f"{moment.isoformat()[:19]}Z"


def node_id(kind: str, number: int) -> str:
    """Make a node id in the older of GitHub's two forms."""
    return b64encode(f"0{len(kind)}:{kind}{number}".encode()).decode()


@lru_cache(maxsize=256)
def _owner(site: Site, login: str, owner_id: int, owner_type: str) -> dict[str, object]:
    url = f"{site.api}/users/{login}"
    return {
        "login": login,
        "id": owner_id,
        "node_id": node_id(owner_type, owner_id),
        "avatar_url": f"https://avatars.githubusercontent.com/u/{owner_id}?v=4",
        "gravatar_id": "",
        "url": url,
        "html_url": f"{site.web}/{login}",
        **{key: url + path for key, path in OWNER_PATHS.items()},
        "type": owner_type,
        "user_view_type": "public",
        "site_admin": False,
    }


@lru_cache(maxsize=256)
def _owner_text(site: Site, login: str, owner_id: int, owner_type: str) -> str:
    return text(_owner(site, login, owner_id, owner_type))


@lru_cache(maxsize=4096)
def _repository_text(site: Site, repository: Repository, login: str) -> str:
    owner = repository.owner
    url = f"{site.api}/repos/{login}/{repository.name}"
    payload = {
        "id": repository.id,
        "node_id": node_id("Repository", repository.id),
        "name": repository.name,
        "full_name": f"{login}/{repository.name}",
        "private": repository.private,
        "owner": _owner(site, login, owner.id, owner.type),
        "html_url": f"{site.web}/{login}/{repository.name}",
        "description": repository.description,
        "fork": False,
        "url": url,
        **{key: url + path for key, path in REPOSITORY_PATHS.items()},
    }
    return text(payload)


def _kind(owner: MockOwner) -> str:
    return "orgs" if owner.type == "Organization" else "users"


def package_path(package: MockPackage) -> str:
    """Give the canonical path of a package: its owner by name, never `/user`."""
    owner = package.owner
    return f"/{_kind(owner)}/{owner.login}/packages/{package.package_type}/{quote(package.name, safe='')}"


def has_release_pages(package: MockPackage) -> bool:
    """Tell whether the web shows a package within its repository, its versions by name.

    This has been seen of maven, and not of npm; that it goes by the registry's permissions is a guess.
    """
    return package.repository is not None and package.package_type in REPOSITORY_TYPES


def package_page(site: Site, package: MockPackage) -> str:
    """Give the address of a package's web page."""
    repository, owner = package.repository, package.owner
    if repository is not None and has_release_pages(package):
        return f"{site.web}/{owner.login}/{repository.name}/packages/{package.id}"
    name = quote(package.name, safe="")
    return f"{site.web}/{_kind(owner)}/{owner.login}/packages/{package.package_type}/package/{name}"


def versions_page(site: Site, package: MockPackage) -> str:
    """Give what the addresses of its versions' web pages start with; they end in a name or an id."""
    if has_release_pages(package):
        return f"{package_page(site, package)}?version="
    return f"{site.web}{package_path(package)}/"


def package_json(site: Site, package: MockPackage, *, version_count: bool, internal_as: str = "internal") -> str:
    """Write a package; what is not set is absent, not null."""
    owner, repository = package.owner, package.repository
    visibility = internal_as if package.visibility == "internal" else package.visibility
    fields = [
        f'"id":{package.id}',
        f'"name":{text(package.name)}',
        f'"package_type":"{package.package_type}"',
        f'"owner":{_owner_text(site, owner.login, owner.id, owner.type)}',
        f'"visibility":"{visibility}"',
        f'"url":{text(site.api + package_path(package))}',
        f'"created_at":"{date(package.created_at)}"',
        f'"updated_at":"{date(package.updated_at)}"',
        f'"html_url":{text(package_page(site, package))}',
    ]
    if version_count:
        fields.insert(4, f'"version_count":{package.versions.count()}')
    if repository is not None:
        fields.insert(-1, f'"repository":{_repository_text(site, repository, owner.login)}')
    return f"{{{','.join(fields)}}}"
