"""The commands: their arguments, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ghpackages import __version__

from . import _options as options
from ._command import AuditCommand
from ._exit import MEANING

if TYPE_CHECKING:
    from ghpackages import GitHubPackages
    from ghpackages.audit import Audit

    from ._resume import Record

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    no_args_is_help=False,
    rich_markup_mode="markdown",  # else help keeps the line ends of docstrings
    epilog=MEANING,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(value: bool) -> None:
    if value:
        typer.echo(f"ghpackages {__version__}")
        raise typer.Exit


@app.callback()
def ghpackages(
    version: Annotated[
        bool, typer.Option("--version", help="Show the version.", callback=_show_version, is_eager=True)
    ] = False,
) -> None:
    """Read GitHub Packages: list, count and audit. Nothing is ever changed.

    The token is taken from GH_TOKEN, then GITHUB_TOKEN, and for Enterprise Servers that these are not for from
    GH_ENTERPRISE_TOKEN: a personal access token (classic) with the scope read:packages. It is never an argument,
    because arguments can be seen by everyone on the machine. With --demo none is needed.
    """


@app.command(epilog=MEANING)
def packages(
    owner: options.OwnerArgument,
    type_: options.OneType = None,
    visibility: options.OneVisibility = None,
    limit: options.Limit = None,
    start_page: options.StartPage = 1,
    consistent: options.Consistent = False,
    beyond_window: options.BeyondWindow = False,
    format_: options.FormatOption = None,
    output: options.Output = None,
    quiet: options.Quiet = False,
    per_page: options.PerPage = 100,
    base_url: options.BaseUrl = None,
    api_version: options.ApiVersion = "2022-11-28",
    timeout: options.Timeout = 30.0,
    max_wait: options.MaxWait = options.MAX_WAIT,
    demo: options.Demo = False,
) -> int:
    """List the packages of an owner. As json and jsonl these are GitHub's objects, unchanged."""
    from . import _commands as do

    return do.run_async(
        do.list_packages(
            do.Connection(base_url, api_version, timeout, max_wait, demo),
            do.Results(format_, output, quiet),
            do.PackagesQuery(
                owner=owner,
                package_type=type_,
                visibility=visibility,
                per_page=per_page,
                start_page=start_page,
                limit=limit,
                consistent=consistent,
                beyond_window=beyond_window,
            ),
        )
    )


@app.command(epilog=MEANING)
def versions(
    owner: options.OwnerArgument,
    type_: options.TypeArgument,
    name: options.NameArgument,
    state: options.VersionState = "active",
    limit: options.Limit = None,
    start_page: options.StartPage = 1,
    consistent: options.Consistent = False,
    format_: options.FormatOption = None,
    output: options.Output = None,
    quiet: options.Quiet = False,
    per_page: options.PerPage = 100,
    base_url: options.BaseUrl = None,
    api_version: options.ApiVersion = "2022-11-28",
    timeout: options.Timeout = 30.0,
    max_wait: options.MaxWait = options.MAX_WAIT,
    demo: options.Demo = False,
) -> int:
    """List the versions of a package. As json and jsonl these are GitHub's objects, unchanged."""
    from . import _commands as do

    return do.run_async(
        do.list_versions(
            do.Connection(base_url, api_version, timeout, max_wait, demo),
            do.Results(format_, output, quiet),
            do.VersionsQuery(
                owner=owner,
                package_type=type_,
                name=name,
                state=state,
                per_page=per_page,
                start_page=start_page,
                limit=limit,
                consistent=consistent,
            ),
        )
    )


