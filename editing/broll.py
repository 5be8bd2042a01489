"""Cutting silent pictures: shots of three to seven seconds, the best there are, no frame shown twice."""

import math
from collections.abc import Sequence

from editing.stock import Piece, Stock
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
