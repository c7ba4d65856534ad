"""The errors: their classes, what they carry, what they say, and that they survive pickling."""

from __future__ import annotations

import copy
import pickle
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from traceback import format_exception_only
from typing import Any

import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ghpackages import exceptions
from ghpackages_api import errors
from ghpackages_api.errors import (
    APIConnectionError,
    APIError,
    APITimeoutError,
    AuthenticationError,
    BadRequestError,
    DecodeError,
    GitHubPackagesError,
    NotFoundError,
    PermissionDeniedError,
    PrimaryRateLimitError,
    RateLimitError,
    SecondaryRateLimitError,
    ServerError,
    ValidationFailedError,
    connection_error,
    response_error,
)
from ghpackages_api.types import UNSET

URL = "https://api.github.com/orgs/acme/packages/npm/hello"
PAGE = "https://docs.github.com/rest/packages/packages#get-a-package-for-an-organization"
PRIMARY = "API rate limit exceeded for user ID 1."
SECONDARY = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."

# Status, message, other headers, class, and a part of what a person should look at first.
TABLE: list[tuple[int, str, dict[str, str], type[APIError], str]] = [
    (401, "Bad credentials", {}, AuthenticationError, "mistyped, expired or revoked"),
    (401, "Requires authentication", {}, AuthenticationError, "set GH_TOKEN"),
    *(
        (403, message, {"x-oauth-scopes": "repo"}, PermissionDeniedError, "has the scopes repo;")
        for message in (
            "You need at least read:packages scope to list packages.",
            "You need at least read:packages scope to get a package.",
            "You need at least read:packages scope to get a package's versions.",
            "You need at least delete:packages and read:packages scopes to delete a package.",
            "You need at least delete:packages and read:packages scopes to delete a package version.",
        )
    ),
    (
        *(403, "You need at least read:packages scope to list packages.", {"x-oauth-scopes": ""}),
        *(PermissionDeniedError, "has the scopes (none)"),
    ),
    (
        *(403, "You need at least read:packages scope to list packages.", {}),
        *(PermissionDeniedError, "Only personal access tokens (classic) have scopes"),
    ),
    (404, "Package not found.", {}, NotFoundError, "does not exist under this name and type, or is hidden"),
    (404, "Package version not found.", {}, NotFoundError, "The version does not exist or was deleted"),
    (404, "Not Found", {}, NotFoundError, "The owner or path does not exist, or is hidden"),
    (
        400,
        "You cannot delete the last version of a package. You must delete the package instead.",
        *({}, BadRequestError, "You must delete the package instead."),
    ),
    (
        400,
        "You cannot delete the last tagged version of a package. You must delete the package instead.",
        *({}, BadRequestError, "You must delete the package instead."),
    ),
    (
        400,
        "Publicly visible package versions with more than 5000 downloads cannot be deleted. "
        "Contact GitHub support for further assistance.",
        *({}, BadRequestError, "Contact GitHub support for further assistance."),
    ),
    (400, "Invalid argument.", {}, BadRequestError, "Likely a token of an app or of Actions"),
    (
        403,
        "Resource protected by organization SAML enforcement. You must grant your token access to this organization.",
        {"x-github-sso": "required; url=https://github.com/orgs/acme/sso?authorization_request=A1"},
        *(PermissionDeniedError, "single sign-on of this organisation: https://github.com/orgs/acme/sso?auth"),
    ),
    (403, "Resource not accessible by integration", {}, PermissionDeniedError, "This kind of token has no right to it"),
    (
        *(403, "Resource not accessible by personal access token", {}),
        *(PermissionDeniedError, "This kind of token has no right to it"),
    ),
    (410, "This API version is no longer supported.", {}, APIError, "pass a newer api_version="),
    (422, "Invalid request", {}, ValidationFailedError, "Invalid request."),
    (500, "Server Error", {}, ServerError, "try a smaller per_page"),
    (502, "Server Error", {}, ServerError, "try a smaller per_page"),
]


