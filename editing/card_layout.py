"""Where everything on a card stands: size, lines and place of its words, rule and seal. Pure; draws nothing.

All lengths are pixels of a 1920x1080 picture.
"""

from collections.abc import Sequence
from typing import Literal, NamedTuple

from editing.layout import caption_top
from editing.timeline import CardShot
from editing.typesetting import SAFE_BOTTOM, SAFE_TOP, SMALLEST, balance, fit, orphaned, width

Tone = Literal["text", "accent", "emphasis"]
"""What a part is painted with (`editing.colouring.Palette`)."""

MARK = "“"
"""Stands large and by itself over a quote."""

_WIDE, _MEASURE = 1500, 1400
"""Widest line of a title, and of small text."""
_LEADING = 1.36
"""Height of a line for each pixel of its size."""
_ABOVE_CAPTIONS = caption_top(2) - 24
"""Row above which everything stands while somebody is heard."""
_RULE = (240, 3)
_GOLD = ("do", "no", "harm")


class Run(NamedTuple):
    """Words of a line in one tone."""

    text: str
    tone: Tone


class Row(NamedTuple):
    """A line of text, a rule or the seal, with its place on the card."""

    kind: Literal["text", "rule", "seal"]
    height: int
    """Pixels it takes of the card's height."""
    gap: int = 0
    """Space above."""
    runs: tuple[Run, ...] = ()
    size: int = 0
    weight: str = "SemiBold"
    group: int = 0
    """Rows of one group come and go together."""
    wide: float = 0.0
    top: int = 0

    @property
    def text(self) -> str:
        """The words of the line."""
        return " ".join(run.text for run in self.runs)

    @property
    def left(self) -> float:
        """Left edge, centred on the card."""
        return 960 - self.wide / 2


def lay_out(card: CardShot, seal: tuple[int, int] | None = None) -> tuple[Row, ...]:
    """The rows of a card from top to bottom; `seal` is the size of the agency's seal, when this card shows it.

    Where all of it would pass the title-safe area, gaps close first, then the seal shrinks.
    """
    rows, bottom = _ROWS[card.kind](card), lowest(card)
    if seal and card.kind in ("opening", "end"):
        room = bottom - SAFE_TOP - sum(row.height + row.gap for row in rows) - 40
        rows = _with_seal(rows, seal, min(room, 300 if card.kind == "opening" else 190))
    return _placed(rows, bottom)


def fits(card: CardShot) -> bool:
    """Whether the words of a card lie inside the title-safe area."""
    rows = lay_out(card)
    return rows[0].top >= SAFE_TOP and rows[-1].top + rows[-1].height <= lowest(card)


def lowest(card: CardShot) -> int:
    """The row that nothing of a card goes below: the title-safe area's, higher up where there will be captions."""
    return _ABOVE_CAPTIONS if card.voiced else SAFE_BOTTOM


def _with_seal(rows: Sequence[Row], seal: tuple[int, int], tallest: int) -> list[Row]:
    wide, high = seal
    scale = min(2.0, tallest / high, 640 / wide)
    if tallest < 100:
        return list(rows)
    first = rows[0]._replace(gap=40)
    return [Row("seal", round(high * scale), wide=round(wide * scale)), first, *rows[1:]]


def _placed(rows: Sequence[Row], bottom: int) -> tuple[Row, ...]:
    """The rows as one block in the middle of the safe area down to `bottom`; gaps close as far as it asks."""
    text, gaps = sum(row.height for row in rows), sum(row.gap for row in rows)
    closed = min(1.0, max(0.25, (bottom - SAFE_TOP - text) / gaps)) if gaps else 1.0
    rows = [row._replace(gap=int(row.gap * closed)) for row in rows]
    top = (SAFE_TOP + bottom - sum(row.height + row.gap for row in rows)) // 2
    placed = []
    for row in rows:
        placed.append(row._replace(top=top + row.gap))
        top += row.gap + row.height
    return tuple(placed)


def _text(runs: Sequence[Run], size: int, weight: str, gap: int = 0, group: int = 0) -> Row:
    wide = width(" ".join(run.text for run in runs), size, weight)
    return Row("text", round(size * _LEADING), gap, tuple(runs), size, weight, group, wide)


