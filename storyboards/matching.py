"""Which beat of one version is which of another: by what they show, as many as possible in their order. Pure."""

from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher

from storyboards.storyboard import Beat, Card, Narration

_ALIKE = 0.5
"""How alike two beats must be that do not stand in the same order, to be one that moved."""


def pairs_of(old: Sequence[Beat], new: Sequence[Beat]) -> dict[int, int]:
    """Old position by new position of the beats that are the same one, changed or moved perhaps; each is used once."""
    alike = [[_alike(was, now, old, new) for was in old] for now in new]
    pairs = _in_order(alike, len(old))
    left = [
        (-alike[j][i], j, i)
        for j in range(len(new))
        if j not in pairs
        for i in range(len(old))
        if i not in pairs.values() and alike[j][i] >= _ALIKE
    ]
    for _, j, i in sorted(left):
        if j not in pairs and i not in pairs.values():
            pairs[j] = i
    return pairs


def kept_in_order(pairs: Mapping[int, int]) -> frozenset[int]:
    """The new positions of the longest run of pairs that stand in the same order in both; the others have moved."""
    best: dict[int, tuple[int, ...]] = {}
    for j in sorted(pairs):
        before: list[tuple[int, ...]] = [(), *(chain for k, chain in best.items() if pairs[k] < pairs[j])]
        best[j] = (*sorted(before, key=len)[-1], j)
    chains: list[tuple[int, ...]] = [(), *best.values()]
    return frozenset(sorted(chains, key=len)[-1])


def _alike(was: Beat, now: Beat, old: Sequence[Beat], new: Sequence[Beat]) -> float:
    if isinstance(was, Card) and was != now and was in new and now in old:
        return 0.0  # two cards that are both still there are no change of one into the other
    return likeness(was, now)


def likeness(one: Beat, other: Beat) -> float:
    """0 for beats of different kinds or slots, 1 for equal ones, between them for the same one changed."""
    if shown(one) != shown(other):
        return 0.0
    if one == other:
        return 1.0
    if isinstance(one, Card) and isinstance(other, Card) and one.kind in ("chapter", "quote"):
        # Several cards of a film are of this kind: their words tell them apart.
        words = SequenceMatcher(None, _words(one), _words(other), autojunk=False)
        return 0.1 + 0.8 * float(words.ratio())
    same = sum(bool(getattr(one, name) == getattr(other, name)) for name in type(one).model_fields)
    return 0.1 + 0.8 * same / len(type(one).model_fields)


def _words(card: Card) -> list[str]:
    """The first of a card's words; more would not tell it apart any better."""
    return " ".join(card.lines).split()[:60]


def shown(beat: Beat) -> tuple[str, str]:
    """What a beat shows, by which it is known: its kind and its slot, or its kind of card."""
    if isinstance(beat, Card):
        return beat.beat, beat.kind
    return beat.beat, beat.voice if isinstance(beat, Narration) else beat.slot


def _in_order(alike: Sequence[Sequence[float]], width: int) -> dict[int, int]:
    """The pairs in one order whose likeness together is greatest."""
    sums = [[0.0] * (width + 1) for _ in range(len(alike) + 1)]
    for j in range(len(alike) - 1, -1, -1):
        for i in range(width - 1, -1, -1):
            paired = sums[j + 1][i + 1] + alike[j][i]
            sums[j][i] = max(paired if alike[j][i] else 0.0, sums[j + 1][i], sums[j][i + 1])
    pairs: dict[int, int] = {}
    j = i = 0
    while j < len(alike) and i < width:
        if alike[j][i] and sums[j][i] == sums[j + 1][i + 1] + alike[j][i]:
            pairs[j] = i
            j, i = j + 1, i + 1
        elif sums[j][i] == sums[j + 1][i]:
            j += 1
        else:
            i += 1
    return pairs
