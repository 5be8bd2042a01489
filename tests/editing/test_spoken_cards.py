"""A voice over a card: the card stands as long as it, in step with it, and leaves room for its captions."""

from typing import Any

import pytest

from agencies.promise import promise_phrases, promise_text
from api.profile import profile_of
from delivery.descriptions import descriptions
from delivery.measure_captions import caption_checks
from editing.card_layout import lay_out
from editing.card_timing import PlannedCard, cards_of
from editing.layout import caption_top
from editing.planning import plan
from editing.spoken_promise import heard_promises
from editing.timeline import CardShot, SoundClip, Timeline
from ingest.clip import Clip
from storyboards.library import load
from storyboards.storyboard import Card, Storyboard
from tests.editing.clips import GRID, anytown, sentences, sound
from tests.editing.plan_checks import AGENCY, check
from tests.editing.test_typesetting import made_up

PROMISE = load("promise")
WORDS = promise_text(AGENCY.name, "members")


def read_out(*rows: tuple[float, float, str], file: str = "voice.wav") -> Clip:
    seconds = max(end for _, end, _ in rows) + 0.5
    return sound(file, seconds, sentences=sentences(rows), slot="promise_voice")


def film(*voices: Clip, storyboard: Storyboard = PROMISE) -> Timeline:
    clips = [*anytown(), *voices]
    timeline = plan(storyboard, clips, AGENCY)
    check(timeline, clips)
    return timeline


def promise_cards(timeline: Timeline) -> list[CardShot]:
    return [shot for shot in timeline.shots if isinstance(shot, CardShot) and shot.kind == "promise"]


def heard(timeline: Timeline) -> list[SoundClip]:
    return [one for one in timeline.sounds if one.role == "narration"]


def test_the_promise_comes_up_with_the_voice_that_reads_it() -> None:
    timeline = film(read_out((1.0, 25.0, WORDS)))
    (voice,), (first, whole) = heard(timeline), promise_cards(timeline)
    assert first.start < voice.start < voice.end < first.end
    assert first.voiced
    assert not whole.voiced
    assert len(first.reveal) == len(first.lines)
    said = sentences([(1.0, 25.0, WORDS)])[0].words
    for n, phrase in enumerate(promise_phrases(AGENCY.name, "members")):
        word = said[len(" ".join(first.lines[:n]).split())]
        assert phrase.startswith(word.text)
        spoken = voice.start + word.start_s * 30 - voice.source_start
        assert 0 <= spoken - (first.start + first.reveal[n]) <= 10


def test_its_captions_lie_on_the_card_and_nothing_is_told_twice() -> None:
    timeline = film(read_out((1.0, 17.0, WORDS)))
    first, whole = promise_cards(timeline)
    over = [cue for cue in timeline.cues if first.start <= cue.start < first.end]
    assert " ".join(line for cue in over for line in cue.lines).removeprefix("- ") == WORDS
    assert all(first.start <= cue.start and cue.end <= first.end for cue in over)
    assert not any(whole.start <= cue.start < whole.end for cue in timeline.cues)
    checks = {check.name: check for check in caption_checks(timeline, {})}
    assert checks["cues over titles or lower thirds"].ok
    assert checks["cards read out or described"].ok
    assert descriptions(timeline).count(f"On screen: {WORDS}") == 1


def test_a_card_that_is_too_full_for_captions_is_told_by_the_report() -> None:
    timeline = film(read_out((1.0, 17.0, WORDS)))
    shots = [
        shot.model_copy(update={"voiced": False}) if isinstance(shot, CardShot) else shot for shot in timeline.shots
    ]
    checks = {check.name: check for check in caption_checks(timeline.model_copy(update={"shots": tuple(shots)}), {})}
    assert not checks["cues over titles or lower thirds"].ok


@pytest.mark.parametrize(
    ("said", "noted"),
    [("Our department does what it says, every day, on every street.", False), (WORDS.replace("our", "all our"), True)],
)
def test_other_words_leave_the_promise_at_its_own_pace(said: str, noted: bool) -> None:
    timeline, silent = film(read_out((1.0, 17.0, said))), film()
    first = promise_cards(timeline)[0]
    assert first.reveal == promise_cards(silent)[0].reveal
    assert f"On screen: {WORDS}" in descriptions(timeline)
    found = heard_promises(timeline, [read_out((1.0, 17.0, said))], AGENCY)
    assert [bool(one.words) for one in found] == [True] * noted


def test_a_card_stands_as_long_as_its_voice_and_no_longer_than_it_needs() -> None:
    long = [(4.0 * n, 4.0 * n + 3.5, text) for n, (_, _, text) in enumerate(GRID[:9])]
    first = promise_cards(film(read_out(*long)))[0]
    (voice,) = heard(film(read_out(*long)))
    assert first.end - first.start >= voice.end - voice.start + 30
    short = film(read_out((0.5, 2.5, "We promise.")))
    assert promise_cards(short)[0].end - promise_cards(short)[0].start == (
        promise_cards(film())[0].end - promise_cards(film())[0].start
    )


def test_a_recording_goes_to_the_card_and_not_over_the_scenes_too() -> None:
    voices = [read_out((1.0, 17.0, WORDS)), sound("story.wav", 12, sentences=sentences(GRID[:3]), slot="narration")]
    timeline = film(*voices)
    assert [one.file for one in heard(timeline) if one.file == "voice.wav"] == ["voice.wav"]
    assert {one.file for one in heard(timeline)} == {"voice.wav", "story.wav"}


def test_a_card_that_is_not_in_the_film_takes_no_voice() -> None:
    def with_chapter(when: str) -> Storyboard:
        chapter = Card(kind="chapter", lines=("Hear it",), voice="promise_voice", when=when)
        return PROMISE.model_copy(update={"beats": (PROMISE.beats[0], chapter, *PROMISE.beats[1:])})

    def over(timeline: Timeline) -> str:
        (voice,) = heard(timeline)
        (card,) = [s for s in timeline.shots if isinstance(s, CardShot) and s.start < voice.start < s.end]
        return card.kind

    one = read_out((1.0, 17.0, WORDS))
    assert over(film(one, storyboard=with_chapter("slot leader is empty"))) == "promise"
    assert over(film(one, storyboard=with_chapter("slot leader is filled"))) == "chapter"


@pytest.mark.parametrize("part", range(4))
def test_any_name_leaves_room_for_captions(part: int) -> None:
    for seed in range(part, 120, 4):
        if not (name := made_up(seed, odd=False)).strip():
            continue
        agency = profile_of(name)
        for beat in (beat for beat in PROMISE.beats if isinstance(beat, Card)):
            for card in cards_of(beat, PROMISE, agency, voiced=True):
                assert_above_captions(card._replace(voiced=True), seed)


def assert_above_captions(card: PlannedCard, *told: Any) -> None:
    last = lay_out(card.at(0))[-1]
    assert last.top + last.height < caption_top(2), (card, *told)
