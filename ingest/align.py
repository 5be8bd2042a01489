"""When each word is spoken: forced alignment by pocketsphinx, and pauses found in the sound itself.

Sound is mono, 16 kHz, 16-bit. Times are seconds of that sound.
"""

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ingest.clip import Sentence, Word
from ingest.pauses import speech_levels
from ingest.transcript import Line

RATE = 16_000
"""Samples a second that the acoustic model hears."""

TRUSTED_S = 0.15
"""How far a cue may be off the sound and still be believed."""

REACH_S = 0.5
"""How far beyond its cue a sentence is looked for."""

_HOP = 160
"""Samples of one level reading (10 ms)."""

_LETTERS = {
    **{"a": "EY", "b": "B IY", "c": "S IY", "d": "D IY", "e": "IY", "f": "EH F", "g": "JH IY", "h": "EY CH", "i": "AY"},
    **{"j": "JH EY", "k": "K EY", "l": "EH L", "m": "EH M", "n": "EH N", "o": "OW", "p": "P IY", "q": "K Y UW"},
    **{"r": "AA R", "s": "EH S", "t": "T IY", "u": "Y UW", "v": "V IY", "w": "D AH B AH L Y UW", "x": "EH K S"},
    **{"y": "W AY", "z": "Z IY"},
}
_SOUNDS = {
    **{"sh": "SH", "ch": "CH", "th": "TH", "ph": "F", "ee": "IY", "oo": "UW", "ou": "AW", "ai": "EY", "ck": "K"},
    **{"a": "AE", "b": "B", "c": "K", "d": "D", "e": "EH", "f": "F", "g": "G", "h": "HH", "i": "IH", "j": "JH"},
    **{"k": "K", "l": "L", "m": "M", "n": "N", "o": "AA", "p": "P", "q": "K", "r": "R", "s": "S", "t": "T", "u": "AH"},
    **{"v": "V", "w": "W", "x": "K S", "y": "IY", "z": "Z"},
}
_DIGITS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]


def spoken_form(word: str) -> list[str]:
    """The dictionary words that a written word is said as: punctuation off, compounds apart, digits one by one."""
    parts: list[str] = []
    for piece in re.split(r"[-‐‑–—/]", word.replace("’", "'").lower()):
        bare = re.sub(r"[^\w']", "", piece, flags=re.UNICODE).strip("'_")
        for run in re.findall(r"\d|[^\d_]+", bare):
            parts += [_DIGITS[int(run)]] if run.isdecimal() and run.isascii() else [run]
    return parts


def pronunciation(word: str) -> str:
    """A guess in ARPAbet at how a word outside the dictionary sounds, from its letters."""
    import unicodedata

    plain = "".join(c for c in unicodedata.normalize("NFKD", word.lower()) if c.isascii() and c.isalpha())
    if not plain or (len(plain) <= 4 and not set(plain) & set("aeiouy")):
        return " ".join(_LETTERS[c] for c in plain) or "AH"
    phones, rest = [], plain
    while rest:
        size = 2 if rest[:2] in _SOUNDS else 1
        phones.append(_SOUNDS[rest[:size]])
        rest = rest[size:]
    return " ".join(phones)


class Aligner:
    """Holds the acoustic model, which takes a moment to load; one for each clip."""

    def __init__(self) -> None:
        from pocketsphinx import Decoder

        self._decoder: Any = Decoder(lm=None, loglevel="FATAL", samprate=RATE)

    def align(self, sound: NDArray[np.int16], words: Sequence[str]) -> tuple[Word, ...] | None:
        """Times of the words in a stretch of sound that holds them all; None when they cannot be found in it."""
        said = [spoken_form(word) for word in words]
        flat = [part for parts in said for part in parts]
        if not flat or len(sound) < RATE // 5:
            return None
        for part in set(flat):
            if self._decoder.lookup_word(part) is None:
                self._decoder.add_word(part, pronunciation(part), update=True)
        try:
            self._decoder.set_align_text(" ".join(flat))
            self._decoder.start_utt()
            self._decoder.process_raw(sound.tobytes(), no_search=False, full_utt=True)
            self._decoder.end_utt()
            segments = [(s.word, s.start_frame / 100, (s.end_frame + 1) / 100) for s in self._decoder.seg() or ()]
        except (RuntimeError, TypeError, ValueError):
            return None
        found = [(start, end) for word, start, end in segments if not word.startswith(("<", "["))]
        if len(found) != len(flat):
            return None
        return _gathered(words, said, found)


def _gathered(words: Sequence[str], said: list[list[str]], found: list[tuple[float, float]]) -> tuple[Word, ...]:
    """Written words with the times of the parts they are said as; silent signs (a dash) take their neighbour's."""
    times, at = [], 0
    for word, parts in zip(words, said, strict=True):
        if parts:
            times.append(Word(text=word, start_s=found[at][0], end_s=found[at + len(parts) - 1][1]))
            at += len(parts)
        else:
            edge = found[min(at, len(found) - 1)][0] if at < len(found) else found[-1][1]
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
