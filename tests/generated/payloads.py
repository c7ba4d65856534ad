"""What the server sends: payloads as they were recorded (values shortened), and objects with every field."""

from __future__ import annotations

from typing import Any

Payload = dict[str, Any]

CONTAINER_IN_A_LIST: Payload = {
    "id": 7930767,
    "name": "test-pkg5",
    "package_type": "container",
    "owner": {
        "login": "test-user",
        "id": 1024025,
        "type": "User",
        "user_view_type": "public",
        "site_admin": False,
    },
    "visibility": "private",
    "url": "https://api.github.com/users/test-user/packages/container/test-pkg5",
    "created_at": "2025-04-03T20:50:20Z",
    "updated_at": "2025-05-03T01:05:57Z",
    "html_url": "https://github.com/users/test-user/packages/container/package/test-pkg5",
}
"""An item of *list packages*: no `version_count`, and, not being linked, no `repository`."""

UNTAGGED_VERSION: Payload = {
    "id": 406855100,
    "name": "sha256:3309a86716a26f8c73f53d8ec7acee5cfabdbb4b6c87527559b6d85540a8956f",
    "url": "https://api.github.com/users/test-user/packages/container/test-pkg5/versions/406855100",
    "package_html_url": "https://github.com/users/test-user/packages/container/package/test-pkg5",
    "created_at": "2025-05-01T23:04:09Z",
    "updated_at": "2025-05-03T01:05:57Z",
    "html_url": "https://github.com/users/test-user/packages/container/test-pkg5/406855100",
    "metadata": {"package_type": "container", "container": {"tags": []}},
}

MAVEN_VERSION: Payload = {
    "id": 49680668,
    "name": "21.29.002",
    "url": "https://api.github.com/users/krm-demo/packages/maven/io.github.krm-demo.core-utils/versions/49680668",
    "package_html_url": "https://github.com/krm-demo/core-utils/packages/2631343",
    "html_url": "https://github.com/krm-demo/core-utils/packages/2631343?version=21.29.002",
    "license": "MIT",
    "description": "Utility classes",
    "created_at": "2025-11-14T05:16:22Z",
    "updated_at": "2025-11-14T05:16:23Z",
    "metadata": {"package_type": "maven"},
}

OWNER: Payload = {
    "name": "monalisa octocat",
    "email": None,
    "login": "octocat",
    "id": 1,
    "node_id": "MDQ6VXNlcjE=",
    "avatar_url": "https://github.com/images/error/octocat_happy.gif",
    "gravatar_id": "",
    "url": "https://api.github.com/users/octocat",
    "html_url": "https://github.com/octocat",
    "followers_url": "https://api.github.com/users/octocat/followers",
    "following_url": "https://api.github.com/users/octocat/following{/other_user}",
    "type": "User",
    "site_admin": False,
    "starred_at": "2020-07-09T00:17:55Z",
}

REPOSITORY: Payload = {
    "id": 1296269,
    "node_id": "MDEwOlJlcG9zaXRvcnkxMjk2MjY5",
    "name": "Hello-World",
    "full_name": "octocat/Hello-World",
    "owner": OWNER,
    "private": False,
    "html_url": "https://github.com/octocat/Hello-World",
    "description": None,
    "mirror_url": None,
    "fork": False,
    "topics": ["octocat", "api"],
    "pull_request_creation_policy": "collaborators_only",
    "pushed_at": "2011-01-26T19:06:43Z",
    "created_at": "2011-01-26T19:01:12Z",
    "updated_at": None,
    "permissions": {"admin": False, "push": True, "pull": True},
    "temp_clone_token": "secret-clone-token",
    "code_of_conduct": {"key": "mit", "name": "Covenant", "url": "https://api.github.com/codes/1", "html_url": None},
    "license": {"key": "mit", "name": "MIT License", "spdx_id": "MIT", "url": None},
    "security_and_analysis": {
        "advanced_security": {"status": "enabled"},
        "secret_scanning": {"status": "disabled"},
        "secret_scanning_delegated_bypass_options": {
            "reviewers": [
                {"reviewer_id": 1, "reviewer_type": "TEAM", "mode": "EXEMPT"},
                {"reviewer_id": 2, "reviewer_type": "ROLE"},
            ]
        },
    },
    "custom_properties": {"team": "packages", "tier": ["one", "two"], "cost": None},
}

PACKAGE: Payload = {
    "id": 197,
    "name": "web/api",
    "package_type": "container",
    "owner": OWNER,
    "repository": REPOSITORY,
    "version_count": 3,
    "visibility": "internal",
    "url": "https://api.github.com/orgs/octo-org/packages/container/web%2Fapi",
    "html_url": "https://github.com/orgs/octo-org/packages/container/package/web%2Fapi",
    "created_at": "2011-04-10T20:09:31Z",
    "updated_at": "2014-03-03T18:58:10Z",
}

VERSION: Payload = {
    "id": 836,
    "name": "sha256:b3d3e366b55f9a54599220198b3db5da8f53592acbbb7dc7e4e9878762fc5344",
    "url": "https://api.github.com/orgs/octo-org/packages/container/web%2Fapi/versions/836",
    "package_html_url": "https://github.com/orgs/octo-org/packages/container/package/web%2Fapi",
    "html_url": "https://github.com/orgs/octo-org/packages/container/web%2Fapi/836",
    "license": "MIT",
    "description": "",
    "created_at": "2011-04-10T20:09:31Z",
    "updated_at": "2014-03-03T18:58:10Z",
    "deleted_at": "2014-03-03T18:58:10Z",
    "metadata": {"package_type": "container", "container": {"tags": ["latest", "v1"]}},
}

