"""What is received is what is given back, and what can't be decoded is a `DecodeError` with model, field and value."""

from __future__ import annotations

import copy
import json
import pickle
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.generated import strategies
from tests.generated.payloads import (
    CONTAINER_IN_A_LIST,
    DOCKER_VERSION,
    MAVEN_VERSION,
    PACKAGE,
    PACKAGES,
    REPOSITORY,
    REQUIRED_OF_A_PACKAGE,
    REQUIRED_OF_A_VERSION,
    UNTAGGED_VERSION,
    VERSION,
    VERSIONS,
    Payload,
    changed,
    without,
)

from ghpackages_api.errors import DecodeError
from ghpackages_api.models import (
    BypassReviewer,
    MinimalRepository,
    Package,
    PackageType,
    PackageVersion,
    PackageVersionState,
    PackageVisibility,
)
from ghpackages_api.types import UNSET, Unset

SOUND = [(Package, payload) for payload in PACKAGES.values()] + [
    (PackageVersion, payload) for payload in VERSIONS.values()
]
EACH_SOUND = pytest.mark.parametrize(("model", "payload"), SOUND, ids=[*PACKAGES, *VERSIONS])
REQUIRED = [(Package, PACKAGE, key) for key in REQUIRED_OF_A_PACKAGE] + [
    (PackageVersion, VERSION, key) for key in REQUIRED_OF_A_VERSION
]
EACH_REQUIRED = pytest.mark.parametrize(("model", "payload", "key"), REQUIRED)


def failure(model: Any, payload: object) -> DecodeError:
    with pytest.raises(DecodeError) as caught:
        model.from_dict(payload)
    return caught.value


def copies(value: object) -> list[object]:
    protocols = range(2, pickle.HIGHEST_PROTOCOL + 1)
    pickled = [pickle.loads(pickle.dumps(value, protocol)) for protocol in protocols]  # noqa: S301
    return [*pickled, copy.copy(value), copy.deepcopy(value)]


# What comes back ------------------------------------------------------------------------------------


@EACH_SOUND
def test_a_payload_is_given_back_verbatim(model: Any, payload: Payload) -> None:
    assert model.from_dict(payload).to_dict() == payload


@EACH_SOUND
def test_what_is_given_back_is_json(model: Any, payload: Payload) -> None:
    assert json.loads(json.dumps(model.from_dict(payload).to_dict())) == payload


@EACH_SOUND
def test_decoding_does_not_change_its_input(model: Any, payload: Payload) -> None:
    before = copy.deepcopy(payload)
    model.from_dict(payload)

    assert payload == before


@strategies.patient
@given(strategies.PACKAGES)
def test_any_package_is_given_back_verbatim(payload: Payload) -> None:
    assert Package.from_dict(payload).to_dict() == payload


@strategies.patient
@given(strategies.VERSIONS)
def test_any_version_is_given_back_verbatim(payload: Payload) -> None:
    assert PackageVersion.from_dict(payload).to_dict() == payload


@strategies.patient
@given(strategies.PACKAGES)
def test_any_package_stays_equal_through_pickle_and_copies(payload: Payload) -> None:
    package = Package.from_dict(payload)

    assert all(each == package for each in copies(package))


@strategies.patient
@given(strategies.VERSIONS)
def test_copies_of_any_version_are_given_back_verbatim(payload: Payload) -> None:
    versions = copies(PackageVersion.from_dict(payload))

    assert all(isinstance(each, PackageVersion) and each.to_dict() == payload for each in versions)


# Absent, null, unknown ------------------------------------------------------------------------------


def test_a_list_item_has_no_version_count_and_no_repository() -> None:
    package = Package.from_dict(CONTAINER_IN_A_LIST)

    assert package.version_count is UNSET
    assert package.repository is UNSET


def test_unknown_keys_are_kept_beside_the_known_ones() -> None:
    package = Package.from_dict({**PACKAGE, "downloads": 7, "additional_properties": {"a": None}})

    assert package.additional_properties == {"downloads": 7, "additional_properties": {"a": None}}


def test_a_payload_without_unknown_keys_has_none() -> None:
    assert Package.from_dict(PACKAGE).additional_properties == {}


@pytest.mark.parametrize("key", [key for key in PACKAGE if key not in REQUIRED_OF_A_PACKAGE])
def test_a_null_on_an_optional_key_of_a_package_is_kept(key: str) -> None:
    package = Package.from_dict({**PACKAGE, key: None})

    assert getattr(package, key) is None
    assert package.to_dict() == {**PACKAGE, key: None}