def response(
    status: int, message: str | None = None, headers: dict[str, str] | None = None, **body: Any
) -> httpx.Response:
    content: dict[str, Any] = body or {"json": {"message": message, "documentation_url": PAGE, "status": str(status)}}
    request = httpx.Request("GET", f"{URL}?per_page=100")
    return httpx.Response(
        status, headers={"x-github-request-id": "C0FE:1", **(headers or {})}, request=request, **content
    )


def rate_limited(status: int, message: str, **headers: str) -> RateLimitError:
    error = response_error(response(status, message, {key.replace("_", "-"): value for key, value in headers.items()}))
    assert isinstance(error, RateLimitError)
    return error


# Classes --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, BadRequestError),
        (401, AuthenticationError),
        (403, PermissionDeniedError),
        (404, NotFoundError),
        (422, ValidationFailedError),
        *((status, ServerError) for status in (500, 501, 502, 503, 504, 520, 599)),
        *((status, APIError) for status in (201, 301, 302, 304, 307, 402, 405, 409, 410, 418, 451)),
    ],
)
def test_each_status_has_its_class(status: int, kind: type[APIError]) -> None:
    assert type(response_error(response(status, "No."))) is kind


@pytest.mark.parametrize(("status", "message", "headers", "kind", "cause"), TABLE, ids=[row[1][:50] for row in TABLE])
def test_each_known_refusal_has_its_class_and_says_what_to_look_at(
    status: int, message: str, headers: dict[str, str], kind: type[APIError], cause: str
) -> None:
    error = response_error(response(status, message, headers))

    assert type(error) is kind
    assert cause in str(error)
    assert str(error).startswith(f"GET {URL} answered {status}: {message}")


def test_one_base_class_catches_everything() -> None:
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, Exception)]

    assert len(kinds) == 14
    assert all(issubclass(kind, GitHubPackagesError) for kind in kinds)


def test_a_rate_limit_is_no_refusal_for_good() -> None:
    assert not issubclass(RateLimitError, APIError)


# What they carry and say ----------------------------------------------------------------------------


@pytest.mark.parametrize("headers", [{}, {"x-ratelimit-remaining": "0"}], ids=["refused", "rate limit"])
def test_an_error_carries_the_facts(headers: dict[str, str]) -> None:
    answer = response(403, "No.", headers)
    error = response_error(answer)

    assert (error.status, error.message, error.documentation_url) == (403, "No.", PAGE)
    assert (error.request_id, error.method, error.url) == ("C0FE:1", "GET", URL)
    assert error.response is answer


def test_an_error_reads_as_one_line() -> None:
    error = response_error(response(404, "Package not found."))

    assert str(error) == (
        f"GET {URL} answered 404: Package not found. The package does not exist under this name and type, or is hidden "
        f"from this token. See {PAGE} (request C0FE:1)"
    )


def test_a_message_of_several_lines_still_reads_as_one() -> None:
    error = response_error(response(422, 'Invalid request.\n\nNo subschema in "anyOf" matched.\r\n'))

    assert len(str(error).splitlines()) == 1
    assert 'Invalid request. No subschema in "anyOf" matched.' in str(error)


def test_a_message_is_kept_as_it_came() -> None:
    assert response_error(response(422, "One.\nTwo.")).message == "One.\nTwo."


def test_an_error_without_a_body_has_the_phrase_of_its_status() -> None:
    assert response_error(response(404, content=b"")).message == "Not Found"


def test_an_error_without_a_body_or_a_known_status_says_so() -> None:
    assert response_error(response(599, content=b"")).message == "no message"


def test_an_error_page_does_not_become_the_message() -> None:
    assert response_error(response(503, html="<html>Unicorn!</html>")).message == "Service Unavailable"


def test_plain_text_becomes_the_message() -> None:
    text = "We couldn't respond to your request in time. Sorry about that."

    assert response_error(response(504, text=text)).message == text


@pytest.mark.parametrize("body", [{"message": None}, {"message": ""}, {}, [], None, "text"], ids=repr)
def test_a_body_without_a_message_has_some_message(body: object) -> None:
    assert response_error(response(403, json=body)).message


