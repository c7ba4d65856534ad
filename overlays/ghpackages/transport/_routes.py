"""The route to a host: which hosts are this machine, and which requests go through a proxy."""

import os
import re
from importlib import import_module
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.request import getproxies, proxy_bypass

import httpx

_MAX_PORT = 65535
_DEFAULT_PORTS = {"http": 80, "https": 443}
_PREFIX_OF_MAPPED = 96  # ::ffff:0:0/96 are the IPv4 addresses


def has_possible_port(url: httpx.URL) -> bool:
    """Return whether a connection can be made to the port of a URL."""
    return url.port is None or 0 < url.port <= _MAX_PORT


def is_loopback(host: str) -> bool:
    """Return whether a host is this machine, so that nothing sent to it leaves the machine."""
    name = host.lower().rstrip(".")
    address = _address(name)
    return address.is_loopback if address else name == "localhost" or name.endswith(".localhost")


def is_exempt(url: httpx.URL, no_proxy: str) -> bool:
    """Return whether NO_PROXY exempts a URL from the proxy.

    The value is a list separated by commas or blanks. Each entry is `*`, a name (of a host and its subdomains), a name
    after a dot (the same), a name after `*.` (subdomains only), an address or a range of addresses, each of them
    optionally with a port; IPv6 may be in brackets. A name after `http://`, `https://` or `all://` is of that scheme,
    and without its subdomains. Entries that can't be read are ignored.

    Sources: https://pkg.go.dev/golang.org/x/net/http/httpproxy#Config,
    https://curl.se/libcurl/c/CURLOPT_NOPROXY.html, https://www.python-httpx.org/environment_variables/
    """
    return any(_covers(entry, url) for entry in re.split(r"[\s,]+", no_proxy.lower()))


def _covers(entry: str, url: httpx.URL) -> bool:
    scheme, has_scheme, target = entry.rpartition("://")
    if has_scheme and scheme not in {"all", url.scheme}:
        return False
    pattern, port = _split_port(target.rstrip("/"))
    if port and int(port) != (url.port or _DEFAULT_PORTS[url.scheme]):
        return False
    if pattern in {"", "*"}:
        return bool(pattern or has_scheme)
    address = _address(url.host.rstrip("."))
    if address:
        network = _network(pattern)
        return network is not None and address in network
    return _matches_name(pattern, url.raw_host.decode("ascii").rstrip("."), exactly=bool(has_scheme))


def _matches_name(pattern: str, host: str, *, exactly: bool) -> bool:
    try:
        name = httpx.URL(scheme="http", host=pattern.lstrip("*").strip(".")).raw_host.decode("ascii")
    except httpx.InvalidURL:
        return False
    if host == name:
        return not pattern.startswith("*.")
    return host.endswith(f".{name}") and (pattern.startswith(("*", ".")) or not exactly)


def _split_port(target: str) -> tuple[str, str]:
    host, _, port = target.rpartition(":")
    has_port = re.fullmatch("[0-9]{0,5}", port) and not _network(target)  # the colons of IPv6 are no ports
    return (host, port) if has_port and ":" in target else (target, "")


def _address(host: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(host)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _network(text: str) -> IPv4Network | IPv6Network | None:
    try:
        network = ip_network(re.sub(r"^\[([^\]]*)\](?=/|$)", r"\1", text), strict=False)
    except ValueError:
        return None
    mapped = getattr(network.network_address, "ipv4_mapped", None)
    return network if mapped is None else IPv4Network((mapped, network.prefixlen - _PREFIX_OF_MAPPED))


def environment_proxy(base_url: httpx.URL) -> tuple[str, str] | None:
    """Return the proxy that the environment, or the system, names for a URL, and where it is named."""
    proxies = getproxies()
    kind = next((kind for kind in (base_url.scheme, "all") if proxies.get(kind, "").strip()), None)
    if kind is None or is_loopback(base_url.host):
        return None
    exempt = is_exempt(base_url, proxies["no"]) if "no" in proxies else proxy_bypass(base_url.host)
    if exempt:
        return None
    variables = (name for name in os.environ if name.lower() == f"{kind}_proxy" and os.environ[name] == proxies[kind])
    proxy = proxies[kind].strip()
    return proxy if "://" in proxy else f"http://{proxy}", next(variables, "The proxy of the system")


def find_proxy(
    base_url: httpx.URL, proxy: str | httpx.URL | httpx.Proxy | None, *, trust_env: bool, allow_http: bool
) -> httpx.Proxy | None:
    """Return the proxy to use, or None.

    Raises:
        ValueError: The proxy is invalid, needs a package that is missing, can't be used for this URL, or would see a
            token that is meant to stay on this machine. The message does not contain the proxy's password.
    """
    source = "proxy="
    if proxy is None:
        found = environment_proxy(base_url) if trust_env else None
        if found is None:
            return None
        proxy, source = found
    checked = _checked(proxy, source)
    is_tunnel = base_url.scheme == "https" and checked.url.scheme in {"http", "https"}
    if is_tunnel and ":" in base_url.host:
        # httpcore sends CONNECT without the brackets: https://github.com/pydantic/httpx2/issues/1091
        raise ValueError(f"{source} can't be used with https and an IPv6 address: base_url must contain a name instead")
    stays_here = is_loopback(base_url.host) and not is_loopback(checked.url.host)
    if stays_here and base_url.scheme == "http" and not allow_http:
        raise ValueError(
            f"{source} would show the token to the network, as base_url is plain http on this machine (see allow_http)"
        )
    return checked


def _checked(proxy: str | httpx.URL | httpx.Proxy, source: str) -> httpx.Proxy:
    try:
        checked = proxy if isinstance(proxy, httpx.Proxy) else httpx.Proxy(proxy)
        has_host = bool(checked.url.host)
    except (httpx.InvalidURL, TypeError, ValueError):
        checked, has_host = None, False
    # Raised here, outside of the `except`, since the errors of httpx can contain the password.
    if checked is None or not has_host or not has_possible_port(checked.url):
        raise ValueError(f"{source} must be a valid URL with http://, https://, socks5:// or socks5h://, and a host")
    if checked.url.scheme.startswith("socks"):
        try:
            import_module("socksio")
        except ImportError as cause:
            needs = 'the package socksio: pip install "httpx[socks]"'
            raise ValueError(f"{source} is a SOCKS proxy, which needs {needs}") from cause
    return checked
