"""Filters over versions and packages, without any network."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ghpackages import Package, PackageVersion
from ghpackages.audit import PackageFilter, VersionFilter, VersionMatch

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def version(
    id_: int = 1,
    *,
    created: str = "2026-01-03T10:00:00Z",
    updated: str | None = None,
    tags: Sequence[str] | None = (),
    deleted: str | None = None,
) -> PackageVersion:
    """Make a version; without tags (None) one of a maven package."""
    metadata: dict[str, Any] = {"package_type": "maven"}
    if tags is not None:
        metadata = {"package_type": "container", "container": {"tags": list(tags)}}
    return PackageVersion.from_dict(
        {
            "id": id_,
            "name": f"v{id_}",
            "url": "u",
            "package_html_url": "p",
            "created_at": created,
            "updated_at": updated or created,
            "metadata": metadata,
            **({"deleted_at": deleted} if deleted else {}),
        }
    )


def package(name: str, repository: str | None = None) -> Package:
    """Make a package, linked to a repository or not."""
    dates = {"created_at": "2026-01-01T00:00:00Z", "updated_at": "2026-01-01T00:00:00Z"}
    data: dict[str, Any] = {"id": 1, "name": name, "package_type": "npm", "visibility": "public", **dates}
    if repository:
        data["repository"] = {"id": 1, "name": "r", "full_name": repository, "private": True, "html_url": "h"}
    return Package.from_dict({**data, "url": "u", "html_url": "h"})


def matching(versions: Sequence[PackageVersion], **filters: Any) -> list[VersionMatch]:
    return VersionFilter(**filters).matches(versions, as_of=NOW)


def ids(matches: Sequence[VersionMatch]) -> list[int]:
    return [match.version.id for match in matches]


def test_the_reason_says_what_and_why() -> None:
    (match,) = matching([version()], older_than="6 months")

    assert match.reason == "older than 2026-05-22: created 2026-01-03"


def test_all_filters_must_hold_and_each_gives_its_reason() -> None:
    versions = [version(1), version(2, tags=["latest"]), version(3, created="2026-11-01T00:00:00Z")]
    (match,) = matching(versions, untagged=True, older_than="6 months", skip_newest=1)

    assert match.version.id == 1
    assert match.reason == "untagged; older than 2026-05-22: created 2026-01-03; not among the newest 1"


def test_within_a_day_the_reason_has_the_time() -> None:
    (match,) = matching([version(created="2026-11-22T01:00:00Z")], older_than="2 hours")

    assert match.reason == "older than 2026-11-22T10:00:00Z: created 2026-11-22T01:00:00Z"


def test_an_instant_is_a_limit_too() -> None:
    versions = [version(1, created="2026-01-01T00:00:00Z"), version(2, created="2026-03-01T00:00:00Z")]

    assert ids(matching(versions, older_than="2026-02-01T00:00:00Z")) == [1]
    assert ids(matching(versions, newer_than=datetime(2026, 2, 1, tzinfo=UTC))) == [2]


def test_the_limit_itself_is_neither_older_nor_newer() -> None:
    exact = version(created="2026-05-22T12:00:00Z")

    assert matching([exact], older_than="6 months") == []
    assert matching([exact], newer_than="6 months") == []


def test_by_updated_looks_at_the_other_date() -> None:
    versions = [version(1, updated="2026-11-20T00:00:00Z"), version(2)]

    assert ids(matching(versions, older_than="6 months", by="updated")) == [2]
    assert "updated 2026-01-03" in matching(versions, older_than="6 months", by="updated")[0].reason
    assert ids(matching(versions, skip_newest=0, newer_than="6 months", by="updated")) == [1]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"tagged": True}, [2, 3]),
        ({"untagged": True}, [1]),
        ({"tags_any": ["1.*", "x"]}, [2, 3]),
        ({"tags_any": "latest"}, [3]),
        ({"tags_all": ["1.*", "latest"]}, [3]),
        ({"tags_none": ["latest"]}, [1, 2]),
        ({"tags_none": ["latest"], "tagged": True}, [2]),
        ({"tags_any": ["LATEST"]}, []),
    ],
)
def test_tags(filters: dict[str, Any], expected: list[int]) -> None:
    versions = [version(1), version(2, tags=["1.0"]), version(3, tags=["1.1", "latest"]), version(4, tags=None)]

    assert expected == ids(matching(versions, **filters))


@pytest.mark.parametrize(
    "filters", [{"tagged": True}, {"untagged": True}, {"tags_any": "*"}, {"tags_all": "*"}, {"tags_none": "x"}]
)
def test_types_without_tags_match_no_filter_that_looks_at_tags(filters: dict[str, Any]) -> None:
    assert matching([version(tags=None)], **filters) == []


def test_the_tag_that_matched_is_named() -> None:
    (match,) = matching([version(tags=["a", "pr/12"])], tags_any="pr*")

    assert match.reason == "tag pr*: pr/12"


def test_where_takes_any_function() -> None:
    def odd(one: PackageVersion) -> bool:
        return one.id % 2 == 1

    matches = matching([version(1), version(2), version(3)], where=odd)

    assert ids(matches) == [1, 3]
    assert matches[0].reason == "where odd"


def test_deleted_versions_tell_until_when_they_can_be_restored_and_are_not_counted_as_newest() -> None:
    deleted = version(1, created="2026-11-01T00:00:00Z", deleted="2026-11-10T08:00:00Z")
    found = matching([deleted, version(2), version(3)], skip_newest=1)

    assert ids(found) == [1, 2]
    assert [datetime(2026, 12, 10, 8, tzinfo=UTC), None] == [match.restorable_until for match in found]


@given(st.lists(st.integers(0, 50), max_size=40), st.integers(0, 45))
def test_skip_newest_keeps_exactly_the_newest_whatever_the_order(days: list[int], number: int) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    versions = [version(i, created=(start + timedelta(days=day)).isoformat()) for i, day in enumerate(days)]
    order = sorted(versions, key=lambda one: (one.created_at, one.id), reverse=True)
    expected = {one.id for one in order[number:]}

    assert expected == set(ids(matching(versions, skip_newest=number)))
    assert len(expected) == len(matching(versions, skip_newest=number))


@pytest.mark.parametrize(
    ("filters", "message"),
    [
        ({"tagged": True, "untagged": True}, "untagged and has a tag"),
        ({"untagged": True, "tags_any": "x"}, "untagged and has a tag"),
        ({"tags_any": [""]}, "must not be empty"),
        ({"by": "pushed"}, "by must be one of"),
        ({"skip_newest": -1}, "must not be negative"),
        ({"older_than": "soon"}, "is no duration"),
    ],
)
def test_what_cannot_be_meant_is_refused(filters: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        VersionFilter(**filters)


def test_a_filter_knows_whether_it_is_set_and_describes_itself() -> None:
    filter_ = VersionFilter(untagged=True, tags_none=["x"], older_than="6 months", newer_than="2020-01-01T00:00:00Z")

    assert filter_
    assert not VersionFilter()
    assert not VersionFilter(by="updated")
    assert filter_.describe() == {
        "untagged": True, "tags_none": ["x"], "older_than": "6 months", "newer_than": "2020-01-01T00:00:00Z",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, ["web/api", "web/ui/x", "lib"]),
        ({"names": "web/*"}, ["web/api", "web/ui/x"]),
        ({"names": ["*i", "l?b"]}, ["web/api", "lib"]),
        ({"repositories": "acme/WEB"}, ["web/api"]),
        ({"repositories": "*"}, ["web/api", "web/ui/x"]),
        ({"unlinked": True}, ["lib"]),
        ({"unlinked": True, "names": "web*"}, []),
    ],
)
def test_package_filters(filters: dict[str, Any], expected: list[str]) -> None:
    packages = [package("web/api", "Acme/web"), package("web/ui/x", "acme/ui"), package("lib")]

    assert expected == [one.name for one in packages if PackageFilter(**filters).accepts(one)]


def test_a_package_is_not_both_linked_and_unlinked() -> None:
    with pytest.raises(ValueError, match="linked"):
        PackageFilter(unlinked=True, repositories="*")
