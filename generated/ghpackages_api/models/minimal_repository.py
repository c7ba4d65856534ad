# Generated from openapi/github-packages.yaml by "nox -s generate"; do not edit.
from __future__ import annotations

import datetime
from collections.abc import Mapping
from operator import itemgetter
from typing import Any, Self

from attrs import define as _attrs_define
from attrs import field as _attrs_field
from ghpackages_runtime.errors import DecodeError
from ghpackages_runtime.values import (
    UNSET,
    Field,
    Model,
    Unset,
    boolean,
    find_failure,
    instant,
    instant_text,
    integer,
    sparing,
    text,
    texts,
)

from .code_of_conduct import CodeOfConduct
from .custom_properties import CustomProperties
from .pull_request_creation_policy import PullRequestCreationPolicy
from .repository_license import RepositoryLicense
from .repository_permissions import RepositoryPermissions
from .security_and_analysis import SecurityAndAnalysis
from .simple_user import SimpleUser

_simple_user = SimpleUser.from_dict
_repository_permissions = RepositoryPermissions.from_dict
_code_of_conduct = CodeOfConduct.from_dict
_repository_license = RepositoryLicense.from_dict
_security_and_analysis = SecurityAndAnalysis.from_dict
_custom_properties = CustomProperties.from_dict
_new = object.__new__

_pull_request_creation_policy_of = {member.value: member for member in PullRequestCreationPolicy}.get


def _pull_request_creation_policy(value: str) -> PullRequestCreationPolicy | str:
    return _pull_request_creation_policy_of(value) or text(value)


