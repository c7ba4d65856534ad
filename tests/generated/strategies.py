"""Payloads that a server might send: any optional key absent or null, unknown keys, unknown enum values."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from tests.generated.payloads import Payload

patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""For every property test: how fast the machine is, is none of the properties."""

TEXT = st.text(max_size=12)
IDS = st.integers(min_value=0, max_value=2**63)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=5,
)
MOMENTS = st.datetimes(min_value=datetime(1, 1, 2), timezones=st.just(UTC))
DATES = MOMENTS.map(lambda moment: f"{moment.replace(microsecond=0, tzinfo=None).isoformat()}Z")


def enum_values(*known: str) -> st.SearchStrategy[str]:
    return st.sampled_from(known) | TEXT


@st.composite
def objects(
    draw: st.DrawFn, required: dict[str, st.SearchStrategy[Any]], optional: dict[str, st.SearchStrategy[Any]]
) -> Payload:
    """An object with unknown keys beside those that are given."""
    nullable = {key: st.none() | value for key, value in optional.items()}
    known = draw(st.fixed_dictionaries(required, optional=nullable))
    unknown = draw(
        st.dictionaries(TEXT.filter(lambda key: key not in required and key not in optional), JSON, max_size=2)
    )
    return known | unknown


PACKAGE_TYPES = enum_values("npm", "maven", "rubygems", "docker", "nuget", "container")
TAGS = st.lists(TEXT, max_size=3)
OWNERS = objects(
    {"login": TEXT, "id": IDS, "type": TEXT},
    {"name": TEXT, "email": TEXT, "site_admin": st.booleans(), "avatar_url": TEXT, "user_view_type": TEXT},
)
REVIEWERS = objects(
    {"reviewer_id": IDS, "reviewer_type": enum_values("TEAM", "ROLE")}, {"mode": enum_values("ALWAYS", "EXEMPT")}
)
FEATURES = objects({}, {"status": enum_values("enabled", "disabled")})
SECURITY = objects(
    {},
    {
        "advanced_security": FEATURES,
        "secret_scanning_delegated_bypass_options": objects({}, {"reviewers": st.lists(REVIEWERS, max_size=2)}),
    },
)
REPOSITORIES = objects(
    {"id": IDS, "name": TEXT, "full_name": TEXT, "private": st.booleans(), "html_url": TEXT},
    {
        "owner": OWNERS,
        "description": TEXT,
        "topics": TAGS,
        "pushed_at": DATES,
        "temp_clone_token": TEXT,
        "pull_request_creation_policy": enum_values("all", "collaborators_only"),
        "license": objects({}, {"key": TEXT, "url": TEXT}),
        "permissions": objects({}, {"admin": st.booleans()}),
        "custom_properties": st.dictionaries(TEXT, JSON, max_size=2),
        "security_and_analysis": SECURITY,
    },
)
PACKAGES = objects(
    {
        "id": IDS,
        "name": TEXT,
        "package_type": PACKAGE_TYPES,
        "visibility": enum_values("public", "private", "internal"),
        "url": TEXT,
        "html_url": TEXT,
        "created_at": DATES,
        "updated_at": DATES,
    },
    {"version_count": IDS, "owner": OWNERS, "repository": REPOSITORIES},
)
METADATA = objects(
    {"package_type": PACKAGE_TYPES},
    {"container": objects({"tags": TAGS}, {}), "docker": objects({}, {"tag": TAGS, "tags": TAGS})},
)
VERSIONS = objects(
    {"id": IDS, "name": TEXT, "url": TEXT, "package_html_url": TEXT, "created_at": DATES, "updated_at": DATES},
    {"html_url": TEXT, "license": TEXT, "description": TEXT, "deleted_at": DATES, "metadata": METADATA},
)
