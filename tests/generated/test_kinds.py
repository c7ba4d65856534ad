"""What identity and logic rest on has its JSON kind or is a `DecodeError`; other odd values are kept."""

from __future__ import annotations

import copy
import importlib
import json
import pickle
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.generated import strategies
from tests.generated.generation import Api
from tests.generated.handlers import answer
from tests.generated.payloads import (
    MAVEN_PACKAGE,
    NPM_VERSION,
    OWNER,
    PACKAGE,
    REPOSITORY,
    TAGGED_VERSION,
    USUAL_OWNER,
    USUAL_REPOSITORY,
    VERSION,
    VERSION_WITHOUT_LINKS,
    Payload,
    changed,
    without,
)
from tests.generated.strategies import MODELS, is_sound, known, least, most, objects

from ghpackages_api.errors import DecodeError
from ghpackages_api.models import (
    BasicError,
    ContainerMetadata,
    DockerMetadata,
    MinimalRepository,
    Package,
    PackageVersion,
    PackageVersionMetadata,
    RepositoryLicense,
    SimpleUser,
)
from ghpackages_api.types import UNSET
from ghpackages_runtime.client import loads
from ghpackages_runtime.values import find_failure

ODD_VALUES: list[Any] = [
    *(None, True, False, 0, 7, -1, 2**63, 10**400, 1.0, 1.5, float("inf"), "", "text", "\ud800", "7", "true"),
    *([], ["text"], [1], [None], [[]], ["text", 1], [{}], {}, {"text": 1}, {"tags": ["text"]}, {"id": 7}),
]
"""At least one of every JSON kind; `==` finds them all equal to themselves."""

BASES: list[tuple[Any, Payload]] = [
    *((model, sample(model)) for model in MODELS for sample in (least, most)),
    (Package, without(MAVEN_PACKAGE, "version_count")),
    (PackageVersion, TAGGED_VERSION),
    (SimpleUser, USUAL_OWNER),
    (MinimalRepository, USUAL_REPOSITORY),
    (PackageVersionMetadata, {"package_type": "container", "container": {"tags": ["latest"]}}),
]
"""Objects with as few keys as there can be, all of them, and those that are decoded the quickest."""
EACH_BASE = pytest.mark.parametrize(("model", "base"), BASES, ids=[model.__name__ for model, _ in BASES])
EACH_DATE = pytest.mark.parametrize(
    ("model", "key"), [(model, key) for model in MODELS for key, each in known(model).items() if each.kind is datetime]
)
EACH_MODEL = pytest.mark.parametrize("model", MODELS)
for_each_model = settings(strategies.patient, max_examples=30)


def values_at(payload: object, field: str) -> list[Any]:
    """The values that a field with dots can mean: in each item of a list, or as an item of it."""
    found: list[Any] = [payload]
    for key in field.split("."):
        objects_found = [each for value in found for each in (value if isinstance(value, list) else [value])]
        found = [each.get(key, UNSET) for each in objects_found if isinstance(each, dict)]
    return found + [item for value in found if isinstance(value, list) for item in value]


def slow_pass(model: type[Any], payload: Payload) -> DecodeError:
    """What the second pass of a decoder says: that it can't be decoded if it finds nothing."""
    return find_failure(model.__name__, payload, importlib.import_module(model.__module__)._FIELDS)


def check(model: Any, payload: Payload) -> None:
    """A sound payload is given back, another one is a `DecodeError`; both passes agree."""
    if is_sound(model, payload):
        decoded = model.from_dict(payload)
        assert decoded.to_dict() == payload
        assert decoded == model.from_dict(decoded.to_dict())
        assert slow_pass(model, payload).problem == "can't be decoded"
        return
    with pytest.raises(DecodeError) as caught:
        model.from_dict(payload)
    error = caught.value
    key = error.field.split(".")[0]
    assert (error.model, error.problem == "can't be decoded") == (model.__name__, False)
    assert not known(model)[key].takes(payload[key]) if key in payload else known(model)[key].required
    assert error.value in values_at(payload, error.field)


@EACH_BASE
def test_a_key_with_any_value_is_decoded_or_refused_as_its_type_says(model: Any, base: Payload) -> None:
    for key in known(model):
        for value in ODD_VALUES:
            check(model, {**base, key: value})
        check(model, without(base, key))


