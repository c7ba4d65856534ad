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

PACKAGES = {"recorded list item": CONTAINER_IN_A_LIST, "every field": PACKAGE}
VERSIONS = {
    "recorded container": UNTAGGED_VERSION,
    "recorded maven": MAVEN_VERSION,
    "every field": VERSION,
    "docker": DOCKER_VERSION,
}
REQUIRED_OF_A_PACKAGE = ("id", "name", "package_type", "visibility", "url", "html_url", "created_at", "updated_at")
REQUIRED_OF_A_VERSION = ("id", "name", "created_at", "updated_at")


def changed(payload: Payload, field: str, value: object) -> Payload:
    """A copy in which the field (with dots where it is nested) has another value."""
    key, _, rest = field.partition(".")
    return {**payload, key: changed(payload[key], rest, value) if rest else value}


def without(payload: Payload, key: str) -> Payload:
    """A copy that lacks the key."""
    return {name: value for name, value in payload.items() if name != key}
