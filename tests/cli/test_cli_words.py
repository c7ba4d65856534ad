"""The words that options take: written down once more, so that help needs neither the client nor audits."""

from typing import get_args

import pytest

from ghpackages import PackageType, PackageVersionState, PackageVisibility
from ghpackages.audit import By, State
from ghpackages.cli import _options as options


@pytest.mark.parametrize(
    ("taken", "known"),
    [
        (list(options.PackageType), list(PackageType)),
        (get_args(options.PackageVisibility), tuple(PackageVisibility)),
        (get_args(options.PackageVersionState), tuple(PackageVersionState)),
        (get_args(options.By), get_args(By)),
        (get_args(options.State), get_args(State)),
    ],
)
def test_options_take_the_words_of_the_api_and_of_audits(taken: object, known: object):
    assert taken == known