@EACH_MODEL
@for_each_model
@given(st.data())
def test_any_object_is_given_back(model: Any, data: st.DataObject) -> None:
    payload = data.draw(objects(model))

    assert is_sound(model, payload)
    check(model, payload)


@pytest.mark.parametrize("model", [model for model in MODELS if known(model)])
@for_each_model
@given(st.data())
def test_any_value_in_any_key_is_given_back_or_a_decode_error_that_names_it(model: Any, data: st.DataObject) -> None:
    key = data.draw(st.sampled_from(list(known(model))))
    payload = {**data.draw(objects(model)), key: data.draw(strategies.ODD_JSON | known(model)[key].values())}

    check(model, payload)


@EACH_MODEL
@for_each_model
@given(strategies.ODD_JSON)
def test_whatever_is_no_object_is_a_decode_error_of_the_model(model: Any, payload: Any) -> None:
    if isinstance(payload, dict):
        return
    with pytest.raises(DecodeError, match=f"^{model.__name__} is not an object$"):
        model.from_dict(payload)


# Required values ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "value", "kind"),
    [
        ("id", "197", "an integer"),
        ("id", 197.0, "an integer"),
        ("id", 1e30, "an integer"),
        ("id", True, "an integer"),
        ("name", 5, "a string"),
        ("url", [], "a string"),
        ("html_url", {}, "a string"),
        ("package_type", 5, "a string"),
        ("created_at", 5, "a string"),
        ("owner.id", "1", "an integer"),
        ("owner.login", 7, "a string"),
        ("repository.private", "false", "true or false"),
        ("repository.private", 0, "true or false"),
        ("repository.code_of_conduct.html_url", 5, "a string"),
        ("repository.topics", ["api", None], "str instance"),
    ],
)
def test_the_message_names_the_field_and_the_expected_kind(field: str, value: object, kind: str) -> None:
    with pytest.raises(DecodeError) as caught:
        Package.from_dict(changed(PACKAGE, field, value))

    assert (caught.value.field, caught.value.value) == (field, value)
    assert str(caught.value).startswith(f"Package.{field} is not valid: ")
    assert kind in str(caught.value)


@pytest.mark.parametrize("value", ["many", 1.5, True, [], {"a": {}}, None], ids=repr)
def test_an_odd_number_of_versions_is_kept(value: object) -> None:
    package = Package.from_dict({**PACKAGE, "version_count": value})

    assert package.version_count == value
    assert package.to_dict() == {**PACKAGE, "version_count": value}


@pytest.mark.parametrize("key", ["license", "description", "html_url"])
def test_an_odd_text_of_a_version_is_kept(key: str) -> None:
    for value in (3, {}, ["MIT"], False):
        assert PackageVersion.from_dict({**VERSION, key: value}).to_dict() == {**VERSION, key: value}


@pytest.mark.parametrize("key", ["url", "package_html_url"])
def test_a_link_of_a_version_may_be_absent_but_not_null(key: str) -> None:
    assert getattr(PackageVersion.from_dict(without(VERSION, key)), key) is UNSET
    with pytest.raises(DecodeError, match=f"^PackageVersion.{key} is null$"):
        PackageVersion.from_dict({**VERSION, key: None})


def test_an_error_body_of_odd_kinds_is_decoded() -> None:
    body = {"message": ["No."], "documentation_url": None, "url": {}, "status": 403, "errors": "No."}

    assert BasicError.from_dict(body).to_dict() == body


# Metadata and tags ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "metadata",
    [
        {},
        {"container": {}},
        {"package_type": None, "container": None, "docker": None},
        {"package_type": "container", "container": {}},
        {"package_type": "container", "container": {"tags": None}},
        {"package_type": "docker", "docker": {}},
        {"package_type": "docker", "docker": {"tag": None}},
        {"package_type": "container", "container": {"new": 1}},
        {"new": 1},
        None,
    ],
    ids=repr,
)
def test_metadata_that_lack_something_are_given_back(metadata: object) -> None:
    payload = {**VERSION, "metadata": metadata}

    assert PackageVersion.from_dict(payload).to_dict() == payload


