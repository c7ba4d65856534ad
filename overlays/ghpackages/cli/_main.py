"""Everything between the process and the commands: arguments, streams, and errors that become one line."""

import io
import signal
import sys
from collections.abc import Sequence
from typing import Any, cast

import typer
from typer.main import get_command

from ._app import app
from ._exit import CLOSED_PIPE, OK, USAGE, code_of, complain, explain

# The base of typer's own errors: click's, in the versions of typer that depend on click.
_UsageError = cast("type[Exception]", typer.BadParameter.__mro__[2])


def run(argv: Sequence[str]) -> int:
    """Run a command and return its exit code. Whatever goes wrong is one line on standard error."""
    _prepare(sys.stdout)
    _prepare(sys.stderr)
    try:
        code = get_command(app).main(args=list(argv), prog_name="ghpackages", standalone_mode=False)
        sys.stdout.flush()
    except _UsageError as error:
        complain(f"{_first_lower(_usage(error))} (see {_command_path(error)} --help)")
        return USAGE
    except (BrokenPipeError, SystemExit):  # typer exits if the reader of a help text goes away
        from ._signals import discard_output

        discard_output()
        return CLOSED_PIPE
    except (KeyboardInterrupt, typer.Abort):
        return 128 + signal.SIGINT
    except Exception as error:  # no traceback ever reaches a user
        complain(explain(error))
        for note in getattr(error, "__notes__", ()):  # what else is missing from a listing
            complain(note)
        return code_of(error)
    return code if isinstance(code, int) else OK


def _usage(error: Exception) -> str:
    return str(cast("Any", error).format_message()).rstrip(".").replace("\n", " ")


def _command_path(error: Exception) -> str:
    context = getattr(error, "ctx", None)
    return str(getattr(context, "command_path", "ghpackages"))


def _first_lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _prepare(stream: object) -> None:
    """Write UTF-8 wherever nobody looks at it, and never fail on a character that a terminal does not have."""
    if isinstance(stream, io.TextIOWrapper):
        encoding = stream.encoding if stream.isatty() else "utf-8"
        stream.reconfigure(encoding=encoding, errors="backslashreplace")
