# Generated from openapi/github-packages.yaml by "nox -s generate"; do not edit.
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from attrs import define as _attrs_define
from attrs import field as _attrs_field
from ghpackages_runtime.errors import DecodeError
from ghpackages_runtime.values import UNSET, Field, Model, Unset, find_failure, sparing, text

from .container_metadata import ContainerMetadata
from .docker_metadata import DockerMetadata
from .package_type import PackageType

_container_metadata = ContainerMetadata.from_dict
_docker_metadata = DockerMetadata.from_dict
_new = object.__new__

_package_type_of = {member.value: member for member in PackageType}.get


def _package_type(value: str) -> PackageType | str:
    return _package_type_of(value) or text(value)


@sparing
@_attrs_define(repr=False)
class PackageVersionMetadata(Model):
    """What only some types of packages have.

    Attributes:
        package_type: The registry that a package lives in. Gradle packages are `maven`, images of ghcr.io `container`,
            those of the older Docker registry `docker`, even where they have moved since.
        container: The tags of an image in the Container registry.
        docker: The tags of an image in the older Docker registry.
    """

    package_type: PackageType | str | None | Unset = UNSET
    container: ContainerMetadata | None | Unset = UNSET
    docker: DockerMetadata | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict[str, Any])

    def to_dict(self) -> dict[str, Any]:
        """The JSON object that this was decoded from: absent keys stay absent, nulls null, unknown keys as they came."""
        data: dict[str, Any] = {}
        if self.package_type is not UNSET:
            data["package_type"] = str(self.package_type) if self.package_type is not None else None
        if self.container is not UNSET:
            data["container"] = self.container.to_dict() if self.container is not None else None
        if self.docker is not UNSET:
            data["docker"] = self.docker.to_dict() if self.docker is not None else None
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
                package_type = src_dict["package_type"]
            except KeyError:
                package_type = _ABSENT["package_type"]
            self.package_type = _package_type_of(package_type) or (
                package_type if package_type is UNSET or package_type is None else text(package_type)
            )
            if len(src_dict) == 1 and package_type is not UNSET:
                self.container = UNSET
                self.docker = UNSET
                self._unknown = None
                return self
            value = src_dict.get("container", UNSET)
            self.container = value if value is UNSET or value is None else _container_metadata(value)
            if value is not UNSET and len(src_dict) == 2 and package_type is not UNSET:
                self.docker = UNSET
                self._unknown = None
                return self
            value = src_dict.get("docker", UNSET)
            self.docker = value if value is UNSET or value is None else _docker_metadata(value)
            self._unknown = (
                None if _KEYS.issuperset(src_dict) else {key: src_dict[key] for key in src_dict if key not in _KEYS}
            )
        except (LookupError, TypeError, ValueError, OverflowError, AttributeError, DecodeError) as cause:
            raise find_failure("PackageVersionMetadata", src_dict, _FIELDS) from cause
        return self


_FIELDS: tuple[Field, ...] = (
    Field("package_type", _package_type),
    Field("container", _container_metadata),
    Field("docker", _docker_metadata),
)
_KEYS: frozenset[str] = frozenset(field.key for field in _FIELDS)
_ABSENT: dict[str, Any] = {field.key: UNSET for field in _FIELDS if not field.required}
