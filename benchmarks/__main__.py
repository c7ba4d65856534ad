"""python -m benchmarks.peers [--rounds 5] [--tasks GLOB…] [--contenders GLOB…]: see `nox -s bench -- --help`."""

from benchmarks.peers.run import main

if __name__ == "__main__":
    main()