DOCKER_VERSION: Payload = {
    **{key: value for key, value in VERSION.items() if key != "deleted_at"},
    "metadata": {"package_type": "docker", "docker": {"tag": ["latest"], "tags": ["v1"]}},
}

LINKS_OF_AN_OWNER = (
    "avatar_url url html_url followers_url following_url gists_url starred_url subscriptions_url organizations_url "
    "repos_url events_url received_events_url"
)
LINKS_OF_A_REPOSITORY = (
    "html_url url archive_url assignees_url blobs_url branches_url collaborators_url comments_url commits_url "
    "compare_url contents_url contributors_url deployments_url downloads_url events_url forks_url git_commits_url "
    "git_refs_url git_tags_url issue_comment_url issue_events_url issues_url keys_url labels_url languages_url "
    "merges_url milestones_url notifications_url pulls_url releases_url stargazers_url statuses_url subscribers_url "
    "subscription_url tags_url teams_url trees_url hooks_url"
)

USUAL_OWNER: Payload = {
    "login": "acme",
    "id": 100000001,
    "node_id": "U_kgDOAAAAAQ",
    "gravatar_id": "",
    "type": "Organization",
    "user_view_type": "public",
    "site_admin": False,
    **{key: f"https://api.github.com/users/acme/{key}" for key in LINKS_OF_AN_OWNER.split()},
}
"""An owner of 2025; `user_view_type` was not there in 2024."""

USUAL_REPOSITORY: Payload = {
    "id": 661310082,
    "node_id": "R_kgDOAAAAAQ",
    "name": "web",
    "full_name": "acme/web",
    "private": False,
    "owner": USUAL_OWNER,
    "description": None,
    "fork": False,
    **{key: f"https://api.github.com/repos/acme/web/{key}" for key in LINKS_OF_A_REPOSITORY.split()},
}

LINKED_CONTAINER: Payload = {**CONTAINER_IN_A_LIST, "owner": USUAL_OWNER, "repository": USUAL_REPOSITORY}

MAVEN_PACKAGE: Payload = {
    **LINKED_CONTAINER,
    "name": "com.example.some-lib",
    "package_type": "maven",
    "version_count": 30,
    "html_url": "https://github.com/acme/web/packages/2631343",
}
"""A single package, which has a `version_count`."""

TAGGED_VERSION: Payload = {
    **UNTAGGED_VERSION,
    "metadata": {"package_type": "container", "container": {"tags": ["latest", "develop", "develop-40"]}},
}
VERSION_WITHOUT_LINKS: Payload = {
    key: value for key, value in UNTAGGED_VERSION.items() if key not in {"url", "package_html_url", "html_url"}
}
NPM_VERSION: Payload = {**UNTAGGED_VERSION, "name": "0.84.0", "metadata": {"package_type": "npm"}}
NPM_VERSION_WITH_EMPTY_METADATA: Payload = {**NPM_VERSION, "metadata": {}}

PACKAGES = {
    "recorded list item": CONTAINER_IN_A_LIST,
    "recorded linked list item": LINKED_CONTAINER,
    "recorded maven": MAVEN_PACKAGE,
    "every field": PACKAGE,
}
VERSIONS = {
    "recorded container": UNTAGGED_VERSION,
    "recorded tags": TAGGED_VERSION,
    "recorded description": {**TAGGED_VERSION, "description": "The web server."},
    "recorded license": {**TAGGED_VERSION, "description": "The web server.", "license": "MIT"},
    "recorded without links": VERSION_WITHOUT_LINKS,
    "recorded maven": MAVEN_VERSION,
    "recorded maven without description": {key: MAVEN_VERSION[key] for key in MAVEN_VERSION if key != "description"},
    "recorded npm": NPM_VERSION,
    "recorded npm with empty metadata": NPM_VERSION_WITH_EMPTY_METADATA,
    "every field": VERSION,
    "docker": DOCKER_VERSION,
}

_PAGE = "https://docs.github.com/rest/packages/packages#list-packages-for-an-organization"
ERRORS: list[tuple[int, Payload]] = [
    (400, {"message": "Invalid argument.", "documentation_url": _PAGE, "status": "400"}),
    (400, {"message": "You cannot delete the last tagged version of a package.", "status": "400"}),
    (403, {"message": "Resource not accessible by integration", "documentation_url": _PAGE, "status": "403"}),
    (403, {"message": "You need at least read:packages scope to list packages.", "status": "403"}),
    (404, {"message": "Package version not found.", "documentation_url": _PAGE, "status": "404"}),
    (404, {"message": "Not Found", "documentation_url": _PAGE}),
    (422, {"message": "Invalid request.\n\nFor 'links/0/schema', {} is not a null.", "documentation_url": _PAGE}),
]
"""Status and body of errors that were recorded; older ones lack `status`."""
REQUIRED_OF_A_PACKAGE = ("id", "name", "package_type", "visibility", "url", "html_url", "created_at", "updated_at")
REQUIRED_OF_A_VERSION = ("id", "name", "created_at", "updated_at")


def changed(payload: Payload, field: str, value: object) -> Payload:
    """A copy in which the field (with dots where it is nested) has another value."""
    key, _, rest = field.partition(".")
    return {**payload, key: changed(payload[key], rest, value) if rest else value}


def without(payload: Payload, key: str) -> Payload:
    """A copy that lacks the key."""
    return {name: value for name, value in payload.items() if name != key}