@sparing
@_attrs_define(repr=False)
class MinimalRepository(Model):
    """A repository, in the short form that packages carry.

    Attributes:
        id: `int`.
        name: `str`.
        full_name: `str`.
        private: `bool`.
        html_url: `str`.
        node_id: `str`.
        owner: An organisation or a user.
        description: `str`.
        fork: `bool`.
        url: `str`.
        archive_url: `str`.
        assignees_url: `str`.
        blobs_url: `str`.
        branches_url: `str`.
        collaborators_url: `str`.
        comments_url: `str`.
        commits_url: `str`.
        compare_url: `str`.
        contents_url: `str`.
        contributors_url: `str`.
        deployments_url: `str`.
        downloads_url: `str`.
        events_url: `str`.
        forks_url: `str`.
        git_commits_url: `str`.
        git_refs_url: `str`.
        git_tags_url: `str`.
        git_url: `str`.
        issue_comment_url: `str`.
        issue_events_url: `str`.
        issues_url: `str`.
        keys_url: `str`.
        labels_url: `str`.
        languages_url: `str`.
        merges_url: `str`.
        milestones_url: `str`.
        notifications_url: `str`.
        pulls_url: `str`.
        releases_url: `str`.
        ssh_url: `str`.
        stargazers_url: `str`.
        statuses_url: `str`.
        subscribers_url: `str`.
        subscription_url: `str`.
        tags_url: `str`.
        teams_url: `str`.
        trees_url: `str`.
        clone_url: `str`.
        mirror_url: `str`.
        hooks_url: `str`.
        svn_url: `str`.
        homepage: `str`.
        language: `str`.
        forks_count: `int`.
        stargazers_count: `int`.
        watchers_count: `int`.
        size: In kilobytes.
        default_branch: `str`.
        open_issues_count: `int`.
        is_template: `bool`.
        topics: `list[str]`.
        has_issues: `bool`.
        has_projects: `bool`.
        has_wiki: `bool`.
        has_pages: `bool`.
        has_downloads: Gone in API version 2026-03-10.
        has_discussions: `bool`.
        has_pull_requests: `bool`.
        pull_request_creation_policy: Who may open pull requests.
        archived: `bool`.
        disabled: `bool`.
        visibility: `str`.
        pushed_at: `datetime.datetime`.
        created_at: `datetime.datetime`.
        updated_at: `datetime.datetime`.
        permissions: What the owner of the token may do in the repository.
        role_name: `str`.
        temp_clone_token: `str`.
        delete_branch_on_merge: `bool`.
        subscribers_count: `int`.
        network_count: `int`.
        code_of_conduct: The code of conduct of the repository.
        license_: `RepositoryLicense`.
        forks: `int`.
        open_issues: `int`.
        watchers: `int`.
        allow_forking: `bool`.
        web_commit_signoff_required: `bool`.
        security_and_analysis: `SecurityAndAnalysis`.
        custom_properties: The repository's custom properties by name.
    """

    id: int
    name: str
    full_name: str
    private: bool
    html_url: str
    node_id: str | None | Unset = UNSET
    owner: SimpleUser | None | Unset = UNSET
    description: str | None | Unset = UNSET
    fork: bool | None | Unset = UNSET
    url: str | None | Unset = UNSET
    archive_url: str | None | Unset = UNSET
    assignees_url: str | None | Unset = UNSET
    blobs_url: str | None | Unset = UNSET
    branches_url: str | None | Unset = UNSET
    collaborators_url: str | None | Unset = UNSET
    comments_url: str | None | Unset = UNSET
    commits_url: str | None | Unset = UNSET
    compare_url: str | None | Unset = UNSET
    contents_url: str | None | Unset = UNSET
    contributors_url: str | None | Unset = UNSET
    deployments_url: str | None | Unset = UNSET
    downloads_url: str | None | Unset = UNSET
    events_url: str | None | Unset = UNSET
    forks_url: str | None | Unset = UNSET
    git_commits_url: str | None | Unset = UNSET
    git_refs_url: str | None | Unset = UNSET
    git_tags_url: str | None | Unset = UNSET
    git_url: str | None | Unset = UNSET
    issue_comment_url: str | None | Unset = UNSET
    issue_events_url: str | None | Unset = UNSET
    issues_url: str | None | Unset = UNSET
    keys_url: str | None | Unset = UNSET
    labels_url: str | None | Unset = UNSET
    languages_url: str | None | Unset = UNSET
    merges_url: str | None | Unset = UNSET
    milestones_url: str | None | Unset = UNSET
    notifications_url: str | None | Unset = UNSET
    pulls_url: str | None | Unset = UNSET
    releases_url: str | None | Unset = UNSET
    ssh_url: str | None | Unset = UNSET
    stargazers_url: str | None | Unset = UNSET
    statuses_url: str | None | Unset = UNSET
    subscribers_url: str | None | Unset = UNSET
    subscription_url: str | None | Unset = UNSET
    tags_url: str | None | Unset = UNSET
    teams_url: str | None | Unset = UNSET
    trees_url: str | None | Unset = UNSET
    clone_url: str | None | Unset = UNSET
    mirror_url: str | None | Unset = UNSET
    hooks_url: str | None | Unset = UNSET
    svn_url: str | None | Unset = UNSET
    homepage: str | None | Unset = UNSET
    language: str | None | Unset = UNSET
    forks_count: int | None | Unset = UNSET
    stargazers_count: int | None | Unset = UNSET
    watchers_count: int | None | Unset = UNSET
    size: int | None | Unset = UNSET
    default_branch: str | None | Unset = UNSET
    open_issues_count: int | None | Unset = UNSET
    is_template: bool | None | Unset = UNSET
    topics: list[str] | None | Unset = UNSET
    has_issues: bool | None | Unset = UNSET
    has_projects: bool | None | Unset = UNSET
    has_wiki: bool | None | Unset = UNSET
    has_pages: bool | None | Unset = UNSET
    has_downloads: bool | None | Unset = UNSET
    has_discussions: bool | None | Unset = UNSET
    has_pull_requests: bool | None | Unset = UNSET
    pull_request_creation_policy: PullRequestCreationPolicy | str | None | Unset = UNSET
    archived: bool | None | Unset = UNSET
    disabled: bool | None | Unset = UNSET
    visibility: str | None | Unset = UNSET
    pushed_at: datetime.datetime | None | Unset = UNSET
    created_at: datetime.datetime | None | Unset = UNSET
    updated_at: datetime.datetime | None | Unset = UNSET
    permissions: RepositoryPermissions | None | Unset = UNSET
    role_name: str | None | Unset = UNSET
    temp_clone_token: str | None | Unset = UNSET
    delete_branch_on_merge: bool | None | Unset = UNSET
    subscribers_count: int | None | Unset = UNSET
    network_count: int | None | Unset = UNSET
    code_of_conduct: CodeOfConduct | None | Unset = UNSET
    license_: RepositoryLicense | None | Unset = UNSET
    forks: int | None | Unset = UNSET
    open_issues: int | None | Unset = UNSET
    watchers: int | None | Unset = UNSET
    allow_forking: bool | None | Unset = UNSET
    web_commit_signoff_required: bool | None | Unset = UNSET
    security_and_analysis: SecurityAndAnalysis | None | Unset = UNSET
    custom_properties: CustomProperties | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict[str, Any])

    def to_dict(self) -> dict[str, Any]:
        """The JSON object that this was decoded from: absent keys stay absent, nulls null, unknown keys as they came."""
        data: dict[str, Any] = {
            "id": self.id,
            "name": self.name,
            "full_name": self.full_name,
            "private": self.private,
            "html_url": self.html_url,
        }
        if self.node_id is not UNSET:
            data["node_id"] = self.node_id
        if self.owner is not UNSET:
            data["owner"] = self.owner.to_dict() if self.owner is not None else None
        if self.description is not UNSET:
            data["description"] = self.description
        if self.fork is not UNSET:
            data["fork"] = self.fork
        if self.url is not UNSET:
            data["url"] = self.url
        if self.archive_url is not UNSET:
            data["archive_url"] = self.archive_url
        if self.assignees_url is not UNSET:
            data["assignees_url"] = self.assignees_url
        if self.blobs_url is not UNSET:
            data["blobs_url"] = self.blobs_url
        if self.branches_url is not UNSET:
            data["branches_url"] = self.branches_url
        if self.collaborators_url is not UNSET:
            data["collaborators_url"] = self.collaborators_url
        if self.comments_url is not UNSET:
            data["comments_url"] = self.comments_url
        if self.commits_url is not UNSET:
            data["commits_url"] = self.commits_url
        if self.compare_url is not UNSET:
            data["compare_url"] = self.compare_url
        if self.contents_url is not UNSET:
            data["contents_url"] = self.contents_url
        if self.contributors_url is not UNSET:
            data["contributors_url"] = self.contributors_url
        if self.deployments_url is not UNSET:
            data["deployments_url"] = self.deployments_url
        if self.downloads_url is not UNSET:
            data["downloads_url"] = self.downloads_url
        if self.events_url is not UNSET:
            data["events_url"] = self.events_url
        if self.forks_url is not UNSET:
            data["forks_url"] = self.forks_url
        if self.git_commits_url is not UNSET:
            data["git_commits_url"] = self.git_commits_url
        if self.git_refs_url is not UNSET:
            data["git_refs_url"] = self.git_refs_url
        if self.git_tags_url is not UNSET:
            data["git_tags_url"] = self.git_tags_url
        if self.git_url is not UNSET:
            data["git_url"] = self.git_url
        if self.issue_comment_url is not UNSET:
            data["issue_comment_url"] = self.issue_comment_url
        if self.issue_events_url is not UNSET:
            data["issue_events_url"] = self.issue_events_url
        if self.issues_url is not UNSET:
            data["issues_url"] = self.issues_url
        if self.keys_url is not UNSET:
            data["keys_url"] = self.keys_url
        if self.labels_url is not UNSET:
            data["labels_url"] = self.labels_url
        if self.languages_url is not UNSET:
            data["languages_url"] = self.languages_url
        if self.merges_url is not UNSET:
            data["merges_url"] = self.merges_url
        if self.milestones_url is not UNSET:
            data["milestones_url"] = self.milestones_url
        if self.notifications_url is not UNSET:
            data["notifications_url"] = self.notifications_url
        if self.pulls_url is not UNSET:
            data["pulls_url"] = self.pulls_url
        if self.releases_url is not UNSET:
            data["releases_url"] = self.releases_url
        if self.ssh_url is not UNSET:
            data["ssh_url"] = self.ssh_url
        if self.stargazers_url is not UNSET:
            data["stargazers_url"] = self.stargazers_url
        if self.statuses_url is not UNSET:
            data["statuses_url"] = self.statuses_url
        if self.subscribers_url is not UNSET:
            data["subscribers_url"] = self.subscribers_url
        if self.subscription_url is not UNSET:
            data["subscription_url"] = self.subscription_url
        if self.tags_url is not UNSET:
            data["tags_url"] = self.tags_url
        if self.teams_url is not UNSET:
            data["teams_url"] = self.teams_url
        if self.trees_url is not UNSET:
            data["trees_url"] = self.trees_url
        if self.clone_url is not UNSET:
            data["clone_url"] = self.clone_url
        if self.mirror_url is not UNSET:
            data["mirror_url"] = self.mirror_url
        if self.hooks_url is not UNSET:
            data["hooks_url"] = self.hooks_url
        if self.svn_url is not UNSET:
            data["svn_url"] = self.svn_url
        if self.homepage is not UNSET:
            data["homepage"] = self.homepage
        if self.language is not UNSET:
            data["language"] = self.language
        if self.forks_count is not UNSET:
            data["forks_count"] = self.forks_count
        if self.stargazers_count is not UNSET:
            data["stargazers_count"] = self.stargazers_count
        if self.watchers_count is not UNSET:
            data["watchers_count"] = self.watchers_count
        if self.size is not UNSET:
            data["size"] = self.size
        if self.default_branch is not UNSET:
            data["default_branch"] = self.default_branch
        if self.open_issues_count is not UNSET:
            data["open_issues_count"] = self.open_issues_count
        if self.is_template is not UNSET:
            data["is_template"] = self.is_template
        if self.topics is not UNSET:
            data["topics"] = self.topics
        if self.has_issues is not UNSET:
            data["has_issues"] = self.has_issues
        if self.has_projects is not UNSET:
            data["has_projects"] = self.has_projects
        if self.has_wiki is not UNSET:
            data["has_wiki"] = self.has_wiki
        if self.has_pages is not UNSET:
            data["has_pages"] = self.has_pages
        if self.has_downloads is not UNSET:
            data["has_downloads"] = self.has_downloads
        if self.has_discussions is not UNSET:
            data["has_discussions"] = self.has_discussions
        if self.has_pull_requests is not UNSET:
            data["has_pull_requests"] = self.has_pull_requests
        if self.pull_request_creation_policy is not UNSET:
            data["pull_request_creation_policy"] = (
                str(self.pull_request_creation_policy) if self.pull_request_creation_policy is not None else None
            )
        if self.archived is not UNSET:
            data["archived"] = self.archived
        if self.disabled is not UNSET:
            data["disabled"] = self.disabled
        if self.visibility is not UNSET:
            data["visibility"] = self.visibility
        if self.pushed_at is not UNSET:
            data["pushed_at"] = instant_text(self.pushed_at) if self.pushed_at is not None else None
        if self.created_at is not UNSET:
            data["created_at"] = instant_text(self.created_at) if self.created_at is not None else None
        if self.updated_at is not UNSET:
            data["updated_at"] = instant_text(self.updated_at) if self.updated_at is not None else None
        if self.permissions is not UNSET:
            data["permissions"] = self.permissions.to_dict() if self.permissions is not None else None
        if self.role_name is not UNSET:
            data["role_name"] = self.role_name
        if self.temp_clone_token is not UNSET:
            data["temp_clone_token"] = self.temp_clone_token
        if self.delete_branch_on_merge is not UNSET:
            data["delete_branch_on_merge"] = self.delete_branch_on_merge
        if self.subscribers_count is not UNSET:
            data["subscribers_count"] = self.subscribers_count
        if self.network_count is not UNSET:
            data["network_count"] = self.network_count
        if self.code_of_conduct is not UNSET:
            data["code_of_conduct"] = self.code_of_conduct.to_dict() if self.code_of_conduct is not None else None
        if self.license_ is not UNSET:
            data["license"] = self.license_.to_dict() if self.license_ is not None else None
        if self.forks is not UNSET:
            data["forks"] = self.forks
        if self.open_issues is not UNSET:
            data["open_issues"] = self.open_issues
        if self.watchers is not UNSET:
            data["watchers"] = self.watchers
        if self.allow_forking is not UNSET:
            data["allow_forking"] = self.allow_forking
        if self.web_commit_signoff_required is not UNSET:
            data["web_commit_signoff_required"] = self.web_commit_signoff_required
        if self.security_and_analysis is not UNSET:
            data["security_and_analysis"] = (
                self.security_and_analysis.to_dict() if self.security_and_analysis is not None else None
            )
        if self.custom_properties is not UNSET:
            data["custom_properties"] = self.custom_properties.to_dict() if self.custom_properties is not None else None
        if self._unknown:
            data.update(self._unknown)
        return data

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Decode a JSON object.

        Raises:
            DecodeError: A required key is absent or null, or a value that is checked (see `Model`) is of the wrong
                kind; it names model, field and value.
        """
        self = _new(cls)
        try:
            try:
                usual = _usual(src_dict)
                is_usual = len(src_dict) == 46
            except KeyError:
                usual = _usual({**_ABSENT, **src_dict})
                is_usual = False
            (
                id,
                name,
                full_name,
                private,
                html_url,
                self.node_id,
                owner,
                self.description,
                self.fork,
                self.url,
                self.archive_url,
                self.assignees_url,
                self.blobs_url,
                self.branches_url,
                self.collaborators_url,
                self.comments_url,
                self.commits_url,
                self.compare_url,
                self.contents_url,
                self.contributors_url,
                self.deployments_url,
                self.downloads_url,
                self.events_url,
                self.forks_url,
                self.git_commits_url,
                self.git_refs_url,
                self.git_tags_url,
                self.issue_comment_url,
                self.issue_events_url,
                self.issues_url,
                self.keys_url,
                self.labels_url,
                self.languages_url,
                self.merges_url,
                self.milestones_url,
                self.notifications_url,
                self.pulls_url,
                self.releases_url,
                self.stargazers_url,
                self.statuses_url,
                self.subscribers_url,
                self.subscription_url,
                self.tags_url,
                self.teams_url,
                self.trees_url,
                self.hooks_url,
            ) = usual
            self.id = id
            self.name = name
            self.full_name = full_name
            self.private = private
            self.html_url = html_url
            self.owner = owner if owner is UNSET or owner is None else _simple_user(owner)
            if (
                id.__class__ is not int
                or name.__class__ is not str
                or full_name.__class__ is not str
                or private.__class__ is not bool
                or html_url.__class__ is not str
            ):
                raise TypeError("a value has the wrong kind")
            if is_usual:
                self.git_url = UNSET
                self.ssh_url = UNSET
                self.clone_url = UNSET
                self.mirror_url = UNSET
                self.svn_url = UNSET
                self.homepage = UNSET
                self.language = UNSET
                self.forks_count = UNSET
                self.stargazers_count = UNSET
                self.watchers_count = UNSET
                self.size = UNSET
                self.default_branch = UNSET
                self.open_issues_count = UNSET
                self.is_template = UNSET
                self.topics = UNSET
                self.has_issues = UNSET
                self.has_projects = UNSET
                self.has_wiki = UNSET
                self.has_pages = UNSET
                self.has_downloads = UNSET
                self.has_discussions = UNSET
                self.has_pull_requests = UNSET
                self.pull_request_creation_policy = UNSET
                self.archived = UNSET
                self.disabled = UNSET
                self.visibility = UNSET
                self.pushed_at = UNSET
                self.created_at = UNSET
                self.updated_at = UNSET
                self.permissions = UNSET
                self.role_name = UNSET
                self.temp_clone_token = UNSET
                self.delete_branch_on_merge = UNSET
                self.subscribers_count = UNSET
                self.network_count = UNSET
                self.code_of_conduct = UNSET
                self.license_ = UNSET
                self.forks = UNSET
                self.open_issues = UNSET
                self.watchers = UNSET
                self.allow_forking = UNSET
                self.web_commit_signoff_required = UNSET
                self.security_and_analysis = UNSET
                self.custom_properties = UNSET
                self._unknown = None
                return self
            self.git_url = src_dict.get("git_url", UNSET)
            self.ssh_url = src_dict.get("ssh_url", UNSET)
            self.clone_url = src_dict.get("clone_url", UNSET)
            self.mirror_url = src_dict.get("mirror_url", UNSET)
            self.svn_url = src_dict.get("svn_url", UNSET)
            self.homepage = src_dict.get("homepage", UNSET)
            self.language = src_dict.get("language", UNSET)
            self.forks_count = src_dict.get("forks_count", UNSET)
            self.stargazers_count = src_dict.get("stargazers_count", UNSET)
            self.watchers_count = src_dict.get("watchers_count", UNSET)
            self.size = src_dict.get("size", UNSET)
            self.default_branch = src_dict.get("default_branch", UNSET)
            self.open_issues_count = src_dict.get("open_issues_count", UNSET)
            self.is_template = src_dict.get("is_template", UNSET)
            value = src_dict.get("topics", UNSET)
            self.topics = value if value is UNSET or value is None else texts(value)
            self.has_issues = src_dict.get("has_issues", UNSET)
            self.has_projects = src_dict.get("has_projects", UNSET)
            self.has_wiki = src_dict.get("has_wiki", UNSET)
            self.has_pages = src_dict.get("has_pages", UNSET)
            self.has_downloads = src_dict.get("has_downloads", UNSET)
            self.has_discussions = src_dict.get("has_discussions", UNSET)
            self.has_pull_requests = src_dict.get("has_pull_requests", UNSET)
            value = src_dict.get("pull_request_creation_policy", UNSET)
            self.pull_request_creation_policy = _pull_request_creation_policy_of(value) or (
                value if value is UNSET or value is None else text(value)
            )
            self.archived = src_dict.get("archived", UNSET)
            self.disabled = src_dict.get("disabled", UNSET)
            self.visibility = src_dict.get("visibility", UNSET)
            value = src_dict.get("pushed_at", UNSET)
            self.pushed_at = value if value is UNSET or value is None else instant(value)
            value = src_dict.get("created_at", UNSET)
            self.created_at = value if value is UNSET or value is None else instant(value)
            value = src_dict.get("updated_at", UNSET)
            self.updated_at = value if value is UNSET or value is None else instant(value)
            value = src_dict.get("permissions", UNSET)
            self.permissions = value if value is UNSET or value is None else _repository_permissions(value)
            self.role_name = src_dict.get("role_name", UNSET)
            self.temp_clone_token = src_dict.get("temp_clone_token", UNSET)
            self.delete_branch_on_merge = src_dict.get("delete_branch_on_merge", UNSET)
            self.subscribers_count = src_dict.get("subscribers_count", UNSET)
            self.network_count = src_dict.get("network_count", UNSET)
            value = src_dict.get("code_of_conduct", UNSET)
            self.code_of_conduct = value if value is UNSET or value is None else _code_of_conduct(value)
            value = src_dict.get("license", UNSET)
            self.license_ = value if value is UNSET or value is None else _repository_license(value)
            self.forks = src_dict.get("forks", UNSET)
            self.open_issues = src_dict.get("open_issues", UNSET)
            self.watchers = src_dict.get("watchers", UNSET)
            self.allow_forking = src_dict.get("allow_forking", UNSET)
            self.web_commit_signoff_required = src_dict.get("web_commit_signoff_required", UNSET)
            value = src_dict.get("security_and_analysis", UNSET)
            self.security_and_analysis = value if value is UNSET or value is None else _security_and_analysis(value)
            value = src_dict.get("custom_properties", UNSET)
            self.custom_properties = value if value is UNSET or value is None else _custom_properties(value)
            self._unknown = (
                None if _KEYS.issuperset(src_dict) else {key: src_dict[key] for key in src_dict if key not in _KEYS}
            )
        except (LookupError, TypeError, ValueError, OverflowError, AttributeError, DecodeError) as cause:
            raise find_failure("MinimalRepository", src_dict, _FIELDS) from cause
        return self


_FIELDS: tuple[Field, ...] = (
    Field("id", integer, required=True, nullable=False),
    Field("name", text, required=True, nullable=False),
    Field("full_name", text, required=True, nullable=False),
    Field("private", boolean, required=True, nullable=False),
    Field("html_url", text, required=True, nullable=False),
    Field("node_id"),
    Field("owner", _simple_user),
    Field("description"),
    Field("fork"),
    Field("url"),
    Field("archive_url"),
    Field("assignees_url"),
    Field("blobs_url"),
    Field("branches_url"),
    Field("collaborators_url"),
    Field("comments_url"),
    Field("commits_url"),
    Field("compare_url"),
    Field("contents_url"),
    Field("contributors_url"),
    Field("deployments_url"),
    Field("downloads_url"),
    Field("events_url"),
    Field("forks_url"),
    Field("git_commits_url"),
    Field("git_refs_url"),
    Field("git_tags_url"),
    Field("git_url"),
    Field("issue_comment_url"),
    Field("issue_events_url"),
    Field("issues_url"),
    Field("keys_url"),
    Field("labels_url"),
    Field("languages_url"),
    Field("merges_url"),
    Field("milestones_url"),
    Field("notifications_url"),
    Field("pulls_url"),
    Field("releases_url"),
    Field("ssh_url"),
    Field("stargazers_url"),
    Field("statuses_url"),
    Field("subscribers_url"),
    Field("subscription_url"),
    Field("tags_url"),
    Field("teams_url"),
    Field("trees_url"),
    Field("clone_url"),
    Field("mirror_url"),
    Field("hooks_url"),
    Field("svn_url"),
    Field("homepage"),
    Field("language"),
    Field("forks_count"),
    Field("stargazers_count"),
    Field("watchers_count"),
    Field("size"),
    Field("default_branch"),
    Field("open_issues_count"),
    Field("is_template"),
    Field("topics", texts),
    Field("has_issues"),
    Field("has_projects"),
    Field("has_wiki"),
    Field("has_pages"),
    Field("has_downloads"),
    Field("has_discussions"),
    Field("has_pull_requests"),
    Field("pull_request_creation_policy", _pull_request_creation_policy),
    Field("archived"),
    Field("disabled"),
    Field("visibility"),
    Field("pushed_at", instant),
    Field("created_at", instant),
    Field("updated_at", instant),
    Field("permissions", _repository_permissions),
    Field("role_name"),
    Field("temp_clone_token"),
    Field("delete_branch_on_merge"),
    Field("subscribers_count"),
    Field("network_count"),
    Field("code_of_conduct", _code_of_conduct),
    Field("license", _repository_license),
    Field("forks"),
    Field("open_issues"),
    Field("watchers"),
    Field("allow_forking"),
    Field("web_commit_signoff_required"),
    Field("security_and_analysis", _security_and_analysis),
    Field("custom_properties", _custom_properties),
)
_KEYS: frozenset[str] = frozenset(field.key for field in _FIELDS)
_ABSENT: dict[str, Any] = {field.key: UNSET for field in _FIELDS if not field.required}
_usual = itemgetter(
    "id",
    "name",
    "full_name",
    "private",
    "html_url",
    "node_id",
    "owner",
    "description",
    "fork",
    "url",
    "archive_url",
    "assignees_url",
    "blobs_url",
    "branches_url",
    "collaborators_url",
    "comments_url",
    "commits_url",
    "compare_url",
    "contents_url",
    "contributors_url",
    "deployments_url",
    "downloads_url",
    "events_url",
    "forks_url",
    "git_commits_url",
    "git_refs_url",
    "git_tags_url",
    "issue_comment_url",
    "issue_events_url",
    "issues_url",
    "keys_url",
    "labels_url",
    "languages_url",
    "merges_url",
    "milestones_url",
    "notifications_url",
    "pulls_url",
    "releases_url",
    "stargazers_url",
    "statuses_url",
    "subscribers_url",
    "subscription_url",
    "tags_url",
    "teams_url",
    "trees_url",
    "hooks_url",
)