@pytest.mark.parametrize("tags", ["latest", {"latest": 1}, 1, ["latest", None], ["v1", 2], [["v1"]], [True]], ids=repr)
@pytest.mark.parametrize(
    ("model", "key"), [(ContainerMetadata, "tags"), (DockerMetadata, "tag"), (DockerMetadata, "tags")]
)
def test_tags_are_a_list_of_strings_or_a_decode_error(model: Any, key: str, tags: object) -> None:
    with pytest.raises(DecodeError) as caught:
        model.from_dict({key: tags})

    assert (caught.value.field, caught.value.value) == (key, tags)


@pytest.mark.parametrize("metadata", [3, [], "container", True, [{}]], ids=repr)
def test_metadata_that_are_no_object_are_a_decode_error(metadata: object) -> None:
    with pytest.raises(DecodeError) as caught:
        PackageVersion.from_dict({**VERSION, "metadata": metadata})

    assert (caught.value.field, caught.value.value) == ("metadata", metadata)


# Dates ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "date",
    [
        "2024-W01-1T00:00:00Z",
        "2024W011T00:00:00Z",
        "2024-001T00:00:00Z",
        "20240101T000000Z",
        "20240101T00:00:00.1Z",
        "2024-01-01T000000.0Z",
        "2024-01-01T000000Z",
        "2024-01-01 00:00:00Z",
        "2024-01-01_00:00:00Z",
        "2024-01-01\ud80000:00:00Z",
        "2024-01-01T00:00Z",
        "2024-01-01T00Z",
        "2024-01-01T00:00:00",
        "2024-01-01T00:00:00,5Z",
        "2024-01-01T00:00:00+0100",
        "2024-01-01T00:00:00+01",
        "2024-01-01T00:00:00+01:00:30",
        "2024-01-01T00:00:00+01:60",
        "2024-01-01T00:00:00+24:00",
        "2024-01-01T24:00:01Z",
        "2024-01-01T00:00:60Z",
        "0000-01-01T00:00:00Z",
        "10000-01-01T00:00:00Z",
        "9999-12-31T23:59:59-23:59",
        "9999-12-31T23:59:59-00:01",
        "0001-01-01T00:00:00+00:01",
        "٢٠٢٤-01-01T00:00:00Z",
        " 2024-01-01T00:00:00Z",
        "2024-01-01T00:00:00Z\n",
        "2024-01-01T00:00:00Z" * 100_000,
        f"2024-01-01T00:00:00.{'٢' * 1000}Z",
    ],
    ids=lambda date: ascii(date[:40]),
)
@EACH_DATE
def test_another_form_than_an_instant_of_rfc_3339_is_a_decode_error(model: Any, key: str, date: str) -> None:
    with pytest.raises(DecodeError) as caught:
        model.from_dict({**least(model), key: date})

    assert (caught.value.field, caught.value.value) == (key, date)
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize(
    ("date", "moment"),
    [
        ("0001-01-01T00:00:00Z", datetime.min.replace(tzinfo=UTC)),
        ("9999-12-31T23:59:59Z", datetime.max.replace(tzinfo=UTC, microsecond=0)),
        ("9999-12-31T23:59:59+23:59", datetime(9999, 12, 31, 0, 0, 59, tzinfo=UTC)),
        ("2024-01-01t00:00:00z", datetime(2024, 1, 1, tzinfo=UTC)),
        ("2024-01-01T00:00:00-00:00", datetime(2024, 1, 1, tzinfo=UTC)),
        ("2024-01-01T00:00:00.123456789Z", datetime(2024, 1, 1, microsecond=123456, tzinfo=UTC)),
    ],
)
@EACH_DATE
def test_an_instant_of_rfc_3339_is_read_and_can_be_converted(model: Any, key: str, date: str, moment: datetime) -> None:
    read = getattr(model.from_dict({**least(model), key: date}), key)

    assert read == moment == read.astimezone(UTC)


