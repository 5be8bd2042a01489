"""Footage that nobody has filmed yet, of a length: with it a list of what is missing is tried. Pure."""

from ingest.clip import Clip, Kind, Picture, Sentence, Sound, Verdict, Word
from storyboards.storyboard import Slot

_KINDS = {"photo": Kind.PHOTO, "broll": Kind.VIDEO, "interview": Kind.VIDEO, "narration": Kind.SOUND}
_SENTENCE, _PAUSE, _EDGE = 6.0, 0.5, 0.4
"""Seconds of a sentence at most, between two, and before the first and after the last."""


def imagined(number: str, slot: Slot, seconds: int) -> Clip:
    """A good clip or photo for a slot; clips that are imagined together have different numbers."""
    kind = _KINDS[slot.takes]
    heard = slot.takes in ("interview", "narration")
    return Clip(
        file=f"~{number} to film for {slot.id}",
        digest="",
        size=0,
        kind=kind,
        verdict=Verdict.ACCEPTED,
        slot=slot.id,
        picture=None if kind is Kind.SOUND else Picture(stream=0, width=1920, height=1080, duration_s=seconds),
        sound=Sound(stream=1, channels=1, layout="mono", sample_rate=48000, duration_s=seconds) if heard else None,
        frames=30 * seconds if kind is Kind.VIDEO else 0,
        duration_s=seconds,
        sentences=_spoken(seconds) if heard else (),
    )


def _spoken(seconds: float) -> tuple[Sentence, ...]:
    """Sentences that fill a clip, all of one length."""
    count = max(1, round((seconds - 2 * _EDGE) / (_SENTENCE + _PAUSE)))
    each = (seconds - 2 * _EDGE - _PAUSE * (count - 1)) / count
    starts = [_EDGE + n * (each + _PAUSE) for n in range(count)]
    return tuple(Sentence(words=(Word(text="said.", start_s=start, end_s=start + each),)) for start in starts)
