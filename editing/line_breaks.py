"""Where a caption may break: a price for each place between two words, and the best one or two lines of a text."""

from collections.abc import Sequence

from kit.short_forms import goes_on

LINE_GOAL = 37
"""Characters a line should keep to."""
LINE_LIMIT = 42
"""Characters no line may pass."""


def _set_of(words: str) -> frozenset[str]:
    return frozenset(words.split())


_DETERMINERS = _set_of("a an the this these those my your his her its our their every each no some any")
_CONJUNCTIONS = _set_of(
    "and but or nor so yet because although though while when where which who whom whose that if as than until "
    "since unless whether"
)
_PREPOSITIONS = _set_of(
    "of in on at by to from with without into onto upon over under between among through during before after about "
    "against across along around behind beside beyond for near toward towards within"
)
_AUXILIARIES = _set_of(
    "am is are was were be been being has have had do does did will would shall should can could may might must "
    "not never i'm i've i'll we're we've we'll you're you've you'll they're they've they'll it's don't doesn't didn't "
    "won't can't couldn't wouldn't isn't aren't wasn't weren't"
)
_FORBIDDEN, _DANGLING, _PLAIN = 20.0, 10.0, 6.0


def break_price(before: str, after: str) -> float:
    """The price of a break between two words: 0 after a sentence, 20 inside what belongs together."""
    end = before.rstrip("\"'”’)]")
    if goes_on(before, after):
        return _FORBIDDEN
    if end.endswith((".", "!", "?", "…")):
        return 0.0
    if end.endswith((";", ":", "—", "–")):
        return 0.5
    if end.endswith(","):
        return 1.0
    return _price_between(before, after)


def _price_between(before: str, after: str) -> float:
    """The price of a break between two words that no punctuation parts."""
    first, second = _bare(before), _bare(after)
    if first in _DETERMINERS or first in _AUXILIARIES or (_is_name(before) and _is_name(after)):
        return _FORBIDDEN
    if first in _PREPOSITIONS or first in _CONJUNCTIONS or first[:1].isdigit():
        return _DANGLING
    if second in _CONJUNCTIONS:
        return 2.0
    return 2.5 if second in _PREPOSITIONS else _PLAIN


def lay_out(words: Sequence[str]) -> tuple[tuple[str, ...], float] | None:
    """The best one or two lines of a run of words with their price; None when it needs a third line."""
    text = " ".join(words)
    if len(text) <= LINE_GOAL:
        return (text,), 0.0
    best: tuple[tuple[str, ...], float] | None = None
    if len(text) <= LINE_LIMIT:
        best = (text,), _excess(len(text))
    for place in range(1, len(words)):
        lines = " ".join(words[:place]), " ".join(words[place:])
        longest = max(map(len, lines))
        if longest > LINE_LIMIT:
            continue
        price = break_price(words[place - 1], words[place]) + abs(len(lines[0]) - len(lines[1])) / 6
        price += _excess(longest)
        if best is None or price < best[1]:
            best = lines, price
    return best


def pieces_of(word: str) -> tuple[str, ...]:
    """A word as it can be set: one longer than a line is broken with hyphens."""
    if len(word) <= LINE_GOAL:
        return (word,)
    step = LINE_GOAL - 1
    parts = [word[at : at + step] for at in range(0, len(word), step)]
    return (*(part + "-" for part in parts[:-1]), parts[-1])


def _excess(length: int) -> float:
    """The price of a line past the goal."""
    return 5.0 + 3.0 * (length - LINE_GOAL) if length > LINE_GOAL else 0.0


def _bare(word: str) -> str:
    return word.strip("\"'“”‘’.,;:!?()[]-–—…").replace("’", "'").casefold()


def _is_name(word: str) -> bool:
    """A capital followed by small letters, such as a first or last name."""
    bare = word.strip("\"'“”‘’()[]")
    return len(bare) > 1 and bare[0].isupper() and bare[1:].rstrip(".,").islower()