@strategies.patient
@given(
    st.datetimes(),
    st.integers(-24 * 60 + 1, 24 * 60 - 1),
    st.sampled_from(["T", "t", " ", "-"]),
    st.sampled_from(["seconds", "minutes", "milliseconds"]),
)
def test_any_instant_in_utc_between_the_years_1_and_9999_is_read(
    local: datetime, offset: int, letter: str, precision: str
) -> None:
    sign = "-" if offset < 0 else "+"
    written = f"{local.isoformat(letter, precision)}{sign}{abs(offset) // 60:02}:{abs(offset) % 60:02}"
    since = local - datetime.min - timedelta(minutes=offset)
    is_an_instant = letter in "Tt" and precision != "minutes" and timedelta() <= since <= datetime.max - datetime.min

    payload = {**VERSION, "created_at": written}
    if is_an_instant:
        expected = datetime.fromisoformat(local.isoformat("T", precision)) - timedelta(minutes=offset)
        assert PackageVersion.from_dict(payload).created_at == expected.replace(tzinfo=UTC)
        return
    with pytest.raises(DecodeError, match=r"^PackageVersion\.created_at is not valid: "):
        PackageVersion.from_dict(payload)


# Values at the limits -------------------------------------------------------------------------------


def nested(levels: int) -> Any:
    value: Any = "bottom"
    for level in range(levels):
        value = {"deeper": value} if level % 2 else [value]
    return value


LIMITS = {
    "lone surrogate": {**VERSION, "name": "\ud800", "description": "\udfff", "\udc00": "\ud800"},
    "control characters": {**VERSION, "name": "a\n\r\x00\x1b[31m\u2028\u202e\x85b"},
    "long text": {**VERSION, "name": "x" * 10**6, "url": "y" * 10**6},
    "huge id": {**VERSION, "id": 10**400},
    "id of 5,001 digits": {**VERSION, "id": 10**5000},
    "infinity": {**VERSION, "description": float("inf"), "new": float("-inf")},
    "many tags": changed(VERSION, "metadata.container.tags", [f"v{number}" for number in range(10_000)]),
    "deep": {**VERSION, "description": nested(200), "new": nested(200)},
    "first and last second": {**VERSION, "created_at": "0001-01-01T00:00:00Z", "updated_at": "9999-12-31T23:59:59Z"},
}
EACH_LIMIT = pytest.mark.parametrize("payload", LIMITS.values(), ids=list(LIMITS))


@EACH_LIMIT
def test_a_value_at_the_limits_is_given_back(payload: Payload) -> None:
    assert PackageVersion.from_dict(payload).to_dict() == payload


@EACH_LIMIT
def test_a_value_at_the_limits_stays_equal_through_pickle_and_copies(payload: Payload) -> None:
    version = PackageVersion.from_dict(payload)

    assert pickle.loads(pickle.dumps(version)) == version  # noqa: S301
    assert copy.copy(version) == version
    assert copy.deepcopy(version) == version
    assert copy.deepcopy(version).additional_properties is not version.additional_properties


@EACH_LIMIT
def test_a_value_at_the_limits_is_shown_in_one_short_line(payload: Payload) -> None:
    shown = repr(PackageVersion.from_dict(payload))

    assert shown.isprintable()
    assert shown.encode()
    assert len(shown) < 250


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 10**5000, "\ud800", "x" * 10**6, nested(5000)], ids=type)
@pytest.mark.parametrize("key", ["created_at", "deleted_at", "metadata.package_type", "metadata.container.tags"])
def test_an_odd_value_where_it_matters_raises_nothing_but_a_decode_error(key: str, value: object) -> None:
    if key == "metadata.package_type" and isinstance(value, str):
        value = [value]
    with pytest.raises(DecodeError) as caught:
        PackageVersion.from_dict(changed(VERSION, key, value))

    assert caught.value.field == key
    assert caught.value.value is value
    assert len(str(caught.value).encode()) < 200


def test_what_is_nested_as_deeply_as_json_can_be_is_given_back_and_shown() -> None:
    payload = {**VERSION, "name": "odd", "description": nested(100_000), "new": nested(100_000)}
    version = PackageVersion.from_dict(payload)

    assert version.to_dict()["description"] is payload["description"]
    assert repr(version).startswith("PackageVersion(id=836, name='odd'")
    assert repr(RepositoryLicense.from_dict({"key": [[nested(100_000)]]})) == "RepositoryLicense(key=[…])"


