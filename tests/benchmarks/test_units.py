"""Values are written as the docstrings show it."""

import doctest

from benchmarks.peers import units


def test_the_examples_are_right() -> None:
    tried = doctest.testmod(units)
    assert (tried.failed, tried.attempted) == (0, 2)
