"""Films made in this process: the object that `make --json` prints, the output folder, what a second run finds."""

from pathlib import Path

import pytest

from agencies.agency import Agency
from kit.errors import Bug, InputRefused, UsageError
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
