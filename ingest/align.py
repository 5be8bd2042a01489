"""When each word is spoken: forced alignment by pocketsphinx, and pauses found in the sound itself.

Sound is mono, 16 kHz, 16-bit. Times are seconds of that sound.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ingest.clip import Sentence, Word
from ingest.pauses import speech_levels
from ingest.pronunciation import pronunciation
from ingest.spoken_forms import readings
from ingest.transcript import Line

RATE = 16_000
"""Samples a second that the acoustic model hears."""

TRUSTED_S = 0.15
"""How far a cue may be off the sound and still be believed."""

REACH_S = 0.5
"""How far beyond its cue a sentence is looked for."""

_HOP = 160
"""Samples of one level reading (10 ms)."""


class Aligner:
    """Holds the acoustic model, which takes a moment to load; one for each clip."""

    def __init__(self) -> None:
        from pocketsphinx import Decoder

        self._decoder: Any = Decoder(lm=None, loglevel="FATAL", samprate=RATE)
        self._tokens: dict[str, str] = {}

    def align(self, sound: NDArray[np.int16], words: Sequence[str]) -> tuple[Word, ...] | None:
        """Times of the words in a stretch of sound that holds them all; None when they cannot be found in it."""
        tokens = [self._token(word) for word in words]
        text = " ".join(token for token in tokens if token)
        if not text or len(sound) < RATE // 5:
            return None
        try:
            self._decoder.set_align_text(text)
            self._decoder.start_utt()
            self._decoder.process_raw(sound.tobytes(), no_search=False, full_utt=True)
            self._decoder.end_utt()
            segments = [(s.word, s.start_frame / 100, (s.end_frame + 1) / 100) for s in self._decoder.seg() or ()]
        except (RuntimeError, TypeError, ValueError):
            return None
        found = [(start, end) for word, start, end in segments if not word.startswith(("<", "[", "("))]
        if len(found) != len(text.split()):
            return None
        return _gathered(words, tokens, found)

    def _token(self, word: str) -> str:
        """The entry of the dictionary that stands for a written word in all its readings; empty for a silent sign."""
        if word not in self._tokens:
            ways = readings(word)
            if len(ways) == 1 and len(ways[0]) == 1 and self._decoder.lookup_word(ways[0][0]):
                self._tokens[word] = ways[0][0]
            elif ways:
                # One entry with a pronunciation for each reading lets the sound choose among them.
                token = f"written{len(self._tokens)}"
                for n, way in enumerate(ways):
                    phones = " ".join(self._decoder.lookup_word(part) or pronunciation(part) for part in way)
                    self._decoder.add_word(token if n == 0 else f"{token}({n + 1})", phones, update=False)
                self._tokens[word] = token
            else:
                self._tokens[word] = ""
        return self._tokens[word]


def _gathered(words: Sequence[str], tokens: Sequence[str], found: list[tuple[float, float]]) -> tuple[Word, ...]:
    """Written words with their times; silent signs (a dash) take their neighbour's."""
    times, at = [], 0
    for word, token in zip(words, tokens, strict=True):
        if token:
            times.append(Word(text=word, start_s=found[at][0], end_s=found[at][1]))
            at += 1
        else:
            edge = found[at][0] if at < len(found) else found[-1][1]
            times.append(Word(text=word, start_s=edge, end_s=edge))
    return tuple(times)


def loud(sound: NDArray[np.int16]) -> NDArray[np.bool_]:
    """Whether each 10 ms hold speech, in sound that is known to be speech and pauses."""
    count = len(sound) // _HOP
    if not count:
        return np.zeros(0, bool)
    frames = sound[: count * _HOP].reshape(count, _HOP).astype(np.float32)
    return speech_levels(10 * np.log10(np.mean(frames**2, axis=1) + 1))


