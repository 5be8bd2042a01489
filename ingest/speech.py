"""What a clip's people say, with the time of every word: a transcript laid against the clip's own sound."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ingest.align import RATE, align_plain, align_timed, spread
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
    return (align_timed(lines, sound) if timed else align_plain(lines, sound)), ()


def _as_given(lines: list[Line]) -> tuple[Sentence, ...]:
    return tuple(
        Sentence(words=spread(line.text.split(), line.start_s, line.end_s))
        for line in lines
        if line.start_s is not None and line.end_s is not None
    )


def heard(clip: Clip, path: Path) -> NDArray[np.int16]:
    """A clip's sound as the film will have it, mono at 16 kHz, from the clip's own zero."""
    stream = bounded_sound(clip, path)
    arguments = stream.output("pipe:1", format="s16le", ac=1, ar=RATE, map_metadata=-1).get_args()
    sound = run_ffmpeg_bytes(["-v", "error", *arguments], timeout_s=600, memory_bytes=2 << 30, cpu_seconds=600)
    return np.frombuffer(sound, np.int16)