@pytest.mark.parametrize("link", [None, 5, ["https://docs.github.com"], {}], ids=repr)
def test_a_documentation_url_that_is_no_string_is_none(link: object) -> None:
    error = response_error(response(403, json={"message": "No.", "documentation_url": link}))

    assert error.documentation_url is None


def test_a_response_made_by_hand_has_no_request() -> None:
    error = response_error(httpx.Response(404, json={"message": "Not Found"}))

    assert (error.method, error.url) == ("", "")
    assert str(error).startswith("answered 404: Not Found.")


def test_a_404_that_is_a_web_page_suggests_the_path_of_enterprise_server() -> None:
    request = httpx.Request("GET", "https://github.example.com/orgs/acme/packages")
    error = response_error(httpx.Response(404, html="<html>404</html>", request=request))

    assert "base_url ends with /api/v3" in str(error)


def test_the_query_of_a_request_is_not_shown() -> None:
    request = httpx.Request("POST", f"{URL}/restore?token=secret")
    error = response_error(httpx.Response(404, json={"message": "Not Found"}, request=request))

    assert "secret" not in str(error) + repr(error) + error.url


# Rate limits ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [403, 429])
@pytest.mark.parametrize(
    ("message", "headers", "kind"),
    [
        (PRIMARY, {"x_ratelimit_remaining": "0", "x_ratelimit_reset": "1893456000"}, PrimaryRateLimitError),
        (PRIMARY, {"x_ratelimit_remaining": "0"}, PrimaryRateLimitError),
        (SECONDARY, {"retry_after": "60"}, SecondaryRateLimitError),
        (SECONDARY, {}, SecondaryRateLimitError),
        (SECONDARY, {"x_ratelimit_remaining": "0"}, SecondaryRateLimitError),
        (SECONDARY, {"x_ratelimit_remaining": "4999", "retry_after": "60"}, SecondaryRateLimitError),
        ("Slow down.", {"retry_after": "60"}, SecondaryRateLimitError),
    ],
)
def test_each_rate_limit_has_its_class(
    status: int, message: str, headers: dict[str, str], kind: type[RateLimitError]
) -> None:
    assert type(rate_limited(status, message, **headers)) is kind


def test_a_primary_rate_limit_without_headers_is_known_by_its_message() -> None:
    assert type(rate_limited(403, PRIMARY)) is PrimaryRateLimitError


def test_a_429_without_any_hint_is_a_secondary_rate_limit() -> None:
    assert type(rate_limited(429, "Too many requests")) is SecondaryRateLimitError


@pytest.mark.parametrize("remaining", ["4999", "1", ""])
def test_a_403_with_requests_left_is_no_rate_limit(remaining: str) -> None:
    error = response_error(response(403, "No.", {"x-ratelimit-remaining": remaining}))

    assert type(error) is PermissionDeniedError


@pytest.mark.parametrize("status", [400, 401, 404, 422, 500])
def test_other_statuses_are_no_rate_limit_even_when_no_request_is_left(status: int) -> None:
    error = response_error(response(status, "No.", {"x-ratelimit-remaining": "0", "retry-after": "5"}))

    assert not isinstance(error, RateLimitError)


def test_seconds_to_wait_count_from_when_the_answer_came() -> None:
    before = datetime.now(UTC)
    error = rate_limited(429, SECONDARY, retry_after="60")
    after = datetime.now(UTC)

    assert error.retry_after == 60
    assert error.retry_at is not None
    assert before <= error.retry_at - timedelta(seconds=60) <= after


def test_a_date_to_wait_for_is_read_as_utc() -> None:
    when = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=1)
    error = rate_limited(403, SECONDARY, retry_after=format_datetime(when, usegmt=True))

    assert error.retry_at == when
    assert error.retry_after is not None
    assert 3500 < error.retry_after <= 3600


def test_a_date_that_has_passed_means_no_wait() -> None:
    assert rate_limited(403, SECONDARY, retry_after="Sun, 10 Apr 2011 20:09:31 GMT").retry_after == 0


def test_the_reset_is_when_an_exhausted_limit_opens_again() -> None:
    reset = datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=10)
    epoch = str(int(reset.timestamp()))
    error = rate_limited(403, PRIMARY, x_ratelimit_remaining="0", x_ratelimit_reset=epoch)

    assert error.retry_at == reset


