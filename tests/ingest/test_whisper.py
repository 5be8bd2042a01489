"""Words that a machine recognises: asked for only where a person said that somebody speaks, and always said to be.

A stand-in takes the place of the package faster-whisper at its edge, with its documented parameters and segments: its
model is half a gigabyte that no test can fetch. Footage, sound and all that comes after are real.
"""

import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest

from ingest import whisper
from ingest.clip import MACHINE_WORDS, Clip, Verdict
from ingest.inspect import inspect
from ingest.speech import listen
from ingest.whisper import check_model, model_identity, sentences_of
from kit.errors import Outage, UsageError

FILES = {"model.bin": b"weights", "config.json": b"{}", "tokenizer.json": b"{}"}


def word(text: str, start: float, end: float) -> Any:
    return SimpleNamespace(word=text, start=start, end=end, probability=0.9)


class StandIn(ModuleType):
    """The package, with what it was given and the words it will hear."""

    def __init__(self) -> None:
        super().__init__("faster_whisper")
        self.words = [[word(" Good", 0.2, 0.5), word(" morning.", 0.5, 1.0)], [word(" Welcome", 1.2, 1.6)]]
        self.broken = False
        self.sounds: list[np.ndarray] = []
        self.asked: dict[str, Any] = {}
        package = self

        class WhisperModel:
            def __init__(self, model_size_or_path: str, device: str, compute_type: str, local_files_only: bool) -> None:
                if package.broken:
                    raise RuntimeError("Unable to open file 'model.bin'")
                package.asked = {"model": model_size_or_path, "local": local_files_only}

            def transcribe(self, audio: np.ndarray, **more: Any) -> tuple[Iterator[Any], Any]:
                package.sounds.append(audio)
                package.asked |= more
                return (SimpleNamespace(words=words) for words in package.words), SimpleNamespace(language="en")

        self.WhisperModel = WhisperModel


@pytest.fixture
def package(monkeypatch: pytest.MonkeyPatch) -> StandIn:
    package = StandIn()
    monkeypatch.setitem(sys.modules, "faster_whisper", package)
    monkeypatch.setattr(whisper, "version", lambda _: "1.2.1")
    return package


@pytest.fixture
def model(tmp_path: Path) -> Path:
    for name, data in FILES.items():
        (tmp_path / name).write_bytes(data)
    return tmp_path


@pytest.fixture(scope="module")
def interview(footage: Path) -> tuple[Clip, Path]:
    """A real interview, inspected without its transcript."""
    path = footage / "anytown" / "phone_portrait.MOV"
    return inspect(path, path.name), path


def test_speech_that_nobody_wrote_down_is_said_so(interview: tuple[Clip, Path]) -> None:
    clip, path = interview
    heard = listen(clip, path, spoken=True)
    assert clip.notes
    # Before those on the picture: without words it cannot be captioned.
    assert [note.code for note in heard.notes] == ["needs_transcript", *(note.code for note in clip.notes)]
    assert ".srt" in heard.notes[0].action
    assert (heard.verdict, heard.sentences) == (Verdict.ACCEPTED_WITH_NOTES, ())


def test_a_machine_hears_only_what_a_person_said_is_spoken(
    interview: tuple[Clip, Path], package: StandIn, model: Path
) -> None:
    clip, path = interview
    assert listen(clip, path, spoken=False, model=model) == clip
    assert package.sounds == []
    pieces: list[str] = []
    heard = listen(clip, path, spoken=True, model=model, on_segment=lambda: pieces.append("done"))
    assert [sentence.text for sentence in heard.sentences] == ["Good morning.", "Welcome"]
    assert heard.notes == (heard.notes[0], *clip.notes)
    assert heard.notes[0].code == MACHINE_WORDS
    assert "read every caption" in heard.notes[0].message
    assert pieces == ["done", "done"]
    assert listen(heard, path, spoken=True, model=model) == heard


def test_the_model_is_a_folder_of_this_disk_and_hears_the_clips_own_sound(
    interview: tuple[Clip, Path], package: StandIn, model: Path
) -> None:
    clip, path = interview
    listen(clip, path, spoken=True, model=model)
    (sound,) = package.sounds
    assert sound.dtype == np.float32
    assert len(sound) / 16_000 == pytest.approx(clip.duration_s, abs=0.2)
    assert 0.01 < float(np.abs(sound).max()) <= 1.0
    assert package.asked["local"] is True
    assert package.asked["model"] == str(model)
    assert (package.asked["temperature"], package.asked["beam_size"], package.asked["word_timestamps"]) == (
        0.0,
        5,
        True,
    )


def test_sound_in_which_no_word_is_heard_needs_a_transcript(
    interview: tuple[Clip, Path], package: StandIn, model: Path
) -> None:
    package.words = []
    heard = listen(*interview, spoken=True, model=model)
    assert (heard.sentences, heard.notes[0].code) == ((), "needs_transcript")


def test_a_model_that_cannot_be_loaded_is_an_outage(
    interview: tuple[Clip, Path], package: StandIn, model: Path
) -> None:
    package.broken = True
    with pytest.raises(Outage, match="copy it there again"):
        listen(*interview, spoken=True, model=model)


def test_silence_lacks_no_words(interview: tuple[Clip, Path], package: StandIn, model: Path) -> None:
    clip, path = interview
    assert clip.sound
    sounds = (None, clip.sound.model_copy(update={"loudness_lufs": None}))
    for silent in (clip.model_copy(update={"sound": sound}) for sound in sounds):
        assert listen(silent, path, spoken=True, model=model) == silent
    assert package.sounds == []


def test_sentences_end_at_full_stops_and_long_pauses() -> None:
    heard = [
        word(" We", 0.0, 0.2),
        word(" serve.”", 0.1, 0.6),
        word(" ", 0.6, 0.6),
        word(" Every", 0.7, 1.0),
        word(" day", 1.0, 1.3),
        word(" and", 2.1, 2.3),
        word(" night", 2.3, 2.2),
    ]
    found = sentences_of(heard)
    assert [sentence.text for sentence in found] == ["We serve.”", "Every day", "and night"]
    times = [edge for sentence in found for word in sentence.words for edge in (word.start_s, word.end_s)]
    assert times == sorted(times)
    assert sentences_of([]) == ()
    met = [word(" Sgt.", 0, 0.3), word(" Miller", 0.3, 0.6), word(" came.", 0.6, 0.9), word(" Good.", 0.9, 1.2)]
    assert [sentence.text for sentence in sentences_of(met)] == ["Sgt. Miller came.", "Good."]


@pytest.mark.parametrize("name", FILES)
def test_a_model_that_lacks_a_part_is_named_before_any_work(package: StandIn, model: Path, name: str) -> None:
    check_model(model)
    (model / name).unlink()
    with pytest.raises(UsageError, match=f"PROMISEREEL_WHISPER_MODEL.*lacks {name}: "):
        check_model(model)


def test_a_model_without_its_package_says_how_to_install_it(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(whisper, "version", none)
    with pytest.raises(UsageError, match="make whisper"):
        check_model(model)


def test_another_model_has_another_identity(package: StandIn, model: Path) -> None:
    first = model_identity(model)
    assert model_identity(model) == first
    (model / "model.bin").write_bytes(b"Weights")
    second = model_identity(model)
    (model / "vocabulary.json").write_bytes(b"{}")
    assert len({first, second, model_identity(model)}) == 3
