"""Single measures on made-up numbers: what the decoder said, grid pixels and samples."""

from dataclasses import replace

import numpy as np
import pytest

from agencies.agency import Agency
from delivery.delivery import Check
from delivery.look import FRAME_BYTES, HEIGHT, WIDTH, Look, look_at
from delivery.measure_captions import caption_checks
from delivery.measure_picture import picture_checks
from delivery.measure_sound import sound_checks
from delivery.measure_titles import card_picture_checks, title_checks
from delivery.survey import SILENT, Heard
from editing.timeline import CardShot, Cue, LowerThird, SoundClip, SpeechSpan, Timeline, VideoShot
from kit.timing import SAMPLE_RATE

SUMMARY = "Summary:\n  Integrated loudness:\n    I:         -16.1 LUFS\n  True peak:\n    Peak:       -1.4 dBFS\n"


def named(checks: list[Check], name: str) -> Check:
    return next(check for check in checks if check.name == name)


def pictures(frames: int = 300, held: range = range(0), black: range = range(0)) -> Look:
    """Noise that changes with every frame, except while held or black."""
    rng = np.random.default_rng(7)
    picture = rng.integers(60, 180, (frames, FRAME_BYTES), np.uint8)
    picture[:, WIDTH * HEIGHT :] = 128
    for frame in held:
        picture[frame] = picture[frame - 1]
    picture[black.start : black.stop, : WIDTH * HEIGHT] = 16
    return look_at(picture, ())


