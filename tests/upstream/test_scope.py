"""GitHub's ids for our operations are known."""

from __future__ import annotations

from openapi.upstream.document import Document
from openapi.upstream.scope import KNOWN_AS, known_as


def test_the_ids_of_all_our_operations_are_known(ours: Document) -> None:
    assert {each.id for each in ours.operations(lambda path, node: True)} == set(KNOWN_AS)


def test_no_two_operations_have_the_same_id() -> None:
    assert len(set(KNOWN_AS.values())) == len(KNOWN_AS) == 27


def test_an_operation_that_is_not_ours_has_no_known_id() -> None:
    assert known_as("list_gists") == ""
