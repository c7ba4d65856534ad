"""Helpers where GitHub's schema is awkward under strict typing."""

from ghpackages_api.models import ContainerMetadata, DockerMetadata, MinimalRepository, Package, PackageVersion
from ghpackages_api.models import PackageVersionMetadata as Metadata


def version_tags(version: PackageVersion) -> tuple[str, ...] | None:
    """The tags of a version of an image; None if its type has no tags, which differs from having none at the moment.

    An image whose list is absent or null has no tags; without metadata that say so, a version is not known to be one.
    Docker's are read from `tag` and from `tags`, because GitHub's description defines the one and requires the other:
    https://github.com/github/rest-api-description/issues/337
    """
    metadata = version.metadata
    if not isinstance(metadata, Metadata):
        return None
    if isinstance(metadata.container, ContainerMetadata):
        return tuple(metadata.container.tags or ())
    if isinstance(metadata.docker, DockerMetadata):
        found = [*(metadata.docker.tag or ()), *(metadata.docker.tags or ())]
        return tuple(dict.fromkeys(found))
    return () if metadata.package_type in {"container", "docker"} else None


def repository_name(package: Package) -> str | None:
    """The repository that a package is linked to, as `owner/name`; None if there is none."""
    repository = package.repository
    return repository.full_name if isinstance(repository, MinimalRepository) else None
