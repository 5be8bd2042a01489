"""Captions that a person split, merged or gave times hold as they were made, or are told; no other is touched."""

import os
import random
from collections.abc import Sequence
from itertools import pairwise

import pytest

from editing.by_hand import problems
from editing.caption_desk import Footage, WantedCaption, as_wanted, with_wishes
from editing.caption_waves import SILENT, Outline, film_peaks
from editing.decision_list import ListedCaption
from editing.edit_words import shortened
from editing.edits import CaptionCue, CaptionText, Edits
from editing.made_captions import captions_for
from editing.spoken_words import Made, SpokenWord, Times
from editing.timeline import Cue
from kit.errors import InputRefused
from tests.editing.clips import anytown
from tests.editing.plan_checks import AGENCY
from tests.editing.test_edits import film, listed

CLIPS = {clip.file: clip for clip in anytown()}
TRIES = 400 if os.environ.get("PROMISEREEL_SOAK") else 24


def made(*captions: ListedCaption, first: int = 0, last: int | None = None, **times: int) -> CaptionCue:
    """One caption of the words of these neighbours, from a word of the first on to before a word of the last."""
    words = spoken(captions[0])[first:] + [word for one in captions[1:] for word in spoken(one)]
    words = words[: len(words) if last is None else last - first]
    clip = CLIPS[captions[0].file]
    was = " ".join(word for word, _, _ in words)
    return CaptionCue(clip=clip.digest, file=clip.file, start=words[0][1], end=words[-1][2], was=was, **times)


def spoken(one: ListedCaption) -> list[tuple[str, int, int]]:
    """The words of a caption with the frames of its clip at which they begin and end."""
    words = [word for sentence in CLIPS[one.file].sentences for word in sentence.words]
    rows = [(word.text, round(word.start_s * 30), round(word.end_s * 30)) for word in words]
    return [row for row in rows if one.start <= row[1] and row[2] <= one.end]


def shows(cue: Cue) -> tuple[str, tuple[int, int], tuple[str, ...]]:
    return cue.file, cue.source, cue.lines


BASE = film()
ALL = listed(BASE).captions
FOOTAGE = Footage(BASE, CLIPS, AGENCY)
LONG = next(one for one in ALL if len(one.was.split()) >= 10)


def test_a_caption_is_split_where_a_person_wants_it() -> None:
    for at in (4, 6):
        edits = Edits(cues=(made(LONG, last=at), made(LONG, first=at)))
        after = as_wanted(FOOTAGE, edits)
        assert not after.refused
        words = LONG.was.split()
        assert [cue.was for cue in after.cues[LONG.number - 1 : LONG.number + 1]] == [
            " ".join(words[:at]),
            " ".join(words[at:]),
        ]
        others = [shows(cue) for n, cue in enumerate(BASE.cues, 1) if n != LONG.number]
        assert [shows(cue) for cue in after.cues if not meets(cue, made(LONG))] == others


def test_two_captions_are_merged_also_over_their_corrected_words() -> None:
    one, other = next(
        (one, other)
        for one, other in pairwise(ALL)
        if one.file == other.file and len(one.words + other.words) < 60 and 0 < other.start - one.end < 60
    )
    after = as_wanted(FOOTAGE, Edits(cues=(made(one, other),)))
    assert not after.refused
    assert f"{one.was} {other.was}" in [cue.was for cue in after.cues]
    assert len(after.cues) == len(BASE.cues) - 1
    text = CaptionText(clip=one.clip, file=one.file, start=one.start, end=one.end, was=one.was, words="So.")
    after = as_wanted(FOOTAGE, Edits(cues=(made(one, other),), captions=(text,)))
    assert not after.refused
    assert f"So. {other.was}" in [one.listed.words for one in after.captions]


def test_a_caption_comes_and_goes_when_a_person_wants_it() -> None:
    number, before, one = next(
        (number, before, one)
        for number, (before, one, after) in enumerate(zip(BASE.cues, BASE.cues[1:], BASE.cues[2:], strict=False), 2)
        if after.start - one.end > 30 and one.start - before.end == 2 and before.end - before.start > 60
    )
    kept = [cue for cue in BASE.cues if cue not in (before, one)]
    late = as_wanted(FOOTAGE, Edits(cues=(made(ALL[number - 1], comes=6),)))
    cue = late.cues[number - 1]
    assert not late.refused
    assert cue.start == ALL[number - 1].at - one.start + first_word(one) + 6
    assert late.cues[number - 2].end == cue.start - 2, "where two captions meet both move"
    assert [cue for cue in late.cues if cue not in (late.cues[number - 1], late.cues[number - 2])] == kept
    longer = as_wanted(FOOTAGE, Edits(cues=(made(ALL[number - 1], goes=14),)))
    assert not longer.refused
    assert longer.cues[number - 1].end == last_word(one) + 14
    assert [cue for n, cue in enumerate(longer.cues, 1) if n != number] == [
        cue for n, cue in enumerate(BASE.cues, 1) if n != number
    ]


