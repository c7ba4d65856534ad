# Generated from openapi/github-packages.yaml by "nox -s generate"; do not edit.
from __future__ import annotations

from collections.abc import Mapping
from operator import itemgetter
from typing import Any, Self

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..errors import DecodeError
from ..types import UNSET, Field, Unset, find_failure, sparing, text
from .container_metadata import ContainerMetadata
from .docker_metadata import DockerMetadata
from .package_type import PackageType

_container_metadata = ContainerMetadata.from_dict
_docker_metadata = DockerMetadata.from_dict

_package_type_of = {member.value: member for member in PackageType}.get


def _package_type(value: str) -> PackageType | str:
    return _package_type_of(value) or text(value)


@sparing
@_attrs_define
class PackageVersionMetadata:
    """What only some types of packages have.

    Attributes:
        package_type: The registry that a package lives in. Gradle packages are `maven`, images of ghcr.io `container`,
            those of the older Docker registry `docker`, even where they have moved since.
        container: The tags of an image in the Container registry.
        docker: The tags of an image in the older Docker registry.
    """

    package_type: PackageType | str
    container: ContainerMetadata | None | Unset = UNSET
    docker: DockerMetadata | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict[str, Any])

    def to_dict(self) -> dict[str, Any]:
        """The JSON object that this was decoded from: absent keys stay absent, nulls null, unknown keys as they came."""
        data: dict[str, Any] = {
            "package_type": str(self.package_type),
        }
        if self.container is not UNSET:
            data["container"] = self.container.to_dict() if self.container is not None else None
        if self.docker is not UNSET:
            data["docker"] = self.docker.to_dict() if self.docker is not None else None
        data.update(self.additional_properties)
        return data

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Decode a JSON object.

        Raises:
            DecodeError: A required key is absent or null, or a value has the wrong kind; it names model and field.
        """
        self = cls.__new__(cls)
        try:
            try:
                usual = _usual(src_dict)
                is_usual = len(src_dict) == 2
            except KeyError:
                usual = _usual({**_ABSENT, **src_dict})
                is_usual = False
            (
                package_type,
                container,
            ) = usual
            self.package_type = _package_type_of(package_type) or text(package_type)
            self.container = container if container is UNSET or container is None else _container_metadata(container)
            if is_usual:
                self.docker = UNSET
                return self
            get = src_dict.get
            value = get("docker", UNSET)
            self.docker = value if value is UNSET or value is None else _docker_metadata(value)
            if not _KEYS.issuperset(src_dict):
                self.additional_properties = {key: src_dict[key] for key in src_dict if key not in _KEYS}
        except (LookupError, TypeError, ValueError, OverflowError, AttributeError, DecodeError) as cause:
            raise find_failure("PackageVersionMetadata", src_dict, _FIELDS) from cause
        return self


_FIELDS: tuple[Field, ...] = (
    Field("package_type", _package_type, required=True, nullable=False),
    Field("container", _container_metadata),
    Field("docker", _docker_metadata),
)
_KEYS: frozenset[str] = frozenset(field.key for field in _FIELDS)
_ABSENT: dict[str, Any] = {field.key: None if field.required else UNSET for field in _FIELDS}
_usual = itemgetter(
    "package_type",
    "container",
)
