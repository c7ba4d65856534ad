"""ghpackages by its public API; what the extra `fast` brings it uses by itself where that is installed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from importlib import import_module
from typing import Any

import httpx
from benchmarks.peers.facts import PackageRow, VersionCount
from benchmarks.peers.names import AUDITED, LISTED

from ghpackages import GitHubPackages, Package, PackageVisibility
from ghpackages.audit import audit as audit_owners


def connect(url: str, concurrency: int) -> GitHubPackages:
    """A client without any limit of points, as for every server that is not github.com."""
    return GitHubPackages("made-up", base_url=url, concurrency=concurrency)


async def list_packages(github: GitHubPackages, concurrency: int) -> list[Package]:
    """The client has the concurrency."""
    return await github.org(LISTED).packages("container").collect()


def stream_packages(github: GitHubPackages) -> AsyncIterator[Package]:
    """One after the other."""
    return aiter(github.org(LISTED).packages("container"))


def row(package: Package) -> PackageRow:
    """What is checked of a listed package."""
    repository: Any = package.repository
    return package.id, package.name, package.visibility == PackageVisibility.PRIVATE, repository.id


async def audit(github: GitHubPackages, concurrency: int) -> list[VersionCount]:
    """As many packages at the same time as requests."""
    report = await audit_owners(github, AUDITED, types=["container"]).collect()
    return [
        (each.package.name, each.versions, each.tagged or 0, each.untagged or 0, each.oldest or "", each.newest or "")
        for each in report.packages
    ]


def decoder(kind: str) -> Callable[[bytes], Sequence[object]]:
    """What its endpoints do with a response."""
    endpoint = {"package": "list_packages_for_org", "version": "list_package_versions_for_org"}[kind]
    decode = import_module(f"ghpackages_api.api.packages.{endpoint}")._decode
    return lambda body: decode(httpx.Response(200, content=body))
