"""The two organisations of the benchmark by name; contenders know nothing else of the data."""

LISTED = "octo"
"""Its packages are listed."""

AUDITED = "acme"
"""It is audited."""
