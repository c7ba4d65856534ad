"""The picture shows what was measured, as text that can be read and found."""

import re

import pytest
from benchmarks.peers.results import read
from tests.benchmarks.made_up import Json, changed, figure, results, uninstalled

pytest.importorskip("matplotlib")

from benchmarks.peers import picture  # only now: it needs matplotlib


def texts(svg: str) -> list[str]:
    return re.findall(r"<text[^>]*>([^<]*)</text>", svg)


def drawn(data: Json) -> list[str]:
    return texts(picture.draw(read(data)))


def test_the_same_results_give_the_same_picture_without_a_date() -> None:
    svg = picture.draw(results())
    assert svg == picture.draw(results())
    assert "<dc:date>" not in svg


def test_values_names_and_references_are_text() -> None:
    found = drawn(changed())
    assert {"ghpackages[fast]", "audit, 50 ms, 100 at once"} <= set(found)
    assert {"× the limit", "× raw aiohttp", "× orjson alone"} <= set(found)
    assert {"1.34", "7.58", "15.8", "10.6"} <= set(found)


def test_it_has_a_ground_of_its_own() -> None:
    assert "fill: #ffffff" in picture.draw(results())


def test_what_was_not_measured_says_so() -> None:
    data = changed()
    uninstalled(data, "cattrs", "no network")
    figure(data, "githubkit", "list")["problem"] = "9,999 packages"
    data["figures"].remove(figure(data, "httpx", "list"))
    found = drawn(data)
    assert [found.count(text) for text in ("not installed", "failed", "not measured")] == [2, 1, 1]


def test_panels_of_which_nothing_was_measured_are_left_out() -> None:
    data = changed()
    data["figures"] = [each for each in data["figures"] if each["task"].startswith("decode-")]
    found = drawn(data)
    assert "decode a package" in found
    assert "audit, 50 ms, 64 at once" not in found


def test_a_run_of_nothing_can_be_drawn() -> None:
    assert "others, typed" in drawn({**changed(), "figures": []})
