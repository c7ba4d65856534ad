"""Which of GitHub's operations concern us, and the ids that GitHub gives ours."""

from __future__ import annotations

from openapi.upstream.tree import Tree, words

ELSEWHERE = ("/settings/billing/",)
"""Paths that have to do with packages and are not about them: what they cost."""


def concerns_packages(path: str, operation: Tree) -> bool:
    """Whether an operation of GitHub's is about packages: by its path, or because GitHub says so."""
    if any(part in path for part in ELSEWHERE):
        return False
    on_path = "packages" in path.split("/") or path.endswith("/docker/conflicts")
    return on_path or "packages" in words(operation.get("tags"))


KNOWN_AS = {
    "list_docker_migration_conflicts_for_org": "list-docker-migration-conflicting-packages-for-organization",
    "list_packages_for_org": "list-packages-for-organization",
    "get_package_for_org": "get-package-for-organization",
    "delete_package_for_org": "delete-package-for-org",
    "restore_package_for_org": "restore-package-for-org",
    "list_package_versions_for_org": "get-all-package-versions-for-package-owned-by-org",
    "get_package_version_for_org": "get-package-version-for-organization",
    "delete_package_version_for_org": "delete-package-version-for-org",
    "restore_package_version_for_org": "restore-package-version-for-org",
    "list_docker_migration_conflicts_for_user": "list-docker-migration-conflicting-packages-for-user",
    "list_packages_for_user": "list-packages-for-user",
    "get_package_for_user": "get-package-for-user",
    "delete_package_for_user": "delete-package-for-user",
    "restore_package_for_user": "restore-package-for-user",
    "list_package_versions_for_user": "get-all-package-versions-for-package-owned-by-user",
    "get_package_version_for_user": "get-package-version-for-user",
    "delete_package_version_for_user": "delete-package-version-for-user",
    "restore_package_version_for_user": "restore-package-version-for-user",
    "list_docker_migration_conflicts_for_authenticated_user": (
        "list-docker-migration-conflicting-packages-for-authenticated-user"
    ),
    "list_packages_for_authenticated_user": "list-packages-for-authenticated-user",
    "get_package_for_authenticated_user": "get-package-for-authenticated-user",
    "delete_package_for_authenticated_user": "delete-package-for-authenticated-user",
    "restore_package_for_authenticated_user": "restore-package-for-authenticated-user",
    "list_package_versions_for_authenticated_user": (
        "get-all-package-versions-for-package-owned-by-authenticated-user"
    ),
    "get_package_version_for_authenticated_user": "get-package-version-for-authenticated-user",
    "delete_package_version_for_authenticated_user": "delete-package-version-for-authenticated-user",
    "restore_package_version_for_authenticated_user": "restore-package-version-for-authenticated-user",
}
"""Our operation ids, and GitHub's without `packages/`: by these an operation that moved is found again."""


def known_as(operation_id: str) -> str:
    """The id that GitHub gives one of our operations, empty if it is not known."""
    return f"packages/{KNOWN_AS[operation_id]}" if operation_id in KNOWN_AS else ""
