"""Writes the report of a run: its results, a page in Markdown and a picture.

python -m benchmarks.peers.report docs/benchmarks.json docs

That draws it anew from results that were stored, and measures nothing.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from statistics import median
from typing import cast

from benchmarks.peers import tables
from benchmarks.peers.results import NotMeasuredError, Results, Simulation, WrongResultsError, read
from benchmarks.peers.tables import compared, counted, megabytes, of_limit, relative, seconds
from benchmarks.peers.verdict import Verdict, judge

NAME = "benchmarks"
LIMITS = "https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api"
AT_ONCE = (1, 16, 64, 100)
HEADER = '<!-- Made from benchmarks.json by "python -m benchmarks.peers.report"; do not edit. -->'
PICTURE = f"""\
![Bars: the time of each contender, relative to what the tables below name]({NAME}.svg)

With latency bars are relative to the limit, without it to raw aiohttp, and when decoding to orjson alone. The last two
make dictionaries only."""
AGAIN = """\
`nox -s bench` measures all of it anew, and writes this page. To draw it anew from the stored results:

```console
$ python -m benchmarks.peers.report docs/benchmarks.json docs
```

The dependency group `bench` in `pyproject.toml` has what that needs. `docs/benchmarks.json` has every round of every
figure."""

QUIET = 0.15
"""Half of the times spread by less than this part where nothing disturbs the measurement."""

LAYERS = {
    "connections": "requests and the bytes of their answers: connections, HTTP",
    "transports": "transports around: window guard, retry, governor, redirects, credentials, log",
    "parsing": "JSON",
    "decoding": "models, by the endpoint functions",
    "pages": "pages, with the proof that one is the last",
    "audit": "the audit itself: order, counting, totals",
    "collector": "Python's garbage collector",
}
"""What each layer of the breakdown adds."""

NEXT_DESIGN = """\
Where a target is missed, these say why. By default the HTTP library takes twice as much CPU for a request as with
`fast`, half of the whole, which at 64 and 100 at once is more than the latency leaves. With `fast` a third is aiohttp
and its way into httpx, a third JSON and models, and the rest many small steps. Of listing 10,000 packages and keeping
them, with `fast`, a fifth is the garbage collector, which looks through what is kept while more is made. Ready to call:
of what comes on top of httpx, attrs takes 10 ms and asyncio, which whoever awaits has loaded anyway, 12 ms.

What other designs would save, and cost:

- an adapter of our own between httpx and aiohttp: 25 µs a request, 3 % of the audit, and code that a library has now;
- decoders in C, as msgspec structs (0.5 µs a version against 2.2): most of the models' share, at the price of
  tolerance of unknown values and of errors that name fields;
- requests and responses that are not those of httpx: some 100 µs a request, at the price of the transports, types and
  instruments that users bring along;
- a heap that the garbage collector does not look through (`gc.freeze()`): most of its share. That is for the
  application to decide, not for a library."""


def page(results: Results) -> str:
    """The page in Markdown."""
    judged = judge(results)
    sections = {
        "How it was measured": _method(results),
        "The picture": PICTURE,
        "What it has to show": f"{_score(judged)}\n\n{tables.verdicts(judged)}",
        "Start": _start(results),
        "Decoding": _decoding(results),
        "Listing 10,000 packages": _listing(results),
        "Streaming, and memory": _memory(results),
        "Audit without latency": _audits(results),
        "Audit with 50 ms latency": _late_audits(results),
        "Connections": _connections(results),
        "Requests": _requests(results),
        "Under GitHub's limits": _simulation(results.simulation),
        "Where the time goes": _breakdown(results),
        "What could not be measured": tables.problems(results),
        "Versions": tables.versions(results),
        "Reading it again": AGAIN,
    }
    body = "\n\n".join(f"## {title}\n\n{text}" for title, text in sections.items())
    return f"{HEADER}\n# ghpackages beside its peers\n\n{body}\n"


def _method(results: Results) -> str:
    machine = results.machine
    cores = (
        "The server and the client each had a core of their own."
        if results.pinned
        else "The server and the client were not pinned to different cores, so that they disturbed each other."
    )
    return f"""\
- On {results.date}, on one machine: {machine.processor}, {_count(machine.cores, "core")}, {machine.system},
  Python {machine.python}. Only ratios carry over to other machines.
- One run of {_count(results.rounds, "round")}, in which all contenders took turns; a fresh process for each
  measurement. {cores}
