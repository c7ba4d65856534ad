"""Decoders are fastest with exactly the usual keys; with more, fewer or others they give the same."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest
from tests.generated.payloads import OWNER, REPOSITORY, UNTAGGED_VERSION, VERSION, Payload, without

from ghpackages_api.errors import DecodeError
from ghpackages_api.models import (
    BypassReviewer,
    ContainerMetadata,
    MinimalRepository,
    PackageVersion,
    PackageVersionMetadata,
    SimpleUser,
)
from ghpackages_api.types import UNSET

USUAL_OWNER = without(without(OWNER, "name"), "email")
OBJECTS: list[tuple[Any, Payload]] = [
    (SimpleUser, USUAL_OWNER),
    (PackageVersion, UNTAGGED_VERSION),
    (ContainerMetadata, {"tags": ["latest"]}),
    (BypassReviewer, {"reviewer_id": 1, "reviewer_type": "TEAM"}),
]
EACH_OBJECT = pytest.mark.parametrize(("model", "payload"), OBJECTS, ids=[model.__name__ for model, _ in OBJECTS])
OPTIONAL = [(SimpleUser, USUAL_OWNER, key) for key in USUAL_OWNER if key not in {"login", "id", "type"}] + [
    (PackageVersion, UNTAGGED_VERSION, key) for key in ("html_url", "metadata")
]
EACH_OPTIONAL = pytest.mark.parametrize(("model", "payload", "key"), OPTIONAL)


@EACH_OBJECT
def test_an_object_with_the_usual_keys_has_nothing_else(model: Any, payload: Payload) -> None:
    decoded = model.from_dict(payload)

    assert decoded.to_dict() == payload
    assert decoded.additional_properties == {}


@EACH_OBJECT
def test_one_unknown_key_more_is_kept(model: Any, payload: Payload) -> None:
    decoded = model.from_dict({**payload, "new": [1]})

    assert decoded.additional_properties == {"new": [1]}
    assert decoded.to_dict() == {**payload, "new": [1]}


@EACH_OBJECT
def test_unknown_keys_keep_their_order(model: Any, payload: Payload) -> None:
    unknown = {f"new{number}": number for number in (3, 1, 2)}

    assert list(model.from_dict({**unknown, **payload}).additional_properties) == list(unknown)


@EACH_OPTIONAL
def test_one_usual_key_less_is_unset(model: Any, payload: Payload, key: str) -> None:
    decoded = model.from_dict(without(payload, key))

    assert getattr(decoded, key) is UNSET
    assert decoded.to_dict() == without(payload, key)


@EACH_OPTIONAL
def test_an_unknown_key_in_place_of_a_usual_one_is_kept(model: Any, payload: Payload, key: str) -> None:
    other = {**without(payload, key), "new": 1}

    assert model.from_dict(other).to_dict() == other


@EACH_OPTIONAL
def test_a_known_key_in_place_of_a_usual_one_is_read(model: Any, payload: Payload, key: str) -> None:
    other = {**without(payload, key), ("name" if model is SimpleUser else "license"): "mit"}

    assert model.from_dict(other).to_dict() == other


@pytest.mark.parametrize("key", ["id", "name", "created_at", "updated_at"])
def test_an_unknown_key_in_place_of_a_required_one_is_a_decode_error(key: str) -> None:
    with pytest.raises(DecodeError, match=f"PackageVersion.{key} is missing"):
        PackageVersion.from_dict({**without(UNTAGGED_VERSION, key), "new": 1})


def test_a_repository_with_every_key_and_one_more_is_given_back() -> None:
    payload = {**REPOSITORY, "new": None}

    assert MinimalRepository.from_dict(payload).to_dict() == payload


@pytest.mark.parametrize("container", [None, {"tags": ["latest"]}, UNSET])
@pytest.mark.parametrize("docker", [None, {"tag": ["latest"]}, UNSET])
@pytest.mark.parametrize("new", [None, 1, UNSET])
def test_metadata_with_any_of_its_keys_are_given_back(container: object, docker: object, new: object) -> None:
    keys = {"package_type": "container", "container": container, "docker": docker, "new": new}
    payload = {key: value for key, value in keys.items() if value is not UNSET}
    decoded = PackageVersionMetadata.from_dict(payload)

    assert decoded.to_dict() == payload
    assert (decoded.container is UNSET, decoded.docker is UNSET) == (container is UNSET, docker is UNSET)
    assert decoded.additional_properties == ({} if new is UNSET else {"new": new})


@pytest.mark.parametrize("key", ["created_at", "updated_at"])
@pytest.mark.parametrize("offset", ["Z", ""], ids=["with an offset", "without one"])
def test_only_an_instant_with_an_offset_is_taken(key: str, offset: str) -> None:
    payload = {**UNTAGGED_VERSION, key: f"2025-05-01T23:04:09{offset}"}
    if offset:
        assert PackageVersion.from_dict(payload).to_dict() == payload
        return
    with pytest.raises(DecodeError, match="with an offset") as caught:
        PackageVersion.from_dict(payload)
    assert caught.value.field == key


# additional_properties, whose dict is made when it is looked at -------------------------------------


def test_what_is_put_among_the_unknown_keys_stays_there_and_in_no_other_object() -> None:
    version, other = (PackageVersion.from_dict(VERSION) for _ in range(2))
    version.additional_properties["new"] = 1

    assert version.additional_properties == {"new": 1}
    assert version.to_dict() == {**VERSION, "new": 1}
    assert other.additional_properties == {}


def test_the_unknown_keys_can_be_replaced() -> None:
    version = PackageVersion.from_dict(VERSION)
    version.additional_properties = {"new": 1}

    assert version.to_dict() == {**VERSION, "new": 1}


def test_objects_are_equal_whether_or_not_their_unknown_keys_were_looked_at() -> None:
    version, other = (PackageVersion.from_dict(VERSION) for _ in range(2))
    assert version.additional_properties == {}

    assert version == other
    assert repr(version) == repr(other)


@pytest.mark.parametrize("duplicate", [lambda it: pickle.loads(pickle.dumps(it)), copy.copy, copy.deepcopy])  # noqa: S301
def test_a_copy_has_the_unknown_keys_too(duplicate: Any) -> None:
    for unknown in ({}, {"new": 1}):
        version = duplicate(PackageVersion.from_dict({**VERSION, **unknown}))
        assert version.additional_properties == unknown


def test_a_model_that_is_made_by_hand_has_no_unknown_keys() -> None:
    assert ContainerMetadata(tags=[]).additional_properties == {}
    assert ContainerMetadata(tags=[]) == ContainerMetadata.from_dict({"tags": []})


def test_an_attribute_that_does_not_exist_is_still_an_error() -> None:
    version: Any = PackageVersion.from_dict(VERSION)

    with pytest.raises(AttributeError, match="nmae"):
        _ = version.nmae
