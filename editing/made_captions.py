"""Captions that a person made of certain words, or gave times, held against the rules of all captions. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from editing.captions import GAP, LONGEST, LONGEST_SAID, SHORTEST, blocks_of, lay_cues, text_of
from editing.line_breaks import LINE_LIMIT, lay_out
from editing.spoken_words import AS_WRITTEN, Block, LaidCue, Made, SpokenWord
from editing.timeline import Cue

FASTEST = 20.0
"""Characters a second that no caption passes by hand."""


class Captioned(NamedTuple):
    """The cues of a film, and which captions could not be made as a person wanted them."""

    cues: tuple[Cue, ...]
    refused: dict[int, str]
    """Why, by the caption's number."""


def captions_for(
    spoken: Sequence[SpokenWord],
    film_frames: int,
    cuts: Sequence[int] = (),
    shot_changes: Sequence[int] = (),
    made: Mapping[int, Made] = AS_WRITTEN.made,
) -> Captioned:
    """Cues as `cues_for` makes them, with the captions that a person made, as far as they keep to the rules.

    One that does not changes nothing and is told.
    """
    plain = [word.model_copy(update={"made": None}) if word.made is not None else word for word in spoken]
    before = lay_cues(blocks_of(plain, film_frames, cuts), shot_changes)
    held, refused = dict(made), dict[int, str]()
    while held:
        marked = [word if word.made in held else word.model_copy(update={"made": None}) for word in spoken]
        blocks = blocks_of(marked, film_frames, cuts)
        laid: list[LaidCue] = []
        wrong = next(_unfit(blocks, held), None)
        if wrong is None:
            laid = lay_cues(blocks, shot_changes, {number: one.times for number, one in held.items()})
            wrong = next(_against_rules(laid, before), None)
        if wrong is None:
            return Captioned(tuple(one.cue for one in laid), refused)
        number, why = wrong
        refused[number] = why
        del held[number]
    return Captioned(tuple(one.cue for one in before), refused)


def _unfit(blocks: Sequence[Block], held: Mapping[int, Made]) -> Iterator[tuple[int, str]]:
    """Captions whose words are not heard together, or are too many for a caption."""
    for number, made in held.items():
        holding = [block for block in blocks if any(word.made == number for word in block.words)]
        words = [word for block in holding for word in block.words if word.made == number]
        heard = sum(bool(word.said) for word in words)
        if not heard:
            yield number, "nothing of it is heard in this film"
        elif heard < made.words:
            yield number, "not all of its words are heard in this film"
        elif len(holding) > 1 or _scattered(holding[0].words, number):
            yield number, "a card, a voice or other words come between its words"
        elif lay_out(text_of(words)) is None:
            yield number, f"its words do not fit two lines of {LINE_LIMIT} characters"
        elif (lasts := words[-1].end - words[0].start) > LONGEST_SAID and len(words) > 1:
            yield number, f"its words last {lasts / 30:.1f} s, and {LONGEST_SAID / 30:.1f} s are the most"


def _scattered(words: Sequence[SpokenWord], number: int) -> bool:
    places = [n for n, word in enumerate(words) if word.made == number]
    return places[-1] - places[0] >= len(places)


def _against_rules(laid: Sequence[LaidCue], before: Sequence[LaidCue]) -> Iterator[tuple[int, str]]:
    """The captions made by hand that break a rule, or make a neighbour break one."""
    for n, one in enumerate(laid):
        if one.made is None:
            continue
        last, following = laid[n - 1 : n] if n else [], laid[n + 1 : n + 2]
        why = _out_of_place(one, last, following) or _unreadable(one.cue, before)
        if why:
            yield one.made, f"it {why}"
        for side, others in (("before", last), ("after", following)):
            for other in others:
                if other.made is None and (why := _unreadable(other.cue, before)):
                    yield one.made, f"the caption {side} it {why}"


def _out_of_place(one: LaidCue, last: Sequence[LaidCue], following: Sequence[LaidCue]) -> str:
    """What is wrong with when a caption comes and goes; empty when nothing is."""
    cue, (first, end) = one.cue, one.heard
    if cue.start >= end or cue.end <= first:
        return "would not stand while its words are heard"
    if cue.start < one.room[0] or cue.end > one.room[1]:
        return "would stand over a card"
    if any(cue.start < other.cue.end + GAP for other in last):
        return "would come before the caption before it has gone"
    if any(other.cue.start < cue.end + GAP for other in following):
        return "would still stand when the next caption comes"
    return ""


def _unreadable(cue: Cue, before: Sequence[LaidCue]) -> str:
    """What keeps people from reading a cue; empty when nothing does, or nothing that was not so already."""
    was = [other.cue for other in before if _same_words(other.cue, cue)]
    if cue in was:
        return ""
    frames, speed = cue.end - cue.start, _speed(cue)
    if frames < min([SHORTEST, *(other.end - other.start for other in was)]):
        return f"would stand {frames / 30:.2f} s, and {SHORTEST / 30:.2f} s are the least"
    if frames > LONGEST:
        return f"would stand {frames / 30:.1f} s, and {LONGEST // 30} s are the most"
    if speed > max([FASTEST, *map(_speed, was)]):
        return f"would be read at {speed:.1f} characters a second, and {FASTEST:.0f} are the most"
    return ""


def _same_words(one: Cue, other: Cue) -> bool:
    return one.file == other.file and one.source[0] < other.source[1] and other.source[0] < one.source[1]


def _speed(cue: Cue) -> float:
    return len(" ".join(cue.lines)) * 30 / max(1, cue.end - cue.start)
