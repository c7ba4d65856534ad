"""Run by `nox -s upstream`."""

import sys

from openapi.upstream.command import main

sys.exit(main())
