"""What goes wrong before anything is sent shows no token either, not even among the variables of our frames."""

import contextlib
import traceback
from collections.abc import Mapping

import pytest

from ghpackages import GitHubPackages

MARKER = "ghp_planted0marker"


def shown(error: BaseException) -> str:
    """All that may be said of an error, and the variables of its frames but those of this test."""
    texts = traceback.format_exception(error)
    for frame, _ in traceback.walk_tb(error.__traceback__):
        if "test_leaks" not in frame.f_code.co_filename:
            for value in frame.f_locals.values():
                with contextlib.suppress(AttributeError):  # a client that is half made has no repr
                    texts.append(repr(value))
    assert len(texts) > 3
    return "".join(texts)


@pytest.mark.parametrize(
    "options",
    [
        {"token": f"{MARKER} "},
        {"token": MARKER, "base_url": "nonsense"},
        {"token": MARKER, "base_url": "http://ghe.example.com"},
        {"token": MARKER.encode()},
        {"token": MARKER, "proxy": "nonsense://x"},
    ],
)
def test_an_argument_that_is_refused_shows_no_token(options: Mapping[str, object]):
    with pytest.raises((ValueError, TypeError)) as caught:
        GitHubPackages(**options)  # type: ignore[arg-type]
    assert MARKER not in shown(caught.value)


@pytest.mark.parametrize("base_url", ["https://ghe.example.com/api/v3", "nonsense"])
def test_a_token_of_the_environment_that_is_refused_is_not_shown(base_url: str, monkeypatch: pytest.MonkeyPatch):
    for name in ("GITHUB_API_URL", "GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GH_TOKEN", MARKER)
    with pytest.raises(ValueError, match=r"belongs to|base_url") as caught:
        GitHubPackages(base_url=base_url)
    assert MARKER not in shown(caught.value)
