"""A plain curl script that follows Link, on the mock server."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from tests.interop.served import ORG, PACKAGE_TYPES, USER, Inventory, Served, run, without

SCRIPT = str(Path(__file__).parent / "follow_link.sh")

pytestmark = pytest.mark.skipif(not shutil.which("curl") or not shutil.which("sh"), reason="curl or sh is not there")


async def pages(served: Served, path: str) -> list[list[dict[str, Any]]]:
    output = await run("sh", SCRIPT, served.url + path, environment=served.environment)
    return [json.loads(line) for line in output.splitlines()]


async def change(served: Served, method: str, path: str) -> str:
    """Give the status."""
    options = ("--silent", "--noproxy", "*", "--output", "-", "--write-out", "%{http_code}", "--request", method)
    header = ("--header", f"Authorization: Bearer {served.server.token}")
    return await run("curl", *options, *header, served.url + path, environment=served.environment)


def path_of(name: str, version: int | None = None) -> str:
    """Worked around: a slash in a name has to be encoded by whoever writes the URL."""
    package_type, _, package_name = name.partition(" ")
    package = f"/orgs/{ORG}/packages/{package_type}/{quote(package_name, safe='')}"
    return f"{package}/versions/{version}" if version else package


async def everything(served: Served, owner: str = f"/orgs/{ORG}") -> Inventory:
    found: Inventory = {}
    for kind in PACKAGE_TYPES:
        for page in await pages(served, f"{owner}/packages?package_type={kind}&per_page=100"):
            for package in page:
                name = quote(package["name"], safe="")
                versions = await pages(served, f"{owner}/packages/{kind}/{name}/versions?per_page=100")
                found[f"{kind} {package['name']}"] = [version["id"] for one in versions for version in one]
    return found


async def test_it_lists_all_packages_and_versions_of_the_organisation(served: Served):
    assert await everything(served) == await served.ours()


async def test_it_lists_all_packages_and_versions_of_a_user(served: Served):
    served.server.user.add_package("npm", "long").add_versions(250)
    found = await everything(served, f"/users/{USER}")
    assert found == await served.ours("user")
    assert len(found["npm long"]) == 250


@pytest.mark.parametrize("name", ["container web/api", "npm octo-http"])
async def test_it_deletes_and_restores_a_version(served: Served, name: str):
    before = await served.ours()
    version = before[name][1]
    listing = f"{path_of(name)}/versions?per_page=100"
    assert await change(served, "DELETE", path_of(name, version)) == "204"
    assert await served.ours() == without(before, name, version)
    assert version not in [one["id"] for page in await pages(served, listing) for one in page]
    assert await change(served, "POST", f"{path_of(name, version)}/restore") == "204"
    assert await served.ours() == before


@pytest.mark.parametrize("name", ["container web/api", "npm octo-http"])
async def test_it_deletes_and_restores_a_package(served: Served, name: str):
    before = await served.ours()
    assert await change(served, "DELETE", path_of(name)) == "204"
    assert name not in await served.ours()
    assert await change(served, "POST", f"{path_of(name)}/restore") == "204"
    assert await served.ours() == before


async def test_it_reads_refusals_as_such(served: Served):
    answer = await change(served, "DELETE", path_of("npm nothing"))
    assert answer.endswith("404")
    assert json.loads(answer.removesuffix("404"))["message"] == "Package not found."
