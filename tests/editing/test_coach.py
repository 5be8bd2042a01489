"""The coach says for each slot what to film next, and filming just that makes a film."""

import os
import random

import pytest

from editing.coach import Coached, SlotCoached, coach
from editing.shortage import imagined_for
from ingest.clip import DUPLICATE, Clip, Note, Verdict
from storyboards.library import list_ids, load
from tests.editing.clips import GRID, LJ, photo, sentences, sound, video
from tests.editing.footage_sets import footage_set
from tests.editing.plan_checks import AGENCY

SETS = 200 if os.environ.get("PROMISEREEL_SOAK") else 20
PROMISE = load("promise")


def coached(*clips: Clip) -> dict[str, SlotCoached]:
    return {one.slot.id: one for one in coach(PROMISE, clips, AGENCY).slots}


def talk(name: str, slot: str, last: int = 8) -> Clip:
    return video(name, 60, slot=slot, sentences=sentences(LJ[:last]))


def test_nothing_yet_begins_with_what_the_film_cannot_do_without() -> None:
    first = coach(PROMISE, [], AGENCY)
    assert not first.ready
    assert {one.filling for one in first.slots} == {"missing"}
    assert first.next == (
        "30 s of your leader speaking, phone held level and sideways. "
        "Your chief or sheriff, seated, in a quiet room, looking just beside the camera."
    )


def test_a_slot_with_too_little_is_thin_and_asks_for_the_rest() -> None:
    there = coached(video("street.mp4", 8, slot="broll"))["broll"]
    assert (there.filling, there.files) == ("thin", 1)
    assert there.next.startswith(
        "15 s more of everyday scenes of your department and community, in 2 shots, phone held sideways. Streets, parks"
    )


def test_what_is_there_is_filled_and_asks_for_nothing() -> None:
    leader = coached(talk("leader.mp4", "leader"))["leader"]
    assert (leader.filling, leader.next, leader.asked) == ("filled", "", None)
    assert leader.seconds == pytest.approx(53, abs=2)


def test_photos_are_counted() -> None:
    assert coached()["photos"].next.startswith("2 photos. Your department with its community")
    there = coached(photo("one.jpg", slot="photos"))["photos"]
    assert (there.filling, there.files, there.seconds) == ("filled", 1, 0)


def test_one_sentence_is_thin() -> None:
    there = coached(talk("officer.mp4", "officers", 2))["officers"]
    assert there.filling == "filled"
    short = coached(video("officer.mp4", 10, slot="officers", sentences=sentences(GRID[:1])))["officers"]
    assert short.filling == "thin"
    assert short.next.startswith("10 s more of officers speaking, phone held level and sideways.")


def test_scenes_and_voices_that_serve_alike_are_told_so() -> None:
    clips = (talk("leader.mp4", "leader", 7), video("street.mp4", 20, slot="broll"))
    result = coach(PROMISE, clips, AGENCY)
    assert not result.ready
    assert (
        "5 s more of everyday scenes of your department and community, phone held sideways, or as much of"
        in result.next
    )


def test_what_cannot_be_used_is_told() -> None:
    result = coach(PROMISE, [photo("leader.jpg", slot="leader"), video("blink.mp4", 1, slot="broll")], AGENCY)
    slots = {one.slot.id: one for one in result.slots}
    assert slots["leader"].filling == "missing"
    assert slots["broll"].filling == "missing"
    assert result.left_out == ()
    broken = video("broken.mp4", 9).model_copy(
        update={"verdict": Verdict.REFUSED, "notes": (Note(code="x", message="It cannot be decoded."),)}
    )
    twin = photo("twin.jpg").model_copy(update={"notes": (Note(code=DUPLICATE, message="This is a copy."),)})
    result = coach(PROMISE, [broken, twin, sound("hum.wav", 5), talk("leader.mp4", "leader")], AGENCY)
    assert result.left_out == (
        "“broken.mp4” was left out: It cannot be decoded.",
        "“hum.wav” was left out: sound is used as narration with a transcript, or as music when `music:` names it",
        "“twin.jpg” was left out: this is a copy",
    )


def test_what_the_storyboard_takes_no_more_of_is_told() -> None:
    one = [slot.model_copy(update={"max_count": 1}) if slot.id == "photos" else slot for slot in PROMISE.slots]
    storyboard = PROMISE.model_copy(update={"slots": tuple(one)})
    result = coach(storyboard, [photo("a.jpg", slot="photos"), photo("b.jpg", slot="photos")], AGENCY)
    assert [note.partition(" was left out: ")[::2] for note in result.left_out] == [
        ("“b.jpg”", "the storyboard shows 1 clip of “photos” at most, and others give more")
    ]


# 31 and 85 lack both what a slot needs and what any slot may give.
@pytest.mark.parametrize("seed", sorted({*range(SETS), 31, 85}))
def test_filming_just_what_is_asked_makes_a_film(seed: int) -> None:
    storyboard = load(list_ids()[seed % len(list_ids())])
    sent = footage_set(storyboard, seed)
    clips = random.Random(seed).sample(sent.clips, len(sent.clips))
    result = coach(storyboard, sent.clips, AGENCY, music=sent.music)
    assert result == coach(storyboard, clips, AGENCY, music=sent.music), "the order of clips does not matter"
    assert_sound(result)
    assert_told(result, sent.clips, sent.music)
    filmed = [clip for n, one in enumerate(result.slots) if one.asked for clip in imagined_for(one.asked, n)]
    after = coach(storyboard, [*sent.clips, *filmed], AGENCY, music=sent.music)
    assert after.ready, after
    assert_sound(after)


def assert_told(result: Coached, clips: list[Clip], music: str | None) -> None:
    """Every clip that can be used counts for a slot or is told as left out, and what is broken or a copy always is."""
    out = {note.split("”")[0].removeprefix("“") for note in result.left_out}
    useless = {clip.file for clip in clips if clip.verdict is Verdict.REFUSED or clip.notes} - {music}
    assert useless <= out <= {clip.file for clip in clips}
    assert not out & {note.split("”")[0].removeprefix("“") for note in result.placed}
    assert sum(one.files for one in result.slots) <= len(clips) - len(out) - (music is not None)


def assert_sound(result: Coached) -> None:
    """Whatever is filled asks for nothing, whatever is not asks for something, and without a film something is next."""
    for one in result.slots:
        assert (one.filling == "filled") == (not one.next) == (one.asked is None)
        assert (one.filling == "missing") == (one.files == 0)
    assert all(" was left out: " in note for note in result.left_out)
    assert bool(result.next) == any(one.next for one in result.slots)
    if not result.ready:
        assert result.next or result.hindrance
