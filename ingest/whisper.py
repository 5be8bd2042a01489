"""Words that a machine recognises in sound nobody wrote down, by the optional package faster-whisper and its model.

Nothing is ever fetched: the model is a folder that the operator put there.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ingest.clip import MACHINE_WORDS, Note, Sentence, Word
from ingest.transcript import ends_sentence
from kit.errors import Outage, UsageError
from kit.short_forms import goes_on

PAUSE_S = 0.8
"""A silence this long between two words parts sentences that have no full stop."""

BEAM = 5
_PARTS = ("model.bin", "config.json", "tokenizer.json")
"""What a model's folder holds; without its tokenizer the package would look for one on the network."""

_EDGE_BYTES = 1 << 20


class Heard(Protocol):
    """A word as faster-whisper gives it, with seconds of the sound and the blank before it."""

    word: str
    start: float
    end: float


class Whisper:
    """A transcriber without a transcript; `on_segment` hears each piece that is done, and what it raises stops it."""

    def __init__(self, model: Path, on_segment: Callable[[], None] = lambda: None) -> None:
        self._model = model
        self._on_segment = on_segment

    def transcribe(self, sound: NDArray[np.int16]) -> tuple[tuple[Sentence, ...], tuple[Note, ...]]:
        """English sentences with word times, and the note that a machine heard them; nothing where it hears none.

        `sound` is mono at 16 kHz. Raises Outage when the model cannot be loaded.
        """
        from faster_whisper import WhisperModel

        try:
            model = WhisperModel(str(self._model), device="cpu", compute_type="int8", local_files_only=True)
        except (RuntimeError, ValueError, OSError) as error:
            raise Outage(f"The speech model in {self._model} cannot be loaded: copy it there again.") from error
        # One temperature, so that sound gives the same words again; no memory of them, so that one mistake stays one.
        segments, _ = model.transcribe(
            sound.astype(np.float32) / 32768,
            language="en",
            beam_size=BEAM,
            temperature=0.0,
            condition_on_previous_text=False,
            word_timestamps=True,
            vad_filter=True,
        )
        heard: list[Heard] = []
        for segment in segments:
            heard += segment.words or ()
            self._on_segment()
        sentences = sentences_of(heard)
        return sentences, (_note(),) if sentences else ()


def sentences_of(heard: Iterable[Heard]) -> tuple[Sentence, ...]:
    """Words in order of time, parted after full stops and at pauses. Pure."""
    groups: list[list[Word]] = []
    last = Word(text=".", start_s=0.0, end_s=0.0)
    for one in heard:
        text = one.word.strip()
        if not text:
            continue
        # Words of neighbouring pieces may overlap by a blink.
        start = max(float(one.start), last.end_s)
        word = Word(text=text, start_s=start, end_s=max(float(one.end), start))
        ended = ends_sentence(last.text) and not goes_on(last.text, text)
        if ended or start - last.end_s >= PAUSE_S:
            groups.append([])
        groups[-1].append(word)
        last = word
    return tuple(Sentence(words=tuple(group)) for group in groups)


def check_model(folder: Path) -> None:
    """Raises UsageError when faster-whisper or a part of the model is missing, and says what to do."""
    missing = [name for name in _PARTS if not (folder / name).is_file()]
    if missing:
        raise UsageError(
            f"PROMISEREEL_WHISPER_MODEL names {folder}, which lacks {_listed(missing)}: "
            "name the folder of a faster-whisper model, or unset it"
        )
    try:
        version("faster-whisper")
    except PackageNotFoundError:
        raise UsageError(
            "PROMISEREEL_WHISPER_MODEL is set, but faster-whisper is not installed: run `make whisper`, or unset it"
        ) from None


def model_identity(folder: Path) -> str:
    """Digest of what tells one model from another without reading all of it, and of the versions that run it.

    Files are told by name and size, the weights also by their first and last MiB.
    """
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.iterdir() if path.is_file()):
        digest.update(f"{path.name}={path.stat().st_size}\n".encode())
    with (folder / _PARTS[0]).open("rb") as weights:
        digest.update(weights.read(_EDGE_BYTES))
        weights.seek(max(weights.seek(0, 2) - _EDGE_BYTES, 0))
        digest.update(weights.read(_EDGE_BYTES))
    for part in ("faster-whisper", "ctranslate2"):
        digest.update(f"{part}={version(part)}\n".encode())
    return digest.hexdigest()


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _note() -> Note:
    return Note(
        code=MACHINE_WORDS,
        message="The words were recognised by a machine: read every caption.",
        action="Correct what is wrong by sending the words as a .txt or subtitles (.srt).",
    )
