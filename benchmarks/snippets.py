"""How each contender starts: what its users write first. Each is run by a Python that has imported nothing else.

`arrived` stops the clock; of a first call it is given the name of the package that came. `ready` is for github.com, as
it is for nearly everyone, so what https needs is in it; `first-call` is to the server of the benchmark, without https.
"""

from __future__ import annotations

SNIPPETS: dict[str, dict[str, str]] = {
    "with_ghpackages": {
        "import": "import ghpackages",
        "ready": """
from ghpackages import GitHubPackages
acme = GitHubPackages("made-up").org("acme")
""",
        "first-call": """
import asyncio
from ghpackages import GitHubPackages
async def main():
    async with GitHubPackages("made-up", base_url=URL) as github:
        package = await github.org("acme").get_package("container", NAME)
        arrived(package.name)
asyncio.run(main())
""",
    },
    "with_generated": {
        "import": "import unchanged_api",
        "ready": """
from unchanged_api import AuthenticatedClient
from unchanged_api.api.packages import get_package_for_org
client = AuthenticatedClient("https://api.github.com", token="made-up")
client.get_async_httpx_client()
""",
        "first-call": """
import asyncio
from unchanged_api import AuthenticatedClient
from unchanged_api.api.packages import get_package_for_org
from unchanged_api.models import PackageType
async def main():
    async with AuthenticatedClient(URL, token="made-up") as client:
        package = await get_package_for_org.asyncio("acme", PackageType.CONTAINER, NAME, client=client)
        arrived(package.name)
asyncio.run(main())
""",
    },
    "with_githubkit": {
        "import": "import githubkit",
        "ready": """
from githubkit import GitHub
github = GitHub("made-up", http_cache=False)
packages = github.rest.packages
""",
        "first-call": """
import asyncio
from githubkit import GitHub
async def main():
    async with GitHub("made-up", base_url=URL, http_cache=False) as github:
        response = await github.rest.packages.async_get_package_for_organization("container", NAME, "acme")
        arrived(response.parsed_data.name)
asyncio.run(main())
""",
    },
    "with_gidgethub": {
        "import": "import gidgethub.aiohttp",
        "ready": """
import asyncio, aiohttp
from gidgethub.aiohttp import GitHubAPI
async def main():
    GitHubAPI(aiohttp.ClientSession(), "benchmark", oauth_token="made-up")
    arrived()
asyncio.run(main())
""",
        "first-call": """
import asyncio, aiohttp
from gidgethub.aiohttp import GitHubAPI
async def main():
    async with aiohttp.ClientSession() as session:
        github = GitHubAPI(session, "benchmark", oauth_token="made-up", base_url=URL)
        arrived((await github.getitem(f"/orgs/acme/packages/container/{NAME}"))["name"])
asyncio.run(main())
""",
    },
    "with_httpx": {
        "import": "import httpx",
        "ready": """
import httpx
client = httpx.AsyncClient(base_url="https://api.github.com", headers={"Authorization": "Bearer made-up"})
""",
        "first-call": """
import asyncio, httpx
async def main():
    async with httpx.AsyncClient(base_url=URL, headers={"Authorization": "Bearer made-up"}) as client:
        response = await client.get(f"/orgs/acme/packages/container/{NAME}")
        arrived(response.raise_for_status().json()["name"])
asyncio.run(main())
""",
    },
    "with_aiohttp": {
        "import": "import aiohttp, orjson",
        "ready": """
import asyncio, aiohttp, orjson
async def main():
    aiohttp.ClientSession("https://api.github.com", headers={"Authorization": "Bearer made-up"})
    arrived()
asyncio.run(main())
""",
        "first-call": """
import asyncio, aiohttp, orjson
async def main():
    async with aiohttp.ClientSession(URL, headers={"Authorization": "Bearer made-up"}) as session:
        async with session.get(f"/orgs/acme/packages/container/{NAME}", raise_for_status=True) as response:
            arrived(orjson.loads(await response.read())["name"])
asyncio.run(main())
""",
    },
    "with_python": {"import": ""},  # what measuring costs by itself
}

PROGRAM = """
import time
URL, NAME = {url!r}, {name!r}
def arrived(name=NAME):
    seconds = time.perf_counter() - began
    assert name == NAME
    print(seconds)
began = time.perf_counter()
{snippet}
"""


def program(module: str, task: str, url: str, name: str) -> str:
    """What a child runs: it prints the seconds until all is there.

    Args:
        module: The module of the contender.
        task: "import", "ready" or "first-call".
        url: Where the server is.
        name: The name of a container package of the audited organisation.
    """
    snippet = SNIPPETS[module][task]
    return PROGRAM.format(url=url, name=name, snippet=snippet if "arrived(" in snippet else f"{snippet}\narrived()")
