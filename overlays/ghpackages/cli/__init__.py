"""The command line: `ghpackages packages`, `versions`, `audit`, `diff` and `mock-server`. It only reads.

It needs the extra: `pip install "ghpackages[cli]"`. This module can be imported without it.
"""

import sys
from collections.abc import Sequence
from importlib.util import find_spec

__all__ = ["main"]

_EXTRA = {"click", "rich", "shellingham", "typer"}


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command.

    Args:
        argv: The arguments; those of the process if omitted.

    Returns:
        The exit code.
    """
    try:
        if find_spec("rich") is None:  # which the commands would only miss when they run
            raise ModuleNotFoundError(name="rich")
        from ._main import run
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in _EXTRA:
            raise
        sys.stderr.write('ghpackages: the command line needs more packages: pip install "ghpackages[cli]"\n')
        return 2
    except KeyboardInterrupt:
        return 130
    return run(sys.argv[1:] if argv is None else argv)
