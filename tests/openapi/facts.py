"""What GitHub's published description says of its packages API, and where ours departs from it.

Source: the api.github.com description in release 23.0.2 of https://www.npmjs.com/package/@octokit/openapi. Facts only:
names, types, defaults, enums and statuses. The tables hold what upstream says; what the `OURS_…` tables hold replaces
it in our document.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

ORG = "/orgs/{org}"
USER = "/users/{username}"
ME = "/user"
PACKAGE = "/packages/{package_type}/{package_name}"
VERSION = PACKAGE + "/versions/{package_version_id}"

EVERYWHERE = frozenset({"400", "401", "403", "404", "422", "429", "5XX"})
"""The statuses that our document declares on every operation."""


@dataclass(frozen=True)
class Operation:
    """An operation: our id for it, and upstream's facts; `added_query` is what only our document has."""

    id: str
    method: str
    path: str
    statuses_upstream: str
    query: str = ""
    added_query: str = ""

    @property
    def parameters(self) -> set[tuple[str, str]]:
        """Where and under which name each parameter is sent."""
        in_query = f"{self.query} {self.added_query}".split()
        return {("path", name) for name in re.findall(r"{(\w+)}", self.path)} | {("query", name) for name in in_query}

    @property
    def success(self) -> str:
        """The one status of success."""
        return "200" if self.method == "GET" else "204"

    @property
    def statuses(self) -> set[str]:
        """What our document declares."""
        return {self.success, *EVERYWHERE} | ({"304"} if self.method == "GET" else set())

    @property
    def departing_statuses(self) -> set[str]:
        """What our document declares and upstream does not."""
        return self.statuses - set(self.statuses_upstream.split())


OPERATIONS = (
    Operation("list_docker_migration_conflicts_for_org", "GET", ORG + "/docker/conflicts", "200 401 403"),
    Operation(
        "list_packages_for_org",
        "GET",
        ORG + "/packages",
        "200 400 401 403",
        query="package_type visibility page per_page",
    ),
    Operation("get_package_for_org", "GET", ORG + PACKAGE, "200"),
    Operation("delete_package_for_org", "DELETE", ORG + PACKAGE, "204 401 403 404"),
    Operation("restore_package_for_org", "POST", ORG + PACKAGE + "/restore", "204 401 403 404", query="token"),
    Operation(
        "list_package_versions_for_org",
        "GET",
        ORG + PACKAGE + "/versions",
        "200 401 403 404",
        query="page per_page state",
    ),
    Operation("get_package_version_for_org", "GET", ORG + VERSION, "200"),
    Operation("delete_package_version_for_org", "DELETE", ORG + VERSION, "204 401 403 404"),
    Operation("restore_package_version_for_org", "POST", ORG + VERSION + "/restore", "204 401 403 404"),
    Operation("list_docker_migration_conflicts_for_user", "GET", USER + "/docker/conflicts", "200 401 403"),
    Operation(
        "list_packages_for_user",
        "GET",
        USER + "/packages",
        "200 400 401 403",
        query="package_type visibility page per_page",
    ),
    Operation("get_package_for_user", "GET", USER + PACKAGE, "200"),
    Operation("delete_package_for_user", "DELETE", USER + PACKAGE, "204 401 403 404"),
    Operation("restore_package_for_user", "POST", USER + PACKAGE + "/restore", "204 401 403 404", query="token"),
    Operation(
        "list_package_versions_for_user",
        "GET",
        USER + PACKAGE + "/versions",
        "200 401 403 404",
        added_query="page per_page state",
    ),
    Operation("get_package_version_for_user", "GET", USER + VERSION, "200"),
    Operation("delete_package_version_for_user", "DELETE", USER + VERSION, "204 401 403 404"),
    Operation("restore_package_version_for_user", "POST", USER + VERSION + "/restore", "204 401 403 404"),
    Operation("list_docker_migration_conflicts_for_authenticated_user", "GET", ME + "/docker/conflicts", "200"),
    Operation(
        "list_packages_for_authenticated_user",
        "GET",
        ME + "/packages",
        "200 400",
        query="package_type visibility page per_page",
    ),
    Operation("get_package_for_authenticated_user", "GET", ME + PACKAGE, "200"),
    Operation("delete_package_for_authenticated_user", "DELETE", ME + PACKAGE, "204 401 403 404"),
    Operation(
        "restore_package_for_authenticated_user", "POST", ME + PACKAGE + "/restore", "204 401 403 404", query="token"
    ),
    Operation(
        "list_package_versions_for_authenticated_user",
        "GET",
        ME + PACKAGE + "/versions",
        "200 401 403 404",
        query="page per_page state",
    ),
    Operation("get_package_version_for_authenticated_user", "GET", ME + VERSION, "200"),
    Operation("delete_package_version_for_authenticated_user", "DELETE", ME + VERSION, "204 401 403 404"),
    Operation("restore_package_version_for_authenticated_user", "POST", ME + VERSION + "/restore", "204 401 403 404"),
)

