"""Answers of the forms that were recorded are decoded and given back, through the operations that they came from."""

from __future__ import annotations

import pytest
from tests.generated.generation import Api
from tests.generated.handlers import answer
from tests.generated.payloads import ERRORS, PACKAGES, VERSIONS

from ghpackages_api.errors import APIError, BadRequestError, NotFoundError, PermissionDeniedError, ValidationFailedError
from ghpackages_api.models import BasicError

KINDS = {400: BadRequestError, 403: PermissionDeniedError, 404: NotFoundError, 422: ValidationFailedError}
OWNERS = ("org", "user", "authenticated_user")


@pytest.mark.parametrize("owner", OWNERS)
async def test_a_list_of_packages_is_given_back(ours: Api, owner: str) -> None:
    body = list(PACKAGES.values())
    packages = await ours.call(f"list_packages_for_{owner}", answer(200, json=body))

    assert [package.to_dict() for package in packages] == body


@pytest.mark.parametrize("owner", OWNERS)
async def test_a_list_of_versions_is_given_back(ours: Api, owner: str) -> None:
    body = list(VERSIONS.values())
    versions = await ours.call(f"list_package_versions_for_{owner}", answer(200, json=body))

    assert [version.to_dict() for version in versions] == body


@pytest.mark.parametrize(("status", "body"), ERRORS, ids=[body["message"][:30] for _, body in ERRORS])
async def test_an_error_is_parsed_and_has_its_class(ours: Api, status: int, body: dict[str, str]) -> None:
    response = await ours.call("delete_package_version_for_org", answer(status, json=body), detailed=True)
    with pytest.raises(APIError) as caught:
        await ours.call("delete_package_version_for_org", answer(status, json=body))

    assert (response.parsed, response.parsed.to_dict()) == (BasicError.from_dict(body), body)
    assert type(caught.value) is KINDS[status]
    assert (caught.value.message, caught.value.documentation_url) == (body["message"], body.get("documentation_url"))
    assert "\n" not in str(caught.value)
