"""Earlier versions of this project, from its git repository."""

from __future__ import annotations

import io
import subprocess
import tarfile
from pathlib import Path

from packaging.version import InvalidVersion, Version


class NoVersionError(Exception):
    """There is nothing to compare with; the text is one line."""


def last_released(repository: Path) -> str:
    """The tag of the highest version that was released on the way to what is checked out; previews don't count.

    Raises:
        NoVersionError: there is none, or no repository.

    """
    tags = _git(repository, "tag", "--list", "v*", "--merged", "HEAD").decode().split()
    released = {tag: version for tag in tags if (version := _version(tag)) and not version.is_prerelease}
    if not released:
        raise NoVersionError(
            "no version was released yet: there is no tag v*. Name a git ref to compare with, or fetch the tags: "
            "git fetch --tags --unshallow"
        )
    return max(released, key=lambda tag: released[tag])


def _version(tag: str) -> Version | None:
    try:
        return Version(tag.removeprefix("v"))
    except InvalidVersion:
        return None


def unpack(repository: Path, ref: str, folders: tuple[str, ...], target: Path) -> None:
    """Write folders as they are at a git ref.

    Raises:
        NoVersionError: git knows no such ref, or it lacks a folder.

    """
    commit = _git(repository, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}", name=ref)
    packed = _git(repository, "archive", "--format=tar", commit.decode().strip(), *folders)
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(target, filter="data")


def _git(repository: Path, *arguments: str, name: str = "") -> bytes:
    command = ("git", "-C", str(repository), *arguments)
    try:
        return subprocess.run(command, capture_output=True, check=True).stdout  # noqa: S603, ours but for the ref
    except OSError as error:
        raise NoVersionError(f"git can't be run: {error.strerror}") from error
    except subprocess.CalledProcessError as error:
        said = " ".join(bytes(error.stderr).decode(errors="replace").split())
        raise NoVersionError(said or f"git knows no commit {name!r}") from error