WITHOUT_BODY_UPSTREAM = frozenset(
    (f"list_packages_for_{owner}", "400") for owner in ("org", "user", "authenticated_user")
)
"""Statuses that upstream declares without a body, although the server sends one."""


@dataclass(frozen=True)
class Parameter:
    """A parameter; the same wherever it is used."""

    type: str
    required: bool
    default: object = None


PARAMETERS = {
    ("path", "org"): Parameter("string", required=True),
    ("path", "username"): Parameter("string", required=True),
    ("path", "package_type"): Parameter("PackageType", required=True),
    ("path", "package_name"): Parameter("string", required=True),
    ("path", "package_version_id"): Parameter("integer", required=True),
    ("query", "package_type"): Parameter("PackageType", required=True),
    ("query", "visibility"): Parameter("PackageVisibility", required=False),
    ("query", "page"): Parameter("integer", required=False, default=1),
    ("query", "per_page"): Parameter("integer", required=False, default=30),
    ("query", "state"): Parameter("PackageVersionState", required=False, default="active"),
    ("query", "token"): Parameter("string", required=False),
}

ENUMS = {
    "PackageType": ["npm", "maven", "rubygems", "docker", "nuget", "container"],
    "PackageVisibility": ["public", "private", "internal"],
    "PackageVersionState": ["active", "deleted"],
    "PullRequestCreationPolicy": ["all", "collaborators_only"],
    "SecurityFeatureStatus": ["enabled", "disabled"],
    "BypassReviewerType": ["TEAM", "ROLE"],
    "BypassMode": ["ALWAYS", "EXEMPT"],
}

ENUMS_OF_FIELDS_UPSTREAM = {"PackageVisibility": ["public", "private"]}
"""Upstream has the enums of the parameters above, but fewer values where they are fields."""

# Type and format; `[…]` is an array, a name with a capital one of the objects or enums here, after `=` the default.
FIELDS = {
    "Package": {
        "id": "integer",
        "name": "string",
        "package_type": "PackageType",
        "url": "string",
        "html_url": "string",
        "version_count": "integer",
        "visibility": "PackageVisibility",
        "owner": "SimpleUser | null",
        "repository": "MinimalRepository | null",
        "created_at": "string date-time",
        "updated_at": "string date-time",
    },
    "PackageVersion": {
        "id": "integer",
        "name": "string",
        "url": "string",
        "package_html_url": "string",
        "html_url": "string",
        "license": "string",
        "description": "string",
        "created_at": "string date-time",
        "updated_at": "string date-time",
        "deleted_at": "string date-time",
        "metadata": "PackageVersionMetadata",
    },
    "PackageVersionMetadata": {
        "package_type": "PackageType",
        "container": "ContainerMetadata",
        "docker": "DockerMetadata",
    },
    "ContainerMetadata": {
        "tags": "[string]",
    },
    "DockerMetadata": {
        "tag": "[string]",
    },
    "SimpleUser": {
        "name": "string | null",
        "email": "string | null",
        "login": "string",
        "id": "integer int64",
        "node_id": "string",
        "avatar_url": "string uri",
        "gravatar_id": "string | null",
        "url": "string uri",
        "html_url": "string uri",
        "followers_url": "string uri",
        "following_url": "string",
        "gists_url": "string",
        "starred_url": "string",
        "subscriptions_url": "string uri",
        "organizations_url": "string uri",
        "repos_url": "string uri",
        "events_url": "string",
        "received_events_url": "string uri",
        "type": "string",
        "site_admin": "boolean",
        "starred_at": "string",
        "user_view_type": "string",
    },
    "MinimalRepository": {
        "id": "integer int64",
        "node_id": "string",
        "name": "string",
        "full_name": "string",
        "owner": "SimpleUser",
        "private": "boolean",
        "html_url": "string uri",
        "description": "string | null",
        "fork": "boolean",
        "url": "string uri",
        "archive_url": "string",
        "assignees_url": "string",
        "blobs_url": "string",
        "branches_url": "string",
        "collaborators_url": "string",
        "comments_url": "string",
        "commits_url": "string",
        "compare_url": "string",
        "contents_url": "string",
        "contributors_url": "string uri",
        "deployments_url": "string uri",
        "downloads_url": "string uri",
        "events_url": "string uri",
        "forks_url": "string uri",
        "git_commits_url": "string",
        "git_refs_url": "string",
        "git_tags_url": "string",
        "git_url": "string",
        "issue_comment_url": "string",
        "issue_events_url": "string",
        "issues_url": "string",
        "keys_url": "string",
        "labels_url": "string",
        "languages_url": "string uri",
        "merges_url": "string uri",
        "milestones_url": "string",
        "notifications_url": "string",
        "pulls_url": "string",
        "releases_url": "string",
        "ssh_url": "string",
        "stargazers_url": "string uri",
        "statuses_url": "string",
        "subscribers_url": "string uri",
        "subscription_url": "string uri",
        "tags_url": "string uri",
        "teams_url": "string uri",
        "trees_url": "string",
        "clone_url": "string",
        "mirror_url": "string | null",
        "hooks_url": "string uri",
        "svn_url": "string",
        "homepage": "string | null",
        "language": "string | null",
        "forks_count": "integer",
        "stargazers_count": "integer",
        "watchers_count": "integer",
        "size": "integer",
        "default_branch": "string",
        "open_issues_count": "integer",
        "is_template": "boolean",
        "topics": "[string]",
        "has_issues": "boolean",
        "has_projects": "boolean",
        "has_wiki": "boolean",
        "has_pages": "boolean",
        "has_downloads": "boolean",
        "has_discussions": "boolean",
        "has_pull_requests": "boolean",
        "pull_request_creation_policy": "PullRequestCreationPolicy",
        "archived": "boolean",
        "disabled": "boolean",
        "visibility": "string",
        "pushed_at": "string date-time | null",
        "created_at": "string date-time | null",
        "updated_at": "string date-time | null",
        "permissions": "RepositoryPermissions",
        "role_name": "string",
        "temp_clone_token": "string",
        "delete_branch_on_merge": "boolean",
        "subscribers_count": "integer",
        "network_count": "integer",
        "code_of_conduct": "CodeOfConduct",
        "license": "RepositoryLicense | null",
        "forks": "integer",
        "open_issues": "integer",
        "watchers": "integer",
        "allow_forking": "boolean",
        "web_commit_signoff_required": "boolean",
        "security_and_analysis": "SecurityAndAnalysis | null",
        "custom_properties": "CustomProperties",
    },
    "RepositoryPermissions": {
        "admin": "boolean",
        "maintain": "boolean",
        "push": "boolean",
        "triage": "boolean",
        "pull": "boolean",
    },
    "CodeOfConduct": {
        "key": "string",
        "name": "string",
        "url": "string uri",
        "body": "string",
        "html_url": "string uri | null",
    },
    "RepositoryLicense": {
        "key": "string",
        "name": "string",
        "spdx_id": "string",
        "url": "string | null",
        "node_id": "string",
    },
    "CustomProperties": {},
    "SecurityAndAnalysis": {
        "advanced_security": "SecurityFeature",
        "code_security": "SecurityFeature",
        "dependabot_security_updates": "SecurityFeature",
        "secret_scanning": "SecurityFeature",
        "secret_scanning_push_protection": "SecurityFeature",
        "secret_scanning_non_provider_patterns": "SecurityFeature",
        "secret_scanning_ai_detection": "SecurityFeature",
        "secret_scanning_delegated_alert_dismissal": "SecurityFeature",
        "secret_scanning_delegated_bypass": "SecurityFeature",
        "secret_scanning_delegated_bypass_options": "DelegatedBypassOptions",
    },
    "DelegatedBypassOptions": {
        "reviewers": "[BypassReviewer]",
    },
    "BypassReviewer": {
        "reviewer_id": "integer",
        "reviewer_type": "BypassReviewerType",
        "mode": "BypassMode = ALWAYS",
    },
    "SecurityFeature": {
        "status": "SecurityFeatureStatus",
    },
    "BasicError": {
        "message": "string",
        "documentation_url": "string",
        "url": "string",
        "status": "string",
    },
}