@pytest.mark.parametrize("key", ["html_url", "license", "description", "deleted_at", "metadata"])
def test_a_null_on_an_optional_key_of_a_version_is_kept(key: str) -> None:
    version = PackageVersion.from_dict({**VERSION, key: None})

    assert getattr(version, "license_" if key == "license" else key) is None
    assert version.to_dict() == {**VERSION, key: None}


def test_nulls_deep_inside_are_kept() -> None:
    payload = changed(VERSION, "metadata.container", None)

    assert PackageVersion.from_dict(payload).to_dict() == payload


def test_a_default_is_not_put_where_the_key_was_absent() -> None:
    reviewer = BypassReviewer.from_dict({"reviewer_id": 1, "reviewer_type": "TEAM"})

    assert reviewer.mode is UNSET


def test_tags_of_docker_are_read_under_either_name() -> None:
    docker: Any = PackageVersion.from_dict(DOCKER_VERSION).metadata

    assert (docker.docker.tag, docker.docker.tags) == (["latest"], ["v1"])


def test_an_untagged_version_has_an_empty_list_of_tags() -> None:
    metadata: Any = PackageVersion.from_dict(UNTAGGED_VERSION).metadata

    assert metadata.container.tags == []


def test_a_maven_version_has_no_tags_at_all() -> None:
    metadata: Any = PackageVersion.from_dict(MAVEN_VERSION).metadata

    assert (metadata.container, metadata.docker) == (UNSET, UNSET)


def test_a_known_enum_value_is_a_member() -> None:
    package = Package.from_dict(PACKAGE)

    assert package.package_type is PackageType.CONTAINER
    assert package.visibility is PackageVisibility.INTERNAL


@pytest.mark.parametrize("kind", [PackageType, PackageVisibility, PackageVersionState])
def test_an_enum_still_refuses_a_typing_error(kind: type) -> None:
    with pytest.raises(ValueError, match="nmp"):
        kind("nmp")


@pytest.mark.parametrize("value", ["cargo", "", "NPM", "npm "])
def test_an_unknown_enum_value_is_given_back(value: str) -> None:
    package = Package.from_dict({**PACKAGE, "package_type": value})

    assert type(package.package_type) is str
    assert package.to_dict()["package_type"] == value


def test_a_model_can_be_made_by_hand_with_strings_for_enums() -> None:
    repository = MinimalRepository(id=1, name="a", full_name="o/a", private=False, html_url="https://github.com/o/a")
    repository.pull_request_creation_policy = "all"

    assert repository.to_dict()["pull_request_creation_policy"] == "all"


def test_unset_is_false_and_says_what_it_is() -> None:
    assert not UNSET
    assert repr(UNSET) == "UNSET"


def test_unset_is_the_same_object_through_pickle_and_copies() -> None:
    assert all(each is UNSET for each in copies(UNSET))
    assert isinstance(UNSET, Unset)


def test_an_absent_field_is_unset_after_pickle_and_copies() -> None:
    version = PackageVersion.from_dict(MAVEN_VERSION)

    assert all(isinstance(each, PackageVersion) and each.deleted_at is UNSET for each in copies(version))


def test_models_take_no_unknown_attributes() -> None:
    package: Any = Package.from_dict(PACKAGE)

    with pytest.raises(AttributeError):
        package.nmae = "typing error"


# Dates ----------------------------------------------------------------------------------------------


def test_a_date_is_an_instant_in_utc() -> None:
    assert Package.from_dict(PACKAGE).created_at == datetime(2011, 4, 10, 20, 9, 31, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2011-04-10T20:09:31.5Z",
        "2011-04-10T20:09:31.123456Z",
        "2011-04-10T20:09:31+00:00",
        "2011-04-10T22:09:31+02:00",
        "2011-04-10T12:39:31-07:30",
        "2011-04-10T20:09:31.250-07:00",
    ],
)
def test_another_form_of_a_date_is_given_back_as_the_same_instant(text: str) -> None:
    written = Package.from_dict({**PACKAGE, "created_at": text}).to_dict()["created_at"]

    assert datetime.fromisoformat(written) == datetime.fromisoformat(text)


