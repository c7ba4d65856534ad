"""Write the report of a run: `benchmarks.md` with one plot and one table, `benchmarks.svg` and `benchmarks.json`.

`python -m benchmarks.report docs` writes it again from `docs/benchmarks.json`, and measures nothing.
"""

# matplotlib leaves its keyword arguments without types:
# pyright: reportUnknownMemberType=false

import io
import math
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.results import MAXIMUM_SLOW_LOOPS, MAXIMUM_SPREAD, QUIET_ROUNDS, SLOW_LOOP, Results, loops_of, spread
from benchmarks.targets import DEFAULT, FAST, NOT_MEASURED, TARGETS, Target, evaluate
from benchmarks.tasks import TASKS_BY_KEY, Quantity, Task

LIMITS = "https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api"
HEADER = '<!-- Generated from benchmarks.json by "python -m benchmarks.report docs"; do not edit. -->'
SCALES = {"start": ("ms", 1e3), "decode": ("µs", 1e6)}
GREY, BLUE = "#7d8590", "#2f81f7"  # readable on light and on dark
MARKERS = {
    DEFAULT: ("o", BLUE), FAST: ("D", BLUE), "generated": ("s", "#db6d28"), "githubkit": ("^", "#da3633"),
    "gidgethub": ("v", "#a371f7"), "httpx": ("P", "#2ea043"), "aiohttp": ("X", GREY),
}  # fmt: skip


def significant(value: float) -> str:
    """A number with three significant digits, and no exponent."""
    return f"{value:,.{max(0, 2 - math.floor(math.log10(abs(value))))}f}" if value else "0"


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table, aligned so that it can be read in a terminal as well."""
    lines = [[" ".join(cell.split()).replace("|", r"\|") for cell in line] for line in (header, *rows)]
    (first, *others) = [max(3, *map(len, column)) for column in zip(*lines, strict=True)]
    lines.insert(1, ["-" * first, *(f"{'-' * (width - 1)}:" for width in others)])
    padded = ([line[0].ljust(first), *map(str.rjust, line[1:], others)] for line in lines)
    return "\n".join(f"| {' | '.join(line)} |" for line in padded)


def rows_of(results: Results, task: Task) -> Iterator[tuple[str, Quantity, float]]:
    """Yield label, quantity and factor of a task's rows; counts have one only where any is not the usual number."""
    unit, factor = SCALES.get(task.kind, ("s", 1.0))
    if task.kind not in SCALES:
        yield unit, "seconds", factor
    yield f"CPU {unit}", "cpu", factor
    if task.kind in {"list", "stream"} and not task.latency:
        yield "MB", "megabytes", 1.0
    figures = [figure for figure in results.figures if figure.task == task.key and not figure.problem]
    usual: dict[Quantity, int] = {"connections": task.concurrency, "requests": task.least_requests}
    for quantity, number in usual.items():
        if any(value != number for figure in figures for value in figure.values(quantity, results.quiet)):
            yield quantity, quantity, 1.0


def cell(results: Results, contender: str, task: Task, quantity: Quantity, factor: float) -> str:
    figure = results.find(contender, task.key)
    middle = results.median(contender, task.key, quantity)
    if not figure or middle is None:
        return "failed" if figure and figure.problem else "–"
    varies = spread(results.values(contender, task.key, quantity))
    text = f"{middle:,.0f}" if quantity in {"connections", "requests"} else significant(middle * factor)
    text += "" if quantity != "seconds" or figure.is_quiet(results.quiet) else " †"
    return f"{text} ± {varies:.0%}" if varies > MAXIMUM_SPREAD else text


def results_table(results: Results) -> str:
    contenders = [each for each in results.contenders if not results.installed[each.key].problem]
    names = [f"**{each.label}**" if each.key in {DEFAULT, FAST} else each.label for each in contenders]
    rows = [["typed", *("yes" if each.is_typed else "no" for each in contenders), ""]]
    for task in results.tasks:
        for label, quantity, factor in rows_of(results, task):
            cells = (cell(results, each.key, task, quantity, factor) for each in contenders)
            limit = significant(task.limit) if task.limit and quantity == "seconds" else ""
            rows.append([f"{task.label}: {label}", *cells, limit])
    return table(["", *names, "limit"], rows)


def target_value(target: Target, value: float) -> str:
    """A value in the unit of a target, with enough digits to show on which side of the bound it is."""
    unit, factor = ("×", 1.0) if target.other else ("MB", 1.0) if target.quantity == "megabytes" else ("ms", 1e3)
    text = significant(value * factor)
    is_clear = target.holds(float(text.replace(",", "")) / factor) == target.holds(value)
    return f"{text if is_clear else f'{value * factor:.6g}'} {unit}"


