"""A film before there is footage: planned with all that its slots ask for, and as bars of one timeline. Pure."""

from collections.abc import Iterator
from typing import Literal, NamedTuple

from agencies.agency import Agency
from editing.imagined import imagined
from editing.planning import plan
from editing.timeline import CardShot, PhotoShot, Shot, Timeline
from ingest.clip import Clip
from storyboards.storyboard import Card, Narration, Photos, Slot, Storyboard

LANES = ("Picture", "Voice", "Names", "Music")
"""What lies above what, from the top."""

Lane = Literal["Picture", "Voice", "Names", "Music"]
Tone = Literal["card", "promise", "voice", "scenes", "photos", "music", "low"]
"""What kind of thing a bar stands for."""

_PAUSE = 30
"""Frames of a pause that parts no bars."""
_TALK_S, _SCENE_S = 30, 12
"""Seconds of one imagined clip of a speaker, and of one scene."""


class Bar(NamedTuple):
    """A run of frames of one lane."""

    lane: Lane
    start: int
    end: int
    words: str
    tone: Tone
    cuts: tuple[int, ...] = ()
    """Frames inside it at which the picture changes."""


def imagined_film(storyboard: Storyboard, agency: Agency) -> Timeline:
    """The film that good footage for every slot would make, with examples for the words that each film is given.

    Raises InputRefused as planning does.
    """
    storyboard = storyboard.as_example
    clips = [clip for n, slot in enumerate(storyboard.slots) for clip in _filmed(storyboard, slot, n)]
    return plan(storyboard, clips, agency)


def bars_of(timeline: Timeline, storyboard: Storyboard) -> tuple[Bar, ...]:
    """The film as bars, lane by lane, each in the order of time."""
    slots = {slot.id: slot for slot in storyboard.slots}
    return (
        *_pictures(timeline, slots),
        *_voices(timeline),
        *(Bar("Names", third.start, third.end, third.name, "voice") for third in timeline.lower_thirds),
        *(_music(timeline) if storyboard.music.style != "none" else ()),
    )


def _filmed(storyboard: Storyboard, slot: Slot, number: int) -> list[Clip]:
    """Clips of a slot, as much as the film can show of it."""
    beats = [beat for beat in storyboard.beats if not isinstance(beat, Card)]
    if slot.takes == "photo":
        count = sum(beat.max_count for beat in beats if isinstance(beat, Photos) and beat.slot == slot.id)
        return [imagined(f"{number}.{n}", slot, 1) for n in range(max(count, slot.min_count))]
    voiced = [beat for beat in beats if isinstance(beat, Narration) and beat.voice == slot.id]
    shown = [beat for beat in beats if not isinstance(beat, Photos) and beat.slot == slot.id]
    seconds = sum(beat.max_s for beat in (voiced if slot.takes == "narration" else shown))
    each = _SCENE_S if slot.takes == "broll" else _TALK_S
    count = max(-(-int(max(seconds, slot.min_s)) // each), slot.min_count if seconds else 0)
    clips = [imagined(f"{number}.{n}", slot, each) for n in range(count)]
    if slot.takes != "interview":
        return clips
    return [clip.model_copy(update={"speaker_name": slot.id, "speaker_role": "their role"}) for clip in clips]


def _pictures(timeline: Timeline, slots: dict[str, Slot]) -> Iterator[Bar]:
    """Runs of shots of one slot, and each card."""
    run: list[Shot] = []
    for shot in [*timeline.shots, None]:
        if run and (shot is None or _shown(shot) != _shown(run[0])):
            yield _picture(run, slots)
            run = []
        if shot is not None:
            run.append(shot)


def _shown(shot: Shot) -> str:
    return f"card {shot.kind}" if isinstance(shot, CardShot) else shot.slot


def _picture(run: list[Shot], slots: dict[str, Slot]) -> Bar:
    first, start, end = run[0], run[0].start, run[-1].end
    if isinstance(first, CardShot):
        return Bar("Picture", start, end, first.kind.capitalize(), "promise" if first.kind == "promise" else "card")
    takes = slots[first.slot].takes if first.slot in slots else "broll"
    tone: Tone = "photos" if isinstance(first, PhotoShot) else "voice" if takes == "interview" else "scenes"
    words = "b-roll" if first.slot == "broll" else first.slot
    return Bar("Picture", start, end, words, tone, tuple(shot.start for shot in run[1:]))


def _voices(timeline: Timeline) -> Iterator[Bar]:
    """Runs of words of one slot."""
    start = end = 0
    name = ""
    for span in [*timeline.speech, None]:
        slot = span.file.rpartition(" ")[2] if span else ""
        if name and (span is None or slot != name or span.start > end + _PAUSE):
            yield Bar("Voice", start, end, name, "voice")
            name = ""
        if span is not None:
            start = start if name else span.start
            name, end = slot, span.end


def _music(timeline: Timeline) -> Iterator[Bar]:
    """The bed, low or gone under speech and where a beat has it low."""
    at = 0
    for start, end in sorted([(one.start, one.end) for one in timeline.speech + timeline.music_steps]):
        if start > at + _PAUSE:
            yield Bar("Music", at, start, "", "music")
            at = start
        if end > at:
            yield Bar("Music", at, end, "", "low")
            at = end
    if at < timeline.frames:
        yield Bar("Music", at, timeline.frames, "", "music")
