"""The arguments and options of the commands. Each stands for the keyword argument of the same name."""

from pathlib import Path
from typing import Annotated

import typer

from ghpackages import PackageType, PackageVersionState, PackageVisibility
from ghpackages.audit import By, State

from ._output import Format

_PACKAGES = "Package filters (all must hold)"
_VERSIONS = "Version filters (all must hold)"
_OUTPUT = "Output"
_CONNECTION = "Connection"
_DURATION = "a duration such as '6 months' or '1 year 3 months', or an instant such as 2026-05-22T00:00:00Z"

OwnerArgument = Annotated[
    str, typer.Argument(metavar="OWNER", help="acme or org:acme, user:octocat, or @me.", show_default=False)
]
OwnersArgument = Annotated[
    list[str], typer.Argument(metavar="OWNER...", help="acme or org:acme, user:octocat, or @me.", show_default=False)
]
TypeArgument = Annotated[PackageType, typer.Argument(metavar="TYPE", help="The type of the package.")]
NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="Its name; may have slashes.")]

OneType = Annotated[PackageType | None, typer.Option("--type", help="Only packages of this type.")]
Types = Annotated[
    list[PackageType] | None, typer.Option("--type", help="Of this type; repeatable.", rich_help_panel=_PACKAGES)
]
Names = Annotated[
    list[str] | None,
    typer.Option(
        "--name", metavar="GLOB", help="Of this name; * also matches slashes; repeatable.", rich_help_panel=_PACKAGES
    ),
]
Visibility = Annotated[
    PackageVisibility | None, typer.Option("--visibility", help="Of this visibility.", rich_help_panel=_PACKAGES)
]
Repositories = Annotated[
    list[str] | None,
    typer.Option(
        "--repository", metavar="GLOB", help="Linked to this owner/name; repeatable.", rich_help_panel=_PACKAGES
    ),
]
Unlinked = Annotated[bool, typer.Option("--unlinked", help="Linked to no repository.", rich_help_panel=_PACKAGES)]
InactiveFor = Annotated[
    str | None,
    typer.Option(
        "--inactive-for",
        metavar="DURATION",
        help="Newest active version is older than this, such as '1 year'.",
        rich_help_panel=_PACKAGES,
    ),
]

Tagged = Annotated[bool, typer.Option("--tagged", help="Has a tag.", rich_help_panel=_VERSIONS)]
Untagged = Annotated[
    bool,
    typer.Option(
        "--untagged",
        help="Has no tag. It may be a part of a multi-platform image.",
        rich_help_panel=_VERSIONS,
    ),
]
TagsAny = Annotated[
    list[str] | None,
    typer.Option(
        "--tag-any", metavar="GLOB", help="One of these matches a tag; repeatable.", rich_help_panel=_VERSIONS
    ),
]
TagsAll = Annotated[
    list[str] | None,
    typer.Option(
        "--tag-all", metavar="GLOB", help="Each of these matches a tag; repeatable.", rich_help_panel=_VERSIONS
    ),
]
TagsNone = Annotated[
    list[str] | None,
    typer.Option(
        "--tag-none", metavar="GLOB", help="None of these matches a tag; repeatable.", rich_help_panel=_VERSIONS
    ),
]
OlderThan = Annotated[
    str | None, typer.Option("--older-than", metavar="WHEN", help=f"Before {_DURATION}.", rich_help_panel=_VERSIONS)
]
NewerThan = Annotated[
    str | None, typer.Option("--newer-than", metavar="WHEN", help="After WHEN.", rich_help_panel=_VERSIONS)
]
ByOption = Annotated[By, typer.Option("--by", help="The date that counts.", rich_help_panel=_VERSIONS)]
SkipNewest = Annotated[
    int,
    typer.Option(
        "--skip-newest",
        metavar="N",
        help="Not the newest N active versions.",
        show_default=False,
        rich_help_panel=_VERSIONS,
    ),
]
AuditState = Annotated[
    State,
    typer.Option("--state", help="Which versions are looked at.", rich_help_panel=_VERSIONS),
]
AllVersions = Annotated[
    bool,
    typer.Option("--all-versions", help="List every version if there is no version filter.", rich_help_panel=_VERSIONS),
]
AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of", metavar="INSTANT", help="What durations reach back from; default: now.", rich_help_panel=_VERSIONS
    ),
]
VersionState = Annotated[PackageVersionState, typer.Option("--state", help="Which versions are listed.")]

Limit = Annotated[int | None, typer.Option("--limit", metavar="N", help="Only the first N.", min=0)]
StartPage = Annotated[int, typer.Option("--start-page", metavar="N", help="The page to begin with.")]
PerPage = Annotated[
    int, typer.Option("--per-page", metavar="N", help="Items per page, 1 to 100.", rich_help_panel=_CONNECTION)
]
Concurrency = Annotated[
    int,
    typer.Option(
        "--concurrency",
        metavar="N",
        help="How many packages are read, and requests made, at the same time; 1 to 100.",
        rich_help_panel=_CONNECTION,
    ),
]
BaseUrl = Annotated[
    str | None,
    typer.Option(
        "--base-url",
        metavar="URL",
        help="Where the API is, such as https://HOST/api/v3; default: GITHUB_API_URL, then https://api.github.com.",
        rich_help_panel=_CONNECTION,
    ),
]
ApiVersion = Annotated[
    str, typer.Option("--api-version", metavar="DATE", help="The API version.", rich_help_panel=_CONNECTION)
]
MaxWait = Annotated[
    float,
    typer.Option(
        "--max-wait",
        metavar="SECONDS",
        help="How long to wait for a rate limit, each time; the default is just over the hour that one can last.",
        min=0,
        rich_help_panel=_CONNECTION,
    ),
]
Timeout = Annotated[
    float,
    typer.Option(
        "--timeout", metavar="SECONDS", help="For each part of a request.", min=0.001, rich_help_panel=_CONNECTION
    ),
]
Demo = Annotated[
    bool,
    typer.Option(
        "--demo",
        help="Ask a mock server in this process, which has octo-org and octocat; no token is needed.",
        rich_help_panel=_CONNECTION,
    ),
]

FormatOption = Annotated[
    Format | None,
    typer.Option("--format", "-f", help="Default: by the suffix of --output, else a table.", rich_help_panel=_OUTPUT),
]
Output = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        help="Appears whole or not at all; while it is written, it is FILE.partial.",
        rich_help_panel=_OUTPUT,
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.", rich_help_panel=_OUTPUT)]
FailOnMatch = Annotated[
    bool,
    typer.Option(
        "--fail-on-match",
        help="Exit with 1 if a version matches or, without version filters, a package.",
        rich_help_panel=_OUTPUT,
    ),
]
