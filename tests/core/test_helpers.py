"""Helpers where the schema is awkward."""

from typing import Any

import pytest
from tests.core.wire import package, version

from ghpackages import Package, PackageVersion, repository_name, version_tags


@pytest.mark.parametrize(
    ("metadata", "expected"),
    [
        ({"package_type": "container", "container": {"tags": ["1.0", "latest"]}}, ("1.0", "latest")),
        ({"package_type": "container", "container": {"tags": []}}, ()),
        ({"package_type": "container"}, ()),
        ({"package_type": "docker", "docker": {"tag": ["1.0"]}}, ("1.0",)),
        ({"package_type": "docker", "docker": {"tags": ["1.0"]}}, ("1.0",)),
        ({"package_type": "docker", "docker": {"tag": ["1.0"], "tags": ["1.0", "2.0"]}}, ("1.0", "2.0")),
        ({"package_type": "docker", "docker": {"tag": None}}, ()),
        ({"package_type": "docker", "docker": None}, ()),
        ({"package_type": "container", "container": {}}, ()),
        ({"package_type": "container", "container": {"tags": None}}, ()),
        ({"package_type": "docker", "docker": {}}, ()),
        ({"container": {"tags": ["1.0"]}}, ("1.0",)),
        ({"container": {}}, ()),
        ({"docker": {"tags": ["1.0"]}}, ("1.0",)),
        ({"package_type": None}, None),
        ({"package_type": "maven"}, None),
        ({}, None),
        (None, None),
    ],
)
def test_tags_are_a_tuple_or_none_where_the_type_has_no_tags(
    metadata: dict[str, Any] | None, expected: tuple[str, ...] | None
):
    assert version_tags(PackageVersion.from_dict(version(1, metadata=metadata))) == expected


def test_a_version_without_metadata_has_no_tags():
    payload = version(1)
    del payload["metadata"]
    assert version_tags(PackageVersion.from_dict(payload)) is None


def test_the_repository_is_named_with_its_owner_and_none_if_there_is_none():
    repository = {
        "id": 1,
        "name": "web",
        "full_name": "acme/web",
        "private": True,
        "html_url": "https://github.com/acme/web",
    }
    assert repository_name(Package.from_dict(package(1, repository=repository))) == "acme/web"
    assert repository_name(Package.from_dict(package(1, repository=None))) is None
    assert repository_name(Package.from_dict(package(1))) is None
