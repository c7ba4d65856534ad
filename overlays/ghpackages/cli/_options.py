"""The arguments and options of the commands. Each stands for the keyword argument of the same name."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

import typer

from ._output import Format

_PACKAGES = "Package filters (all must hold)"
_VERSIONS = "Version filters (all must hold)"
_COMPLETENESS = "Completeness"
_COST = "Cost"
_OUTPUT = "Output"
_CONNECTION = "Connection"
_TYPES = "container, docker, maven, npm, nuget or rubygems"
_DURATION = "a duration such as '6 months' or '1 year 3 months', or an instant such as 2026-05-22T00:00:00Z"

MAX_WAIT = 3900.0
"""Seconds; a rate limit ends after an hour at the latest."""


# The words of the API and of audits, written again: importing the originals would make `--help` and `--version` a tenth
# of a second slower. A test compares them.
PackageVisibility = Literal["internal", "private", "public"]
PackageVersionState = Literal["active", "deleted"]
By = Literal["created", "updated"]
State = Literal["active", "deleted", "all"]


class PackageType(StrEnum):  # typer takes no list of a `Literal`
    """The type of a package."""

    CONTAINER = "container"
    DOCKER = "docker"
    MAVEN = "maven"
    NPM = "npm"
    NUGET = "nuget"
    RUBYGEMS = "rubygems"


class PlanKind(StrEnum):
    """How the cost of an audit is found out."""

    LISTED = "listed"
    EXACT = "exact"


OwnerArgument = Annotated[
    str, typer.Argument(metavar="OWNER", help="acme or org:acme, user:octocat, or @me.", show_default=False)
]
OwnersArgument = Annotated[
    list[str], typer.Argument(metavar="OWNER...", help="acme or org:acme, user:octocat, or @me.", show_default=False)
]
TypeArgument = Annotated[PackageType, typer.Argument(metavar="TYPE", help="The type of the package.")]
NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="Its name; may have slashes.")]

OneVisibility = Annotated[
    PackageVisibility | None,
    typer.Option("--visibility", metavar="WHO", help="Only public, private or internal ones."),
]
OneType = Annotated[PackageType | None, typer.Option("--type", metavar="TYPE", help=f"Only {_TYPES}.")]
Types = Annotated[
    list[PackageType] | None,
    typer.Option("--type", metavar="TYPE", help=f"{_TYPES}; repeatable.", rich_help_panel=_PACKAGES),
]
Names = Annotated[
    list[str] | None,
    typer.Option(
        "--name", metavar="GLOB", help="Of this name; * also matches slashes; repeatable.", rich_help_panel=_PACKAGES
    ),
]
Visibility = Annotated[
    PackageVisibility | None,
    typer.Option("--visibility", metavar="WHO", help="public, private or internal.", rich_help_panel=_PACKAGES),
]
Packages = Annotated[
    list[str] | None,
    typer.Option(
        "--package",
        metavar="TYPE/NAME",
        help="This one, asked for by its name instead of listed; repeatable; not with --type, --name, --visibility.",
        rich_help_panel=_PACKAGES,
    ),
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
ByOption = Annotated[
    By,
    typer.Option("--by", metavar="DATE", help="The date that counts, created or updated.", rich_help_panel=_VERSIONS),
]
SkipNewest = Annotated[
    int,
    typer.Option(
        "--skip-newest",
        metavar="N",
        help="Not the newest N active versions of those that pass the tag filters; tags of signatures don't count.",
        show_default=False,
        rich_help_panel=_VERSIONS,
    ),
]
AuditState = Annotated[
    State,
    typer.Option("--state", metavar="STATE", help="active, deleted or all.", rich_help_panel=_VERSIONS),
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
Consistent = Annotated[
    bool,
    typer.Option(
        "--consistent",
        help="Also prove that nothing shifted while a listing was read. Versions cost up to 2 requests more, "
        "packages of more than one page twice as many.",
        rich_help_panel=_COMPLETENESS,
    ),
]
BeyondWindow = Annotated[
    bool,
    typer.Option(
        "--beyond-window",
        help="List by visibility where a type has more than the 10,000 packages that GitHub shows.",
        rich_help_panel=_COMPLETENESS,
    ),
]
VersionState = Annotated[PackageVersionState, typer.Option("--state", metavar="STATE", help="active or deleted.")]

Plan = Annotated[
    PlanKind | None,
    typer.Option(
        "--plan",
        metavar="[=exact]",
        help="Don't audit: list the packages, and tell how many requests and minutes the audit would take. With =exact "
        "also read the first page of each package, which tells how many there are.",
        rich_help_panel=_COST,
    ),
]

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
        help="How long a request waits for rate limits, in all; the default is just over the hour that one can last.",
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
    typer.Option(
        "--format",
        "-f",
        metavar="FORMAT",
        help="table, json, jsonl or csv; default: by the suffix of --output, else a table.",
        rich_help_panel=_OUTPUT,
    ),
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
AuditOutput = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        help="Appears whole or not at all; while it is written, it is FILE.partial. In JSON Lines form that remains if "
        "the run ends early, for --resume; without it, one that is there is overwritten.",
        rich_help_panel=_OUTPUT,
    ),
]
Resume = Annotated[
    bool,
    typer.Option(
        "--resume",
        help="Go on with FILE.partial of --output, which an earlier run of the same audit left: what is complete there "
        "is not asked for again, and --as-of is what it was.",
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
FailOnChange = Annotated[
    bool, typer.Option("--fail-on-match", help="Exit with 1 if anything changed.", rich_help_panel=_OUTPUT)
]

OldArgument = Annotated[Path, typer.Argument(metavar="OLD", help="An audit in JSON Lines form.", show_default=False)]
NewArgument = Annotated[
    Path, typer.Argument(metavar="NEW", help="The same audit, made at another time.", show_default=False)
]
