"""Going on with an audit that ended early: what it found is in `FILE.partial`."""

import json
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

from attrs import frozen

from ghpackages.audit import Audit, ReportError, header_record, read_report

from ._formats import compact
from ._output import opened, target_of
from ._partial import OnKept, Partial
from ._words import plural

Record = Mapping[str, Any]


@frozen
class Question:
    """What an audit is asked.

    Attributes:
        make: Makes the audit, from the instant that durations reach back from and the records of finished packages.
        as_of: That instant as it was given; None if it was not.
    """

    make: Callable[[datetime | str | None, Iterable[Record]], Audit]
    as_of: datetime | str | None


@frozen
class Start:
    """Where an audit begins.

    Attributes:
        audit: The audit, which knows what is finished.
        out: What it is written to.
        goes_on: Whether the header and finished packages are written already.
    """

    audit: Audit
    out: TextIO
    goes_on: bool


@contextmanager
def resumed(
    question: Question, output: Path, *, on_kept: OnKept, tell: Callable[[str], object]
) -> Generator[Start, None, None]:
    """Go on with what an earlier run of the same audit left, or begin if there is nothing.

    Args:
        question: What is asked now.
        output: The file that is to appear.
        on_kept: Is told if the run ends early, so that it can be resumed again.
        tell: Is told what will be done.

    Raises:
        ValueError: The earlier run was asked something else, its file is damaged or written by another run, or the
            output is no file.
    """
    if (target := target_of(output)) is None:
        raise ValueError(f"--resume needs a file, and {output} is none")
    with ExitStack() as stack:
        partial = stack.enter_context(Partial(target))
        if partial.has_lines(1):
            audit = _prepare(question, partial, tell)
            yield Start(audit, stack.enter_context(partial.written("a", on_kept=on_kept)), goes_on=True)
            return
    tell(f"there is no {partial} to resume: beginning anew")
    with opened(output, on_kept=on_kept) as out:
        yield Start(question.make(question.as_of, ()), out, goes_on=False)


def _prepare(question: Question, partial: Partial, tell: Callable[[str], object]) -> Audit:
    """Leave only whole and complete packages in the file, and make the audit that asks for the others."""
    try:
        with partial.rewritten() as new, partial.path.open(encoding="utf-8") as old:
            records = read_report(old, may_be_cut=True)
            header = next(records)
            _check(partial, header, question)
            kept = _keep(new, header, records)
    except ReportError as error:
        raise ValueError(f"can't resume {partial}: {error}") from error
    tell(f"resuming {partial}: {plural(kept, 'package')} done before")
    return question.make(header["as_of"], _finished(partial.path, kept))


def _check(partial: Partial, header: Record, question: Question) -> None:
    """Refuse to go on with the answer to another question.

    Raises:
        ValueError: It is that.
    """
    asked = question.make(question.as_of, ())
    if differences := "; ".join(_differences(header, asked, has_as_of=question.as_of is not None)):
        raise ValueError(f"{partial} is of another audit: {differences}")


def _differences(header: Record, asked: Audit, *, has_as_of: bool) -> Iterator[str]:
    """What the earlier run was asked otherwise."""
    now = json.loads(compact(header_record(asked.as_of, asked.owners, asked.filters)))
    for key in ("schema_version", "owners", *(["as_of"] if has_as_of else [])):
        if header[key] != now[key]:
            yield _difference(key, header[key], now[key])
    before, after = header["filters"], now["filters"]
    for key in sorted({*before, *after}):
        if before.get(key) != after.get(key):
            yield _difference(key, before.get(key), after.get(key))


def _difference(key: str, before: object, after: object) -> str:
    return f"{key} {_shown(before)} there, {_shown(after)} here"


def _shown(value: object) -> str:
    if value is None:
        return "not set"
    return value if isinstance(value, str) else compact(value)


def _keep(file: TextIO, header: Record, records: Iterable[Record]) -> int:
    """Write the header and the complete packages, and tell how many they are."""
    kept = 0
    file.write(f"{compact(header)}\n")
    for record in records:
        if record["record"] == "package" and record["complete"]:
            file.write(f"{compact(record)}\n")
            kept += 1
    return kept


def _finished(path: Path, number: int) -> Iterator[dict[str, Any]]:
    """The packages that are done, read one by one."""
    with path.open(encoding="utf-8") as file:
        for line in islice(file, 1, 1 + number):
            yield json.loads(line)