def targets(results: Results) -> str:
    """Return the targets that are part of the run, and how many of all are met."""
    outcomes = [evaluate(target, results) for target in TARGETS]
    met, missed = (sum(outcome.is_met is each for outcome in outcomes) for each in (True, False))
    rows = [
        [
            outcome.target.label,
            f"{outcome.target.relation} {target_value(outcome.target, outcome.target.bound)}",
            outcome.reason if outcome.value is None else target_value(outcome.target, outcome.value),
            {True: "met", False: "**missed**", None: "–"}[outcome.is_met],
        ]
        for outcome in outcomes
        if outcome.reason != NOT_MEASURED
    ]
    unknown = len(outcomes) - met - missed
    text = f"Of {len(outcomes)} targets {met} are met, {missed} are missed and {unknown} were not measured."
    return f"{text}\n\n{table(['target', 'bound', 'measured', ''], rows)}"


def quietness(results: Results) -> str:
    repeated = sum(len(figure.rounds) > results.rounds for figure in results.figures)
    noisy = sum(figure.is_noisy(results.quiet) for figure in results.figures)
    text = f"""\
- Figures whose judged quantity has a spread above {MAXIMUM_SPREAD:.0%}, or too few quiet rounds, were measured again, a
  bounded number of times: {repeated} of {len(results.figures)}; {noisy} are still noisy."""
    if len(loops := loops_of(results.figures)) < 2:
        return text
    noise = "The machine was quiet" if results.slow_loops <= MAXIMUM_SLOW_LOOPS else "**The machine was not quiet**"
    return f"""\
- Every process timed a fixed loop of pure Python before and after its work: {results.quiet * 1e3:.1f} ms in the lower
  decile, {median(loops) * 1e3:.1f} ms in the median. {noise}: {results.slow_loops:.1%} of the loops
  took more than {SLOW_LOOP} × the lower decile; up to {MAXIMUM_SLOW_LOOPS:.0%} are normal. (A machine that is
  disturbed all the time would seem quiet.)
- CPU seconds are scaled by these loops, which comes close to the speed of an undisturbed core. Of wall seconds only
  rounds with quiet loops count; † marks those with fewer than {QUIET_ROUNDS} such rounds, of which all count. So which
  rounds count never depends on the values themselves.
{text}"""


def method(results: Results) -> str:
    machine, pinned = results.machine, "a core each" if results.is_pinned else "no cores of their own"
    return f"""\
- On {results.date}: {machine["processor"]}, {machine["cores"]} cores, {machine["system"]}, Python {machine["python"]}.
  Only ratios carry over to other machines.
{quietness(results)}
- {results.rounds} rounds, in which the contenders took turns; a fresh process for each measurement. The audit with
  latency and one request at once takes half a minute and was measured once. The server and the client had {pinned}.
  Figures are medians; the spread is the interquartile range divided by the median, shown as ± if it is
  above {MAXIMUM_SPREAD:.0%}.
- CPU seconds are those of the client, user and system. Without latency, for decoding and for starting, targets compare
  CPU seconds; with latency they compare wall seconds.
- Requests and connections have a row only if any contender sent more requests than necessary, or opened another number
  of connections than it had requests at once.
- Ready to call: a client for github.com exists. Certificates are read then by all contenders except ghpackages, which
  reads them when the client is entered. The first package comes from the local server, without TLS.
- The server is local, without TLS, and answers from memory after the given latency. The limit is what latency alone
  demands: rounds of requests × latency.
- Lists have 100 pages of 100 packages; an audit reads 200 packages with 54,466 versions, on 639 pages in all.
- Every result is checked against the data; a wrong one is reported as a failure. Contenders are used as their
  documentation recommends; where a library returns one page at a time, the benchmark requests several at once, as
  users would.
- “default” is `pip install ghpackages`, “fast” is `pip install "ghpackages[fast]"`. Typed contenders return objects of
  declared types, the others dictionaries, which is less work."""


def simulation(results: Results) -> str:
    if not (found := results.simulation):
        return "Not part of this run."
    if "problem" in found:
        return f"The simulation failed: {found['problem']}"
    times = f"{found['seconds']:,.0f} s, {found['seconds'] / found['least']:.4f} × the least possible"
    return f"""\
On a virtual clock, against a server that enforces [GitHub's limits]({LIMITS}),
an audit of {found["requests"]:,} requests takes {times}. Of its requests
{found["refused"]:,} are refused; without the governor, {found["refused_without_governor"]:,} are."""


