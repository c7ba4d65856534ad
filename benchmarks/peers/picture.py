"""The picture of the report: times relative to the limit, or to the fastest that is possible."""

# matplotlib leaves its keyword arguments without types:
# pyright: reportUnknownMemberType=false

import io
from collections.abc import Sequence
from contextlib import AbstractContextManager
from math import log

import matplotlib as mpl
from attrs import frozen
from benchmarks.peers.results import Contender, NotMeasuredError, Results
from benchmarks.peers.tables import taking_part
from benchmarks.peers.verdict import INSTALLS
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.patches import Patch

WIDTH, TOP, BAR, HEAD = 830 / 72, 0.75, 0.29, 0.8
"""In inches: the picture, what is above its panels, one bar, and what a row of panels needs besides its bars."""
OURS, TYPED, UNTYPED, INK, PALE = "#0a58ca", "#8b949e", "#d0d7de", "#1f2328", "#57606a"

HATCH = "////"
TITLE = "Time: shorter is better. Bars begin at 1, and are logarithmic."


@frozen
class Panel:
    """One diagram.

    Attributes:
        task: The key of what it shows.
        title: What people call that.
        reference: The key of the contender that bars are relative to; None: the limit.
        reference_title: What people call it.
    """

    task: str
    title: str
    reference: str | None = None
    reference_title: str = "the limit"


ORJSON, AIOHTTP = ("orjson", "orjson alone"), ("aiohttp", "raw aiohttp")
ROWS = (
    (Panel("audit-50ms-64", "audit, 50 ms, 64 at once"), Panel("audit-50ms-100", "audit, 50 ms, 100 at once")),
    (
        Panel("audit-0ms-16", "audit, 0 ms, 16 at once", *AIOHTTP),
        Panel("audit-0ms-100", "audit, 0 ms, 100 at once", *AIOHTTP),
    ),
    (
        Panel("list-16", "list 10,000, 100 ms, 16 at once"),
        Panel("list", "list 10,000, 0 ms, one after another", *AIOHTTP),
    ),
    (Panel("decode-package", "decode a package", *ORJSON), Panel("decode-version", "decode a version", *ORJSON)),
)


def ratio(results: Results, panel: Panel, contender: Contender) -> float | None:
    """How many times the reference a contender takes; None where that is not known."""
    try:
        reference = (
            results.summary(panel.reference, panel.task).median
            if panel.reference
            else results.task(panel.task).limit or 0.0
        )
        value = results.summary(contender.key, panel.task).median
    except NotMeasuredError:
        return None
    return value / reference if min(value, reference) > 0 else None


def _absence(results: Results, panel: Panel, contender: Contender) -> str:
    """What stands in the place of a bar."""
    figure = results.figures.get((contender.key, panel.task))
    if contender.problem or not figure:
        return "not installed" if contender.problem else "not measured"
    return "failed" if figure.problem else "not comparable"


def _ranked(results: Results, row: Sequence[Panel]) -> list[Contender]:
    """Who is in a row of panels, the fastest first; who lacks a bar comes later."""

    def slowness(contender: Contender) -> tuple[int, float]:
        ratios = [ratio(results, panel, contender) for panel in row]
        known = [log(value) for value in ratios if value]
        return len(row) - len(known), sum(known)

    return sorted(taking_part(results, [panel.task for panel in row]), key=slowness)


def _span(results: Results) -> tuple[float, float]:
    """The ends of the scale, which all panels share."""
    ratios = [ratio(results, panel, contender) for row in ROWS for panel in row for contender in results.contenders]
    known = [value for value in ratios if value]
    return min([1.0, *known]) / 1.05, max([2.0, *known]) * 2.2  # at the right there is room for the numbers


