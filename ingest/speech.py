"""What a clip's people say, with the time of every word: a transcript laid against the clip's own sound."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ingest.align import TRUSTED_S, Laid, align, spread
from ingest.aligner import RATE
from ingest.clip import Clip, Note, Sentence
from ingest.graph import bounded_sound
from ingest.transcript import Line, read_transcript
from kit.errors import Bug
from kit.process import run_ffmpeg_bytes


def read_speech(clip: Clip, path: Path, transcript: Path) -> tuple[tuple[Sentence, ...], tuple[Note, ...]]:
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
    except Bug:
        # Sound that FFmpeg gives up on is the file's fault here, not ours.
        note = Note(
            code="unaligned",
            message="The words could not be laid against the sound, so their times are as the transcript gives them.",
            action="Export the clip again as MP4 with AAC sound.",
        )
        return _as_given(timed), (note,)
    laid = align(lines, sound)
    return laid.sentences, _notes(laid)


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
        notes.append(Note(code="realigned", message=message))
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
