# Generated from openapi/github-packages.yaml by "nox -s generate"; do not edit.
"""Contains endpoint functions for accessing the API"""
