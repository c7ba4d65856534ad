"""What can be chosen by a word."""

from typing import Literal

By = Literal["created", "updated"]
"""Which date of a version counts."""

State = Literal["active", "deleted", "all"]
"""Which versions are looked at."""
