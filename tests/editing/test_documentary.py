"""Pieces are addressed by what can change their pixels, and rendering them gives the planned film, every time."""

import hashlib
from pathlib import Path

import pytest

from editing import documentary
from editing.documentary import RenderContext, film_order, film_pieces, needed_files, pieces, sound_key
from editing.mix import measure
from editing.timeline import SpeechSpan
from ingest.analysis import Analysis, SoundSeries, Stretch
from ingest.clip import Clip
from kit.film_index import read_index
from kit.process import run_ffmpeg_bytes

from .filming import AGENCY, film, make_media


@pytest.fixture(scope="module")
def media_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("media")
    make_media(folder)
    return folder


def keys(context: RenderContext) -> tuple[str, ...]:
    return film_order(context, "open")


def changed(one: RenderContext, other: RenderContext) -> list[int]:
    """Frames at which the pieces that differ start."""
    pairs = zip(film_pieces(one, "open"), film_pieces(other, "open"), strict=True)
    return [a.spec.start for a, b in pairs if a.key != b.key]


def test_only_captioned_segments_exist_twice(tmp_path: Path) -> None:
    context = film(tmp_path)
    open_film, clean_film = film_pieces(context, "open"), film_pieces(context, "clean")
    for one, other in zip(open_film, clean_film, strict=True):
        assert (one.key == other.key) == (not one.captioned)
    assert len(pieces(context)) == len(open_film) + sum(piece.captioned for piece in open_film)


def test_a_word_of_a_caption_touches_only_its_segment_and_not_the_sound(tmp_path: Path) -> None:
    before = film(tmp_path)
    cue = before.timeline.cues[1].model_copy(update={"lines": ("Farewell",)})
    after = film(tmp_path, cues=(before.timeline.cues[0], cue))
    touched = changed(before, after)
    assert touched
    assert all(start <= 160 for start in touched)
    assert 0 not in touched
    assert film_order(before, "clean") == film_order(after, "clean")
    assert sound_key(before) == sound_key(after)


def test_the_music_touches_only_the_sound(tmp_path: Path) -> None:
    before, after = film(tmp_path), film(tmp_path, music_gain_db=-12)
    assert keys(before) == keys(after)
    assert sound_key(before) != sound_key(after)


def test_the_sound_has_another_key_exactly_when_it_sounds_different(tmp_path: Path) -> None:
    before = film(tmp_path)
    run, clip, bed = before.timeline.sounds[0], before.clips[0], before.clips[1]
    assert clip.sound
    assert bed.sound
    quieter = SoundSeries(loudness=(-40.0,) * 5)
    heard: list[dict[str, object]] = [
        *({"sounds": (run.model_copy(update={field: value}),)} for field, value in MOVED.items()),
        *({field: value} for field, value in {"frames": 261, "music": None, "loudness_lufs": -24.0}.items()),
        *({"music_gain_db": -12.0}, {"sounds": ()}, {"speech": (SpeechSpan(start=61, end=160, file="talk.mp4"),)}),
    ]
    unheard: list[dict[str, object]] = [
        *({"cues": ()}, {"lower_thirds": ()}, {"notes": ("A note.",)}, {"complete": False}, {"storyboard": "other"}),
        *({"shots": before.timeline.shots[:1]}, {"sounds": (run.model_copy(update={"role": "narration"}),)}),
    ]
    clips_heard: list[tuple[Clip, dict[str, object]]] = [
        *((one, {"digest": "f" * 64}) for one in (clip, bed)),
        *((clip, {"sound": clip.sound.model_copy(update={field: value})}) for field, value in CONFORMED.items()),
        *((bed, {"sound": bed.sound.model_copy(update={field: value})}) for field, value in CONFORMED.items()),
        *((clip, {"analysis": Analysis(sound=quieter)}), (clip, {"analysis": Analysis(pauses=PAUSES)})),
    ]
    clips_unheard: list[tuple[Clip, dict[str, object]]] = [
        *((clip, {field: value}) for field, value in {"sharpness": 9.0, "speaker_name": "S", "slot": "leader"}.items()),
        *((before.clips[2], {"digest": "f" * 64}), (bed, {"analysis": Analysis(pauses=PAUSES)})),
        (clip, {"analysis": Analysis(shots=(0, 30))}),
    ]
    key = sound_key(before)
    assert [change for change in heard if sound_key(film(tmp_path, **change)) == key] == []
    assert [change for change in unheard if sound_key(film(tmp_path, **change)) != key] == []
    assert [change for one, change in clips_heard if sound_key(with_clip(before, one, change)) == key] == []
    assert [change for one, change in clips_unheard if sound_key(with_clip(before, one, change)) != key] == []


