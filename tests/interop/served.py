"""The example organisation on a socket, and what our own client finds there."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from ghpackages import GitHubPackages
from ghpackages.testing import MockGitHub, MockPackage

PACKAGE_TYPES = ("npm", "maven", "rubygems", "docker", "nuget", "container")
ORG = "octo-org"
USER = "octocat"

Inventory = dict[str, list[int]]
"""The ids of the versions of each package, such as `npm octo-http`, in the order of the server."""


@dataclass(frozen=True)
class Served:
    """A running mock server."""

    server: MockGitHub
    url: str

    @property
    def environment(self) -> Mapping[str, str]:
        """What programs need to know of it."""
        return {**os.environ, "GITHUB_API_URL": self.url, "GH_TOKEN": self.server.token, "NO_PROXY": "127.0.0.1"}

    async def ours(self, kind: Literal["org", "user"] = "org") -> Inventory:
        """List everything with our own client."""
        found: Inventory = {}
        async with GitHubPackages(self.server.token, base_url=self.url, points_per_minute=None) as github:
            owner = github.org(ORG) if kind == "org" else github.user(USER)
            for package_type in PACKAGE_TYPES:
                async for package in owner.packages(package_type):
                    versions = await owner.versions(package_type, package.name).collect()
                    found[f"{package_type} {package.name}"] = [version.id for version in versions]
        return found

    def package(self, package_type: str, name: str) -> MockPackage:
        """Find a package of the organisation in the server's memory."""
        package = self.server.owner(ORG).package(package_type, name)
        assert package is not None
        return package


async def run(program: str, *arguments: str, environment: Mapping[str, str]) -> str:
    """Run a program while the server goes on serving; give its output."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(program, *arguments, stdout=pipe, stderr=pipe, env=environment)
    output, errors = await asyncio.wait_for(process.communicate(), timeout=120)
    assert process.returncode == 0, errors.decode()
    return output.decode()


def without(inventory: Inventory, name: str, version_id: int) -> Inventory:
    """Take a version out of an inventory."""
    return {**inventory, name: [one for one in inventory[name] if one != version_id]}
