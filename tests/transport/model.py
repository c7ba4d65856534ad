"""A package that many calls are made about, and what each of them must give."""

import random
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import timedelta

from ghpackages import GitHubPackages, NotFoundError
from ghpackages.testing import MockGitHub

VERSIONS = 7

Action = Callable[[], Awaitable[None]]


def seeded(seed: int | str) -> random.Random:
    return random.Random(seed)  # noqa: S311  (no secret)


class Model:
    """What one task knows of its package, call by call."""

    WEIGHTS = (25, 20, 20, 20, 5, 7, 3)
    """How often what is done, in the order of `work`."""

    def __init__(self, github: GitHubPackages, server: MockGitHub, name: str, seed: int | str) -> None:
        package = server.owner("acme").add_package("npm", name, created_at=server.clock() - timedelta(days=1))
        self.active = {package.add_version().id for _ in range(VERSIONS)}
        self.deleted: set[int] = set()
        self.owner = github.org("acme")
        self.name = name
        self.random = seeded(seed)
        self.expected: Counter[str] = Counter()
        """Method and path of all that the server is to do, and how often."""
        self.calls = 0
        self.result: object = None
        """What the last call for reading gave."""

    def path(self, version: int | None = None) -> str:
        return f"/orgs/acme/packages/npm/{self.name}" + (f"/versions/{version}" if version else "")

    async def work(self, calls: int) -> None:
        actions = [self.get, self.list, self.delete, self.restore, self.miss, self.package, self.remove]
        while self.calls < calls:
            (action,) = self.random.choices(actions, self.WEIGHTS)
            self.calls += 1
            await self.perform(action)

    async def perform(self, action: Action) -> None:
        await action()

    def pick(self, versions: set[int]) -> int:
        return self.random.choice(sorted(versions))

    async def get(self) -> None:
        version = self.pick(self.active)
        self.result = found = await self.owner.get_version("npm", self.name, version)
        assert found.id == version

    async def list(self) -> None:
        state, expected = self.random.choice([("active", self.active), ("deleted", self.deleted)])
        versions = self.owner.versions("npm", self.name, state=state, per_page=self.random.choice([2, 5, 100]))
        self.result = found = await versions.collect()
        assert [item.id for item in found] == sorted(expected, reverse=True)

    async def delete(self) -> None:
        if len(self.active) == 1:  # it would take the package along
            await self.get()
            return
        version = self.pick(self.active)
        await self.owner.delete_version("npm", self.name, version)
        self.expected[f"DELETE {self.path(version)}"] += 1
        self.active.remove(version)
        self.deleted.add(version)

    async def restore(self) -> None:
        if not self.deleted:
            await self.get()
            return
        version = self.pick(self.deleted)
        await self.owner.restore_version("npm", self.name, version)
        self.expected[f"POST {self.path(version)}/restore"] += 1
        self.deleted.remove(version)
        self.active.add(version)

    async def miss(self) -> None:
        """What is not there is not there."""
        for missing in self.deleted or {1}:
            try:
                await self.owner.get_version("npm", self.name, missing)
            except NotFoundError:
                return
            raise AssertionError("a version that was deleted is there")

    async def package(self) -> None:
        self.result = found = await self.owner.get_package("npm", self.name)
        assert (found.name, found.version_count) == (self.name, len(self.active))

    async def remove(self) -> None:
        """Delete the package, and restore it with all its versions."""
        await self.owner.delete_package("npm", self.name)
        self.expected[f"DELETE {self.path()}"] += 1
        await self.bring_back()

    async def bring_back(self) -> None:
        await self.owner.restore_package("npm", self.name)
        self.expected[f"POST {self.path()}/restore"] += 1
