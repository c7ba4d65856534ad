"""`audit --plan`: what an audit would cost."""

from collections.abc import Iterator
from typing import Any

from attrs import asdict

from ghpackages import GitHubPackages, NotFoundError, RateLimit, count_requests
from ghpackages.audit import Audit, AuditFailure, AuditPlan, header_record

from ._exit import INCOMPLETE, OK, REFUSED, CommandError, complain, describe_failure, hint
from ._formats import compact, without_kind
from ._grid import Column, Screen, layout, render, wrapped
from ._options import PlanKind
from ._output import Format, opened
from ._progress import Display, Part, limit_parts
from ._results import Results
from ._words import count, plural, span

UNKNOWN = "not known"


async def show_plan(github: GitHubPackages, recipe: Audit, kind: PlanKind, results: Results, display: Display) -> int:
    """Tell what an audit would cost."""
    is_exact = kind is PlanKind.EXACT
    with opened(results.output) as out, count_requests() as sent:
        async with display.showing(
            lambda: [Part("planning"), Part(plural(sent.requests, "request")), *limit_parts(github.rate_limit)]
        ):
            plan = await _plan(recipe, is_exact=is_exact)
        limit = github.rate_limit
        if results.format == Format.JSON:
            out.write(f"{compact(plan_json(recipe, plan, limit, is_exact=is_exact))}\n")
        else:
            out.write(plan_table(recipe, plan, limit, results.screen, is_exact=is_exact))
    results.report("the plan")
    for failure in plan.failures:
        complain(describe_failure(failure))
    if plan.failures:
        complain("the plan is incomplete: what failed may cost more")
        return INCOMPLETE
    return OK


async def _plan(recipe: Audit, *, is_exact: bool) -> AuditPlan:
    try:
        return await recipe.plan(exact=is_exact)
    except NotFoundError as error:  # then not even the first owner could be had
        raise CommandError(REFUSED, f"{error}{hint(recipe.owners[0], error)}") from error


def plan_json(recipe: Audit, plan: AuditPlan, limit: RateLimit, *, is_exact: bool) -> dict[str, Any]:
    """The plan for machines; null: that is not known."""
    failures = [_failure(failure) for failure in plan.failures]
    limits = {"limit": limit.limit, "remaining": limit.remaining, "reset": limit.reset and limit.reset.isoformat()}
    return {
        **without_kind(header_record(recipe.as_of, recipe.owners, recipe.filters)),
        "exact": is_exact,
        "rate_limit": limits if limit.limit else None,
        "plan": {**asdict(plan, recurse=False), "failures": failures},
    }


def _failure(failure: AuditFailure) -> dict[str, Any]:
    return {**asdict(failure, recurse=False), "error": str(failure.error)}


def plan_table(recipe: Audit, plan: AuditPlan, limit: RateLimit, screen: Screen, *, is_exact: bool) -> str:
    """The plan for people."""
    columns = [
        Column(title="", cells=["requests", "time", "versions"]),
        Column(
            title="at least", cells=_bounds(plan.least_requests, plan.least_seconds, plan.versions_least), right=True
        ),
        Column(title="at most", cells=_bounds(plan.most_requests, plan.most_seconds, plan.versions_most), right=True),
    ]
    owners = ", ".join(recipe.owners)
    title = f"To audit {plural(plan.packages, 'package')} of {owners} takes"
    notes = "".join(wrapped(note, screen) for note in _notes(plan, limit, is_exact=is_exact))
    return f"{wrapped(title, screen)}\n{render(layout(columns, screen), screen)}\n{notes}"


def _bounds(requests: int | None, seconds: float | None, versions: int | None) -> list[str]:
    return [
        UNKNOWN if requests is None else count(requests),
        UNKNOWN if seconds is None else span(seconds),
        UNKNOWN if versions is None else count(versions),
    ]


def _notes(plan: AuditPlan, limit: RateLimit, *, is_exact: bool) -> Iterator[str]:
    """What the numbers rest on."""
    uncounted = plan.packages - plan.counted
    if uncounted and not is_exact:
        of = "the packages have" if not plan.counted else f"{uncounted:,} of the packages have"
        yield (
            f"The listings don't tell how many versions {of}: at least one request per package is counted for them. "
            "--plan=exact asks for the first page of each, which tells."
        )
    if is_exact and plan.most_requests is None:
        yield "Of some packages or listings the server does not tell which page is the last: the most is not known."
    yield f"Planning took {plural(plan.spent_requests, 'request')}, which are not counted in."
    yield from _limits(limit)


def _limits(limit: RateLimit) -> Iterator[str]:
    if not limit.limit:
        yield "The server tells of no limits, so the time is that of the answers."
        return
    left = ""
    if limit.remaining is not None and limit.reset:
        left = f", of which {limit.remaining:,} are left until {limit.reset:%H:%M} UTC"
    yield f"Limits: {limit.limit:,} requests an hour{left}, and 900 a minute."