def test_what_retry_after_says_goes_before_the_reset() -> None:
    headers = {"retry_after": "5", "x_ratelimit_remaining": "0", "x_ratelimit_reset": "4102444800"}

    assert rate_limited(403, PRIMARY, **headers).retry_after == 5


def test_a_reset_says_nothing_while_requests_are_left() -> None:
    error = rate_limited(403, SECONDARY, x_ratelimit_remaining="10", x_ratelimit_reset="4102444800")

    assert (error.retry_at, error.retry_after) == (None, None)


@pytest.mark.parametrize("value", ["soon", "", "-5", "1.5", "9" * 30, "9" * 5000, "Sun, 99 Apr 2011 20:09:31 GMT"])
def test_a_retry_after_that_can_not_be_read_is_as_good_as_none(value: str) -> None:
    error = rate_limited(429, SECONDARY, retry_after=value)

    assert (error.retry_at, error.retry_after) == (None, None)


@pytest.mark.parametrize("value", ["soon", "", "-5", "9" * 30])
def test_a_reset_that_can_not_be_read_is_as_good_as_none(value: str) -> None:
    error = rate_limited(429, PRIMARY, x_ratelimit_remaining="0", x_ratelimit_reset=value)

    assert (error.retry_at, error.retry_after) == (None, None)


def test_a_rate_limit_says_when_to_try_again() -> None:
    error = rate_limited(403, PRIMARY, x_ratelimit_remaining="0", x_ratelimit_reset="4102444800")

    assert "Try again at 2100-01-01 00:00:00 UTC." in str(error)


def test_a_rate_limit_without_a_time_says_to_wait_a_minute() -> None:
    assert "Wait at least a minute." in str(rate_limited(429, SECONDARY))


# Copies ---------------------------------------------------------------------------------------------

EVERY_ERROR: list[GitHubPackagesError] = [
    *(response_error(response(status, "No.")) for status in (400, 401, 403, 404, 418, 422, 429, 503)),
    rate_limited(403, PRIMARY, x_ratelimit_remaining="0", x_ratelimit_reset="4102444800"),
    rate_limited(403, SECONDARY, retry_after="60"),
    APIConnectionError("GET", URL, "ConnectError refused"),
    APITimeoutError("GET", URL, "ReadTimeout"),
    DecodeError("Package", "owner.login", UNSET, "is missing"),
    GitHubPackagesError("something else"),
]