@pytest.mark.parametrize("digits", ["18446744073709551616", "1" + "0" * 400, "1e19", "1e999", "NaN", "-Infinity"])
async def test_a_huge_number_as_an_id_is_itself_or_a_decode_error(ours: Api, digits: str) -> None:
    body = json.dumps({**PACKAGE, "id": 197}).replace('"id": 197', f'"id": {digits}')
    call = ours.call("get_package_for_org", answer(200, content=body.encode()))
    if isinstance(number := loads(digits.encode()), int):
        assert (await call).id == number
        return
    with pytest.raises(DecodeError, match=r"Package\.id is not valid: expected an integer"):
        await call


def test_a_date_that_can_not_be_converted_never_reaches_a_user() -> None:
    payload = {**REPOSITORY, "pushed_at": "9999-12-31T23:59:59-23:59"}

    with pytest.raises(DecodeError, match=r"^MinimalRepository\.pushed_at is not valid: "):
        MinimalRepository.from_dict(payload)


# repr -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "payload", "expected"),
    [
        (Package, PACKAGE, "Package(id=197, name='web/api', package_type='container')"),
        (
            PackageVersion,
            VERSION,
            "PackageVersion(id=836, name='sha256:b3d3e366b55f9a54599220198…', created_at=2011-04-10T20:09:31Z)",
        ),
        (SimpleUser, OWNER, "SimpleUser(login='octocat', id=1, type_='User')"),
        (
            MinimalRepository,
            REPOSITORY,
            "MinimalRepository(id=1296269, name='Hello-World', full_name='octocat/Hello-World')",
        ),
        (ContainerMetadata, {"tags": ["a", "b", "c"]}, "ContainerMetadata(tags=['a', 'b', 'c'])"),
        (ContainerMetadata, {"tags": ["a", "b", "c", "d"]}, "ContainerMetadata(tags=['a', 'b', 'c', …])"),
        (
            PackageVersionMetadata,
            NPM_VERSION["metadata"],
            "PackageVersionMetadata(package_type='npm')",
        ),
        (BasicError, {"message": "No.", "url": "u", "status": {"a": 1}}, "BasicError(message='No.', status=…)"),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else None,
)
def test_the_repr_of_a_model_shows_what_identifies_it(model: Any, payload: Payload, expected: str) -> None:
    assert repr(model.from_dict(payload)) == expected


@EACH_MODEL
def test_a_half_made_model_has_a_repr(model: type[Any]) -> None:
    assert repr(object.__new__(model)) == f"{model.__name__}()"


def test_a_model_that_could_not_be_decoded_has_a_repr_in_a_debugger() -> None:
    with pytest.raises(DecodeError) as caught:
        PackageVersion.from_dict({**VERSION, "created_at": "soon"})

    half_made = caught.value.__traceback__.tb_next.tb_frame.f_locals["self"]  # type: ignore[union-attr]
    assert repr(half_made).startswith("PackageVersion(id=836")


@EACH_MODEL
@for_each_model
@given(st.data())
def test_the_repr_of_any_model_is_one_short_printable_line(model: Any, data: st.DataObject) -> None:
    shown = repr(model.from_dict(data.draw(objects(model))))

    assert shown.isprintable()
    assert shown.encode()
    assert len(shown) < 1500


@EACH_MODEL
def test_no_repr_shows_a_token_or_a_nested_odd_value(model: Any) -> None:
    secret = {key: {"token": "planted-marker"} for key, each in known(model).items() if not each.checked}
    tokens = {key: "planted-marker" for key in known(model) if "token" in key}

    assert "planted-marker" not in repr(model.from_dict({**least(model), **secret}))
    assert "planted-marker" not in repr(model.from_dict({**least(model), **tokens, "new_token": "planted-marker"}))


def test_a_token_is_not_shown_where_nothing_else_is_known() -> None:
    repository = object.__new__(MinimalRepository)
    repository.temp_clone_token = "planted-marker"

    assert repr(repository) == "MinimalRepository()"


def test_a_version_without_links_is_shown_like_others() -> None:
    shown = repr(PackageVersion.from_dict(VERSION_WITHOUT_LINKS))

    assert (
        shown
        == "PackageVersion(id=406855100, name='sha256:3309a86716a26f8c73f53d8ec…', created_at=2025-05-01T23:04:09Z)"
    )