def first_word(cue: Cue) -> int:
    sound = next(one for one in BASE.sounds if one.file == cue.file and one.start <= cue.end and cue.start < one.end)
    return sound.start + cue.source[0] - sound.source_start


def last_word(cue: Cue) -> int:
    return first_word(cue) + cue.source[1] - cue.source[0]


def test_what_breaks_a_rule_changes_nothing_and_says_which() -> None:
    five = next(one for one in ALL if len(one.was.split()) == 5)
    after = next(other for one, other in pairwise(ALL) if one == five)
    cases = [
        (Edits(cues=(made(LONG, last=1), made(LONG, first=1))), "and 0.83 s are the least"),
        (Edits(cues=(made(*ALL[LONG.number - 1 : LONG.number + 1]),)), "do not fit two lines of 42"),
        (Edits(cues=(made(LONG, goes=-50),)), "characters a second, and 20 are the most"),
        (Edits(cues=(made(LONG, goes=200),)), "still stand when the next caption comes"),
        (Edits(cues=(made(five, comes=250),)), "would not stand while its words are heard"),
        (Edits(cues=(made(LONG, comes=-50),)), "would stand over a card"),
        (Edits(cues=(made(ALL[LONG.number], comes=-60),)), "the caption before it would"),
        (Edits(cues=(made(five, after, last=None),)).model_copy(update={"cues": (gone(five),)}), "nobody says"),
    ]
    for edits, words in cases:
        desk = as_wanted(FOOTAGE, edits)
        assert any(words in told for told in desk.refused), (words, desk.refused)
        if len(desk.refused) == len(edits.cues):
            assert desk.cues == BASE.cues


def gone(one: ListedCaption) -> CaptionCue:
    return made(one).model_copy(update={"was": "nobody ever said this"})


def test_captions_that_cannot_be_made_are_told_before_a_film_is_planned() -> None:
    five = next(one for one in ALL if len(one.was.split()) == 5)
    elsewhere = made(five).model_copy(update={"clip": "f" * 64})
    told = problems(Edits(cues=(gone(five), elsewhere)), anytown(), AGENCY)
    assert ["nobody says" in told[0], "not among the footage" in told[1]] == [True, True]
    with pytest.raises(ValueError, match="made of the same words"):
        Edits(cues=(made(LONG), made(LONG, last=3)))


