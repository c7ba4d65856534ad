"""Fixtures for the tests of the OpenAPI document."""

from __future__ import annotations

from typing import Any

import pytest
from tests.openapi.reading import read_document


@pytest.fixture(scope="session")
def document() -> dict[str, Any]:
    """The OpenAPI document."""
    return read_document()
