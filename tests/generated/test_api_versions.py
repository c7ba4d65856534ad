"""Both API versions are decoded: 2022-11-28 sends `has_downloads` of a repository, 2026-03-10 doesn't.

https://docs.github.com/rest/about-the-rest-api/breaking-changes
"""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from typing import Any

import pytest
from tests.generated.generation import Api
from tests.generated.handlers import answer
from tests.generated.payloads import PACKAGE, REPOSITORY, Payload

from ghpackages_api.models import MinimalRepository, Package
from ghpackages_api.types import UNSET

SHAPES: dict[str, tuple[Payload, object]] = {
    "2022-11-28, true": ({**REPOSITORY, "has_downloads": True}, True),
    "2022-11-28, false": ({**REPOSITORY, "has_downloads": False}, False),
    "2026-03-10": (REPOSITORY, UNSET),
}
EACH_SHAPE = pytest.mark.parametrize(("repository", "value"), SHAPES.values(), ids=list(SHAPES))
COPIES: list[Callable[[Any], Any]] = [copy.deepcopy, lambda value: pickle.loads(pickle.dumps(value))]  # noqa: S301, ours


def of(package: Package) -> MinimalRepository:
    assert isinstance(package.repository, MinimalRepository)
    return package.repository


@EACH_SHAPE
def test_the_field_is_what_was_sent(repository: Payload, value: object) -> None:
    assert of(Package.from_dict({**PACKAGE, "repository": repository})).has_downloads is value


@EACH_SHAPE
def test_the_payload_is_given_back_verbatim(repository: Payload, value: object) -> None:
    payload = {**PACKAGE, "repository": repository}

    assert Package.from_dict(payload).to_dict() == payload


@EACH_SHAPE
@pytest.mark.parametrize("copied", COPIES, ids=["deepcopy", "pickle"])
def test_copies_keep_the_shape(repository: Payload, value: object, copied: Callable[[Any], Any]) -> None:
    assert of(copied(Package.from_dict({**PACKAGE, "repository": repository}))).has_downloads is value


@EACH_SHAPE
async def test_every_operation_that_returns_packages_takes_it(ours: Api, repository: Payload, value: object) -> None:
    payload = {**PACKAGE, "repository": repository}
    lists = [name for name in ours.operations if name.startswith(("list_packages", "list_docker"))]
    gets = [name for name in ours.operations if name.startswith("get_package_for")]
    answers = [(await ours.call(name, answer(200, json=[payload])))[0] for name in lists]
    answers += [await ours.call(name, answer(200, json=payload)) for name in gets]

    assert [of(package).has_downloads for package in answers] == [value] * 9


async def test_one_page_may_hold_both_shapes(ours: Api) -> None:
    items = [{**PACKAGE, "repository": repository} for repository, _ in SHAPES.values()]

    packages = await ours.call("list_packages_for_org", answer(200, json=items))

    assert [of(package).has_downloads for package in packages] == [value for _, value in SHAPES.values()]
