# Generated from openapi/github-packages.yaml by "nox -s generate"; do not edit.
"""Contains methods for accessing the API"""
