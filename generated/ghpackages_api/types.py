# Generated from openapi/github-packages.yaml by "nox -s generate"; do not edit.
"""The type of a response, and UNSET, which stands for an absent key."""

from ghpackages_runtime.values import UNSET, Response, Unset

__all__ = ["UNSET", "Response", "Unset"]
