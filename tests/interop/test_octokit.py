"""@octokit/rest with its paginate plugin (https://github.com/octokit/rest.js) on the mock server.

Nothing of it has to be worked around as long as there is a Link header.
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from tests.interop.served import ORG, USER, Served, run, without

from ghpackages.testing import MockGitHub, running

FOLDER = os.environ.get("GHPACKAGES_OCTOKIT", "")

pytestmark = [
    pytest.mark.skipif(not shutil.which("node"), reason="Node.js is not there"),
    pytest.mark.skipif(not FOLDER, reason="@octokit/rest is not installed: `nox -s interop` does it if it can"),
]


async def octokit(served: Served, *command: str) -> Any:
    script = str(Path(FOLDER) / "octokit.mjs")
    return json.loads(await run("node", script, *command, environment=served.environment))


async def test_it_lists_all_packages_and_versions_of_the_organisation(served: Served):
    assert await octokit(served, "list", "org", ORG) == await served.ours()


async def test_it_lists_all_packages_and_versions_of_a_user(served: Served):
    served.server.user.add_package("npm", "long").add_versions(250)
    found = await octokit(served, "list", "user", USER)
    assert found == await served.ours("user")
    assert len(found["npm long"]) == 250


@pytest.mark.parametrize("name", ["container web/api", "npm octo-http"])
async def test_it_deletes_and_restores_a_version(served: Served, name: str):
    before = await served.ours()
    version = before[name][1]
    place = (ORG, *name.split(" "), str(version))
    assert await octokit(served, "delete-version", *place) == {"status": 204}
    assert await served.ours() == without(before, name, version)
    assert await octokit(served, "list", "org", ORG) == without(before, name, version)
    assert await octokit(served, "restore-version", *place) == {"status": 204}
    assert await served.ours() == before


@pytest.mark.parametrize("name", ["container web/api", "npm octo-http"])
async def test_it_deletes_and_restores_a_package(served: Served, name: str):
    before = await served.ours()
    place = (ORG, *name.split(" "))
    assert await octokit(served, "delete-package", *place) == {"status": 204}
    assert name not in await served.ours()
    assert name not in await octokit(served, "list", "org", ORG)
    assert await octokit(served, "restore-package", *place) == {"status": 204}
    assert await served.ours() == before


async def test_without_link_it_takes_the_first_page_for_all():
    """As on GitHub: https://github.com/octokit/octokit.js/issues/2400."""
    server = MockGitHub.octo_org(packages_link=False)
    async with running(server) as url:
        served = Served(server, url)
        found, ours = await octokit(served, "list", "org", ORG, "20"), await served.ours()
    assert sum(name.startswith("container ") for name in ours) == 80
    assert sum(name.startswith("container ") for name in found) == 20


async def test_it_reads_refusals_as_such(served: Served):
    with pytest.raises(AssertionError, match=r"(?s)Package not found.*status: 404"):
        await octokit(served, "delete-package", ORG, "npm", "nothing")
