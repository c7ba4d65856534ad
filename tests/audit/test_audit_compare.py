"""What changed between two audits."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Iterable, Iterator
from itertools import islice

import pytest
from tests.audit.reports import Record, failure, header, lines, package, report, repository, summary, version

from ghpackages import GitHubPackages
from ghpackages.audit import (
    Change,
    Comparison,
    ReportError,
    audit,
    compare,
    header_record,
    package_record,
    read_report,
    summary_record,
)
from ghpackages.testing import MockGitHub

WEB = package("web", version(1, "1", "latest"), version(2))


def told(before: Iterable[Record], after: Iterable[Record]) -> list[str]:
    """Tell all changes, which must be all that there is to say."""
    changes = compare(before, after)
    found = [*map(str, changes)]
    assert (changes.is_complete, changes.reasons) == (True, ())
    return found


def told_with_reasons(before: Iterable[Record], after: Iterable[Record]) -> tuple[list[str], tuple[str, ...]]:
    changes = compare(before, after)
    found = [*map(str, changes)]
    assert not changes.is_complete
    return found, changes.reasons


# Audits of a server


async def test_what_changed_on_a_server_is_told(server: MockGitHub, github: GitHubPackages) -> None:
    acme = server.owner("acme")
    web = acme.add_package("container", "web/api", repository="web")
    old, other = web.add_version(tags=["1", "latest"]), web.add_version(tags=["2"])
    left_pad = acme.add_package("npm", "left-pad")
    left_pad.add_version()
    before = await audit(github, "acme", all_versions=True).collect()

    new = web.add_version(tags=["3", "latest"])
    old.tags, other.tags = ("1",), ("2", "stable")
    web.visibility = "public"
    web.link(None)
    left_pad.delete()
    acme.add_package("npm", "right-pad")
    after = await audit(github, "acme", all_versions=True).collect()

    changes = compare(before, after)
    assert [str(change) for change in changes] == [
        "acme container web/api: visibility changed from private to public",
        "acme container web/api: unlinked from acme/web",
        f"acme container web/api: version {new.name} (id {new.id}) added, tagged 3, latest",
        f"acme container web/api: tag latest moved from {old.name} (id {old.id}) to {new.name} (id {new.id})",
        f"acme container web/api: tag stable added to {other.name} (id {other.id})",
        "acme npm left-pad: package gone",
        "acme npm right-pad: package added",
    ]
    assert changes.is_complete
    assert changes.lists_versions
    assert (changes.before_as_of, changes.after_as_of) == (before.as_of, after.as_of)
    assert (changes.owners, changes.filters) == (("acme",), {"all_versions": True})


async def test_a_report_and_its_lines_compare_alike(server: MockGitHub, github: GitHubPackages) -> None:
    acme = server.owner("acme")
    for type_ in ("container", "docker", "npm"):
        acme.add_package(type_, "a", repository="web").add_version(tags=["1"] if type_ != "npm" else ())
    result = await audit(github, "acme", "nobody", all_versions=True, names=["*"]).collect()
    records = [
        header_record(result.as_of, result.owners, result.filters),
        *map(package_record, result.packages),
        summary_record(result.totals, result.failures),
    ]
    for one, other in ((result, read_report(lines(records))), (records, result), (result, result)):
        changes = compare(one, other)
        assert list(changes) == []
        assert len(changes.reasons) == 2  # of the owner that does not exist, in each report


async def test_only_counting_tells_numbers(server: MockGitHub, github: GitHubPackages) -> None:
    web = server.owner("acme").add_package("container", "web")
    web.add_versions(3)
    before = await audit(github, "acme").collect()
    web.add_versions(2)
    changes = compare(before, await audit(github, "acme").collect())
    assert [change.to_dict() for change in changes] == [
        {
            "kind": "versions_counted",
            "owner": "acme",
            "package_type": "container",
            "package_name": "web",
            "version_id": None,
            "version_name": None,
            "tags": None,
            "tag": None,
            "from_version_id": None,
            "from_version_name": None,
            "before": 3,
            "after": 5,
        }
    ]
    assert changes.is_complete
    assert not changes.lists_versions


# Packages


def test_no_change_is_no_change() -> None:
    assert told(report(WEB), report(WEB)) == []
    assert told(report(), report()) == []


def test_packages_that_one_report_has_come_last_gone_ones_first() -> None:
    before = report(package("a", version(1)), package("b"), package("c"))
    after = report(package("d"), package("c", visibility="public"), package("e"))
    assert told(before, after) == [
        "acme container c: visibility changed from private to public",
        "acme container a: package gone",
        "acme container b: package gone",
        "acme container d: package added",
        "acme container e: package added",
    ]
    gone = [*compare(before, after)][1]
    assert (gone.kind, gone.before, gone.after) == ("package_gone", 1, None)


def test_a_package_that_was_made_anew_is_gone_and_added() -> None:
    before, after = report(package("a", version(1), id_=1)), report(package("a", version(2), id_=2))
    assert told(before, after) == ["acme container a: package gone", "acme container a: package added"]


def test_packages_of_one_name_differ_by_owner_and_type() -> None:
    owners = ("acme", "user:acme")
    before = report(package("a"), package("a", type_="npm"), package("a", owner="user:acme"), owners=owners)
    after = report(package("a", type_="npm"), owners=owners)
    assert told(before, after) == ["acme container a: package gone", "user:acme container a: package gone"]


def test_an_owner_is_the_same_in_upper_and_lower_case() -> None:
    before = report(package("a", owner="acme"), package("A"), owners=["acme"])
    after = report(package("a", owner="ACME", visibility="public"), owners=["ACME"])
    assert told(before, after) == [
        "ACME container a: visibility changed from private to public",
        "acme container A: package gone",
    ]


@pytest.mark.parametrize(
    ("before", "after", "text"),
    [
        (None, repository("acme/web"), "linked to acme/web"),
        (repository("acme/web"), None, "unlinked from acme/web"),
        (repository("acme/web", 1), repository("acme/api", 2), "linked to acme/api instead of acme/web"),
        (repository("acme/web", 1), repository("acme/web", 2), "linked to another repository of the same name, acme/w"),
        ({"full_name": "acme/web"}, {"full_name": "acme/api"}, "linked to acme/api instead of acme/web"),
        (repository("acme/web"), repository("acme/api"), None),  # it was renamed
        ({"full_name": "acme/web"}, {"full_name": "Acme/Web"}, None),
        (repository("acme/web"), repository("acme/web"), None),
        (None, None, None),
    ],
)
def test_the_link_to_a_repository(before: Record | None, after: Record | None, text: str | None) -> None:
    found = told(report(package("a", repository=before)), report(package("a", repository=after)))
    assert len(found) == (text is not None)
    assert "".join(found).startswith(f"acme container a: {text}" if text else "")


def test_a_repository_is_null_but_not_absent() -> None:
    bare = package("a")
    del bare["package"]["repository"]
    with pytest.raises(ReportError, match=r"has no 'package\.repository'"):
        list(compare(report(bare), report(bare)))


# Versions


def test_versions_come_and_go_with_their_tags() -> None:
    before = report(package("a", version(2, "2"), version(1, "1", "one"), version(3)))
    after = report(package("a", version(5, "5"), version(4), version(3)))
    assert told(before, after) == [
        "acme container a: version v2 (id 2) gone, tagged 2",
        "acme container a: version v1 (id 1) gone, tagged 1, one",
        "acme container a: version v5 (id 5) added, tagged 5",
        "acme container a: version v4 (id 4) added",
    ]


def test_types_without_tags_have_none() -> None:
    (change,) = compare(report(package("a", type_="npm")), report(package("a", version(1), type_="npm")))
    assert change.tags is None
    (change,) = compare(report(package("a")), report(package("a", version(1))))
    assert change.tags == ()
    assert change.to_dict()["tags"] == []


def test_the_order_of_versions_is_no_change() -> None:
    one, two = version(1, "1", "2"), version(2, "3")
    turned = version(1, "2", "1")
    assert told(report(package("a", one, two)), report(package("a", two, turned))) == []


@pytest.mark.parametrize(
    ("before", "after", "texts"),
    [
        ([version(1, "x"), version(2)], [version(1), version(2, "x")], ["tag x moved from v1 (id 1) to v2 (id 2)"]),
        ([version(1)], [version(1, "x")], ["tag x added to v1 (id 1)"]),
        ([version(1, "x")], [version(1)], ["tag x gone from v1 (id 1)"]),
        (
            [version(1, "x")],
            [version(1), version(2, "x")],
            ["version v2 (id 2) added, tagged x", "tag x moved from v1 (id 1) to v2 (id 2)"],
        ),
        (
            [version(1, "x"), version(2)],
            [version(2, "x")],
            ["version v1 (id 1) gone, tagged x", "tag x moved from v1 (id 1) to v2 (id 2)"],
        ),
        (
            [version(1, "x")],
            [version(2, "x")],
            [
                "version v1 (id 1) gone, tagged x",
                "version v2 (id 2) added, tagged x",
                "tag x moved from v1 (id 1) to v2 (id 2)",
            ],
        ),
        (
            [version(1, "a", "b")],
            [version(1, "c", "d")],
            [f"tag {tag} added to v1 (id 1)" for tag in "cd"] + [f"tag {tag} gone from v1 (id 1)" for tag in "ab"],
        ),
        # seen twice, because it moved while the versions were read
        ([version(1, "x"), version(2)], [version(1, "x"), version(2, "x")], ["tag x added to v2 (id 2)"]),
        (
            [version(1, "x"), version(2, "x"), version(3)],
            [version(1), version(2), version(3, "x")],
            ["tag x moved from v1 (id 1) to v3 (id 3)", "tag x gone from v2 (id 2)"],
        ),
    ],
)
def test_tags_move_come_and_go(before: list[Record], after: list[Record], texts: list[str]) -> None:
    found = told(report(package("a", *before)), report(package("a", *after)))
    assert found == [f"acme container a: {text}" for text in texts]


def test_a_moved_tag_names_both_versions() -> None:
    before, after = report(package("a", version(1, "x"))), report(package("a", version(1), version(2, "x")))
    moved = [*compare(before, after)][-1]
    assert moved == Change(
        "tag_moved",
        "acme",
        "container",
        "a",
        version_id=2,
        version_name="v2",
        tag="x",
        from_version_id=1,
        from_version_name="v1",
    )
    assert moved.description == "tag x moved from v1 (id 1) to v2 (id 2)"


def test_docker_tags_are_read_under_both_names() -> None:
    one = package("a", version(1, "x"), type_="docker")
    other = package("a", version(1, "x"), type_="docker")
    other["matches"][0]["version"]["metadata"]["docker"] = {"tag": ["x"]}
    assert told(report(one), report(other)) == []
    other["matches"][0]["version"]["metadata"] = {"package_type": "docker"}
    assert told(report(one), report(other)) == ["acme docker a: tag x gone from v1 (id 1)"]


def test_deletion_and_restoring_are_told_where_both_states_are_listed() -> None:
    filters = {"all_versions": True, "state": "all"}
    before = report(package("a", version(1, "x"), version(2, deleted=True), version(3, deleted=True)), filters=filters)
    after = report(
        package("a", version(1, "x", deleted=True), version(2, "x"), version(4, "y", deleted=True)), filters=filters
    )
    assert told(before, after) == [
        "acme container a: version v1 (id 1) deleted, tagged x",
        "acme container a: version v2 (id 2) restored, tagged x",
        "acme container a: version v3 (id 3) gone",
        "acme container a: version v4 (id 4) added, tagged y",
        "acme container a: version v4 (id 4) deleted, tagged y",
        "acme container a: tag x moved from v1 (id 1) to v2 (id 2)",
    ]


def test_what_is_no_longer_among_deleted_versions_is_not_called_gone() -> None:
    filters = {"all_versions": True, "state": "deleted"}
    before = report(package("a", version(1, "x", deleted=True), version(2, deleted=True)), filters=filters)
    after = report(package("a", version(2, "x", deleted=True), version(3, deleted=True)), filters=filters)
    assert told(before, after) == [
        "acme container a: version v1 (id 1) is no longer listed as deleted, tagged x",
        "acme container a: version v3 (id 3) deleted",
    ]


async def test_a_version_that_was_deleted_on_a_server_is_told(server: MockGitHub, github: GitHubPackages) -> None:
    package_ = server.owner("acme").add_package("npm", "a")
    one, _ = package_.add_version(), package_.add_version()
    before = await audit(github, "acme", all_versions=True, state="all").collect()
    package_.delete_version(one)
    after = await audit(github, "acme", all_versions=True, state="all").collect()
    assert [*map(str, compare(before, after))] == [f"acme npm a: version {one.name} (id {one.id}) deleted"]
    assert [*map(str, compare(after, before))] == [f"acme npm a: version {one.name} (id {one.id}) restored"]


@pytest.mark.parametrize("filters", [{}, {"older_than": "6 months"}, {"all_versions": True, "tagged": True}])
def test_matches_of_a_filter_are_not_all_versions(filters: dict[str, object]) -> None:
    before = report(package("a", version(1, "x"), version(2), count=5), filters=filters)
    after = report(package("a", version(3, "x"), count=4), filters=filters)
    assert told(before, after) == ["acme container a: number of versions changed from 5 to 4"]
    assert not compare(before, after).lists_versions


def test_an_audit_that_lists_and_one_that_counts_compare_by_number() -> None:
    listed, counted = report(package("a", version(1))), report(package("a", count=2), filters={})
    assert told(listed, counted) == ["acme container a: number of versions changed from 1 to 2"]
    assert told(counted, listed) == ["acme container a: number of versions changed from 2 to 1"]


# What may not just have been seen


def test_versions_that_an_incomplete_package_lacks_are_not_called_gone() -> None:
    before = report(package("a", version(1, "x", "y"), version(2, "z"), version(3), visibility="public"))
    after = report(package("a", version(1), version(4, "y"), error="502: Server Error"))
    assert told_with_reasons(before, after) == (
        [
            "acme container a: visibility changed from public to private",
            "acme container a: version v4 (id 4) added, tagged y",
            "acme container a: tag y moved from v1 (id 1) to v4 (id 4)",
        ],
        ("the second report does not have all versions of acme container a: 502: Server Error",),
    )


def test_versions_that_an_incomplete_package_lacked_are_not_called_added() -> None:
    before = report(package("a", version(1), version(4, "y"), error="502: Server Error"))
    after = report(package("a", version(1, "x", "y"), version(2, "z"), version(3)))
    assert told_with_reasons(before, after) == (
        [
            "acme container a: version v4 (id 4) gone, tagged y",
            "acme container a: tag y moved from v4 (id 4) to v1 (id 1)",
        ],
        ("the first report does not have all versions of acme container a: 502: Server Error",),
    )


@pytest.mark.parametrize("incomplete", [0, 1])
def test_numbers_of_an_incomplete_package_are_not_compared(incomplete: int) -> None:
    errors = ["no", None] if incomplete == 0 else [None, "no"]
    before, after = (
        report(package("a", count=count, error=error), filters={}) for count, error in zip((5, 3), errors, strict=True)
    )
    which = ("first", "second")[incomplete]
    assert told_with_reasons(before, after) == (
        [],
        (f"the {which} report does not have all versions of acme container a: no",),
    )


def test_an_incomplete_package_that_came_or_went_has_no_number() -> None:
    one, none = report(package("a", count=3, error="no"), filters={}), report(filters={})
    assert [(change.kind, change.before) for change in compare(one, none)] == [("package_gone", None)]
    assert [(change.kind, change.after) for change in compare(none, one)] == [("package_added", None)]
    assert compare(one, none).reasons == ()


FOUR = (package("a"), package("b"), package("a", type_="npm"), package("a", owner="@me"))


@pytest.mark.parametrize(
    ("failed", "known", "reason"),
    [
        (failure("acme"), ["@me container a"], "all packages of acme"),
        (failure("ACME"), ["@me container a"], "all packages of ACME"),
        (failure("acme", "npm"), ["acme container a", "acme container b", "@me container a"], "all packages of acme n"),
        (failure("acme", "container", "a"), ["acme container b", "acme npm a", "@me container a"], "acme container a"),
        (failure("acme", None, "a"), ["acme container b", "@me container a"], "acme a"),
        (failure("@me", "npm"), ["acme container a", "acme container b", "acme npm a", "@me container a"], "all packa"),
    ],
)
def test_packages_of_a_listing_that_failed_are_neither_gone_nor_added(
    failed: Record, known: list[str], reason: str
) -> None:
    owners = ("acme", "@me")
    whole, broken = report(*FOUR, owners=owners), report(owners=owners, failures=[failed])
    texts, reasons = told_with_reasons(whole, broken)
    assert texts == [f"{which}: package gone" for which in known]
    assert reasons[0].startswith(f"the second report does not have {reason}")
    assert reasons[0].endswith(": Server Error")

    texts, reasons = told_with_reasons(broken, whole)
    assert texts == [f"{which}: package added" for which in known]
    assert reasons[0].startswith(f"the first report does not have {reason}")


def test_a_failure_does_not_hide_what_the_failed_report_saw() -> None:
    failed = [failure("acme", "container")]
    before = report(package("a"), package("b"), failures=failed)
    after = report(package("a", visibility="public"))
    assert told_with_reasons(before, after)[0] == [
        "acme container a: visibility changed from private to public",
        "acme container b: package gone",
    ]


def test_a_package_whose_name_was_taken_is_gone_whatever_failed() -> None:
    before, after = report(package("a", id_=1)), report(package("a", id_=2), failures=[failure("acme")])
    assert told_with_reasons(before, after)[0] == ["acme container a: package gone", "acme container a: package added"]
    assert told_with_reasons(after, before)[0] == ["acme container a: package gone", "acme container a: package added"]


def test_nothing_is_called_gone_for_a_report_that_was_cut_short() -> None:
    before, after = report(package("a"), package("b")), report(package("c"), package("a", version(1)))
    assert told_with_reasons(before, after[:-1]) == (
        ["acme container a: version v1 (id 1) added", "acme container c: package added"],
        ("the second report was cut short: packages may be missing from it",),
    )


def test_nothing_is_called_added_for_a_report_that_was_cut_short() -> None:
    before, after = report(package("a"), package("b")), report(package("c"), package("a", version(1)))
    assert told_with_reasons(before[:-1], after) == (
        ["acme container a: version v1 (id 1) added", "acme container b: package gone"],
        ("the first report was cut short: packages may be missing from it",),
    )


@pytest.mark.parametrize(
    "filters", [{"visibility": "private"}, {"repositories": ["*"]}, {"unlinked": True}, {"inactive_for": "1 year"}]
)
def test_what_may_only_have_stopped_passing_a_filter_is_not_called_gone(filters: dict[str, object]) -> None:
    one = report(package("a"), package("b"), package("c", id_=1), filters=filters)
    other = report(package("d"), package("c", id_=2), filters=filters)
    (name,) = filters
    assert told_with_reasons(one, other) == (
        ["acme container c: package gone", "acme container c: package added"],
        (
            f"the first report lacks 1 package of the other report: not there, or not passing {name}",
            f"the second report lacks 2 packages of the other report: not there, or not passing {name}",
        ),
    )
    assert told(one, one) == []


@pytest.mark.parametrize("filters", [{"names": ["*"]}, {"types": ["container"]}, {"packages": ["container/a"]}])
def test_what_passes_a_filter_for_good_is_called_gone(filters: dict[str, object]) -> None:
    assert told(report(package("a"), filters=filters), report(filters=filters)) == ["acme container a: package gone"]


def test_many_reasons_are_a_few_and_a_number() -> None:
    before = report(*(package(f"p{number}") for number in range(25)))
    after = report(*(package(f"p{number}", error="no\nmore") for number in range(25)))
    reasons = told_with_reasons(before, after)[1]
    assert reasons[0] == r"the second report does not have all versions of acme container p0: no\nmore"
    assert reasons[10:] == ("the second report does not have all versions of 15 more packages",)

    failed = [failure("acme", "npm", f"p{number}") for number in range(25)]
    reasons = told_with_reasons(before, report(*before[1:-1], failures=failed))[1]
    assert reasons[10:] == ("the second report lacks more packages, after 15 more failures",)


# Questions


@pytest.mark.parametrize(
    ("one", "other", "differing"),
    [
        (header(["acme"]), header(["acme", "@me"]), "owners (['acme'] and ['@me', 'acme'])"),
        (header(), header(filters={"names": ["web*"]}), "names (not set and ['web*'])"),
        (header(filters={"state": "all"}), header(filters={}), "state (all and not set)"),
        (
            header(filters={"older_than": "1 year", "types": ["npm"]}),
            header(filters={"older_than": "2 years"}),
            "older_than (1 year and 2 years), types (['npm'] and not set)",
        ),
        (header(filters={"names": ["a"]}), header(filters={"names": ["A"]}), "names (['a'] and ['A'])"),
    ],
)
def test_answers_to_different_questions_are_not_compared(one: Record, other: Record, differing: str) -> None:
    with pytest.raises(ReportError) as caught:
        compare([one, summary(0)], [other, summary(0)])
    assert str(caught.value) == f"the reports answer different questions, they differ in {differing}"
    assert caught.value.side is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (header(["acme", "@me"]), header(["@me", "Acme"])),
        (header(filters={"names": ["a", "b"]}), header(filters={"names": ["b", "a"]})),
        (header(filters={"repositories": ["a/*"]}), header(filters={"repositories": ["A/*"]})),
        (header(filters={}), header(filters={"all_versions": True, "consistent": True})),
        (header(), {**header(), "as_of": "2020-01-01T00:00:00Z", "generator": "another"}),
    ],
)
def test_the_same_question_may_be_written_in_another_way(one: Record, other: Record) -> None:
    assert told([one, summary(0)], [other, summary(0)]) == []


def test_the_first_report_may_be_the_newer_one() -> None:
    older = {**header(), "as_of": "2020-01-01T02:00:00+02:00"}
    changes = compare([header(), summary(0)], [older, summary(0)])
    assert changes.before_as_of > changes.after_as_of
    assert changes.after_as_of.isoformat() == "2020-01-01T00:00:00+00:00"


# Errors


def test_an_error_says_which_report_it_is() -> None:
    good = lines(report(package("a")))
    for side, which in (("before", "first"), ("after", "second")):
        bad = [good[0], "{}\n", *good[2:]]
        changes = compare(*map(read_report, (bad, good) if side == "before" else (good, bad)))
        with pytest.raises(ReportError) as caught:
            list(changes)
        text = "line 2 is a record of kind unknown, where a package or the summary is expected"
        assert (str(caught.value), caught.value.problem) == (f"the {which} report: {text}", text)
        assert (caught.value.line, caught.value.side) == (2, side)
        assert not changes.is_complete
        assert list(changes) == []
        assert not changes.is_complete


def test_a_header_that_cannot_be_read_is_refused_at_once() -> None:
    with pytest.raises(ReportError, match="the second report: line 1 is no header of an audit"):
        compare(report(), read_report(["{}"]))
    with pytest.raises(ReportError, match="the first report: the report has no header"):
        compare([], report())


def test_records_that_were_never_read_from_lines_are_checked_too() -> None:
    changes = compare(report(), [header(), {"record": "package"}, summary(1)])
    with pytest.raises(ReportError, match="the second report: record 2 has no 'owner'"):
        list(changes)


def test_what_comes_after_a_summary_is_an_error() -> None:
    with pytest.raises(ReportError, match="the first report: record 3 comes after the summary"):
        list(compare([*report(), package("a")], report()))


# One change


def test_what_cannot_be_printed_is_told_as_an_escape() -> None:
    name = "a\n\x1b[31m"
    (change,) = compare(report(package(name)), report(package(name, version(1, "x\ty"))))
    assert str(change) == r"acme container a\n\x1b[31m: version v1 (id 1) added, tagged x\ty"
    assert change.description == r"version v1 (id 1) added, tagged x\ty"
    assert (change.package_name, change.tags) == (name, ("x\ty",))


def test_braces_in_names_are_only_braces() -> None:
    (change,) = compare(report(package("a")), report(package("a", version(1, "{tag}", name="{x}"))))
    assert change.description == "version {x} (id 1) added, tagged {tag}"


def test_changes_are_counted_by_kind() -> None:
    changes = compare(report(package("a", version(1)), package("b")), report(package("a", version(2), version(3))))
    assert changes.counts == {}
    next(changes)
    assert changes.counts == {"version_gone": 1}
    assert not changes.is_complete
    list(changes)
    assert [*changes.counts.items()] == [("package_gone", 1), ("version_added", 2), ("version_gone", 1)]
    assert changes.is_complete


# Streaming


class Feed(Iterator[Record]):
    """Gives records, and knows how many were taken."""

    def __init__(self, records: Iterable[Record]) -> None:
        self._records = iter(records)
        self.taken = 0

    def __next__(self) -> Record:
        record = next(self._records)
        self.taken += 1
        return record


def test_a_change_is_given_before_more_is_read() -> None:
    packages = [package(f"p{number}") for number in range(100)]
    changed = [package("p10", visibility="public") if number == 10 else one for number, one in enumerate(packages)]
    before, after = Feed(report(*packages)), Feed(report(*changed))
    changes = compare(before, after)
    assert (before.taken, after.taken) == (1, 1)
    assert next(changes).package_name == "p10"
    assert (before.taken, after.taken) == (12, 12)
    assert list(changes) == []
    assert (before.taken, after.taken) == (102, 102)


def test_after_a_gap_both_reports_are_read_in_step_again() -> None:
    """Thirty packages are missing at the front of one; that does not make the other run ahead by thirty for ever."""
    old = [package(f"p{number}") for number in range(200)]
    new = [package(f"p{number}", visibility="public") for number in range(200)]
    for before, after in ((old, new[30:]), (old[30:], new)):
        feeds = Feed(report(*before)), Feed(report(*after))
        left = [(len(before) - feeds[0].taken) - (len(after) - feeds[1].taken) for _ in islice(compare(*feeds), 170)]
        assert set(left[60:]) <= {-1, 0, 1}


def numbered(
    packages: int,
    versions: int,
    *,
    but: int | None = None,
    backwards: bool = False,
    filters: dict[str, object] | None = None,
) -> Iterator[Record]:
    """Give a large report as it comes, in which one package may differ."""
    yield header(filters=filters)
    for number in sorted(range(packages), reverse=backwards):
        public = number == but
        found = (version(number * versions + one, f"{one}.0", name=f"sha256:{one:064}") for one in range(versions))
        yield package(f"p{number}", *found, visibility="public" if public else "private")
    yield summary(packages)


def peak_of(changes: Comparison) -> tuple[int, int]:
    """Give the most bytes that were held at a time, and the number of changes."""
    gc.collect()
    tracemalloc.start()
    try:
        found = sum(1 for _ in changes)
        return tracemalloc.get_traced_memory()[1], found
    finally:
        tracemalloc.stop()


def test_little_is_held_of_two_large_reports() -> None:
    size, found = peak_of(compare(numbered(200, 50), numbered(200, 50, but=100)))
    assert found == 1
    assert size < 300_000  # all records of both would be some 20 MB


def test_matches_that_are_not_compared_are_not_held() -> None:
    filters: dict[str, object] = {"tagged": True}
    size, _ = peak_of(compare(numbered(100, 50, filters=filters), numbered(100, 50, filters=filters, backwards=True)))
    listed, _ = peak_of(compare(numbered(100, 50), numbered(100, 50, backwards=True)))
    assert size < listed / 3


def test_no_more_is_held_of_reports_that_are_larger() -> None:
    small, _ = peak_of(compare(numbered(20, 50), numbered(20, 50)))
    large, _ = peak_of(compare(numbered(200, 50), numbered(200, 50)))
    assert large < small + 100_000
