"""What `audit` does."""

from collections.abc import Callable, Generator, Iterable
from contextlib import aclosing, contextmanager
from datetime import datetime
from functools import partial

from attrs import frozen

from ghpackages import GitHubPackages, GitHubPackagesError
from ghpackages.audit import Audit, AuditIterator, PackageAudit

from ._client import Connection, connected
from ._exit import FINDINGS, INCOMPLETE, OK, CommandError, code_of, complain, describe_failure
from ._formats import AuditCsv, AuditJson, AuditJsonLines, AuditWriter
from ._options import PlanKind
from ._output import Format, opened, target_of
from ._plans import show_plan
from ._progress import Display, audit_parts
from ._results import Results
from ._resume import Question, Record, Start, resumed
from ._tables import AuditTable
from ._words import plural


@frozen
class AuditQuery:
    """The arguments of `audit`.

    Attributes:
        make: Makes the audit, from the instant that durations reach back from and the records of finished packages.
        as_of: That instant as it was given; None if it was not.
        fail_on_match: Whether matches are findings.
        plan: What is told instead of auditing; None: it is audited.
        resume: Whether to go on with what an earlier run left.
    """

    make: Callable[[GitHubPackages, datetime | str | None, Iterable[Record]], Audit]
    as_of: str | None
    fail_on_match: bool
    plan: PlanKind | None
    resume: bool


async def audit(connection: Connection, results: Results, query: AuditQuery) -> int:
    """Audit packages, or tell what that would cost."""
    _check(results, query)
    display = results.display()
    async with connected(connection, display.tell_wait) as github:
        question = Question(partial(query.make, github), query.as_of)
        recipe = question.make(query.as_of, ())
        if query.fail_on_match and not set(recipe.filters) - {"all_versions", "by", "consistent", "state"}:
            raise ValueError("--fail-on-match needs a filter")
        if query.plan:
            return await show_plan(github, recipe, query.plan, results, display)
        with _begun(question, recipe, results, resume=query.resume) as start:
            async with aclosing(aiter(start.audit)) as found:
                await _audit(github, start, found, results, display)
    return _outcome(recipe, found, results, fail_on_match=query.fail_on_match)


def _check(results: Results, query: AuditQuery) -> None:
    if query.resume and (results.output is None or results.format != Format.JSONL):
        raise ValueError("--resume needs --output FILE in JSON Lines form, such as --output audit.jsonl")
    if query.plan and (query.resume or query.fail_on_match):
        raise ValueError(f"--plan does not audit: leave out {'--resume' if query.resume else '--fail-on-match'}")
    if query.plan and results.format not in {Format.TABLE, Format.JSON}:
        raise ValueError(f"a plan can be a table or json, not {results.format}")


@contextmanager
def _begun(question: Question, recipe: Audit, results: Results, *, resume: bool) -> Generator[Start, None, None]:
    """Open what is written to. JSON Lines remain as `FILE.partial` if the run ends early."""

    def tell_kept(partial: str) -> None:
        results.tell(f"ghpackages: {partial} keeps what was found: add --resume to go on")

    if resume and results.output:
        with resumed(question, results.output, on_kept=tell_kept, tell=results.tell) as start:
            yield start
    else:
        is_kept = results.format == Format.JSONL and target_of(results.output) is not None
        with opened(results.output, on_kept=tell_kept if is_kept else None) as out:
            yield Start(recipe, out, goes_on=False)


async def _audit(
    github: GitHubPackages, start: Start, found: AuditIterator, results: Results, display: Display
) -> None:
    """Write everything that is found.

    Raises:
        CommandError: Nothing could be listed.
    """
    writer = _writer(start, results)
    async with display.showing(lambda: audit_parts(found.progress, github.rate_limit)):
        await _add_all(found, writer, display)
    *others, last = [None, *found.failures]
    for failure in others:
        if failure:
            complain(describe_failure(failure))
    if last:
        if not found.has_listed and not found.totals.packages:
            raise CommandError(code_of(last.error), describe_failure(last)) from last.error
        complain(describe_failure(last))
    writer.end(found)


async def _add_all(found: AuditIterator, writer: AuditWriter, display: Display) -> None:
    try:
        async for result in found:
            writer.add(result)
            if result.error:
                display.complain(f"{_name(result)}: {result.error}")
    except GitHubPackagesError:
        if not found.failures:
            raise


def _name(result: PackageAudit) -> str:
    return f"{result.owner} {result.package.package_type} {result.package.name}"


def _writer(start: Start, results: Results) -> AuditWriter:
    if results.format == Format.CSV:
        return AuditCsv(start.out, lists_versions=start.audit.lists_versions)
    if results.format == Format.TABLE:
        return AuditTable(start.out, start.audit, results.screen)
    if results.format == Format.JSONL:
        return AuditJsonLines(start.out, start.audit, goes_on=start.goes_on)
    return AuditJson(start.out, start.audit)


def _outcome(recipe: Audit, found: AuditIterator, results: Results, *, fail_on_match: bool) -> int:
    """Say what was found, and tell the exit code."""
    totals = found.totals
    results.report(f"{plural(totals.packages, 'package')}, {plural(totals.versions, 'version')}")
    if not found.is_complete:
        complain(_shortfall(found))
        return INCOMPLETE
    hits = totals.matches if recipe.lists_versions else totals.packages
    return FINDINGS if fail_on_match and hits else OK


def _shortfall(found: AuditIterator) -> str:
    named = sum(failure.package_name is not None for failure in found.failures)
    parts = [
        f"{plural(number, noun)} failed"
        for number, noun in ((found.totals.incomplete + named, "package"), (len(found.failures) - named, "listing"))
        if number
    ]
    return f"the result is incomplete: {' and '.join(parts)}"
