"""Beats made for a voice: scenes and cards that last as long as the recording over them. Pure."""

from collections.abc import Collection, Mapping, Sequence

from editing.speech_selection import Run, choose, runs_of, speeches_of
from ingest.clip import Clip
from storyboards.storyboard import Beat, Broll, Card, Narration, Storyboard

BESIDE = 15
"""Frames of silence before narration over a b-roll beat or a card, and after it."""
OVER_A_CARD = 1200
"""Frames of a recording that are heard over one card at most."""


class NarratedScenes(Broll):
    """Everyday scenes that are there for a voice."""

    voice: str
    """The slot whose recording is heard over them."""


class SpokenCard(Card):
    """A card that has found its voice."""

    recording: str
    """File of the recording that is heard over it."""


def with_voices(storyboard: Storyboard, slots: Mapping[str, Sequence[Clip]], filled: Collection[str]) -> Storyboard:
    """The storyboard with scenes as long as their voices in place of narration, and with cards that know their voice.

    Each such beat takes the next recording of its slot; without one it stays as it is and shows nothing, and the card
    is silent. Beats that are not in a film with these slots `filled` take none.
    """
    left = {name: [clip for clip in clips if clip.sound and speeches_of(clip)] for name, clips in slots.items()}
    held = {i for i, _ in storyboard.beats_for(filled)}
    beats: list[Beat] = []
    for i, beat in enumerate(storyboard.beats):
        voice = beat.voice if isinstance(beat, Card | Narration) and i in held else None
        found = left.get(voice) if voice else None
        if not found:
            beats.append(beat)
        elif isinstance(beat, Card):
            beats.append(SpokenCard(**beat.model_dump(), recording=found.pop(0).file))
        elif isinstance(beat, Narration):
            clip = found.pop(0)
            heard = choose(speeches_of(clip), round(beat.max_s * 30) - 2 * BESIDE, at_least_one=True)
            seconds = (sum(run.frames for run in runs_of(clip, heard)) + 2 * BESIDE) / 30
            said = beat.model_dump(exclude={"beat", "max_s"})
            beats.append(NarratedScenes.model_validate(said | {"min_s": seconds, "max_s": seconds}))
    return storyboard.model_copy(update={"beats": tuple(beats)})


def heard_over(card: Card, slots: Mapping[str, Sequence[Clip]]) -> tuple[Run, ...]:
    """What is heard over a card: whole sentences of its recording; nothing over a card without one."""
    if not isinstance(card, SpokenCard):
        return ()
    clip = next(clip for clip in slots[card.voice or ""] if clip.file == card.recording)
    return runs_of(clip, choose(speeches_of(clip), OVER_A_CARD, at_least_one=True))
