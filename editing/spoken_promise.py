"""The Promise as it is spoken in a film: what is heard, word by word, against the approved text. Pure."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from agencies.agency import Agency
from agencies.spoken_promise import Spoken, spoken_promises
from editing.timeline import Timeline
from ingest.clip import Clip


class Heard(NamedTuple):
    """The Promise as one or several people speak it in the film."""

    file: str
    """The clip in which it begins."""
    at_s: float
    """Seconds into the film."""
    spoken: Spoken

    @property
    def words(self) -> str:
        """What is not as approved; empty when it is spoken word for word."""
        return "; ".join(map(str, self.spoken.differences))


class _HeardWord(NamedTuple):
    text: str
    file: str
    at_s: float


def heard_promises(timeline: Timeline, clips: Sequence[Clip], agency: Agency) -> tuple[Heard, ...]:
    """Every time the Promise is spoken in the film, in its order."""
    said = _heard_words(timeline, {clip.file: clip for clip in clips})
    found = spoken_promises([word.text for word in said], agency.name)
    return tuple(Heard(said[one.start].file, said[one.start].at_s, one) for one in found)


def with_promise_notes(timeline: Timeline, clips: Sequence[Clip], agency: Agency) -> Timeline:
    """The plan with a note for each time the Promise is spoken in other words than the approved ones."""
    notes = tuple(
        f"“{heard.file}”: the Promise is spoken in other words than the approved ones: {heard.words}"
        for heard in heard_promises(timeline, clips, agency)
        if heard.words
    )
    return timeline.model_copy(update={"notes": (*timeline.notes, *notes)}) if notes else timeline


def _heard_words(timeline: Timeline, clips: Mapping[str, Clip]) -> list[_HeardWord]:
    """The words of all voices in the order in which the film has them."""
    rate = float(timeline.rate)
    said: list[_HeardWord] = []
    for sound in sorted(timeline.sounds, key=lambda one: one.start):
        clip = clips.get(sound.file)
        first, last = sound.source_start / rate, (sound.source_start + sound.end - sound.start) / rate
        for sentence in clip.sentences if clip else ():
            said += [
                _HeardWord(word.text, sound.file, round(sound.start / rate + word.start_s - first, 2))
                for word in sentence.words
                if first <= (word.start_s + word.end_s) / 2 < last
            ]
    return said
