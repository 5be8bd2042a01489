"""Beats made for a voice: scenes that last as long as the recording over them. Pure."""

from collections.abc import Mapping, Sequence

from editing.speech_selection import choose, runs_of, speeches_of
from ingest.clip import Clip
from storyboards.storyboard import Beat, Broll, Narration, Storyboard

BESIDE = 15
"""Frames of silence before narration over a b-roll beat, and after it."""


class NarratedScenes(Broll):
    """Everyday scenes that are there for a voice."""

    voice: str
    """The slot whose recording is heard over them."""


def with_narrated_scenes(storyboard: Storyboard, slots: Mapping[str, Sequence[Clip]]) -> Storyboard:
    """The storyboard with scenes as long as their voices in place of narration; none where no recording is left."""
    left = {name: [clip for clip in clips if clip.sound and speeches_of(clip)] for name, clips in slots.items()}
    beats: list[Beat] = []
    for beat in storyboard.beats:
        if not isinstance(beat, Narration):
            beats.append(beat)
        elif left.get(beat.voice):
            clip = left[beat.voice].pop(0)
            whole = speeches_of(clip)
            heard = choose(whole, round(beat.max_s * 30) - 2 * BESIDE, at_least_one=True)
            seconds = (sum(run.frames for run in runs_of(clip, heard)) + 2 * BESIDE) / 30
            said = beat.model_dump(exclude={"beat", "max_s"})
            beats.append(NarratedScenes.model_validate(said | {"min_s": seconds, "max_s": seconds}))
    return storyboard.model_copy(update={"beats": tuple(beats)})
