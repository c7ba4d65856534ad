"""Each change that GitHub might make gets the right judgement in the right places, and nothing else is found."""

from __future__ import annotations

import pytest
from openapi.upstream.compare import Comparison, compare
from openapi.upstream.document import Document
from tests.upstream.description import github
from tests.upstream.mutations import MUTATIONS, Expected, Mutation

REFERENCE = "api.github.com"


def all_of(comparison: Comparison) -> set[Expected]:
    differences = {(each.judgement, each.rule.kind, each.location, each.value) for each in comparison.differences}
    return differences | {(each.judgement, each.part, each.departure.place, "") for each in comparison.findings}


@pytest.fixture(scope="module")
def before(ours: Document) -> set[Expected]:
    """What there is to be found without any mutation."""
    return all_of(compare(ours, Document(github()), REFERENCE))


def test_there_are_mutations_enough() -> None:
    assert len(MUTATIONS) >= 35


@pytest.mark.parametrize("mutation", MUTATIONS.values(), ids=MUTATIONS)
def test_a_mutation_is_judged(ours: Document, before: set[Expected], mutation: Mutation) -> None:
    upstream = github()
    mutation.change(upstream)

    after = all_of(compare(ours, Document(upstream), REFERENCE))

    assert after - before == mutation.expected
    assert mutation.is_noticed == (after != before)
