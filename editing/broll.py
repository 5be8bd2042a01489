"""Cutting silent pictures: shots of three to seven seconds, the best there are, no frame shown twice."""

import math
from collections.abc import Sequence

from editing.fitting import shared_out
from editing.stock import AGAIN, Cell, Piece, Stock
from editing.stretches import LONGEST, SHORTEST


def cut(needs: Sequence[tuple[int, int]], stock: Stock) -> tuple[tuple[Piece, ...], ...]:
    """Shots for each need (frames wanted, frames a shot should hold); a need is never overrun, only left short."""
    waiting = sum(frames for frames, _ in needs)
    tight = waiting > 0.75 * stock.capacity
    plan: list[tuple[Piece, ...]] = []
    last = ""
    for frames, hold in needs:
        shots: list[Piece] = []
        left = frames
        while left >= SHORTEST:
            wish = _share(left, LONGEST if tight else hold)
            piece = stock.take(wish, least=SHORTEST, left=left, keep=waiting - wish, after=last)
            if piece is None:
                break
            shots.append(piece)
            left, waiting, last = left - piece.frames, waiting - piece.frames, piece.clip.file
        waiting -= left
        plan.append(tuple(shots))
    return tuple(plan)


def parted(needs: Sequence[tuple[int, int]], stock: Stock) -> tuple[tuple[Piece, ...], ...]:
    """Shots for each need, where footage is scarce: what is free is parted evenly, so that no rest is too short."""
    cells = stock.cells()
    shown: list[str] = []
    plan: list[tuple[Piece, ...]] = []
    for wanted, _ in needs:
        frames, chosen = min(wanted, stock.capacity), list[Cell]()
        while cells and sum(one.frames for one in chosen) < frames and SHORTEST * (len(chosen) + 1) <= frames:
            chosen.append(max(cells, key=lambda one: _gain(one, shown)))
            cells.remove(chosen[-1])
            shown.append(chosen[-1].clip.file)
        more = shared_out(frames - SHORTEST * len(chosen), [one.frames - SHORTEST for one in chosen])
        plan.append(tuple(stock.take_in(one, SHORTEST + plus) for one, plus in zip(chosen, more, strict=True)))
    return tuple(plan)


def _gain(cell: Cell, shown: Sequence[str]) -> tuple[float, str, int]:
    """What a cell adds after what is shown: the more the better; clips that are new, and none twice in a row."""
    again = AGAIN * (shown[-1:] == [cell.clip.file])
    return round(cell.worth * cell.frames / SHORTEST - (cell.clip.file in shown) - again, 4), cell.clip.file, cell.low


def made_up(shots: Sequence[Piece], lacking: int, stock: Stock) -> tuple[Piece, ...]:
    """The shots of a beat, held longer and with others after them, to fill frames that are lacking; never more."""
    done = list(shots)
    for n, shot in enumerate(done):
        done[n] = stock.lengthen(shot, max(0, min(lacking, LONGEST - shot.frames)))
        lacking -= done[n].frames - shot.frames
    while lacking >= SHORTEST:
        after = done[-1].clip.file if done else ""
        piece = stock.take(min(lacking, LONGEST), least=SHORTEST, left=0, after=after)
        if piece is None:
            break
        done.append(piece)
        lacking -= piece.frames
    return tuple(done)


def _share(left: int, hold: int) -> int:
    """An even share of what is left, near the wished hold and within the limits of a shot."""
    shots = max(1, math.ceil(left / max(SHORTEST, min(LONGEST, hold)) - 0.25))
    while left / shots > LONGEST:
        shots += 1
    while shots > 1 and left / shots < SHORTEST:
        shots -= 1
    return -(-left // shots)
