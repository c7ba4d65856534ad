"""What the environment says, and which base URL can be one."""

import ipaddress
import os
from collections.abc import Mapping

import httpx

DEFAULT_BASE_URL = "https://api.github.com"


def environment(trust_env: bool) -> Mapping[str, str]:
    """The environment, if it is trusted. Not to be kept in a variable: a traceback may show those, tokens included."""
    return os.environ if trust_env else {}


def check_base_url(base_url: str, *, allow_http: bool) -> httpx.URL:
    """The URL without slashes at its end.

    Raises:
        ValueError: It can't be the base of an API, or it is plain http to another host than this one.
    """
    try:
        url = httpx.URL(base_url.strip().rstrip("/"))
    except httpx.InvalidURL as cause:
        raise ValueError(f"base_url is no URL: {base_url!r}") from cause
    if url.scheme not in {"http", "https"} or not url.host:
        raise ValueError(f"base_url must begin with https://: {base_url!r}")
    if url.userinfo or url.query or url.fragment:
        raise ValueError("base_url must not have a user, a query or a fragment")
    if url.scheme == "http" and not allow_http and not _is_loopback(url.host):
        raise ValueError(f"base_url is plain http, which shows the token to the network: {base_url!r} (see allow_http)")
    return url


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def environment_base_url(environment: Mapping[str, str]) -> str:
    """The API that the environment names, else GitHub's own."""
    return environment.get("GITHUB_API_URL") or DEFAULT_BASE_URL


def environment_token(environment: Mapping[str, str], base_url: httpx.URL) -> str | None:
    """The token that the environment has for this API; None if it has none at all.

    Raises:
        ValueError: It has one, but for another server.
    """
    named = httpx.URL(environment_base_url(environment).strip().rstrip("/"))
    token = environment.get("GH_TOKEN") or environment.get("GITHUB_TOKEN")
    if (named.scheme, named.host, named.port) == (base_url.scheme, base_url.host, base_url.port):
        return token
    enterprise_token = environment.get("GH_ENTERPRISE_TOKEN") or environment.get("GITHUB_ENTERPRISE_TOKEN")
    if token and not enterprise_token:
        del environment, token  # a traceback may show variables
        raise ValueError(
            f"the environment's token belongs to {named.host} and is not sent to {base_url.host}: "
            "set GH_ENTERPRISE_TOKEN, or pass token="
        )
    return enterprise_token
