"""Owners as people write them: `acme`, `org:acme`, `user:octocat`, `@me`."""

from collections.abc import Iterable

from ghpackages import GitHubPackages, Owner


def parse_owner(github: GitHubPackages, owner: str | Owner) -> Owner:
    """The owner that a text names.

    Raises:
        ValueError: It names none.
    """
    if isinstance(owner, Owner):
        return owner
    if owner == "@me":
        return github.me()
    kind, colon, name = owner.partition(":")
    if not colon:
        kind, name = "org", owner
    if kind not in {"org", "user"} or name.startswith("@") or "/" in name:
        raise ValueError(f"{owner!r} is no owner: expected 'acme', 'org:acme', 'user:octocat' or '@me'")
    return github.org(name) if kind == "org" else github.user(name)


def parse_owners(github: GitHubPackages, owners: Iterable[str | Owner]) -> list[Owner]:
    """The owners that were named, in this order, each once. Names are not case-sensitive.

    Raises:
        ValueError: There are none, or a text names none.
    """
    found = [parse_owner(github, owner) for owner in owners]
    if not found:
        raise ValueError("an audit needs at least one owner")
    by_name: dict[str, Owner] = {}
    for owner in found:
        by_name.setdefault(str(owner).lower(), owner)
    return list(by_name.values())