@pytest.mark.parametrize("error", EVERY_ERROR, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("duplicate", [lambda error: pickle.loads(pickle.dumps(error)), copy.copy, copy.deepcopy])  # noqa: S301
def test_every_error_survives_pickling_and_copying(error: GitHubPackagesError, duplicate: Any) -> None:
    again = duplicate(error)

    assert type(again) is type(error)
    assert (str(again), again.args) == (str(error), error.args)
    assert facts(again) == facts(error)


def facts(error: GitHubPackagesError) -> dict[str, object]:
    """What an error carries; responses have no equality, so their status and body stand for them."""
    found = dict(vars(error))
    if isinstance(answer := found.get("response"), httpx.Response):
        found["response"] = (answer.status_code, answer.content)
    return found


def test_a_decode_error_keeps_that_a_value_is_absent_when_pickled() -> None:
    error = pickle.loads(pickle.dumps(DecodeError("Package", "name", UNSET, "is missing")))  # noqa: S301

    assert error.value is UNSET


# Made when the errors were a module of the generated package, by protocols 2 and 4.
OLD_PICKLES = [
    b"\x80\x02cghpackages_api.errors\n_revive\ncghpackages_api.errors\nDecodeError\nX\x07\x00\x00\x00Packageq\x00"
    b"X\n\x00\x00\x00created_atq\x01X\n\x00\x00\x00is missingq\x02\x87\x86R}(X\x05\x00\x00\x00modelh\x00X\x05\x00\x00\x00"
    b"fieldh\x01X\x05\x00\x00\x00valuecghpackages_api.types\nUnset\nX\x05\x00\x00\x00UNSET\x85RX\x07\x00\x00\x00problemh"
    b"\x02ub.",
    b"\x80\x04\x95\xa9\x00\x00\x00\x00\x00\x00\x00\x8c\x15ghpackages_api.errors\x94\x8c\x07_revive\x93h\x00\x8c\x0b"
    b"DecodeError\x93\x8c\x07Package\x94\x8c\ncreated_at\x94\x8c\nis missing\x94\x87\x86R}(\x8c\x05modelh\x01\x8c\x05"
    b"fieldh\x02\x8c\x05value\x8c\x14ghpackages_api.types\x8c\x05Unset\x93\x8c\x05UNSET\x85R\x8c\x07problemh\x03ub.",
]


@pytest.mark.parametrize("pickled", OLD_PICKLES)
def test_an_error_that_was_pickled_by_its_old_path_still_loads(pickled: bytes) -> None:
    error = pickle.loads(pickled)  # noqa: S301

    assert type(error) is DecodeError
    assert (str(error), error.value) == ("Package.created_at is missing", UNSET)


@pytest.mark.parametrize("error", EVERY_ERROR, ids=lambda error: type(error).__name__)
def test_tracebacks_and_pickles_show_the_public_place(error: GitHubPackagesError) -> None:
    name = type(error).__name__

    assert getattr(exceptions, name) is type(error)
    assert "".join(format_exception_only(error)).startswith(f"ghpackages.exceptions.{name}: ")
    assert b"ghpackages.exceptions" in pickle.dumps(error)


def test_the_kinds_of_errors_that_are_copied_are_all_there_are() -> None:
    concrete = {*map(type, EVERY_ERROR), RateLimitError}
    kinds = {kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, GitHubPackagesError)}

    assert kinds == concrete


# Which 403 is a rate limit -----------------------------------------------------------------------------

ALLOW_LIST = (
    "Although you appear to have the correct authorization credentials, the `acme` organization has an IP allow list "
    "enabled, and your IP address is not permitted to access this resource."
)
ABUSE = "You have triggered an abuse detection mechanism. Please wait a few minutes before you try again."
RATE_LIMITS = "https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api"
OLD = "https://docs.github.com/rest/overview/resources-in-the-rest-api"

LIMITS: list[tuple[str, str, type[RateLimitError]]] = [
    (ABUSE, f"{OLD}#abuse-rate-limits", SecondaryRateLimitError),
    (ABUSE, "", SecondaryRateLimitError),
    ("Please wait.", f"{OLD}#abuse-rate-limits", SecondaryRateLimitError),
    ("Please wait.", "https://developer.github.com/v3/#abuse-rate-limits", SecondaryRateLimitError),
    (SECONDARY, "", SecondaryRateLimitError),
    (SECONDARY.upper(), "", SecondaryRateLimitError),
    ("Please wait.", f"{RATE_LIMITS}#about-secondary-rate-limits", SecondaryRateLimitError),
    ("", f"{OLD}#secondary-rate-limits", SecondaryRateLimitError),
    (PRIMARY, "", PrimaryRateLimitError),
    (PRIMARY, f"{OLD}#rate-limiting", PrimaryRateLimitError),
    ("API rate limit exceeded for 203.0.113.1. (But here's the good news: …)", "", PrimaryRateLimitError),
    ("Please wait.", f"{OLD}#rate-limiting", PrimaryRateLimitError),
    ("Please wait.", f"{RATE_LIMITS}#about-primary-rate-limits", PrimaryRateLimitError),
]
REFUSALS = [
    ALLOW_LIST,
    "You need at least read:packages scope to list packages.",
    "Resource not accessible by integration",
    "Resource not accessible by personal access token",
    "Resource protected by organization SAML enforcement.",
    "Must have admin rights to Repository.",
]
OTHERS = ["No.", "Forbidden", "Repository access blocked", "Your account was suspended."]
HEADERS = st.fixed_dictionaries(
    {},
    optional={
        "x-ratelimit-remaining": st.sampled_from(["0", "1", "4999", "", "none"]),
        "x-ratelimit-reset": st.sampled_from(["0", "4102444800", "soon"]),
        "retry-after": st.sampled_from(["0", "60", "soon", "Sun, 10 Apr 2011 20:09:31 GMT"]),
        "x-oauth-scopes": st.just("repo"),
    },
)