def problems(results: Results) -> str:
    labels = {contender.key: contender.label for contender in results.contenders}
    missing = [(f"{labels[key]} could not be installed", each.problem) for key, each in results.installed.items()]
    for figure in results.figures:
        missing.append((f"{labels[figure.contender]} failed in “{TASKS_BY_KEY[figure.task].label}”", figure.problem))
    found = [f"- {what}: {' '.join(problem.split())}" for what, problem in missing if problem]
    return "\n".join(found) or "Every contender was installed, and every result was correct."


def versions(results: Results) -> str:
    found = ((each.label, results.installed[each.key].versions) for each in results.contenders)
    return "\n".join(f"- {label}: {', '.join(map(' '.join, each.items()))}" for label, each in found if each)


def page(results: Results) -> str:
    sections = {
        "How it was measured": method(results),
        "Targets": targets(results),
        "Plot": "![Time of each contender, relative to raw aiohttp or to the limit](benchmarks.svg)",
        "Results": results_table(results),
        "GitHub's limits": simulation(results),
        "What could not be measured": problems(results),
        "Versions": versions(results),
    }
    body = "\n\n".join(f"## {title}\n\n{text}" for title, text in sections.items())
    return f"{HEADER}\n# ghpackages compared with its peers\n\n{body}\n"


def summary(results: Results) -> str:
    """The tables, and what is needed to judge them, for the terminal."""
    return "\n\n".join(part(results) for part in (results_table, targets, quietness, problems))


def ratio(results: Results, contender: str, task: Task) -> float | None:
    """Return the wall seconds relative to the limit, or without latency the CPU seconds relative to raw aiohttp."""
    value = results.median(contender, task.key, task.judged)
    reference = task.limit or results.median("aiohttp", task.key, task.judged)
    return value / reference if value and reference else None


def plot(results: Results) -> str:
    """The plot as SVG: one row for each task that sends requests, one marker for each contender."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    sending = [task for task in results.tasks if task.least_requests]
    titles = {False: "CPU seconds at 0 ms ÷ those of raw aiohttp", True: "Wall seconds with latency ÷ the limit"}
    panels = [(titles[late], [task for task in sending if bool(task.latency) is late]) for late in titles]
    panels = [(title, rows) for title, rows in panels if rows] or panels[:1]
    colours = ("text.color", "axes.edgecolor", "axes.labelcolor", "xtick.color", "ytick.color")
    style: dict[Any, Any] = {"svg.fonttype": "none", "svg.hashsalt": "ghpackages", **dict.fromkeys(colours, GREY)}
    svg, heights = io.StringIO(), [max(1, len(tasks)) for _, tasks in panels]
    with mpl.rc_context(style):
        canvas = Figure(figsize=(9.5, 2 + 0.36 * sum(heights)), layout="constrained")
        grid: list[Any] = list(canvas.subplots(len(panels), squeeze=False, height_ratios=heights).flat)
        for axes, (title, tasks) in zip(grid, panels, strict=True):
            _draw(axes, results, title, tasks)
        canvas.legend(*grid[0].get_legend_handles_labels(), loc="outside lower center", ncols=4, frameon=False)
        canvas.savefig(svg, format="svg", transparent=True, metadata={"Date": None, "Creator": "ghpackages"})
    return svg.getvalue()


def _draw(axes: Any, results: Results, title: str, tasks: Sequence[Task]) -> None:
    axes.set(xscale="log", ylim=(max(1, len(tasks)) - 0.5, -0.5))
    axes.set_title(title, loc="left", fontsize=11)
    axes.set_yticks(range(len(tasks)), [task.label for task in tasks])
    axes.grid(visible=True, color=GREY, alpha=0.3)
    axes.axvline(1, color=GREY)
    for contender in (each for each in results.contenders if each.key in MARKERS):
        marker, colour = MARKERS[contender.key]
        values = [ratio(results, contender.key, task) or math.nan for task in tasks]
        face = "none" if contender.key == DEFAULT else colour
        look = {"color": colour, "markerfacecolor": face, "markersize": 8}
        axes.plot(values, range(len(tasks)), marker, label=contender.label, **look)
    low, high = axes.get_xlim()
    ticks = [tick for tick in (1, 1.5, 2, 3, 5, 10, 20, 50) if low <= tick <= high]
    axes.set_xticks(ticks, [f"{tick:g} ×" for tick in ticks])
    axes.minorticks_off()


def write(results: Results, folder: Path) -> None:
    """Write all three files; the results first, so that no fault of the report loses them."""
    folder.mkdir(parents=True, exist_ok=True)
    for extension, content in {"json": Results.to_json, "md": page, "svg": plot}.items():
        (folder / f"benchmarks.{extension}").write_text(content(results), encoding="utf-8")


if __name__ == "__main__":
    write(Results.read(Path(sys.argv[1]) / "benchmarks.json"), Path(sys.argv[1]))