OURS_FIELDS = {
    ("PackageVersion", "license"): "string | null",
    ("PackageVersion", "description"): "string | null",
    ("PackageVersion", "deleted_at"): "string date-time | null",
    ("DockerMetadata", "tags"): "[string]",
}

REQUIRED = {
    "Package": "created_at html_url id name package_type updated_at url version_count visibility",
    "PackageVersion": "created_at id name package_html_url updated_at url",
    "PackageVersionMetadata": "package_type",
    "ContainerMetadata": "tags",
    "DockerMetadata": "tags",
    "SimpleUser": (
        "avatar_url events_url followers_url following_url gists_url gravatar_id html_url id login node_id "
        "organizations_url received_events_url repos_url site_admin starred_url subscriptions_url type url"
    ),
    "MinimalRepository": (
        "archive_url assignees_url blobs_url branches_url collaborators_url comments_url commits_url compare_url "
        "contents_url contributors_url deployments_url description downloads_url events_url fork forks_url "
        "full_name git_commits_url git_refs_url git_tags_url hooks_url html_url id issue_comment_url "
        "issue_events_url issues_url keys_url labels_url languages_url merges_url milestones_url name node_id "
        "notifications_url owner private pulls_url releases_url stargazers_url statuses_url subscribers_url "
        "subscription_url tags_url teams_url trees_url url"
    ),
    "CodeOfConduct": "html_url key name url",
    "BypassReviewer": "reviewer_id reviewer_type",
}

OURS_REQUIRED = {
    "Package": "created_at html_url id name package_type updated_at url visibility",
    "PackageVersion": "created_at id name updated_at",
    "PackageVersionMetadata": "",
    "ContainerMetadata": "",
    "DockerMetadata": "",
    "SimpleUser": "id login type",
    "MinimalRepository": "full_name html_url id name private",
}
