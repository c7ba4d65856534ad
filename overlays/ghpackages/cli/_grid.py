"""A table that fits a terminal: it grows narrower in steps, and cuts long names only if nothing else helps.

The steps: headings in two lines and columns closer together; columns that can be done without are left out; names are
cut in the middle. Where there is no terminal nothing is left out or cut.
"""

import io
import textwrap
from collections.abc import Iterable, Sequence

from attrs import field, frozen
from rich import box
from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ._exit import plain
from ._words import NONE

READABLE = 18
"""The width that a name should have before columns are left out for it."""

NARROWEST = 8
"""The width that it has at least, however narrow the terminal."""


@frozen
class Screen:
    """What a table is shown on.

    Attributes:
        width: In columns; None if there is no terminal.
        has_colour: Whether it shows bold and dim letters.
    """

    width: int | None = None
    has_colour: bool = False


@frozen(kw_only=True)
class Column:
    """A column of a table.

    Attributes:
        title: What is above it.
        short: The same in two narrow lines.
        cells: What is in it, from top to bottom.
        total: What is below it.
        right: Whether it is aligned on the right, as counts are.
        cut: Whether its cells may be cut.
        wrap: Whether its cells may go on in the next line.
        spare: The higher, the sooner it is left out; 0: never.
    """

    title: str
    short: str = ""
    cells: Sequence[str] = field(converter=tuple[str, ...])
    total: str = ""
    right: bool = False
    cut: bool = False
    wrap: bool = False
    spare: int = 0

    def width(self, title: str) -> int:
        """The width that shows everything."""
        lines = (*title.split("\n"), self.total, *self.cells)
        return max(cell_len(line) for line in lines)


@frozen
class Layout:
    """How wide the columns are.

    Attributes:
        columns: Those that are shown.
        titles: What is above each.
        widths: How wide each is.
        gap: How many spaces are between them.
        left_out: The titles of those that are not shown.
    """

    columns: tuple[Column, ...]
    titles: tuple[str, ...]
    widths: tuple[int, ...]
    gap: int
    left_out: tuple[str, ...] = ()

    @property
    def width(self) -> int:
        """The width of all columns."""
        return sum(self.widths) + self.gap * (len(self.widths) - 1)


def layout(columns: Sequence[Column], screen: Screen) -> Layout:
    """How the columns fit."""
    wide = _layout(columns, gap=2)
    if screen.width is None or wide.width <= screen.width:
        return wide
    shown, left_out = list(columns), list[str]()
    while not _is_readable(_layout(shown, gap=1), screen.width) and any(column.spare for column in shown):
        spare = max(shown, key=lambda column: column.spare)
        shown.remove(spare)
        left_out.append(spare.title)
    narrow = _layout(shown, gap=1)
    widths = _squeezed(narrow, screen.width)
    return Layout(narrow.columns, narrow.titles, widths, narrow.gap, tuple(left_out))


def _layout(columns: Sequence[Column], *, gap: int) -> Layout:
    titles = [column.short if gap == 1 and column.short else column.title for column in columns]
    widths = [column.width(title) for column, title in zip(columns, titles, strict=True)]
    return Layout(tuple(columns), tuple(titles), tuple(widths), gap)


def _is_readable(found: Layout, width: int) -> bool:
    saved = sum(max(0, size - READABLE) for column, size in _pairs(found) if column.cut or column.wrap)
    return found.width - saved <= width


def _pairs(found: Layout) -> Iterable[tuple[Column, int]]:
    return zip(found.columns, found.widths, strict=True)


def _squeezed(found: Layout, width: int) -> tuple[int, ...]:
    """Make columns narrower until all fit: names first, then texts that can go on in the next line."""
    widths = list(found.widths)
    names = [index for index, column in enumerate(found.columns) if column.cut]
    texts = [index for index, column in enumerate(found.columns) if column.wrap]
    excess = found.width - width
    for indices, least in ((names, READABLE), (texts, READABLE), (names + texts, NARROWEST)):
        while excess > 0 and any(widths[index] > least for index in indices):
            widths[max(indices, key=lambda index: widths[index])] -= 1
            excess -= 1
    return tuple(widths)


def cut(text: str, width: int) -> str:
    """A text with … for its middle if it is too long."""
    if cell_len(text) <= width:
        return text
    tail = (width - 1) // 2
    end = text
    while cell_len(end) > tail:
        end = end[1:]
    return f"{set_cell_size(text, width - 1 - tail).rstrip()}…{end}"


def render(
    found: Layout,
    screen: Screen,
    *,
    rows: slice = slice(None),
    has_header: bool = True,
    has_totals: bool = False,
) -> str:
    """The table as text.

    Args:
        found: How the columns fit.
        screen: What it is shown on.
        rows: Which rows are shown.
        has_header: Whether the titles are shown.
        has_totals: Whether the totals are shown.
    """
    table = Table(
        box=box.SIMPLE,
        show_edge=False,
        pad_edge=False,
        padding=(0, found.gap - 1, 0, 0),
        show_header=has_header,
        show_footer=has_totals,
        header_style="bold",
        footer_style="bold",
    )
    cells: list[list[Text]] = []
    for column, title, width in zip(found.columns, found.titles, found.widths, strict=True):
        table.add_column(
            Text(title),
            Text(cut(column.total, width)),
            width=width,
            justify="right" if column.right else "left",
            no_wrap=not column.wrap,
            overflow="fold",
        )
        cells.append([_cell(column, text, width) for text in column.cells[rows]])
    for row in zip(*cells, strict=True):
        table.add_row(*row)
    return to_text(table, screen, found.width)


def _cell(column: Column, text: str, width: int) -> Text:
    shown = plain(text)
    return Text(shown if column.wrap else cut(shown, width), style="dim" if text == NONE else "")


def to_text(what: Table | Text, screen: Screen, width: int) -> str:
    """What rich makes of it, without spaces at the ends of lines."""
    out = io.StringIO()
    console = Console(
        file=out,
        width=max(width, 1),
        force_terminal=screen.has_colour,
        no_color=not screen.has_colour,
        color_system="standard" if screen.has_colour else None,
        legacy_windows=False,
        highlight=False,
    )
    console.print(what, soft_wrap=isinstance(what, Text))
    return "".join(f"{line.rstrip()}\n" for line in out.getvalue().splitlines())


def heading(text: str, screen: Screen) -> str:
    """A line in bold letters, which is cut where it does not fit the terminal."""
    shown = plain(text)
    fitting = shown if screen.width is None else cut(shown, screen.width)
    return to_text(Text(fitting, style="bold"), screen, cell_len(fitting))


def wrapped(text: str, screen: Screen) -> str:
    """Sentences in lines that fit the terminal; in one line where there is none."""
    shown = plain(text)
    lines = [shown] if screen.width is None else textwrap.wrap(shown, screen.width, break_on_hyphens=False)
    return "".join(f"{line}\n" for line in lines)
