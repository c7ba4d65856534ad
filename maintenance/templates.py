"""Which of our templates replace a stock template of the generator's that another version changed or dropped.

Run by `nox -s generate -- --generator VERSION`. Such a template may still work, and silently miss what its original
gained: it has to be looked at.
"""

from __future__ import annotations

import difflib
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path


def changed(ours: Path, old: Path, new: Path) -> Iterator[str]:
    """A text for each of our templates whose stock template differs between two folders of them."""
    for template in sorted(ours.rglob("*.jinja")):
        name = template.relative_to(ours)
        if not (new / name).exists():
            yield f"{name}: no longer applies, the generator has no such template any more"
        elif not (old / name).exists():
            yield f"{name}: the pinned generator has no such template"
        elif lines := list(_difference(old / name, new / name)):
            yield "\n".join([f"{name}: its stock template changed", *lines])


def _difference(old: Path, new: Path) -> Iterator[str]:
    before, after = (path.read_text("utf-8").splitlines() for path in (old, new))
    return difflib.unified_diff(before, after, f"pinned/{old.name}", f"tried/{new.name}", lineterm="")


def main(arguments: Sequence[str]) -> int:
    """Take the folders of our templates, the pinned generator's and the tried one's; return 0."""
    ours, old, new = (Path(argument) for argument in arguments)
    found = list(changed(ours, old, new))
    sys.stdout.write("\n\n".join([*found, f"{len(found)} of our templates need a look"]) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
