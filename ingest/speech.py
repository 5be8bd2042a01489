"""What a clip's people say, with the time of every word: from a transcript always, from a machine where it must be."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ingest.align import TRUSTED_S, Laid, align, spread
from ingest.checks import in_order, verdict_of
from ingest.clip import Clip, Note, Sentence, Verdict
from ingest.graph import bounded_sound
from ingest.mel import RATE
from ingest.transcript import Line, read_transcript
from ingest.whisper import Whisper
from kit.errors import Bug
from kit.process import OutOfTime, run_ffmpeg_bytes

Told = tuple[tuple[Sentence, ...], tuple[Note, ...]]
"""Sentences in order of time with the times of their words, and what a person should know of them."""


class Transcriber(Protocol):
    """Tells what is said in sound, and when."""

    def transcribe(self, sound: NDArray[np.int16]) -> Told:
        """What is said in mono sound at 16 kHz; times are seconds of that sound."""


class Aligned:
    """A transcriber that knows the words from a transcript and lays them against the sound."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = lines

    def transcribe(self, sound: NDArray[np.int16]) -> Told:
        """As in `Transcriber`."""
        laid = align(self._lines, sound)
        return laid.sentences, _notes(laid)


def read_speech(clip: Clip, path: Path, transcript: Path) -> Told:
    """The sentences of a transcript with word times, and notes. Raises InputRefused for a transcript without words."""
    lines = read_transcript(transcript)
    timed = [line for line in lines if line.start_s is not None]
    if clip.sound is None:
        note = Note(
            code="words_without_sound",
            message="There is a transcript, but the clip has no sound to lay it against.",
            action="Check that the right file was sent.",
        )
        return _as_given(timed), (note,)
    try:
        sound = heard(clip, path)
    except (Bug, OutOfTime):
        # Sound that FFmpeg gives up on is the file's fault here, not ours.
        note = Note(
            code="unaligned",
            message="The words could not be laid against the sound, so their times are as the transcript gives them.",
            action="Export the clip again as MP4 with AAC sound.",
        )
        return _as_given(timed), (note,)
    return Aligned(lines).transcribe(sound)


def listen(
    clip: Clip, path: Path, *, spoken: bool, model: Path | None = None, on_segment: Callable[[], None] = lambda: None
) -> Clip:
    """An inspected clip that came without a transcript, with the words of a machine or the note that they are missing.

    `spoken` says that a person means it to be heard. Any other clip stays as it is, and so does one without sound: a
    machine cannot tell speech from a crowd, and finds words in either. `model` is the folder of a Whisper model, if
    there is one; `on_segment` hears each piece that is done, and what it raises stops the work. Raises Outage when the
    model cannot be loaded.
    """
    silent = clip.sound is None or clip.sound.loudness_lufs is None
    if not spoken or silent or clip.sentences or clip.verdict is Verdict.REFUSED:
        return clip
    sentences, notes = _recognised(clip, path, Whisper(model, on_segment)) if model else ((), ())
    kept = in_order((*clip.notes, *(notes if sentences else (_needs_transcript(),))))
    return clip.model_copy(update={"sentences": sentences, "notes": kept, "verdict": verdict_of(kept)})


def _recognised(clip: Clip, path: Path, transcriber: Transcriber) -> Told:
    try:
        sound = heard(clip, path)
    except Bug:  # the file's fault, as in `read_speech`
        return (), ()
    return transcriber.transcribe(sound)


def _needs_transcript() -> Note:
    return Note(
        code="needs_transcript",
        message="Nobody wrote down what is said in it.",
        action="Type or paste the words in a .txt, or send subtitles (.srt).",
    )


_NAMED = 3
"""Sentences that a note names; the others are counted."""


def _notes(laid: Laid) -> tuple[Note, ...]:
    """What an editor should know of how the words were laid against the sound."""
    if laid.lost and len(laid.lost) >= len(laid.sentences) / 2:
        message = "Most words of the transcript could not be found in the sound, so their times are rough."
        return (Note(code="unaligned", message=message, action="Check that it is the transcript of this very clip."),)
    notes = []
    if laid.off_s > TRUSTED_S:
        message = (
            f"The cues of the transcript were off by about {laid.off_s:.1f} s; the times were taken from the sound."
        )
        notes.append(Note(code="realigned", message=message, action="Nothing needs to be done."))
    if laid.lost:
        named = "; ".join(f"“{text}”" for text in laid.lost[:_NAMED])
        more = f" and {len(laid.lost) - _NAMED} more" if len(laid.lost) > _NAMED else ""
        message = f"Not found in the sound, so the times are rough: {named}{more}."
        action = "Watch these sentences in the film; if one is not spoken, take it out of the transcript."
        notes.append(Note(code="unplaced", message=message, action=action))
    return tuple(notes)


def _as_given(lines: list[Line]) -> tuple[Sentence, ...]:
    return tuple(
        Sentence(words=spread(line.words, line.start_s, line.end_s))
        for line in lines
        if line.start_s is not None and line.end_s is not None
    )


def heard(clip: Clip, path: Path) -> NDArray[np.int16]:
    """A clip's sound as the film will have it, mono at 16 kHz, from the clip's own zero."""
    stream = bounded_sound(clip, path)
    arguments = stream.output("pipe:1", format="s16le", ac=1, ar=RATE, map_metadata=-1).get_args()
    sound = run_ffmpeg_bytes(["-v", "error", *arguments], timeout_s=600, memory_bytes=2 << 30, cpu_seconds=600)
    return np.frombuffer(sound, np.int16)