- Each figure is the median of its rounds. What stands after ± is the spread: the highest less the lowest, as a part of
  the median. {_quietness(results)}
- The server is a local one without TLS that answers from memory after the given latency. Figures at 0 ms show what the
  client itself costs; GitHub is slower than that.
- The limit is what latency alone demands: rounds of requests, as many at once as allowed, × latency. No client can be
  faster.
- Every contender says what it found (numbers, sums, dates) from the objects that it gives to its users. If that is
  wrong there is no figure.
- Each contender is used as its documentation tells. Where a library gives one page at a time only, the code of the
  benchmark asks for several at once, as its users would have to.
- “default” is `pip install ghpackages`, “fast” is `pip install "ghpackages[fast]"`. “typed” says whether users get
  objects of declared types; the others give dictionaries, and that is less work."""


def _quietness(results: Results) -> str:
    """How much the times differ from round to round, and what to make of it."""
    spreads = list(_spreads(results))
    if not spreads:
        return "With one round there is none."
    spread = median(spreads)
    said = f"Half of the times spread by less than {spread * 100:.0f} %."
    if spread <= QUIET:
        return said
    return f"""{said}
  That is much: **the machine was not quiet**. Times relative to the limit come out worse than on a quiet one, and
  single ratios can err either way by as much."""


def _spreads(results: Results) -> Iterator[float]:
    for contender, task in results.figures:
        with suppress(NotMeasuredError):
            spread = results.summary(contender, task).spread
            if spread is not None:
                yield spread


def _count(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


def _score(judged: Sequence[Verdict]) -> str:
    met, missed, unknown = (sum(verdict.met is outcome for verdict in judged) for outcome in (True, False, None))
    return f"Of {len(judged)} targets {met} are met, {missed} are not met, and {unknown} could not be measured."


def _start(results: Results) -> str:
    columns = [seconds("import", "import"), seconds("ready", "ready to call"), seconds("first-call", "first package")]
    text = """\
In a new process, from when Python itself has started. Ready to call means that a client for github.com is made. The
first package comes from the local server, with all that has to be loaded before. That is without TLS, for which every
client reads certificates, some 20 ms more: when it is made, or, as ghpackages does, when it is entered by `async with`
or sends its first request."""
    return f"{text}\n\n{compared(results, columns)}"


def _decoding(results: Results) -> str:
    columns = [
        seconds("decode-package", "package"),
        relative("decode-package", "orjson", "× orjson"),
        seconds("decode-version", "version"),
        relative("decode-version", "orjson", "× orjson"),
    ]
    return f"From the bytes of a page of 100 to objects, for each of these.\n\n{compared(results, columns)}"


def _listing(results: Results) -> str:
    columns = [
        seconds("list", "0 ms, one page after another"),
        relative("list", "aiohttp", "× raw aiohttp"),
        seconds("list-16", "100 ms, 16 at once"),
        of_limit("list-16"),
    ]
    return f"100 pages, all packages kept in a list.\n\n{compared(results, columns, 'limit')}"


def _memory(results: Results) -> str:
    columns = [
        seconds("stream", "streaming"),
        megabytes("stream", "memory, streaming"),
        megabytes("list", "memory, all kept"),
    ]
    text = """\
10,000 packages, one page after another; streaming, nothing is kept. Memory is by how much the peak of the resident
memory grew beyond what the process had when its client was ready."""
    return f"{text}\n\n{compared(results, columns)}"


AUDIT = "200 packages, 637 pages with 54,466 versions, and the 2 pages that list the packages; by requests at once."


def _audits(results: Results) -> str:
    columns = [
        column
        for count in AT_ONCE
        for column in (
            seconds(f"audit-0ms-{count}", str(count)),
            relative(f"audit-0ms-{count}", "aiohttp", "× raw aiohttp"),
        )
    ]
    return f"{AUDIT}\n\n{compared(results, columns)}"


def _late_audits(results: Results) -> str:
    columns = [
        column
        for count in AT_ONCE
        for column in (seconds(f"audit-50ms-{count}", str(count)), of_limit(f"audit-50ms-{count}"))
    ]
    text = f"""\
