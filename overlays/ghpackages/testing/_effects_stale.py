"""Lists that are behind."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from ._effect import Effect, Exchange, Proceed, Reply, Stage
from ._state import MockOwner, MockPackage
from ._versions import MockVersion

__all__ = ["StaleLists"]


@dataclass(frozen=True)
class StaleLists(Effect):
    """Lists show what is already gone (https://github.com/dataaxiom/ghcr-cleanup-action/issues/74).

    That is what was deleted in the last `seconds` by the server's clock, or at any time, and whose name is still free.
    Asked for alone, it is missing.
    """

    seconds: float | None = None

    stage = Stage.SERVER

    def __post_init__(self) -> None:
        """Refuse what can't be."""
        if self.seconds is not None and not 0 <= self.seconds < float("inf"):
            raise ValueError(f"a time is not negative: {self.seconds!r}")

    def concerns(self, exchange: Exchange) -> bool:
        """Tell whether it is a list."""
        return exchange.is_list

    async def apply(self, exchange: Exchange, proceed: Proceed) -> Reply:
        """Answer as if it were not gone yet."""
        with ExitStack() as stack:
            for back in [*self._back(exchange)]:
                stack.enter_context(back)
            return await proceed()

    def _back(self, exchange: Exchange) -> Iterable[AbstractContextManager[None]]:
        route, owner = exchange.route, exchange.owner
        if route is None or owner is None or not exchange.is_list:
            return []
        if route.action == "list_packages":
            packages = _deleted_packages(owner)
            return (_package_back(one) for one in packages if self._is_recent(one.deleted_at, exchange))
        package = owner.package(route.package_type, route.name)
        if package is None:
            return []
        deleted = package.versions.newest(0, package.versions.count("deleted"), "deleted")
        return (_version_back(package, one) for one in deleted if self._is_recent(one.deleted_at, exchange))

    def _is_recent(self, deleted_at: datetime | None, exchange: Exchange) -> bool:
        if deleted_at is None or self.seconds is None:
            return deleted_at is not None
        return exchange.now - deleted_at <= timedelta(seconds=self.seconds)


def _deleted_packages(owner: MockOwner) -> list[MockPackage]:
    """Give those deleted last under a name that is free."""
    last = {(package.package_type, package.name): package for package in owner.deleted_packages}
    return [package for key, package in last.items() if owner.package(*key) is None]


@contextmanager
def _package_back(package: MockPackage) -> Generator[None, None, None]:
    deleted_at = package.deleted_at
    package.restore()
    try:
        yield
    finally:
        if package.deleted_at is None:
            package.delete(at=deleted_at)


@contextmanager
def _version_back(package: MockPackage, version: MockVersion) -> Generator[None, None, None]:
    deleted_at = version.deleted_at
    if package.versions.has_name(version.name):
        yield
        return
    package.restore_version(version)
    try:
        yield
    finally:
        if version.deleted_at is None:
            package.delete_version(version, at=deleted_at)
