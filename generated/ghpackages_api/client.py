# Generated from openapi/github-packages.yaml by "nox -s generate"; do not edit.
"""The clients that endpoint functions take."""

from ghpackages_runtime.client import AuthenticatedClient, Client

__all__ = ["AuthenticatedClient", "Client"]