def voice(seconds: float = 10) -> Heard:
    """A voice of noise in bursts with pauses."""
    count = round(seconds * SAMPLE_RATE)
    bursts = (np.arange(count) % SAMPLE_RATE < SAMPLE_RATE * 3 // 4) * 6000 + 60
    channel = (np.random.default_rng(7).standard_normal(count) * bursts / 3).astype(np.int16)
    return Heard(log=SUMMARY, samples=np.stack([channel, channel], axis=1))


@pytest.fixture
def plan() -> Timeline:
    """Ten seconds of one moving shot in which somebody speaks."""
    return Timeline(
        storyboard="promise",
        frames=300,
        shots=(VideoShot(start=0, end=300, file="a.mp4", slot="leader", source_start=0),),
        speech=(SpeechSpan(start=0, end=300, file="a.mp4"),),
        cues=(Cue(start=0, end=100, lines=("All of us",)), Cue(start=102, end=300, lines=("serve you here.",))),
        sounds=(SoundClip(start=0, end=300, file="a.mp4", source_start=0),),
        music="music.ogg",
    )


RATES = {"a.mp4": (30.0, False)}


def test_a_sound_film_holds_every_picture_and_sound_measure(plan: Timeline) -> None:
    checks = [*picture_checks(pictures(), plan, RATES), *sound_checks(voice(), plan)]
    assert [check.name for check in checks if not check.ok] == []


def test_black_inside_is_found_and_cards_are_forgiven(plan: Timeline) -> None:
    seen = pictures(black=range(90, 135))
    assert not named(picture_checks(seen, plan, RATES), "black outside cards").ok
    carded = plan.model_copy(update={"shots": (CardShot(start=0, end=300, kind="opening", lines=("A",)),)})
    assert named(picture_checks(seen, carded, RATES), "black outside cards").ok


def test_a_freeze_to_the_end_counts(plan: Timeline) -> None:
    check = named(
        picture_checks(pictures(held=range(121, 300)), plan, RATES), "frozen outside cards, share of the film"
    )
    assert check.value == 0.6
    assert not check.ok


def test_pictures_held_longer_than_the_footage_explains_are_stutter(plan: Timeline) -> None:
    stuck = pictures(held=range(100, 108))
    assert not named(picture_checks(stuck, plan, RATES), "pictures held in moving shots").ok
    slow = pictures(held=range(1, 300, 2))
    assert named(picture_checks(slow, plan, {"a.mp4": (15.0, False)}), "pictures held in moving shots").ok


def test_decoder_errors_are_told(plan: Timeline) -> None:
    seen = replace(pictures(), errors=("[h264 @ 0x1] [error] concealing 40 MBs",))
    check = named(picture_checks(seen, plan, RATES), "decodes cleanly")
    assert "concealing" in str(check.value)


def test_a_click_at_a_speech_cut_is_found(plan: Timeline) -> None:
    cut = plan.model_copy(
        update={"sounds": (SoundClip(start=0, end=150, file="a.mp4", source_start=0),), "music": None}
    )
    clicked = voice()
    clicked.samples[5 * SAMPLE_RATE - 4000 : 5 * SAMPLE_RATE + 4000] = 0
    clicked.samples[5 * SAMPLE_RATE] = 9000
    assert not named(sound_checks(clicked, cut), "step at a speech cut dBFS").ok


def test_speech_on_one_side_and_late_sound_are_found(plan: Timeline) -> None:
    heard = voice(seconds=9)
    heard.samples[:, 1] //= 4
    checks = sound_checks(heard, plan)
    assert not named(checks, "speech off centre dB").ok
    assert not named(checks, "sound and picture end apart s").ok


def test_a_bed_that_drowns_the_pauses_is_found(plan: Timeline) -> None:
    loud = voice()
    rng = np.random.default_rng(3)
    level = np.where(np.arange(len(loud.samples)) % SAMPLE_RATE < SAMPLE_RATE * 3 // 4, 2000, 1200)
    loud.samples[:] = (rng.standard_normal(len(level)) * level).astype(np.int16)[:, None]
    assert not named(sound_checks(loud, plan), "music under speech dB").ok


def test_voices_far_apart_are_found(plan: Timeline) -> None:
    log = "".join(f"t: {t / 10:.1f}  TARGET:-23 LUFS  M: {-14 if t < 50 else -24}.0 S: -20\n" for t in range(1, 100))
    spans = (SpeechSpan(start=0, end=150, file="a.mp4"), SpeechSpan(start=150, end=300, file="b.mp4"))
    check = named(sound_checks(replace(voice(), log=log), plan.model_copy(update={"speech": spans})), "voices apart LU")
    assert not check.ok
    assert float(check.value) == pytest.approx(10, abs=0.5)


def test_silence_is_said_not_crashed_on(plan: Timeline) -> None:
    checks = sound_checks(SILENT, plan)
    assert named(checks, "loudness LUFS").value == "silence"
    assert not named(checks, "loudness LUFS").ok


def test_a_card_of_weak_text_or_text_at_the_edge_falls_short() -> None:
    plan = Timeline(
        storyboard="x", frames=30, shots=(CardShot(start=0, end=30, kind="opening", lines=("Anytown Police",)),)
    )
    picture = np.full((30, FRAME_BYTES), 128, np.uint8)
    picture[:, : WIDTH * HEIGHT] = 40
    view = picture[:, : WIDTH * HEIGHT].reshape(30, HEIGHT, WIDTH)
    view[:, 50:54, 60:130] = 230
    good = card_picture_checks(look_at(picture, (17,)), plan)
    assert all(check.ok for check in good)
    view[:, 50:54, 60:130] = 80
    view[:, 1, 100:120] = 230
    view[:, 1, 100:120] = 110
    bad = card_picture_checks(look_at(picture, (17,)), plan)
    assert [check.ok for check in bad] == [False, False]


def test_the_promise_must_be_intact_and_cards_readable(timeline: Timeline, agency: Agency) -> None:
    assert named(title_checks(timeline, agency), "the Promise, word for word").ok
    other = Agency(name="Othertown Police Department")
    assert not named(title_checks(timeline, other), "the Promise, word for word").ok
    assert named(title_checks(timeline, agency), "cards too short to read").value == "opening, promise, end"


def test_one_altered_card_beside_a_whole_one_is_told(timeline: Timeline, agency: Agency) -> None:
    whole = next(shot for shot in timeline.shots if isinstance(shot, CardShot) and shot.kind == "promise")
    altered = whole.model_copy(update={"lines": tuple(line.replace("no harm", "little harm") for line in whole.lines)})
    both = timeline.model_copy(update={"shots": (*timeline.shots, altered)})
    assert not named(title_checks(both, agency), "the Promise, word for word").ok


def test_a_speaker_named_twice_is_told(plan: Timeline, agency: Agency) -> None:
    third = LowerThird(start=0, end=150, name="One", role="Chief")
    twice = plan.model_copy(update={"lower_thirds": (third, third)})
    assert not named(title_checks(twice, agency), "speakers named again").ok


def test_captions_over_their_limits_fall_short(plan: Timeline) -> None:
    long = Cue(start=0, end=15, lines=("x" * 43, "two", "three"))
    touching = Cue(start=15, end=400, lines=("a",))
    checks = caption_checks(plan.model_copy(update={"cues": (long, touching)}), {"a.mp4": "Chief"})
    short = {check.name for check in checks if not check.ok}
    assert short == {
        "reading speed, characters a second",
        "longest line, characters",
        "lines of a cue",
        "length of cues s",
        "gap between cues, frames",
        "cues inside the film",
        "changes of speaker not marked",
    }


def test_captions_between_goal_and_limit_may_leave(plan: Timeline) -> None:
    cue = Cue(start=0, end=290, lines=("x" * 40,))
    check = named(caption_checks(plan.model_copy(update={"cues": (cue,)}), {}), "longest line, characters")
    assert check.ok
    assert not check.met


def test_speech_without_cues_falls_short(plan: Timeline) -> None:
    bare = plan.model_copy(update={"cues": ()})
    checks = caption_checks(bare, {})
    assert {check.name for check in checks if not check.ok} == {"cues", "speech that is captioned, share"}


def test_a_caption_on_a_card_or_on_a_lower_third_falls_short(plan: Timeline) -> None:
    third = LowerThird(start=0, end=150, name="One", role="Chief")
    tall = Cue(start=20, end=100, lines=("a", "b", "c"))
    for shown in ({"lower_thirds": (third,), "cues": (tall,)}, {"cues": (tall,), "shots": (_card(0, 60),)}):
        checks = caption_checks(plan.model_copy(update=shown), {})
        assert named(checks, "cues over titles or lower thirds").value == 1


def _card(start: int, end: int) -> CardShot:
    return CardShot(start=start, end=end, kind="chapter", lines=("Chapter",))