@app.command(epilog=MEANING, cls=AuditCommand)
def audit(
    owners: options.OwnersArgument,
    types: options.Types = None,
    names: options.Names = None,
    visibility: options.Visibility = None,
    repositories: options.Repositories = None,
    unlinked: options.Unlinked = False,
    inactive_for: options.InactiveFor = None,
    packages: options.Packages = None,
    tagged: options.Tagged = False,
    untagged: options.Untagged = False,
    tags_any: options.TagsAny = None,
    tags_all: options.TagsAll = None,
    tags_none: options.TagsNone = None,
    older_than: options.OlderThan = None,
    newer_than: options.NewerThan = None,
    by: options.ByOption = "created",
    skip_newest: options.SkipNewest = 0,
    state: options.AuditState = "active",
    all_versions: options.AllVersions = False,
    as_of: options.AsOf = None,
    consistent: options.Consistent = False,
    plan: options.Plan = None,
    format_: options.FormatOption = None,
    output: options.AuditOutput = None,
    resume: options.Resume = False,
    fail_on_match: options.FailOnMatch = False,
    quiet: options.Quiet = False,
    per_page: options.PerPage = 100,
    concurrency: options.Concurrency = 16,
    base_url: options.BaseUrl = None,
    api_version: options.ApiVersion = "2022-11-28",
    timeout: options.Timeout = 30.0,
    max_wait: options.MaxWait = options.MAX_WAIT,
    demo: options.Demo = False,
) -> int:
    """Count the versions of all packages of owners, and list those that match.

    Package filters choose what is looked at, version filters what matches. Without a version filter versions are
    counted, not listed. That a version matches does not say that nobody needs it: an untagged version may be a part of
    a multi-platform image. GitHub's API knows no teams, no download counts and no list of deleted packages.
    """
    from . import _commands as do

    def make(github: GitHubPackages, as_of: datetime | str | None, finished: Iterable[Record]) -> Audit:
        return do.make_audit(
            github,
            *owners,
            types=types or None,
            names=names or (),
            visibility=visibility,
            repositories=repositories or (),
            unlinked=unlinked,
            inactive_for=inactive_for,
            packages=packages or (),
            tagged=tagged,
            untagged=untagged,
            tags_any=tags_any or (),
            tags_all=tags_all or (),
            tags_none=tags_none or (),
            older_than=older_than,
            newer_than=newer_than,
            by=by,
            skip_newest=skip_newest,
            state=state,
            all_versions=all_versions,
            as_of=as_of or (do.DEMO_NOW if demo else None),
            per_page=per_page,
            max_wait=max_wait,
            consistent=consistent,
            finished=finished,
        )

    return do.run_async(
        do.run_audit(
            do.Connection(base_url, api_version, timeout, max_wait, demo, concurrency),
            do.Results(format_, output, quiet),
            do.AuditQuery(make, as_of, fail_on_match=fail_on_match, plan=plan, resume=resume),
        )
    )


@app.command(epilog=MEANING)
def diff(
    old: options.OldArgument,
    new: options.NewArgument,
    format_: options.FormatOption = None,
    output: options.Output = None,
    fail_on_match: options.FailOnChange = False,
    quiet: options.Quiet = False,
) -> int:
    """Tell what changed between two audits of the same owners with the same filters.

    Packages added and gone, made public or private, linked to another repository. Of audits with --all-versions also
    versions added and gone, and tags that moved; else only the number of versions is compared. Nothing is asked of
    GitHub.
    """
    from . import _commands as do

    return do.run(lambda: do.run_diff(do.Results(format_, output, quiet), do.DiffQuery(old, new, fail_on_match)))


@app.command("mock-server", epilog=MEANING)
def mock_server(
    port: Annotated[int, typer.Option(metavar="N", help="0 takes a free one.", min=0, max=65535)] = 8000,
    host: Annotated[str, typer.Option("--host", metavar="HOST", help="The address to listen on.")] = "127.0.0.1",
    seed: Annotated[
        str,
        typer.Option(metavar="WHAT", help="octo-org; octo-org:N for another one like it; or a file that --save wrote."),
    ] = "octo-org",
    empty: Annotated[bool, typer.Option("--empty", help="Begin with nothing.")] = False,
    org: Annotated[
        list[str] | None,
        typer.Option("--org", metavar="NAME", help="Add an organisation without packages; repeatable."),
    ] = None,
    fault: Annotated[
        list[str] | None,
        typer.Option(
            "--fault", metavar="FAULT", help="Let something go wrong, such as 502:GET:/orgs/*:times=2; repeatable."
        ),
    ] = None,
    save: Annotated[Path | None, typer.Option(metavar="FILE", help="Save everything as JSON in the end.")] = None,
) -> int:
    """Serve a mock of the API, with the example organisation octo-org, until it is interrupted.

    A fault says what goes wrong, then with which requests and when, all separated by colons: `latency=0.2±0.1`,
    `reset:p=0.01`, `502:GET:/orgs/*/packages:times=2`, `missing=repository:operation=list_packages`,
    `primary-limit=60:nth=10`. `python -c "help('ghpackages.testing.parse_fault')"` lists them all.
    """
    from . import _commands as do

    return do.run_async(
        do.serve_mock(do.ServerOptions(host, port, seed, empty, tuple(org or ()), tuple(fault or ()), save))
    )
