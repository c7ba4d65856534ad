"""A tiny project in a git repository, laid out as ours is."""

from __future__ import annotations

import subprocess
from pathlib import Path

from attrs import frozen

CLIENT = '''
class Client:
    """Talks."""

    name: str

    def ask(self, question: str, *, timeout: float = 30.0) -> str:
        """Ask."""

    def _private(self) -> None: ...
'''


@frozen
class Project:
    """The working tree."""

    folder: Path

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")

    def client(self, old: str, new: str) -> None:
        """Change the public module."""
        path = self.folder / "overlays/ghpackages/_client.py"
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), "utf-8")

    def version(self, version: str) -> None:
        self.write("overlays/ghpackages/_version.py", f'"""Ours."""\n\n__version__ = "{version}"\n')

    def release(self, version: str) -> None:
        """Set the version, commit everything and tag it."""
        self.version(version)
        self.commit()
        self.git("tag", f"v{version}")

    def commit(self) -> None:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", "A change")

    def status(self) -> str:
        return self.git("status", "--porcelain")

    def git(self, *arguments: str) -> str:
        """Run git, and return what it says."""
        settings = [
            "user.name=Nobody",
            "user.email=nobody@example.com",
            "commit.gpgsign=false",
            "core.hooksPath=/dev/null",
        ]
        options = [part for setting in settings for part in ("-c", setting)]
        run = subprocess.run(["git", *options, *arguments], cwd=self.folder, check=True, capture_output=True, text=True)  # noqa: S603, S607
        return run.stdout


def started(folder: Path) -> Project:
    """A repository whose first state is committed, and has no version yet."""
    folder.mkdir(exist_ok=True)
    project = Project(folder)
    project.git("init", "--quiet", "--initial-branch=main")
    project.version("0.0.0")
    exported = '"""Ours."""\n\nfrom ._client import Client\n\n__all__ = ["Client"]\n'
    project.write("overlays/ghpackages/__init__.py", exported)
    project.write("overlays/ghpackages/_client.py", CLIENT)
    project.write("generated/ghpackages_api/__init__.py", "")
    project.write("generated/ghpackages_api/models.py", "class Package:\n    id: int\n    name: str\n")
    project.commit()
    return project
