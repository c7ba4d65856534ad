"""python -m benchmarks [--short] [--rounds N] [--tasks GLOB…] [--contenders GLOB…]: see `nox -s bench -- --help`."""

from benchmarks.run import main

if __name__ == "__main__":
    main()
