"""Each trap of the generator is gone from our package, and is there when nothing is done about it."""

from __future__ import annotations

import pytest
from tests.generated.generation import Api
from tests.generated.traps import TRAPS, Trap

EACH_TRAP = pytest.mark.parametrize("trap", TRAPS, ids=lambda trap: trap.check.__name__)


@EACH_TRAP
async def test_in_our_package(trap: Trap, ours: Api) -> None:
    await trap.run(ours)


@EACH_TRAP
async def test_but_not_in_the_unchanged_output(trap: Trap, stock: Api, stock_of_github_style: Api) -> None:
    with pytest.raises(trap.fails_with):
        await trap.run(stock_of_github_style if trap.github_style else stock)