def test_captions_made_by_any_hand_hold_or_are_told() -> None:
    held = 0
    for seed in range(TRIES):
        chance = random.Random(seed)
        cues: list[CaptionCue] = []
        for one, other in chance.sample([*pairwise(ALL)][::2], 1 + seed % 3):
            words, deed = len(one.was.split()), chance.choice(["split", "merge", "time"])
            if deed == "split" and words > 1:
                at = chance.randrange(words // 3, words - words // 3)
                cues += [made(one, last=at), made(one, first=at)]
            elif deed == "merge" and one.file == other.file:
                cues.append(made(one, other))
            else:
                cues.append(made(one, comes=chance.randint(-3, 5), goes=chance.randint(-3, 12)))
        desk = as_wanted(FOOTAGE, Edits(cues=tuple(cues)))
        refused = [n for n, cue in enumerate(cues) if any(f"“{shortened(cue.was)}”" in told for told in desk.refused)]
        holding = {cue.was for n, cue in enumerate(cues) if n not in refused}
        assert holding <= {cue.was for cue in desk.cues}, seed
        assert " ".join(cue.was for cue in desk.cues) == " ".join(cue.was for cue in BASE.cues), seed
        keeps_to_the_rules(desk.cues, cues, seed)
        if not desk.refused:
            rest = [cue for cue in BASE.cues if not any(meets(cue, one) for one in cues)]
            assert {shows(cue) for cue in rest} <= {shows(cue) for cue in desk.cues}, seed
            held += 1
    assert held >= TRIES // 8


def keeps_to_the_rules(cues: Sequence[Cue], made_of: Sequence[CaptionCue], seed: int) -> None:
    """No gap but two frames or half a second, nothing shorter or faster than the craft allows where a hand was."""
    assert all(gap == 2 or gap >= 15 for gap in (b.start - a.end for a, b in pairwise(cues))), seed
    for cue in cues:
        if any(meets(cue, one) for one in made_of):
            old = [other for other in BASE.cues if meets(other, made_from(cue))]
            assert min([25, *(one.end - one.start for one in old)]) <= cue.end - cue.start <= 210, seed
            assert speed(cue) <= max([20.0, *map(speed, old)]), seed


def made_from(cue: Cue) -> CaptionCue:
    return CaptionCue(clip="x", file=cue.file, start=cue.source[0], end=cue.source[1], was=cue.was)


def speed(cue: Cue) -> float:
    return len(" ".join(cue.lines)) * 30 / (cue.end - cue.start)


def test_the_desk_lays_captions_as_the_planner_does() -> None:
    assert as_wanted(FOOTAGE, Edits()).cues == BASE.cues
    text = CaptionText(clip=LONG.clip, file=LONG.file, start=LONG.start, end=LONG.end, was=LONG.was, words="So it is.")
    edits = Edits(cues=(made(LONG, last=5), made(LONG, first=5, goes=9)), captions=(text,))
    planned = film(edits)
    desk = as_wanted(FOOTAGE, edits)
    assert desk.cues == planned.cues
    assert desk.refused == planned.unapplied
    for one in desk.captions:
        assert " ".join(word.text for word in one.words) == one.listed.was
        assert all(a.at < b.at for a, b in pairwise(one.words))


def test_wishes_at_the_desk_become_edits() -> None:
    wish = WantedCaption(LONG.clip, LONG.start, LONG.end, "made", None, LONG.at + 2, None)
    once = with_wishes(Edits(), FOOTAGE, [wish])
    assert [(one.was, one.goes) for one in once.cues] == [(LONG.was, None)]
    halves = [made(LONG, last=6), made(LONG, first=6)]
    again = [WantedCaption(LONG.clip, one.start, one.end, "made", "So.", None, None) for one in halves]
    split = with_wishes(once, FOOTAGE, again)
    assert [one.was for one in split.cues] == [one.was for one in halves]
    assert [one.words for one in split.captions] != []
    back = with_wishes(split, FOOTAGE, [wish._replace(shape="planned", text=LONG.was, at=None)])
    assert back == Edits()
    for wrong, words in (
        (wish._replace(clip="f" * 64), "not heard in this film"),
        (wish._replace(start=LONG.end, end=LONG.end + 1), "not heard in this film"),
        (wish._replace(text="  "), "needs words"),
        (wish._replace(text="\u0634\u0643"), "cannot read so"),
    ):
        with pytest.raises(InputRefused, match=words):
            with_wishes(Edits(), FOOTAGE, [wrong])


def test_the_waveform_of_a_film_is_that_of_its_clips_where_they_are_heard() -> None:
    outlines = {file: Outline(100.0, [n % 200 for n in range(100 * 60)]) for file in CLIPS}
    peaks = film_peaks(BASE, outlines)
    sound = BASE.sounds[0]
    assert len(peaks) == BASE.frames
    at = sound.source_start + 3
    assert peaks[sound.start + 3] == int((at + 1) * 100 / 30) - 1, "the highest of the peaks within the frame"
    silent = [frame for frame in range(BASE.frames) if not any(one.start <= frame < one.end for one in BASE.sounds)]
    assert not any(peaks[frame] for frame in silent)
    assert not any(film_peaks(BASE, dict.fromkeys(CLIPS, SILENT)))


def meets(cue: Cue, one: CaptionCue) -> bool:
    return cue.file == one.file and cue.source[0] < one.end and one.start < cue.source[1]


def test_words_apart_make_no_caption() -> None:
    words = [
        SpokenWord(text=t, said=t, start=at, end=at + 20, voice="a", source=(at, at + 20), made=1)
        for t, at in (("We", 0), ("serve.", 100))
    ]
    joined = captions_for(words, 400, made={1: Made(2, Times(None, None))})
    assert [cue.was for cue in joined.cues] == ["We serve."], "a person may make one caption over a pause"
    assert captions_for(words, 400, [60], made={1: Made(2, Times(None, None))}).refused == {
        1: "a card, a voice or other words come between its words"
    }
    assert captions_for(words, 400, made={1: Made(3, Times(None, None))}).refused == {
        1: "not all of its words are heard in this film"
    }
    assert captions_for(words, 400, [60], made={1: Made(2, Times(None, 90))}).refused
