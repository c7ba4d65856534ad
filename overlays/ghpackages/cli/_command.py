"""`audit` as a command that has an option which takes a value or none."""

from collections.abc import Iterable, Iterator
from typing import Final, cast

import typer
from typer.core import TyperCommand

from ._options import PlanKind

BARE: Final = "--plan"


class AuditCommand(TyperCommand):
    """Lets `--plan` stand alone; typer's options have a value always or never."""

    def parse_args(self, ctx: object, args: list[str]) -> list[str]:
        """Parse the arguments, with the value that a bare `--plan` means."""
        takes_value = {
            name
            for parameter in self.params
            if parameter.param_type_name == "option" and not getattr(parameter, "is_flag", False)
            for name in parameter.opts
        }
        return super().parse_args(cast("typer.Context", ctx), list(with_plan(args, takes_value - {BARE})))


def with_plan(arguments: Iterable[str], takes_value: set[str]) -> Iterator[str]:
    """The arguments, with a value for `--plan` where it stands alone.

    Args:
        arguments: What was given.
        takes_value: The options that have the next argument as their value.
    """
    previous, are_options_over = "", False
    for argument in arguments:
        are_options_over = are_options_over or (argument == "--" and previous not in takes_value)
        is_bare = argument == BARE and previous not in takes_value and not are_options_over
        yield f"{BARE}={PlanKind.LISTED}" if is_bare else argument
        previous = "" if previous in takes_value else argument