def kind(status: int, headers: dict[str, str], **body: Any) -> type[GitHubPackagesError]:
    return type(response_error(httpx.Response(status, headers=headers, **body)))


@given(st.sampled_from([403, 429]), st.sampled_from(LIMITS), HEADERS, st.booleans())
def test_text_about_a_limit_is_a_limit_whatever_the_headers_say(
    status: int, limit: tuple[str, str, type[RateLimitError]], headers: dict[str, str], signed_on: bool
) -> None:
    message, link, expected = limit
    if signed_on and message in {ABUSE, SECONDARY, PRIMARY}:
        headers = headers | {"x-github-sso": "required; url=https://github.com/orgs/acme/sso"}

    assert kind(status, headers, json={"message": message, "documentation_url": link}) is expected


@given(st.sampled_from(REFUSALS), HEADERS, st.sampled_from([None, PAGE, 5]))
def test_text_about_a_right_is_no_limit_whatever_the_headers_say(
    message: str, headers: dict[str, str], link: object
) -> None:
    assert kind(403, headers, json={"message": message, "documentation_url": link}) is PermissionDeniedError


@given(st.sampled_from(OTHERS) | st.text(min_size=1), HEADERS)
@example("No.", {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "4102444800"})
def test_any_other_message_is_a_limit_only_if_the_server_says_when_to_come_back(
    message: str, headers: dict[str, str]
) -> None:
    remaining = headers.get("x-ratelimit-remaining")
    limit = PrimaryRateLimitError if remaining == "0" else SecondaryRateLimitError

    assert kind(403, headers, json={"message": message}) is (limit if "retry-after" in headers else PermissionDeniedError)
    assert kind(429, headers, json={"message": message}) is limit


BODIES: list[dict[str, Any]] = [
    {"content": b""},
    {"html": "<html>Forbidden</html>"},
    {"text": "Forbidden"},
    {"json": {}},
    {"json": []},
    {"json": {"message": None, "documentation_url": None}},
    {"json": {"message": ""}},
]


@given(st.sampled_from(BODIES), HEADERS)
def test_without_a_message_the_headers_count(body: dict[str, Any], headers: dict[str, str]) -> None:
    exhausted, asked = headers.get("x-ratelimit-remaining") == "0", "retry-after" in headers
    expected = PrimaryRateLimitError if exhausted else SecondaryRateLimitError if asked else PermissionDeniedError

    assert kind(403, headers, **body) is expected
    assert kind(429, headers, **body) is (PrimaryRateLimitError if exhausted else SecondaryRateLimitError)


def test_a_limit_in_plain_text_is_a_limit() -> None:
    assert kind(403, {}, text=SECONDARY) is SecondaryRateLimitError


def test_an_answer_about_single_sign_on_is_no_limit() -> None:
    headers = {"x-github-sso": "required; url=https://github.com/orgs/acme/sso", "x-ratelimit-remaining": "0"}

    assert kind(403, headers, content=b"") is PermissionDeniedError


def test_whoever_is_not_on_the_ip_allow_list_reads_what_to_do() -> None:
    error = response_error(response(403, ALLOW_LIST, {"x-ratelimit-remaining": "0"}))

    assert "The address that this request came from is not allowed" in str(error)


# One line ----------------------------------------------------------------------------------------------


@given(st.text("a \n\r\t\v\f\x85\u2028"))
def test_every_message_is_one_line(text: str) -> None:
    broken = DecodeError(f"Package{text}", text, None, f"is not{text} a string")
    with_response = copy.copy(broken)
    with_response.response = response(200, json={})
    for error in (broken, with_response, connection_error("GET", URL, httpx.ReadError(f"400, message:{text}"))):
        assert len(str(error).splitlines()) == 1
        assert str(error) == " ".join(str(error).split())
