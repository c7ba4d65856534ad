# Generated from openapi/github-packages.yaml by "nox -s generate"; do not edit.
"""Contains all the data models used in inputs/outputs"""

from .basic_error import BasicError
from .bypass_mode import BypassMode
from .bypass_reviewer import BypassReviewer
from .bypass_reviewer_type import BypassReviewerType
from .code_of_conduct import CodeOfConduct
from .container_metadata import ContainerMetadata
from .custom_properties import CustomProperties
from .delegated_bypass_options import DelegatedBypassOptions
from .docker_metadata import DockerMetadata
from .minimal_repository import MinimalRepository
from .package import Package
from .package_type import PackageType
from .package_version import PackageVersion
from .package_version_metadata import PackageVersionMetadata
from .package_version_state import PackageVersionState
from .package_visibility import PackageVisibility
from .pull_request_creation_policy import PullRequestCreationPolicy
from .repository_license import RepositoryLicense
from .repository_permissions import RepositoryPermissions
from .security_and_analysis import SecurityAndAnalysis
from .security_feature import SecurityFeature
from .security_feature_status import SecurityFeatureStatus
from .simple_user import SimpleUser

__all__ = (
    "BasicError",
    "BypassMode",
    "BypassReviewer",
    "BypassReviewerType",
    "CodeOfConduct",
    "ContainerMetadata",
    "CustomProperties",
    "DelegatedBypassOptions",
    "DockerMetadata",
    "MinimalRepository",
    "Package",
    "PackageType",
    "PackageVersion",
    "PackageVersionMetadata",
    "PackageVersionState",
    "PackageVisibility",
    "PullRequestCreationPolicy",
    "RepositoryLicense",
    "RepositoryPermissions",
    "SecurityAndAnalysis",
    "SecurityFeature",
    "SecurityFeatureStatus",
    "SimpleUser",
)
