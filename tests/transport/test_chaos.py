"""Whatever the wire does: no result is wrong, no token is shown, nothing is left; `nox -s chaos` does more of it."""

from tests.transport.chaos import chaos
from tests.transport.chaos_faults import FAULTS


async def test_nothing_is_wrong_or_shown_or_left_whichever_way_the_wire_fails():
    tally = await chaos(calls=500, seed=2)
    assert set(tally.faults) == set(FAULTS)
    assert tally.unknown
    assert tally.published