The same. More than 16 at once helps only on GitHub Enterprise Server: github.com allows
[900 points a minute]({LIMITS}),
and a GET costs one, that is 15 GETs a second; 16 at once reach that even if each takes a second."""
    return f"{text}\n\n{compared(results, columns, 'limit')}"


def _connections(results: Results) -> str:
    columns = [
        counted(f"audit-{latency}ms-{count}", f"{latency} ms, {count}", "connections")
        for latency in (0, 50)
        for count in AT_ONCE
    ]
    columns.insert(0, counted("list-16", "list, 16", "connections"))
    return f"How many were opened: medians, and the range if the rounds differ.\n\n{compared(results, columns)}"


def _requests(results: Results) -> str:
    columns = [counted(task, task, "requests") for task in ("list", "list-16", "stream")]
    columns += [
        counted(f"audit-{latency}ms-{count}", f"{latency} ms, {count}", "requests")
        for latency in (0, 50)
        for count in AT_ONCE
    ]
    text = """\
How many the server saw: medians, and the range if the rounds differ. Of the audited packages none has exactly 100
versions: GitHub sends no `Link` for a single page, so a full one takes one more request, the only proof that nothing
follows."""
    return f"{text}\n\n{compared(results, columns, 'least possible')}"


def _simulation(found: Simulation | None) -> str:
    if not found:
        return tables.NOT_RUN
    times = f", {found.seconds / found.least:.4f} × as long" if found.least > 0 else ""
    return f"""\
An audit of {found.requests:,} requests against a server that enforces
[GitHub's limits]({LIMITS}),
on a virtual clock and without latency. It takes at least {found.least:,.0f} s.

| | took, s | refused requests |
| --- | ---: | ---: |
| **ghpackages** | {found.seconds:,.0f}{times} | {found.refused:,} |
| the same requests with nothing that holds them back | {tables.ABSENT} | {found.refused_without_governor:,} |"""


def _breakdown(results: Results) -> str:
    if not results.breakdown:
        return tables.NOT_RUN
    text = """\
CPU time of the client in the audit without latency, taken apart: each row is what its layer adds to those above, in ms,
and its share of all. Each is the least of five in one process; the collector is off but for its own row. Small
differences are noise, which can make one negative."""
    return f"{text}\n\n{tables.layers(results, LAYERS)}\n\n{NEXT_DESIGN}"


def _json(results: Mapping[str, object]) -> str:
    """JSON with one line for each figure, so that two runs can be compared by eye."""
    members = (f"  {json.dumps(key)}: {_lines(value)}" for key, value in results.items())
    return "{\n" + ",\n".join(members) + "\n}\n"


def _lines(value: object) -> str:
    if not isinstance(value, list | tuple) or not value:
        return json.dumps(value, ensure_ascii=False)
    items = cast("list[object]", value)
    return "[\n" + ",\n".join(f"    {json.dumps(item, ensure_ascii=False)}" for item in items) + "\n  ]"


def _is_stored(results: Mapping[str, object], path: Path) -> bool:
    """Whether a file has just these results already."""
    try:
        return bool(json.loads(path.read_text("utf-8")) == json.loads(json.dumps(results)))
    except (FileNotFoundError, ValueError):
        return False


def write(results: Mapping[str, object], folder: Path) -> None:
    """Write `benchmarks.json`, `benchmarks.md` and `benchmarks.svg` into a folder.

    Args:
        results: In the form of `docs/benchmarks.json`. A file that has the same already is left as it is.
        folder: Is made if it does not exist.

    Raises:
        WrongResultsError: The results have another form; nothing was written.
        ImportError: There is no matplotlib, so that only the picture was not written.
    """
    found = read(results)
    folder.mkdir(parents=True, exist_ok=True)
    stored = folder / f"{NAME}.json"
    if not _is_stored(results, stored):
        stored.write_text(_json(results), encoding="utf-8")
    (folder / f"{NAME}.md").write_text(page(found), encoding="utf-8")
    from benchmarks.peers import picture  # a run that took an hour is not lost for want of matplotlib

    (folder / f"{NAME}.svg").write_text(picture.draw(found), encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> None:
    """Draw the report anew."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.peers.report", description="Draw the report anew.")
    parser.add_argument("results", type=Path, help="docs/benchmarks.json")
    parser.add_argument("folder", type=Path, help="where the report goes")
    options = parser.parse_args(arguments)
    try:
        write(json.loads(options.results.read_text("utf-8")), options.folder)
    except (OSError, ValueError) as error:  # ValueError: no JSON, or of another form
        kind = "" if isinstance(error, WrongResultsError | OSError) else "no JSON: "
        parser.error(f"{options.results}: {kind}{error}")


if __name__ == "__main__":
    sys.exit(main())
