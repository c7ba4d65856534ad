"""Every layer does what an audit does, up to where it ends."""

from __future__ import annotations

import gc
from collections import Counter

import httpx
import pytest
from benchmarks.peers.breakdown import Asked, Layer, Layers, UnparsedTransport, all_layers, pages_of
from tests.core.wire import Recorder, client, package, version
from tests.core.wire import pages_of as served

from ghpackages_api.client import PARSED_BODY

SIZES = {"package-1": 150, "package-2": 1, "package-3": 99}
URL = "https://api.github.com"
ONLY_PAGE = f'<{URL}/organizations/363514/packages?page=1>; rel="first"'
"""A Link that proves that there is no further page."""


def answer(request: httpx.Request) -> httpx.Response:
    """Three packages, with five pages in all."""
    listed, _, name = request.url.path.removesuffix("/versions").partition("/container/")
    assert listed == "/orgs/acme/packages"
    if name:
        return served([version(number) for number in range(SIZES[name], 0, -1)])(request)
    packages = [package(number, version_count=count) for number, count in enumerate(SIZES.values(), 1)]
    return served(packages, link=ONLY_PAGE)(request)


def asked(recorder: Recorder) -> Counter[tuple[str, frozenset[tuple[str, str]]]]:
    """What was asked for: paths and parameters, in any order."""
    return Counter((each.url.path, frozenset(each.url.params.items())) for each in recorder.requests)


@pytest.fixture
def recorder() -> Recorder:
    return Recorder(answer)


@pytest.fixture
def layers(recorder: Recorder) -> Layers:
    return Layers(client(recorder), client(UnparsedTransport(recorder)), recorder, URL)


async def test_every_layer_asks_for_the_pages_of_the_audit(layers: Layers, recorder: Recorder):
    pages = pages_of(await layers.github.org("acme").packages("container").collect())
    found = dict[str, object]()
    for layer in all_layers(layers, pages, 2):
        recorder.requests.clear()
        await layer.measure()
        found[layer.name] = asked(recorder)
    assert len(pages) == 5
    assert found == dict.fromkeys(found, found["audit"])
    assert list(found) == ["connections", "transports", "parsing", "decoding", "pages", "audit", "collector"]


async def test_only_the_transports_layer_leaves_answers_unparsed(layers: Layers):
    page = Asked("package-1", 2)
    plain = await layers.unparsed.api.send("GET", page.path, page.params)
    parsed = await layers.github.api.send("GET", page.path, page.params)
    assert (plain.status_code, PARSED_BODY in plain.extensions) == (203, False)
    assert (parsed.status_code, PARSED_BODY in parsed.extensions) == (200, True)
    assert plain.content == parsed.content


async def test_what_is_no_success_keeps_its_status():
    refused = UnparsedTransport(Recorder(lambda request: httpx.Response(404)))
    assert (await refused.handle_async_request(httpx.Request("GET", URL))).status_code == 404


@pytest.mark.parametrize("collects", [False, True])
async def test_the_collector_is_on_only_where_it_is_measured(collects: bool):
    seen = list[bool]()

    async def work() -> None:
        seen.append(gc.isenabled())

    layer = Layer("any", work, collects=collects)
    await layer.measure()
    assert (seen, gc.isenabled(), len(layer.times)) == ([collects], True, 1)


async def test_work_that_fails_leaves_the_collector_on():
    async def work() -> None:
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        await Layer("any", work).measure()
    assert gc.isenabled()