MOVED = {"start": 49, "end": 171, "source_start": 11, "fade_out": 12}
CONFORMED = {"stream": 3, "channels": 6, "loudness_lufs": -25.0}
PAUSES = (Stretch(start=0, end=12), Stretch(start=125, end=150))


def with_clip(context: RenderContext, clip: Clip, change: dict[str, object]) -> RenderContext:
    """The film with other facts of one clip."""
    clips = tuple(one.model_copy(update=change) if one.file == clip.file else one for one in context.clips)
    return context.model_copy(update={"clips": clips})


def test_the_agency_touches_its_cards(tmp_path: Path) -> None:
    before = film(tmp_path)
    ground = AGENCY.colours.model_copy(update={"ground": "#223311"})
    after = before.model_copy(update={"agency": AGENCY.model_copy(update={"colours": ground})})
    assert {0, 210} <= set(changed(before, after))


def test_another_file_under_the_same_name_is_another_piece(tmp_path: Path) -> None:
    before = film(tmp_path)
    clips = tuple(clip.model_copy(update={"digest": "f" * 64}) for clip in before.clips)
    after = before.model_copy(update={"clips": clips})
    assert 0 not in changed(before, after)
    assert len(changed(before, after)) >= 3


def digest_of_pictures(path: Path) -> str:
    """SHA-256 of the encoded picture stream."""
    stream = run_ffmpeg_bytes(["-i", str(path), "-map", "0:v", "-c", "copy", "-f", "h264", "pipe:1"])
    return hashlib.sha256(stream).hexdigest()


def test_a_film_rendered_twice_is_the_same_to_the_byte_and_meets_its_plan(media_folder: Path, tmp_path: Path) -> None:
    context = film(media_folder)
    films = []
    for turn in ("one", "two"):
        folder = tmp_path / turn
        folder.mkdir()
        paths = {}
        for piece in film_pieces(context, "open"):
            paths[piece.key] = folder / Path(piece.key).name
            documentary.render_pieces(context, (piece,), lambda name: media_folder / name, paths)
        documentary.render_sound(context, lambda name: media_folder / name, folder / "sound.m4a")
        documentary.join(context, "open", paths, folder / "sound.m4a", folder / "film.mp4")
        films.append(folder / "film.mp4")
    assert len(read_index(films[0]).pictures) == 260
    assert digest_of_pictures(films[0]) == digest_of_pictures(films[1])
    loudness = measure("film.mp4", films[0].parent)
    assert abs(loudness.lufs + 16) <= 0.5
    assert loudness.peak_dbtp <= -1
    leftovers = {path.name for path in films[0].parent.iterdir()} - {Path(key).name for key in keys(context)}
    assert leftovers == {"sound.m4a", "film.mp4"}


def test_the_seal_touches_only_the_cards_that_show_it(tmp_path: Path) -> None:
    before = film(tmp_path)
    opening, *others = before.timeline.shots
    sealed = [film(tmp_path, shots=(opening.model_copy(update={"seal": f"seal-{one}"}), *others)) for one in "ab"]
    assert changed(before, sealed[0]) == changed(*sealed)
    assert changed(*sealed)[0] == 0
    assert max(changed(*sealed)) < 65
    assert "seal-a" in needed_files(film_pieces(sealed[0], "open")[0])
