"""Filters over versions and packages, without any network."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ghpackages import Package, PackageVersion, version_tags
from ghpackages.audit import PackageFilter, VersionFilter, VersionMatch

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def version(
    id_: int = 1,
    *,
    created: str = "2026-01-03T10:00:00Z",
    updated: str | None = None,
    tags: Sequence[str] | None = (),
    deleted: str | None = None,
    name: str | None = None,
) -> PackageVersion:
    """Make a version; without tags (None) one of a maven package."""
    metadata: dict[str, Any] = {"package_type": "maven"}
    if tags is not None:
        metadata = {"package_type": "container", "container": {"tags": list(tags)}}
    return PackageVersion.from_dict(
        {
            "id": id_,
            "name": name or f"v{id_}",
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
    assert match.reason == "untagged; older than 2026-05-22: created 2026-01-03; not among the newest 1 untagged"


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


def days(versions: Iterable[tuple[int, Sequence[str]]]) -> list[PackageVersion]:
    """Make versions of these days of January and these tags, numbered from 1."""
    return [version(i, created=f"2026-01-{day:02}T00:00:00Z", tags=tags) for i, (day, tags) in enumerate(versions, 1)]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"tagged": True}, [5]),
        ({"untagged": True}, [6]),
        ({"tags_any": "v*"}, [5]),
        ({"tags_any": ["v3", "v1"]}, []),
        ({"tags_all": ["v*", "latest"]}, []),
        ({"tags_none": "latest"}, [4, 5, 6]),
        ({"tagged": True, "tags_none": "latest"}, []),
        ({}, [3, 4, 5, 6]),
    ],
)
def test_skip_newest_counts_the_versions_that_pass_the_tag_filters(
    filters: dict[str, Any], expected: list[int]
) -> None:
    versions = days([(9, ["v3", "latest"]), (8, []), (7, ["v2"]), (6, []), (5, ["v1"]), (4, [])])

    assert expected == ids(matching(versions, **filters, skip_newest=2))


def not_the_first(one: PackageVersion) -> bool:
    return one.id > 1


@pytest.mark.parametrize("filters", [{"older_than": "2026-01-09T00:00:00Z"}, {"where": not_the_first}])
def test_skip_newest_also_counts_what_is_too_young_or_not_chosen(filters: dict[str, Any]) -> None:
    versions = days([(9, ["v4"]), (8, ["v3"]), (7, ["v2"]), (6, ["v1"])])

    assert ids(matching(versions, **filters, skip_newest=2)) == [3, 4]
    assert ids(matching(versions, **filters, tagged=True, skip_newest=2)) == [3, 4]


def test_skip_newest_counts_by_the_date_that_counts() -> None:
    versions = [version(1, updated="2026-05-01T00:00:00Z", tags=["a"]), version(2, tags=["b"])]

    assert ids(matching(versions, tagged=True, skip_newest=1, by="updated")) == [2]
    assert ids(matching(versions, tagged=True, skip_newest=1)) == [1]


DIGEST = "0123456789abcdef" * 4
REFERRERS = [f"sha256-{DIGEST}", f"sha256-{DIGEST}.sig", f"sha256-{DIGEST}.att", f"sha256-{DIGEST}.a.b"]


@pytest.mark.parametrize("filters", [{"tagged": True}, {"tags_any": "*"}, {"tags_none": "latest"}, {}])
def test_signatures_are_never_counted_as_releases(filters: dict[str, Any]) -> None:
    releases = [(day, [f"v{day}"]) for day in (20, 18, 16, 14)]
    signatures = [(day, [REFERRERS[0], REFERRERS[1 + day % 3]]) for day in (21, 19, 17, 15)]
    found = matching(days([*releases, *signatures]), **filters, skip_newest=3)

    assert ids(found) == [4, 5, 6, 7, 8]


@pytest.mark.parametrize(
    ("tags", "counts"),
    [
        *(([tag], False) for tag in REFERRERS),
        (REFERRERS, False),
        ([REFERRERS[1], "v1"], True),
        ([f"sha256-{DIGEST[1:]}.sig"], True),
        ([f"sha256-{DIGEST}0"], True),
        ([f"sha256-{DIGEST}."], True),
        ([f"sha256-{DIGEST.upper()}.sig"], True),
        ([f"xsha256-{DIGEST}"], True),
        ([f"sha512-{DIGEST}"], True),
    ],
)
def test_what_a_signature_is_shows_in_its_tags(tags: Sequence[str], counts: bool) -> None:
    versions = [version(1, tags=["v1"]), version(2, tags=tags)]

    assert ids(matching(versions, skip_newest=1)) == ([1] if counts else [2])


def test_a_tag_that_names_its_own_digest_is_a_tag_like_any_other() -> None:
    own = version(2, tags=[REFERRERS[0]], name=f"sha256:{DIGEST}")

    assert ids(matching([version(1, tags=["v1"]), own], tagged=True, skip_newest=1)) == [1]


@pytest.mark.parametrize(
    ("filters", "counted"),
    [
        ({}, ""),
        ({"older_than": "1 month"}, ""),
        ({"tagged": True}, " tagged"),
        ({"untagged": True}, " untagged"),
        ({"untagged": True, "tags_none": "latest"}, " untagged"),
        ({"tagged": True, "tags_none": "latest"}, " with such tags"),
        ({"tags_any": "v*"}, " with such tags"),
        ({"tags_all": "v*"}, " with such tags"),
    ],
)
def test_the_reason_says_what_was_counted(filters: dict[str, Any], counted: str) -> None:
    versions = days((day, () if "untagged" in filters else ["v1"]) for day in (2, 1))
    (match,) = matching(versions, **filters, skip_newest=1)

    assert match.reason.split("; ")[-1] == f"not among the newest 1{counted}"


TAGS = ("v1", "v2", "latest", *REFERRERS[:2])
VERSIONS = st.lists(
    st.tuples(
        st.integers(1, 9),
        st.none() | st.lists(st.sampled_from(TAGS), unique=True, max_size=3),
        st.booleans(),
        st.sampled_from([False, False, False, True]),
    ),
    max_size=25,
)
FILTERS = st.fixed_dictionaries(
    {"skip_newest": st.integers(0, 12), "older_than": st.sampled_from([None, "2026-01-05T00:00:00Z"])},
    optional={
        "tags_any": st.lists(st.sampled_from(["v*", "latest", "sha256-*"]), min_size=1),
        "tags_all": st.lists(st.sampled_from(["v*", "*1"]), min_size=1),
        "tags_none": st.lists(st.sampled_from(["v2", "latest", "*.sig"]), min_size=1),
        "tagged": st.just(True),
        "where": st.just(not_the_first),
    },
) | st.fixed_dictionaries({"skip_newest": st.integers(0, 12), "untagged": st.just(True)})


@given(VERSIONS, FILTERS, st.randoms(use_true_random=False))
def test_skip_newest_is_what_sorting_filtering_and_slicing_gives(
    drawn: list[tuple[int, list[str] | None, bool, bool]], filters: dict[str, Any], chance: Random
) -> None:
    versions = [
        version(
            i,
            created=f"2026-01-{day:02}T00:00:00Z",
            tags=tags,
            deleted="2026-02-01T00:00:00Z" if deleted else None,
            name=f"sha256:{DIGEST}" if own else None,
        )
        for i, (day, tags, deleted, own) in enumerate(drawn)
    ]
    chance.shuffle(versions)
    number, conditions = filters["skip_newest"], {name: filters[name] for name in filters if "tag" in name}
    passing = {match.version.id for match in matching(versions, **conditions)}
    counted = [
        one
        for one in sorted(versions, key=lambda one: (one.created_at, one.id), reverse=True)
        if one.id in passing and not one.deleted_at and not refers_only(one)
    ]
    newest = {one.id for one in counted[:number]}
    without = matching(versions, **{**filters, "skip_newest": 0})

    assert ids(matching(versions, **filters)) == [id_ for id_ in ids(without) if id_ not in newest]


def refers_only(one: PackageVersion) -> bool:
    tags = version_tags(one) or ()
    return bool(tags) and set(tags) <= set(REFERRERS) and one.name != f"sha256:{DIGEST}"


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


@pytest.mark.parametrize("deleted", ["9999-12-31T23:59:59Z", "9999-12-02T00:00:00Z", "9999-12-31T22:59:59-01:00"])
def test_what_was_deleted_at_the_end_of_time_can_be_restored_until_then(deleted: str) -> None:
    (match,) = matching([version(deleted=deleted)])

    assert match.restorable_until is not None
    assert match.restorable_until <= datetime.max.replace(tzinfo=UTC)
    assert match.restorable_until >= datetime(9999, 12, 31, tzinfo=UTC)


@pytest.mark.parametrize("created", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "0001-01-01T01:00:00+01:00"])
def test_dates_at_the_ends_of_time_are_compared_and_shown(created: str) -> None:
    filters = {"older_than": "6 months"} if created < "2" else {"newer_than": "6 months"}
    (match,) = matching([version(created=created), version(2, created=created)], skip_newest=1, **filters)

    assert match.version.id == 1
    assert created[:4] in match.reason
