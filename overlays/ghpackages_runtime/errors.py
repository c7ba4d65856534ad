"""The errors that requests and decoders raise.

Users import them from `ghpackages.exceptions`, which is also their `__module__`. Endpoint functions and `ghpackages`
raise the same ones, so that one `except` serves both. The stock generator returns documented errors as values and
undocumented ones as None: https://github.com/openapi-generators/openapi-python-client/issues/491,
https://github.com/openapi-generators/openapi-python-client/issues/1062.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Literal, cast

import httpx

IN_DOUBT = "ghpackages.in_doubt"
"""The extension of a request by which a transport marks a change that may have taken effect, although it failed."""

LARGEST_ERROR = 2**18
"""How many bytes the body of an error may have to be parsed."""

LONGEST = 2_000
"""How many characters of a server's message an error contains at most."""

_TOKENS = "https://docs.github.com/packages/learn-github-packages/about-permissions-for-github-packages"


class GitHubPackagesError(Exception):
    """The base of all errors of this library.

    Attributes:
        outcome: "unknown" if a deletion or restoration failed but may still have taken effect, because neither its
            response nor the look-ups after it prove anything; otherwise None.
    """

    outcome: Literal["unknown"] | None = None

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle and copy without calling `__init__`, whose arguments differ between the classes."""
        return revive, (type(self), self.args), self.__dict__


def revive(cls: type[GitHubPackagesError], args: tuple[object, ...]) -> GitHubPackagesError:
    """Recreate an error from a pickle, except for its attributes."""
    error = cls.__new__(cls)
    error.args = args
    return error


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}… ({len(text):,} characters)"


def _request_of(answer: httpx.Response | httpx.RequestError) -> httpx.Request | None:
    try:
        return answer.request
    except RuntimeError:  # it was made by hand
        return None


def _outcome_of(request: httpx.Request | None) -> Literal["unknown"] | None:
    return "unknown" if request is not None and IN_DOUBT in request.extensions else None


_UNKNOWN = "It may have taken effect all the same"


class _Answer:
    """The facts that an error takes from a response."""

    def __init__(self, response: httpx.Response) -> None:
        request = _request_of(response)
        body = error_body(response)
        self.status = response.status_code
        said = str(body.get("message") or _first_line(response) or response.reason_phrase or "no message")
        self.message = _shortened(said)
        link: object = body.get("documentation_url")
        self.documentation_url = _shortened(link) if isinstance(link, str) else None
        request_id: str | None = response.headers.get("x-github-request-id")
        self.request_id = _shortened(request_id) if request_id is not None else None
        self.outcome = _outcome_of(request)
        self.method: str = request.method if request else ""
        self.url: str = str(request.url.copy_with(query=None)) if request else ""
        self.response = response

    def line(self, cause: str) -> str:
        did = "was not sent" if "not_sent" in self.response.extensions else f"answered {self.status}"
        said = f"{self.method} {self.url} {did}: {self.message}".rstrip()
        parts = [said if said.endswith((".", "!", "?")) else f"{said}."]
        if cause:
            parts.append(f"{_shortened(cause)}.")
        if self.outcome:
            parts.append(f"{_UNKNOWN}.")
        if self.documentation_url:
            parts.append(f"See {self.documentation_url}")
        if self.request_id:
            parts.append(f"(request {self.request_id})")
        return _one_line(" ".join(parts))


class APIError(GitHubPackagesError):
    """The server responded with an error status.

    Attributes:
        status: The HTTP status.
        message: The server's message.
        documentation_url: The page that the server refers to.
        request_id: GitHub's id of the request, which its support asks for.
        method: The method of the request.
        url: The URL of the request, without its query.
        response: The whole response.
    """

    status: int
    message: str
    documentation_url: str | None
    request_id: str | None
    method: str
    url: str
    response: httpx.Response

    def __init__(self, response: httpx.Response) -> None:
        answer = _Answer(response)
        super().__init__(answer.line(_likely_cause(answer)))
        self.__dict__.update(vars(answer))


class BadRequestError(APIError):
    """400: refused, such as deleting the last version, or listing with a token of an app."""


class AuthenticationError(APIError):
    """401: no token, or one that is not valid."""


class PermissionDeniedError(APIError):
    """403: the token lacks a scope, a right or single sign-on."""


class NotFoundError(APIError):
    """404: it does not exist, or is hidden from this token."""


class ValidationFailedError(APIError):
    """422: a parameter is wrong."""


class ServerError(APIError):
    """5xx: the server failed or took too long."""


class RateLimitError(GitHubPackagesError):
    """The request was refused for now.

    Source: https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api

    Attributes:
        retry_at: When the request may be made again, in UTC; None if the server did not say.
        retry_after: The same in seconds, counted from the arrival of the response.
        status: The HTTP status, 403 or 429; 429 also if the request was not sent, because it would have been refused.
        message: The server's message.
        documentation_url: The page that the server refers to.
        request_id: GitHub's id of the request.
        method: The method of the request.
        url: The URL of the request, without its query.
        response: The whole response.
    """

    retry_at: datetime | None
    retry_after: float | None
    status: int
    message: str
    documentation_url: str | None
    request_id: str | None
    method: str
    url: str
    response: httpx.Response

    def __init__(self, response: httpx.Response) -> None:
        answer = _Answer(response)
        self.retry_at, self.retry_after = _retry_time(response, datetime.now(UTC))
        when = f"Try again at {self.retry_at:%Y-%m-%d %H:%M:%S} UTC" if self.retry_at else "Wait at least a minute"
        super().__init__(answer.line(when))
        self.__dict__.update(vars(answer))


class PrimaryRateLimitError(RateLimitError):
    """The requests of the hour are used up."""


class SecondaryRateLimitError(RateLimitError):
    """Too many requests at once, in a minute, or too many changes."""


class APIConnectionError(GitHubPackagesError):
    """No response arrived, or only a part of one. `__cause__` is the error of httpx.

    Attributes:
        method: The method of the request.
        url: The URL of the request, without its query.
    """

    def __init__(self, method: str, url: str, problem: str, *, outcome: Literal["unknown"] | None = None) -> None:
        doubt = f". {_UNKNOWN}" if outcome else ""
        super().__init__(f"{method} {url} got no complete answer: {problem}{doubt}")
        self.method = method
        self.url = url
        self.outcome = outcome


class APITimeoutError(APIConnectionError):
    """The response took longer than the timeout."""


class DecodeError(GitHubPackagesError):
    """A response does not match the description of the API.

    Attributes:
        model: The name of the expected model, or of another expected value.
        field: The key at fault, with dots if it is nested; empty if the value as a whole is invalid.
        value: The value found; UNSET if there is none.
        problem: The fault, as a predicate: "is missing".
        index: The position of the item in a list, from 0; None outside lists. Of several items it is the first.
        page: The page that the list is, from 1; None outside listings.
        failed: How many items can't be decoded; at the end of a listing, on all its pages.
        decoded: The other items of the list; empty at the end of a listing, which has given them before.
        response: The response; None if a model was decoded by itself.
    """

    index: int | None = None
    page: int | None = None
    failed: int = 1
    decoded: Sequence[Any] = ()
    response: httpx.Response | None = None

    def __init__(self, model: str, field: str, value: object, problem: str) -> None:
        super().__init__(model, field, problem)
        self.model = model
        self.field = field
        self.value = value
        self.problem = problem

    def __str__(self) -> str:
        where = f"{self.model}.{self.field}" if self.field else self.model
        item = "" if self.index is None else f" (item {self.index} of {self._place()})"
        if self.response is None:
            return _one_line(f"{where} {self.problem}{item}")
        answer = _Answer(self.response)
        request = f" (request {answer.request_id})" if answer.request_id else ""
        return _one_line(f"{answer.method} {answer.url}: {where} {self.problem}{item}{request}")

    def _place(self) -> str:
        page = "the list" if self.page is None else f"page {self.page}"
        return page if self.failed == 1 else f"{page}, the first of {self.failed} items that can't be decoded"


def connection_error(method: str, url: str, cause: httpx.RequestError) -> APIConnectionError:
    """Return the error for an exception of httpx; raise it from that exception."""
    kind = APITimeoutError if isinstance(cause, httpx.TimeoutException) else APIConnectionError
    problem = _shortened(_one_line(f"{type(cause).__name__} {cause}"))  # messages of aiohttp have several lines
    return kind(method, url, problem, outcome=_outcome_of(_request_of(cause)))


def response_error(response: httpx.Response) -> APIError | RateLimitError:
    """Return the error for an unsuccessful response."""
    status = response.status_code
    limit = _rate_limit(response) if status in {403, 429} else None
    return (limit or (ServerError if status >= 500 else _BY_STATUS.get(status, APIError)))(response)


def _rate_limit(response: httpx.Response) -> type[RateLimitError] | None:
    """Return the kind of rate limit; None if waiting would not help.

    Text counts before headers: other refusals, such as one by an IP allow list, also come with
    `x-ratelimit-remaining: 0`, and the limits of older Enterprise Servers without any header
    (https://github.com/hub4j/github-api/issues/289).

    Source: https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api
    """
    body = error_body(response)
    message = str(body.get("message") or "").lower()
    text = message or _first_line(response).lower()
    link = str(body.get("documentation_url") or "").lower()
    if any(words in text for words in _SECONDARY):
        return SecondaryRateLimitError
    if "api rate limit exceeded" in text:
        return PrimaryRateLimitError
    is_limited = response.status_code == 429
    if not is_limited and ("x-github-sso" in response.headers or any(words in text for words in _REFUSALS)):
        return None
    if any(anchor in link for anchor in _SECONDARY_LINKS):
        return SecondaryRateLimitError
    if any(anchor in link for anchor in _PRIMARY_LINKS):
        return PrimaryRateLimitError
    is_asked_to_wait = is_limited or "retry-after" in response.headers or "rate-limit" in link
    if response.headers.get("x-ratelimit-remaining") == "0" and (is_asked_to_wait or not message):
        return PrimaryRateLimitError
    return SecondaryRateLimitError if is_asked_to_wait else None


_SECONDARY = ("secondary rate limit", "abuse detection mechanism")
_SECONDARY_LINKS = ("abuse-rate-limit", "secondary-rate-limit")
_PRIMARY_LINKS = ("#rate-limiting", "primary-rate-limit")
_REFUSALS = ("ip allow list", "saml", "scope", "not accessible by", "must have admin rights")

_BY_STATUS: dict[int, type[APIError]] = {
    400: BadRequestError,
    401: AuthenticationError,
    403: PermissionDeniedError,
    404: NotFoundError,
    422: ValidationFailedError,
}


def error_body(response: httpx.Response) -> Mapping[str, Any]:
    """Return the JSON object in an error; empty if there is none, or one that is larger than any error of the API."""
    try:
        body: object = json.loads(response.content) if len(response.content) <= LARGEST_ERROR else None
    except (ValueError, RecursionError):
        return {}
    return cast("Mapping[str, Any]", body) if isinstance(body, dict) else {}


def is_html(response: httpx.Response) -> bool:
    """Whether the body is a web page instead of JSON."""
    return str(response.headers.get("content-type", "")).startswith("text/html")


def is_github_api(host: str) -> bool:
    """Return whether a host is GitHub's own API: that of github.com, or of a subdomain of ghe.com."""
    return host == "api.github.com" or (host.startswith("api.") and host.endswith(".ghe.com"))


def web_page_cause(response: httpx.Response) -> str:
    """Return the likely reason for a web page instead of JSON; empty if it is none, or if the reason is unknown."""
    request = _request_of(response)
    if not request or not is_html(response) or is_github_api(request.url.host):
        return ""
    host = request.url.host
    if f".{host}".endswith(".github.com"):
        return "The answer is a web page: base_url must be https://api.github.com"
    if host.endswith(".ghe.com"):
        return f"The answer is a web page: base_url must be https://api.{host.split('.')[-3]}.ghe.com"
    if "/api/v3/" in request.url.path:
        return ""
    return "The answer is a web page: on Enterprise Server base_url ends with /api/v3"


def _first_line(response: httpx.Response) -> str:
    """Return the beginning of a body that is not JSON, if a person can read it."""
    if is_html(response):
        return ""
    # Not `response.text`: it raises on some of the charsets that a Content-Type can name.
    lines = response.content[:LONGEST].decode(errors="replace").strip().splitlines()
    return lines[0][:200] if lines else ""


def _retry_time(response: httpx.Response, now: datetime) -> tuple[datetime | None, float | None]:
    after = response.headers.get("retry-after", "")
    reset = response.headers.get("x-ratelimit-reset", "")
    try:
        if after.isdigit():
            when = now + timedelta(seconds=int(after))
        elif after:
            when = parsedate_to_datetime(after)
            when = when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
        elif reset.isdigit() and response.headers.get("x-ratelimit-remaining") == "0":
            when = datetime.fromtimestamp(int(reset), UTC)
        else:
            return None, None
    except (ValueError, OverflowError, OSError):
        return None, None
    return when, max(0.0, (when - now).total_seconds())


def _likely_cause(answer: _Answer) -> str:
    """Return the cause that a person should look at first."""
    message = answer.message.lower()
    rules = {400: _cause_of_400, 401: _cause_of_401, 403: _cause_of_403, 404: _cause_of_404, 410: _cause_of_410}
    cause = rules[answer.status](answer, message) if answer.status in rules else ""
    if answer.status >= 500:
        cause = "GitHub had trouble; a large page can take longer than the 10 s that it has: try a smaller per_page"
    return cause or web_page_cause(answer.response)


def _cause_of_400(answer: _Answer, message: str) -> str:
    # https://github.com/cli/cli/issues/9606
    if message.startswith("invalid argument"):
        return (
            f"Likely a token of an app or of Actions; GitHub supports personal access tokens (classic) only, {_TOKENS}"
        )
    return ""


def _cause_of_401(answer: _Answer, message: str) -> str:
    if "bad credentials" in message:
        return "The token is mistyped, expired or revoked, or belongs to another server"
    return "Packages can't be read without a token: set GH_TOKEN, or pass token="


def _cause_of_403(answer: _Answer, message: str) -> str:
    sign_on = answer.response.headers.get("x-github-sso", "")
    if sign_on or "saml" in message:
        # https://docs.github.com/rest/authentication/authenticating-to-the-rest-api
        where = sign_on.partition("url=")[2] or "https://github.com/settings/tokens"
        return f"Authorise the token for single sign-on of this organisation: {where}"
    if "ip allow list" in message:
        # https://docs.github.com/organizations/keeping-your-organization-secure/managing-security-settings-for-your-organization/managing-allowed-ip-addresses-for-your-organization
        return "The address that this request came from is not allowed: an owner can add it to the IP allow list"
    if "not accessible by" in message:
        return f"This kind of token has no right to it; use a personal access token (classic), {_TOKENS}"
    if "scope" in message:
        has = answer.response.headers.get("x-oauth-scopes")
        if has is None:
            return f"Only personal access tokens (classic) have scopes, and GitHub supports no others here, {_TOKENS}"
        return f"The token has the scopes {has or '(none)'}; add what is missing at https://github.com/settings/tokens"
    return ""


def _cause_of_404(answer: _Answer, message: str) -> str:
    # https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api
    if "version not found" in message:
        return "The version does not exist or was deleted, or the package is hidden from this token"
    if "package not found" in message:
        return "The package does not exist under this name and type, or is hidden from this token"
    if is_html(answer.response):
        return ""
    return "The owner or path does not exist, or is hidden from this token"


def _cause_of_410(answer: _Answer, message: str) -> str:
    return "This API version was retired: pass a newer api_version="


__all__ = [
    "APIConnectionError",
    "APIError",
    "APITimeoutError",
    "AuthenticationError",
    "BadRequestError",
    "DecodeError",
    "GitHubPackagesError",
    "NotFoundError",
    "PermissionDeniedError",
    "PrimaryRateLimitError",
    "RateLimitError",
    "SecondaryRateLimitError",
    "ServerError",
    "ValidationFailedError",
    "connection_error",
    "error_body",
    "response_error",
]

for _name in __all__:
    if isinstance(globals()[_name], type):  # tracebacks and pickles name the public place
        globals()[_name].__module__ = "ghpackages.exceptions"
