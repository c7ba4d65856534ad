# Generated from openapi/github-packages.yaml by "nox -s generate"; do not edit.
from __future__ import annotations

from collections.abc import Mapping
from operator import itemgetter
from typing import Any, Self

from attrs import define as _attrs_define
from attrs import field as _attrs_field
from ghpackages_runtime.errors import DecodeError
from ghpackages_runtime.values import UNSET, Field, Model, Unset, find_failure, integer, sparing, text

_new = object.__new__


@sparing
@_attrs_define(repr=False)
class SimpleUser(Model):
    """An organisation or a user.

    Attributes:
        login: `str`.
        id: `int`.
        type_: `str`.
        name: `str`.
        email: `str`.
        node_id: `str`.
        avatar_url: `str`.
        gravatar_id: `str`.
        url: `str`.
        html_url: `str`.
        followers_url: `str`.
        following_url: `str`.
        gists_url: `str`.
        starred_url: `str`.
        subscriptions_url: `str`.
        organizations_url: `str`.
        repos_url: `str`.
        events_url: `str`.
        received_events_url: `str`.
        site_admin: `bool`.
        starred_at: `str`.
        user_view_type: `str`.
    """

    login: str
    id: int
    type_: str
    name: str | None | Unset = UNSET
    email: str | None | Unset = UNSET
    node_id: str | None | Unset = UNSET
    avatar_url: str | None | Unset = UNSET
    gravatar_id: str | None | Unset = UNSET
    url: str | None | Unset = UNSET
    html_url: str | None | Unset = UNSET
    followers_url: str | None | Unset = UNSET
    following_url: str | None | Unset = UNSET
    gists_url: str | None | Unset = UNSET
    starred_url: str | None | Unset = UNSET
    subscriptions_url: str | None | Unset = UNSET
    organizations_url: str | None | Unset = UNSET
    repos_url: str | None | Unset = UNSET
    events_url: str | None | Unset = UNSET
    received_events_url: str | None | Unset = UNSET
    site_admin: bool | None | Unset = UNSET
    starred_at: str | None | Unset = UNSET
    user_view_type: str | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict[str, Any])

    def to_dict(self) -> dict[str, Any]:
        """The JSON object that this was decoded from: absent keys stay absent, nulls null, unknown keys as they came."""
        data: dict[str, Any] = {
            "login": self.login,
            "id": self.id,
            "type": self.type_,
        }
        if self.name is not UNSET:
            data["name"] = self.name
        if self.email is not UNSET:
            data["email"] = self.email
        if self.node_id is not UNSET:
            data["node_id"] = self.node_id
        if self.avatar_url is not UNSET:
            data["avatar_url"] = self.avatar_url
        if self.gravatar_id is not UNSET:
            data["gravatar_id"] = self.gravatar_id
        if self.url is not UNSET:
            data["url"] = self.url
        if self.html_url is not UNSET:
            data["html_url"] = self.html_url
        if self.followers_url is not UNSET:
            data["followers_url"] = self.followers_url
        if self.following_url is not UNSET:
            data["following_url"] = self.following_url
        if self.gists_url is not UNSET:
            data["gists_url"] = self.gists_url
        if self.starred_url is not UNSET:
            data["starred_url"] = self.starred_url
        if self.subscriptions_url is not UNSET:
            data["subscriptions_url"] = self.subscriptions_url
        if self.organizations_url is not UNSET:
            data["organizations_url"] = self.organizations_url
        if self.repos_url is not UNSET:
            data["repos_url"] = self.repos_url
        if self.events_url is not UNSET:
            data["events_url"] = self.events_url
        if self.received_events_url is not UNSET:
            data["received_events_url"] = self.received_events_url
        if self.site_admin is not UNSET:
            data["site_admin"] = self.site_admin
        if self.starred_at is not UNSET:
            data["starred_at"] = self.starred_at
        if self.user_view_type is not UNSET:
            data["user_view_type"] = self.user_view_type
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
                is_usual = len(src_dict) == 19
            except KeyError:
                usual = _usual({**_ABSENT, **src_dict})
                is_usual = False
            (
                login,
                id,
                type_,
                self.node_id,
                self.avatar_url,
                self.gravatar_id,
                self.url,
                self.html_url,
                self.followers_url,
                self.following_url,
                self.gists_url,
                self.starred_url,
                self.subscriptions_url,
                self.organizations_url,
                self.repos_url,
                self.events_url,
                self.received_events_url,
                self.site_admin,
                self.user_view_type,
            ) = usual
            self.login = login
            self.id = id
            self.type_ = type_
            if login.__class__ is not str or id.__class__ is not int or type_.__class__ is not str:
                raise TypeError("a value has the wrong kind")
            if is_usual:
                self.name = UNSET
                self.email = UNSET
                self.starred_at = UNSET
                self._unknown = None
                return self
            self.name = src_dict.get("name", UNSET)
            self.email = src_dict.get("email", UNSET)
            self.starred_at = src_dict.get("starred_at", UNSET)
            self._unknown = (
                None if _KEYS.issuperset(src_dict) else {key: src_dict[key] for key in src_dict if key not in _KEYS}
            )
        except (LookupError, TypeError, ValueError, OverflowError, AttributeError, DecodeError) as cause:
            raise find_failure("SimpleUser", src_dict, _FIELDS) from cause
        return self


_FIELDS: tuple[Field, ...] = (
    Field("login", text, required=True, nullable=False),
    Field("id", integer, required=True, nullable=False),
    Field("type", text, required=True, nullable=False),
    Field("name"),
    Field("email"),
    Field("node_id"),
    Field("avatar_url"),
    Field("gravatar_id"),
    Field("url"),
    Field("html_url"),
    Field("followers_url"),
    Field("following_url"),
    Field("gists_url"),
    Field("starred_url"),
    Field("subscriptions_url"),
    Field("organizations_url"),
    Field("repos_url"),
    Field("events_url"),
    Field("received_events_url"),
    Field("site_admin"),
    Field("starred_at"),
    Field("user_view_type"),
)
_KEYS: frozenset[str] = frozenset(field.key for field in _FIELDS)
_ABSENT: dict[str, Any] = {field.key: UNSET for field in _FIELDS if not field.required}
_usual = itemgetter(
    "login",
    "id",
    "type",
    "node_id",
    "avatar_url",
    "gravatar_id",
    "url",
    "html_url",
    "followers_url",
    "following_url",
    "gists_url",
    "starred_url",
    "subscriptions_url",
    "organizations_url",
    "repos_url",
    "events_url",
    "received_events_url",
    "site_admin",
    "user_view_type",
)