def _paint(
    axes: Axes, results: Results, panel: Panel, contenders: Sequence[Contender], span: tuple[float, float]
) -> None:
    axes.set_xscale("log")
    axes.set_xlim(*span)
    axes.set_ylim(len(contenders) - 0.4, -0.6)
    axes.set_title(panel.title, loc="left", fontsize=12.5, fontweight="bold", pad=22)
    axes.text(0, 1.02, f"× {panel.reference_title}", transform=axes.transAxes, va="bottom", color=PALE, fontsize=10.5)
    for place, contender in enumerate(contenders):
        _bar(axes, results, panel, contender, place)
    axes.axvline(1, color=INK, linewidth=1.2)
    axes.set_xticks([])
    axes.minorticks_off()
    axes.tick_params(axis="y", length=0)
    axes.set_yticks(range(len(contenders)), [contender.label for contender in contenders])
    for label, contender in zip(axes.get_yticklabels(), contenders, strict=True):
        label.set_fontweight("bold" if contender.key in INSTALLS else "normal")
    for side in axes.spines.values():
        side.set_visible(False)


def _bar(axes: Axes, results: Results, panel: Panel, contender: Contender, place: int) -> None:
    value = ratio(results, panel, contender)
    is_ours = contender.key in INSTALLS
    if value is None:
        text = _absence(results, panel, contender)
        axes.text(1.06, place, text, va="center", color=PALE, fontsize=10.5, fontstyle="italic")
        return
    colour = OURS if is_ours else TYPED if contender.typed else UNTYPED
    axes.barh(place, value - 1, left=1, height=0.72, facecolor=colour, hatch=None if contender.typed else HATCH)
    weight = "bold" if is_ours else "normal"
    text = f"{value:.2f}" if value < 10 else f"{value:.1f}"
    axes.text(max(value, 1) * 1.06, place, text, va="center", color=OURS if is_ours else INK, fontweight=weight)


def _legend(canvas: Canvas, top: float) -> None:
    patches = [
        Patch(facecolor=OURS, label="ghpackages, typed"),
        Patch(facecolor=TYPED, label="others, typed"),
        Patch(facecolor=UNTYPED, hatch=HATCH, label="others, dictionaries"),
    ]
    canvas.legend(handles=patches, loc="upper left", bbox_to_anchor=(0.0, top), ncols=3, frameon=False)


def _canvas(results: Results) -> Canvas:
    rows = [(row, contenders) for row in ROWS if (contenders := _ranked(results, row))]
    heights = [len(contenders) * BAR + HEAD for _, contenders in rows]
    height = sum(heights) + TOP
    canvas = Canvas(figsize=(WIDTH, height), facecolor="white")
    canvas.text(0.012, 1 - 0.2 / height, TITLE, fontsize=14, va="top", weight="bold")
    _legend(canvas, 1 - 0.4 / height)
    span, top = _span(results), height - TOP
    for (panels, contenders), room in zip(rows, heights, strict=True):
        for column, panel in enumerate(panels):
            bottom = (top - room + 0.2) / height
            axes = canvas.add_axes((0.285 + column * 0.365, bottom, 0.34, (room - HEAD) / height))
            _paint(axes, results, panel, contenders, span)
            axes.tick_params(axis="y", labelleft=column == 0)
        top -= room
    return canvas


def styled() -> AbstractContextManager[None]:
    """Settings of matplotlib for the time being."""
    return mpl.rc_context(
        {
            "svg.fonttype": "none",  # text stays text
            "svg.hashsalt": "ghpackages",  # the same picture from the same results
            "font.family": ["DejaVu Sans", "sans-serif"],
            "font.size": 11.5,
            "hatch.color": TYPED,
            "hatch.linewidth": 1.0,
            "text.color": INK,
        }
    )


def draw(results: Results) -> str:
    """The picture as SVG, always the same for the same results and matplotlib."""
    svg = io.StringIO()
    with styled():
        _canvas(results).savefig(svg, format="svg", metadata={"Date": None, "Creator": "ghpackages"})
    return svg.getvalue()