@strategies.patient
@given(
    st.datetimes(
        min_value=datetime(1, 1, 3),
        max_value=datetime(9999, 12, 29),
        timezones=st.integers(-23 * 60, 23 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes))),
    )
)
def test_any_date_is_given_back_as_the_same_instant(moment: datetime) -> None:
    written = Package.from_dict({**PACKAGE, "created_at": moment.isoformat()}).to_dict()["created_at"]

    assert datetime.fromisoformat(written) == moment


@pytest.mark.parametrize(
    "date",
    [
        "2011-02-30T20:09:31Z",
        "2011-04-10T25:09:31Z",
        "2011-04-10T20:09:31",
        "2011-04-10",
        "yesterday",
        "",
        1302466171,
        ["2011-04-10T20:09:31Z"],
        {},
        True,
    ],
    ids=repr,
)
@pytest.mark.parametrize("key", ["created_at", "deleted_at"])
def test_what_is_no_instant_is_a_decode_error(key: str, date: object) -> None:
    error = failure(PackageVersion, {**VERSION, key: date})

    assert (error.model, error.field, error.value) == ("PackageVersion", key, date)


# What can't be decoded ------------------------------------------------------------------------------


@EACH_REQUIRED
def test_a_required_key_that_is_absent_is_a_decode_error(model: Any, payload: Payload, key: str) -> None:
    error = failure(model, without(payload, key))

    assert (error.model, error.field, error.value, error.problem) == (model.__name__, key, UNSET, "is missing")


@EACH_REQUIRED
def test_a_required_key_that_is_null_is_a_decode_error(model: Any, payload: Payload, key: str) -> None:
    error = failure(model, {**payload, key: None})

    assert (error.model, error.field, error.value, error.problem) == (model.__name__, key, None, "is null")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("owner", ["octocat"]),
        ("owner", "octocat"),
        ("owner", 1),
        ("owner", False),
        ("owner.login", None),
        ("repository", []),
        ("repository.owner", "octocat"),
        ("repository.owner.id", None),
        ("repository.topics", "api"),
        ("repository.topics", {"api": True}),
        ("repository.pushed_at", "never"),
        ("repository.license", "MIT"),
        ("repository.permissions", True),
        ("repository.custom_properties", []),
        ("repository.pull_request_creation_policy", 5),
        ("repository.security_and_analysis.advanced_security", "enabled"),
        ("repository.security_and_analysis.advanced_security.status", ["enabled"]),
        ("repository.security_and_analysis.secret_scanning_delegated_bypass_options.reviewers", 0),
        ("package_type", 5),
        ("package_type", ["npm"]),
        ("visibility", {}),
        ("visibility", True),
    ],
    ids=repr,
)
def test_a_value_of_the_wrong_kind_is_named_with_its_field(field: str, value: object) -> None:
    error = failure(Package, changed(PACKAGE, field, value))

    assert (error.model, error.field, error.value) == ("Package", field, value)


@pytest.mark.parametrize("reviewer", [None, "octocat", {"reviewer_type": "TEAM"}], ids=repr)
def test_an_item_of_a_list_of_objects_that_is_wrong_is_a_decode_error(reviewer: object) -> None:
    field = "repository.security_and_analysis.secret_scanning_delegated_bypass_options.reviewers"
    error = failure(Package, changed(PACKAGE, field, [reviewer]))

    assert error.field.startswith(field)


@pytest.mark.parametrize("payload", [None, [], "package", 5, True], ids=repr)
@pytest.mark.parametrize("model", [Package, PackageVersion, MinimalRepository])
def test_what_is_no_object_at_all_is_a_decode_error(model: Any, payload: object) -> None:
    error = failure(model, payload)

    assert (error.model, error.field, error.value) == (model.__name__, "", payload)


def test_the_message_of_a_decode_error_is_one_line_with_model_field_and_problem() -> None:
    error = failure(PackageVersion, changed(VERSION, "metadata.container.tags", "latest"))

    assert str(error) == "PackageVersion.metadata.container.tags is not valid: expected an array"


def test_a_decode_error_does_not_show_a_secret_beside_the_field() -> None:
    error = failure(Package, {**PACKAGE, "repository": without(REPOSITORY, "full_name")})

    assert REPOSITORY["temp_clone_token"] not in f"{error} {error!r} {error.args}"


@strategies.patient
@given(strategies.PACKAGES, st.sampled_from(REQUIRED_OF_A_PACKAGE))
def test_any_package_without_a_required_key_is_a_decode_error(payload: Payload, key: str) -> None:
    assert failure(Package, without(payload, key)).field == key
