"""What contenders share that give objects."""

from __future__ import annotations

from typing import Any

from benchmarks.peers.contenders._pages import Count, counted


def count(versions: list[Any]) -> Count[Any]:
    """What is counted of a page of versions; all name its attributes alike."""
    tagged = sum(1 for version in versions if version.metadata.container.tags)
    return counted([version.created_at for version in versions], tagged)
