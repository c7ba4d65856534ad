"""`python -m ghpackages` does what `ghpackages` does."""

import sys

from ghpackages.cli import main

if __name__ == "__main__":
    sys.exit(main())
