"""What users of each contender write first. A fresh Python runs it up to the mark of the task, and ends there.

For "import" and "ready" `URL` is that of github.com, as for nearly all users; for "first-call" it is that of the local
server, without TLS.
"""

from inspect import getsource

from benchmarks.measure import reference_loop

PROGRAM = """\
import os, sys, time
TASK, URL, NAME = sys.argv[1:]
TOKEN, PATH = "made-up", f"/orgs/acme/packages/container/{{NAME}}"
{reference_loop}
def mark(task, name=NAME):
    if task == TASK:
        cpu, seconds = time.process_time() - cpu_began, time.perf_counter() - began
        assert name == NAME
        print('{{"seconds": %r, "cpu": %r, "loops": [%r, %r]}}' % (seconds, cpu, loop, reference_loop()), flush=True)
        os._exit(0)
loop = reference_loop()
began, cpu_began = time.perf_counter(), time.process_time()
{snippet}
asyncio.run(main())
"""

SNIPPETS = {
    "with_ghpackages": """
import ghpackages
mark("import")
from ghpackages import GitHubPackages
github = GitHubPackages(TOKEN, base_url=URL)
acme = github.org("acme")
mark("ready")
import asyncio
async def main():
    async with github:
        mark("first-call", (await acme.get_package("container", NAME)).name)
""",
    "with_generated": """
import unchanged_api
mark("import")
from unchanged_api import AuthenticatedClient
from unchanged_api.api.packages import get_package_for_org
client = AuthenticatedClient(URL, token=TOKEN)
client.get_async_httpx_client()
mark("ready")
import asyncio
from unchanged_api.models import PackageType
async def main():
    async with client:
        package = await get_package_for_org.asyncio("acme", PackageType.CONTAINER, NAME, client=client)
        mark("first-call", package.name)
""",
    "with_githubkit": """
import githubkit
mark("import")
from githubkit import GitHub
github = GitHub(TOKEN, base_url=URL, http_cache=False)
packages = github.rest.packages
mark("ready")
import asyncio
async def main():
    async with github:
        response = await packages.async_get_package_for_organization("container", NAME, "acme")
        mark("first-call", response.parsed_data.name)
""",
    "with_gidgethub": """
import gidgethub.aiohttp
mark("import")
import asyncio, aiohttp
from gidgethub.aiohttp import GitHubAPI
async def main():
    async with aiohttp.ClientSession() as session:
        github = GitHubAPI(session, "benchmark", oauth_token=TOKEN, base_url=URL)
        mark("ready")
        mark("first-call", (await github.getitem(PATH))["name"])
""",
    "with_httpx": """
import httpx
mark("import")
client = httpx.AsyncClient(base_url=URL, headers={"Authorization": f"Bearer {TOKEN}"})
mark("ready")
import asyncio
async def main():
    async with client:
        mark("first-call", (await client.get(PATH)).raise_for_status().json()["name"])
""",
    "with_aiohttp": """
import aiohttp, orjson
mark("import")
import asyncio
async def main():
    async with aiohttp.ClientSession(URL, headers={"Authorization": f"Bearer {TOKEN}"}) as session:
        mark("ready")
        async with session.get(PATH, raise_for_status=True) as response:
            mark("first-call", orjson.loads(await response.read())["name"])
""",
}


def program(module: str) -> str:
    """Return the text of a program with the arguments TASK, URL and NAME, the name of a package of `acme`."""
    return PROGRAM.format(reference_loop=getsource(reference_loop), snippet=SNIPPETS[module])
