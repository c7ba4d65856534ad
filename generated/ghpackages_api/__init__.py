# Generated from openapi/github-packages.yaml by "nox -s generate"; do not edit.
"""A client library for accessing GitHub Packages"""

from .client import AuthenticatedClient, Client

__all__ = (
    "AuthenticatedClient",
    "Client",
)
