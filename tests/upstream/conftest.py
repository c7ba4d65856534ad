"""Fixtures for the tests of the comparison with GitHub's description."""

from __future__ import annotations

import pytest
from openapi.upstream.command import OURS
from openapi.upstream.document import Document
from openapi.upstream.sources import parse


@pytest.fixture(scope="session")
def ours() -> Document:
    """Our description."""
    return Document(parse(OURS.read_text("utf-8")))
