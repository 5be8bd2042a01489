"""When each word is spoken in a stretch of sound: forced alignment by pocketsphinx.

Sound is mono, 16 kHz, 16-bit. Times are seconds of that sound.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ingest.clip import Word
from ingest.mel import RATE
from ingest.pronunciation import pronunciation
from ingest.spoken_forms import readings


class Aligner:
    """Holds the acoustic model, which takes a moment to load; one for each clip."""

    def __init__(self) -> None:
        from pocketsphinx import Decoder

        self._decoder: Any = Decoder(
            # Noise between words is as likely as silence: a street is never silent.
            lm=None,
            loglevel="FATAL",
            samprate=RATE,
            silprob=1.0,
            fillprob=1.0,
        )
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

    def sounds(self, words: Sequence[str]) -> list[list[str]]:
        """The sounds (ARPAbet) of each word in its likeliest reading; none for a sign that is not said."""
        return [
            [sound for part in way for sound in self._spoken(part).split()]
            for word in words
            for way in readings(word)[:1] or ((),)
        ]

    def _spoken(self, part: str) -> str:
        return str(self._decoder.lookup_word(part) or pronunciation(part))

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
                    phones = " ".join(self._spoken(part) for part in way)
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