def _lines(lines: Sequence[str], size: int, weight: str = "SemiBold", gap: int = 0) -> list[Row]:
    return [_text((Run(line, "text"),), size, weight, 0 if n else gap) for n, line in enumerate(lines)]


def _rule(gap: int) -> Row:
    return Row("rule", _RULE[1], gap, wide=_RULE[0])


def _small(lines: Sequence[str], size: int, gap: int, between: int) -> list[Row]:
    """Paragraphs of small text, each on lines of its own."""
    rows: list[Row] = []
    for number, line in enumerate(lines):
        rows += _lines(_even(line, size, _MEASURE, "Regular"), size, "Regular", between if number else gap)
    return rows


def _even(text: str, size: int, limit: int, weight: str) -> tuple[str, ...]:
    """Balanced lines; a little narrower where that keeps the last word from standing alone."""
    lines = balance(text, size, limit, weight)
    for narrower in (limit * 4 // 5, limit * 3 // 5):
        if not orphaned(lines, size, weight):
            break
        lines = balance(text, size, narrower, weight)
    return lines


def _opening(card: CardShot) -> list[Row]:
    size, lines = _title(card.lines[0], (84, 80, 76, 72, 68, 64), 3)
    return [*_lines(lines, size), _rule(34), *_small(card.lines[1:], 40, 26, 0)]


def _title(text: str, sizes: Sequence[int], most_lines: int) -> tuple[int, tuple[str, ...]]:
    """Size and lines of a title; a very long one is set smaller, on wider and more lines."""
    size, lines = fit(text, sizes, _WIDE, most_lines)
    if len(lines) > most_lines:
        size, lines = fit(text, range(SMALLEST + 4, min(sizes), 4), 1600, 5)
    return size, lines


def _promise(card: CardShot) -> list[Row]:
    whole = " ".join(card.lines)
    size = fit(whole, (60, 56, 52, 48, 44, 40, 36), 1560, 7)[0]
    rows: list[Row] = []
    for group, phrase in enumerate(card.lines):
        for number, line in enumerate(_toned(balance(phrase, size, 1560))):
            rows.append(_text(line, size, "SemiBold", 22 if group and not number else 0, group))
    return rows


def _toned(lines: Sequence[str]) -> list[list[Run]]:
    """Lines with “do no harm” in the accent, wherever they break."""
    words = [word for line in lines for word in line.split()]
    bare = [word.strip(".,").lower() for word in words]
    first = next((n for n in range(len(bare)) if tuple(bare[n : n + 3]) == _GOLD), len(bare))
    toned: list[list[Run]] = []
    at = 0
    for line in lines:
        runs: list[Run] = []
        for word in line.split():
            tone: Tone = "emphasis" if first <= at < first + len(_GOLD) else "text"
            if runs and runs[-1].tone == tone:
                runs[-1] = Run(f"{runs[-1].text} {word}", tone)
            else:
                runs.append(Run(word, tone))
            at += 1
        toned.append(runs)
    return toned


def _end(card: CardShot) -> list[Row]:
    size, lines = _title(card.lines[0], (64, 60, 56, 52, 48, 44, 40), 3)
    return [*_lines(lines, size), _rule(30), *_small(card.lines[1:], SMALLEST, 26, 20)]


def _chapter(card: CardShot) -> list[Row]:
    size, lines = _title(card.lines[0], (72, 64, 56, 48), 2)
    return [*_lines(lines, size), _rule(28), *_small(card.lines[1:], 40, 20, 0)]


def _quote(card: CardShot) -> list[Row]:
    words, *attribution = card.lines
    size, lines = fit(words, (64, 60, 56, 52, 48, 44, 40), _MEASURE, 6, "Regular")
    mark = Row("text", 100, 0, (Run(MARK, "accent"),), 180, "SemiBold", 0, width(MARK, 180))
    rows = [mark, *_lines(lines, size, "Regular", 34), _rule(32)]
    if attribution:
        rows += _lines(_even(attribution[0], 36, _MEASURE, "SemiBold"), 36, gap=24)
    return [*rows, *_small(attribution[1:], 36, 0, 0)]


_ROWS = {"opening": _opening, "promise": _promise, "end": _end, "chapter": _chapter, "quote": _quote}
