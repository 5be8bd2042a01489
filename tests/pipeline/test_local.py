"""Films made in this process: the object that `make --json` prints, the output folder, what a second run finds."""

from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from agencies.agency import Agency
from editing.documentary import RenderContext
from editing.edits import NO_EDITS, Edits
from editing.timeline import Timeline
from kit.digest import file_sha256
from kit.errors import Bug, InputRefused, UsageError
from pipeline.craft import Media
from pipeline.local import run_job
from pipeline.projects import JobView

from .fake_craft import FakeCraft

AGENCY = Agency(name="Anytown Police Department")


@pytest.fixture
def clips(tmp_path: Path) -> Path:
    folder = tmp_path / "footage"
    folder.mkdir()
    for name in ("a.mp4", "b 'q\" #é.mp4", "music.ogg"):
        (folder / name).write_text(name)
    (folder / "footage.yaml").write_text("clips:\n  - file: a.mp4\n    slot: leader\nmusic: music.ogg\n")
    return folder


def test_a_film_and_then_the_same_film(clips: Path, tmp_path: Path) -> None:
    views: list[JobView] = []
    craft = FakeCraft()
    out, data = tmp_path / "out", tmp_path / "data"

    def make() -> dict[str, object]:
        return run_job(clips, "promise", AGENCY, out, data=data, on_progress=views.append, craft=craft)

    first = make()
    assert {name: first[name] for name in ("state", "out", "frames", "duration_s", "notes")} == {
        "state": "finished",
        "out": str(out),
        "frames": 30,
        "duration_s": 1.0,
        "notes": ["music: music.ogg"],
    }
    assert (first["segments_total"], first["segments_rendered"], first["segments_reused"]) == (4, 4, 0)
    assert isinstance(first["seconds"], dict)
    assert set(first["seconds"]) == {"inspect", "plan", "segment", "sound", "assemble", "package", "total"}
    film = (out / "documentary.mp4").read_bytes()
    assert views[-1].progress == 1.0
    second = make()
    assert (second["segments_total"], second["segments_rendered"], second["segments_reused"]) == (4, 0, 4)
    assert (out / "documentary.mp4").read_bytes() == film
    assert sorted(craft.inspected) == sorted(["a.mp4", "b 'q\" #é.mp4", "music.ogg"])
    assert list((data / "work" / "scratch").iterdir()) == []
    assert list((data / "make" / "packages").rglob("*.mp4")) == []


def test_what_was_decided_by_hand_reaches_the_plan(clips: Path, tmp_path: Path) -> None:
    planned: list[Edits] = []

    class Watched(FakeCraft):
        def plan(self, *given: Any) -> Timeline:
            planned.append(given[-1])
            return super().plan(*given)

    for edits in (Edits(music_db=-30.0), NO_EDITS):
        run_job(clips, "promise", AGENCY, tmp_path / "out", data=tmp_path / "data", edits=edits, craft=Watched())
    assert planned == [Edits(music_db=-30.0), NO_EDITS]


def test_a_refused_film_leaves_nothing(clips: Path, tmp_path: Path) -> None:
    for path in clips.glob("*.*4"):
        path.write_text("broken")
    (clips / "music.ogg").write_text("broken")
    with pytest.raises(InputRefused, match="no footage"):
        run_job(clips, "promise", AGENCY, tmp_path / "out", data=tmp_path / "data", craft=FakeCraft())
    assert not (tmp_path / "out").exists()


def test_a_bug_is_told(clips: Path, tmp_path: Path) -> None:
    def stumble(_: object) -> None:
        raise RuntimeError("oops")

    with pytest.raises(Bug, match="oops"):
        run_job(clips, "promise", AGENCY, tmp_path / "out", data=tmp_path / "data", craft=FakeCraft(on_piece=stumble))


def test_wrong_calls(clips: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        run_job(clips, "promise", AGENCY, clips, data=tmp_path / "data", craft=FakeCraft())
    with pytest.raises(UsageError):
        run_job(clips, "nothing-like-it", AGENCY, tmp_path / "out", data=tmp_path / "data", craft=FakeCraft())


def test_a_seal_that_no_card_can_show_is_refused_before_anything_is_done(clips: Path, tmp_path: Path) -> None:
    seal = tmp_path / "seal.svg"
    seal.write_text("<svg/>")
    with pytest.raises(InputRefused, match="SVG"):
        run_job(clips, "promise", AGENCY, tmp_path / "out", data=tmp_path / "data", seal=seal, craft=FakeCraft())
    assert not (tmp_path / "out").exists()


class SealReader(FakeCraft):
    """Makes the digest of the seal the film's sound."""

    def sound_files(self, context: RenderContext) -> frozenset[str]:
        assert context.agency.seal
        return frozenset({context.agency.seal.file})

    def render_sound(self, context: RenderContext, media: Media, out: Path) -> None:
        (name,) = self.sound_files(context)
        out.write_text(file_sha256(media(name)))


def test_the_seal_is_at_hand_as_footage_is(clips: Path, tmp_path: Path) -> None:
    seal, out = tmp_path / "seal.png", tmp_path / "out"
    Image.new("RGB", (200, 200), "navy").save(seal)
    run_job(clips, "promise", AGENCY, out, data=tmp_path / "data", seal=seal, craft=SealReader())
    assert (out / "documentary.mp4").read_text().endswith(file_sha256(seal))
