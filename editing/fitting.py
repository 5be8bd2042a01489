"""How many frames each part of the film gets, so that the whole lands on its target."""

from collections.abc import Sequence
from itertools import pairwise


def shared_out(total: int, wants: Sequence[int]) -> tuple[int, ...]:
    """`total` frames among wants, in proportion to them; everyone gets all they want when there is enough."""
    if sum(wants) <= total:
        return tuple(wants)
    return _in_proportion(max(0, total), wants)


def stretched(total: int, least: Sequence[int], most: Sequence[int], shortest: int) -> tuple[int, ...]:
    """`total` frames among beats that take from `least` to `most` each.

    When there is not even the least for all, the last beats go without; nothing shorter than `shortest` is given.
    """
    given = list(least)
    while given and sum(given) > total:
        over = sum(given) - total
        last = max((i for i, frames in enumerate(given) if frames), default=0)
        kept = given[last] - over
        given[last] = kept if kept >= shortest else 0
    spare = [high - low if frames else 0 for high, low, frames in zip(most, given, given, strict=True)]
    extra = shared_out(max(0, total - sum(given)), [max(0, one) for one in spare])
    return tuple(one + plus for one, plus in zip(given, extra, strict=True))


def _in_proportion(total: int, wants: Sequence[int]) -> tuple[int, ...]:
    """Whole frames in proportion, summing to the total exactly."""
    whole = sum(wants)
    edges = [0]
    for i in range(len(wants)):
        edges.append(total * sum(wants[: i + 1]) // whole if whole else 0)
    return tuple(b - a for a, b in pairwise(edges))
