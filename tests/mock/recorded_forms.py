"""The forms of recorded answers of the real API: keys, kinds of values and forms of URLs, with other names.

A form is JSON in which every value is its kind (`text`, `date`, `number`, `flag`, `null`), but a URL stays one, with
`N` for a number that identifies something. A list is the forms that its items have, each once.
"""

from __future__ import annotations

import re
from typing import Any, Final, cast

__all__ = ["ANY_HEADERS", "Form", "form", "package", "version"]

Form = Any

API: Final = "https://api.github.com"
WEB: Final = "https://github.com"
DATE: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")

ANY_HEADERS: Final = {
    "cache-control": "private, max-age=60, s-maxage=60",
    "content-type": "application/json; charset=utf-8",
    "vary": "Accept, Authorization, Cookie, X-GitHub-OTP,Accept-Encoding, Accept, X-Requested-With",
    "x-accepted-oauth-scopes": "",
    "x-github-api-version-selected": "2022-11-28",
    "x-github-media-type": "github.v3; format=json",
    "x-oauth-scopes": "delete:packages, repo, write:packages",
    "x-ratelimit-limit": "5000",
    "x-ratelimit-resource": "core",
}
"""What came with answers to a classic token in 2025, apart from what concerns browsers only."""

OWNER: Final = {
    **dict.fromkeys(("login", "node_id", "gravatar_id", "type", "user_view_type"), "text"),
    "id": "number",
    "site_admin": "flag",
    "avatar_url": "https://avatars.githubusercontent.com/u/N?v=4",
    "html_url": f"{WEB}/LOGIN",
    "url": f"{API}/users/LOGIN",
    "followers_url": f"{API}/users/LOGIN/followers",
    "following_url": f"{API}/users/LOGIN/following{{/other_user}}",
    "gists_url": f"{API}/users/LOGIN/gists{{/gist_id}}",
    "starred_url": f"{API}/users/LOGIN/starred{{/owner}}{{/repo}}",
    "subscriptions_url": f"{API}/users/LOGIN/subscriptions",
    "organizations_url": f"{API}/users/LOGIN/orgs",
    "repos_url": f"{API}/users/LOGIN/repos",
    "events_url": f"{API}/users/LOGIN/events{{/privacy}}",
    "received_events_url": f"{API}/users/LOGIN/received_events",
}
REPOSITORY: Final = {
    **dict.fromkeys(("node_id", "name", "full_name", "description"), "text"),
    "id": "number",
    "private": "flag",
    "fork": "flag",
    "owner": OWNER,
    "html_url": f"{WEB}/LOGIN/hello",
    "url": f"{API}/repos/LOGIN/hello",
    **{
        f"{path.partition('{')[0].strip('/').replace('/', '_')}_url": f"{API}/repos/LOGIN/hello/{path}"
        for path in (
            *("forks", "keys{/key_id}", "collaborators{/collaborator}", "teams", "hooks", "events"),
            *("assignees{/user}", "branches{/branch}", "tags", "git/tags{/sha}", "git/refs{/sha}", "languages"),
            *("stargazers", "contributors", "subscribers", "subscription", "commits{/sha}", "git/commits{/sha}"),
            *("comments{/number}", "contents/{+path}", "compare/{base}...{head}", "merges", "downloads"),
            *("issues{/number}", "pulls{/number}", "milestones{/number}", "deployments", "labels{/name}"),
            *("notifications{?since,all,participating}", "releases{/id}", "statuses/{sha}"),
        )
    },
    "archive_url": f"{API}/repos/LOGIN/hello/{{archive_format}}{{/ref}}",
    "blobs_url": f"{API}/repos/LOGIN/hello/git/blobs{{/sha}}",
    "issue_comment_url": f"{API}/repos/LOGIN/hello/issues/comments{{/number}}",
    "issue_events_url": f"{API}/repos/LOGIN/hello/issues/events{{/number}}",
    "trees_url": f"{API}/repos/LOGIN/hello/git/trees{{/sha}}",
}
PACKAGE: Final = {
    **dict.fromkeys(("name", "package_type", "visibility"), "text"),
    **dict.fromkeys(("created_at", "updated_at"), "date"),
    "id": "number",
    "owner": OWNER,
    "url": f"{API}/OWNER/packages/TYPE/NAME",
    "html_url": f"{WEB}/OWNER/packages/TYPE/package/NAME",
}
VERSION: Final = {
    **dict.fromkeys(("created_at", "updated_at"), "date"),
    "id": "number",
    "name": "text",
    "metadata": {"package_type": "text"},
    "url": f"{API}/OWNER/packages/TYPE/NAME/versions/N",
    "package_html_url": f"{WEB}/OWNER/packages/TYPE/package/NAME",
    "html_url": f"{WEB}/OWNER/packages/TYPE/NAME/N",
}
# Of maven, the web pages are those of a repository.
PAGE: Final = f"{WEB}/LOGIN/hello/packages/N"
TAGS: Final[dict[bool, Form]] = {
    tagged: {"package_type": "text", "container": {"tags": ["text"] if tagged else []}} for tagged in (True, False)
}


def package(
    path: str, *, count: bool = False, linked: bool = False, described: bool = True, view_type: bool = True
) -> Form:
    """The form of a package, `path` being as in `users/octocat/packages/npm/left-pad`."""
    found: Form = dict(PACKAGE)
    if count:
        found["version_count"] = "number"
    if linked:
        found["repository"] = REPOSITORY if described else REPOSITORY | {"description": "null"}
    if "/maven/" in path:
        found["html_url"] = PAGE
    return _named(found if view_type else _without_view_type(found), path)


def version(path: str, *more: str, tagged: bool | None = None) -> Form:
    """The form of a version with `more` fields; of images, `tagged` tells whether it has a tag."""
    found: Form = VERSION | dict.fromkeys(more, "text")
    if tagged is not None:
        found["metadata"] = TAGS[tagged]
    if "/maven/" in path:
        found |= {"package_html_url": PAGE, "html_url": f"{PAGE}?version=NUMBER"}
    return _named(found, path)


def form(value: object) -> Form:
    """Reduce an answer to its form."""
    match value:
        case dict():
            return {key: form(child) for key, child in cast("dict[str, object]", value).items()}
        case list():
            forms: list[Form] = [form(child) for child in cast("list[object]", value)]
            return [one for index, one in enumerate(forms) if one not in forms[:index]]
        case str():
            return _form_of_text(value)
        case bool() | None:
            return "null" if value is None else "flag"
        case _:
            return "number"


def _form_of_text(text: str) -> str:
    if not text.startswith("https://"):
        return "date" if DATE.fullmatch(text) else "text"
    return re.sub(r"(?<=\?version=).*", "NUMBER", re.sub(r"(?<=/)\d+(?=$|\?)", "N", text))


def _named(value: Form, path: str) -> Form:
    """Fill in the names."""
    kind, login, _, package_type, name = path.split("/")
    names = {"OWNER": f"{kind}/{login}", "LOGIN": login, "TYPE": package_type, "NAME": name}
    if isinstance(value, dict):
        return {key: _named(child, path) for key, child in cast("dict[str, Form]", value).items()}
    if isinstance(value, str):
        return re.sub("|".join(names), lambda found: names[found[0]], value)
    return value


def _without_view_type(value: Form) -> Form:
    """As owners were shown until 2024."""
    if not isinstance(value, dict):
        return value
    fields = cast("dict[str, Form]", value).items()
    return {key: _without_view_type(child) for key, child in fields if key != "user_view_type"}