def onset_near(heard: NDArray[np.bool_], seconds: float, reach: float = 1.5) -> float | None:
    """The first sound of speech at or after a moment, or its beginning when the moment lies inside it; None if far."""
    at = min(max(int(seconds * 100), 0), max(len(heard) - 1, 0))
    if not len(heard):
        return None
    if heard[at]:
        start = at
        while start > 0 and heard[start - 1] and at - start < reach * 100:
            start -= 1
        return start / 100
    ahead = np.flatnonzero(heard[at : at + int(reach * 100)])
    return (at + int(ahead[0])) / 100 if len(ahead) else None


def cues_hold(lines: Sequence[Line], heard: NDArray[np.bool_]) -> bool:
    """Whether a timed transcript starts its cues where speech starts: four of five within 150 ms."""
    offsets = [
        abs(onset - line.start_s)
        for line in lines
        if line.start_s is not None and (onset := onset_near(heard, line.start_s)) is not None
    ]
    return bool(offsets) and float(np.percentile(offsets, 80)) <= TRUSTED_S


def spread(words: Sequence[str], start_s: float, end_s: float) -> tuple[Word, ...]:
    """Words shared out over a stretch of time by their length, where alignment found nothing better."""
    weights = np.cumsum([0.0] + [len(word) + 1.5 for word in words])
    edges = start_s + (end_s - start_s) * weights / weights[-1]
    return tuple(
        Word(text=word, start_s=float(a), end_s=float(b))
        for word, a, b in zip(words, edges[:-1], edges[1:], strict=True)
    )


def _shifted(words: tuple[Word, ...], by: float) -> tuple[Word, ...]:
    return tuple(w.model_copy(update={"start_s": w.start_s + by, "end_s": w.end_s + by}) for w in words)


def align_timed(lines: Sequence[Line], sound: NDArray[np.int16]) -> tuple[Sentence, ...]:
    """Sentences of a timed transcript with word times from the sound; a cue that cannot be aligned keeps its own."""
    aligner, heard = Aligner(), loud(sound)
    trusted = cues_hold(lines, heard)
    length = len(sound) / RATE
    sentences: list[Sentence] = []
    for index, line in enumerate(lines):
        assert line.start_s is not None
        assert line.end_s is not None
        before = sentences[-1].end_s if sentences else 0.0
        after = lines[index + 1].start_s if index + 1 < len(lines) else length
        reach = 0.1 if trusted else REACH_S
        start = max(before, line.start_s - reach, 0.0)
        end = min(max(line.end_s, min(after or length, line.end_s + reach)), length)
        words = line.text.split()
        found = aligner.align(sound[int(start * RATE) : int(end * RATE)], words)
        times = _shifted(found, start) if found else spread(words, max(line.start_s, before), max(end, before + 0.1))
        if trusted and found and abs(times[0].start_s - line.start_s) > 2 * TRUSTED_S:
            times = spread(words, max(line.start_s, before), line.end_s)
        sentences.append(Sentence(words=times))
    return tuple(sentences)


def align_plain(lines: Sequence[Line], sound: NDArray[np.int16]) -> tuple[Sentence, ...]:
    """Sentences of a plain transcript, found one after another in the sound.

    The whole text is tried at once first; where that fails, each sentence is given the speech its share of letters
    calls for, with room on both sides.
    """
    aligner = Aligner()
    words = [line.text.split() for line in lines]
    whole = aligner.align(sound, [word for sentence in words for word in sentence])
    if whole:
        times = iter(whole)
        return tuple(Sentence(words=tuple(next(times) for _ in sentence)) for sentence in words)
    heard = np.flatnonzero(loud(sound)) / 100
    if not len(heard):
        heard = np.array([0.0, len(sound) / RATE])
    letters = np.cumsum([0] + [len(line.text) for line in lines])
    edges = np.interp(letters / letters[-1], np.linspace(0, 1, len(heard)), heard)
    rough = [
        Line(text=line.text, start_s=float(a), end_s=float(max(b, a + 0.3)))
        for line, a, b in zip(lines, edges[:-1], edges[1:], strict=True)
    ]
    return align_timed(rough, sound)
