"""The package and its report, from two small films made by FFmpeg."""

import hashlib
import json
import shutil
from pathlib import Path

import pytest
from PIL import Image

from agencies.agency import Agency
from delivery.delivery import PackageResult
from delivery.graph import hearing_args, look_args, poster_args, strip_args
from delivery.package import build_package, is_package, poster_frames
from editing.timeline import Timeline
from ingest.clip import Clip
from kit.errors import Bug

FILES = {
    "documentary.mp4",
    "documentary-clean.mp4",
    "captions.srt",
    "captions.vtt",
    "descriptions.vtt",
    "transcript.txt",
    "poster.jpg",
    "timeline.json",
    "timeline.otio",
    "report.json",
    "manifest.json",
}


@pytest.fixture(scope="module")
def package(
    tmp_path_factory: pytest.TempPathFactory,
    timeline: Timeline,
    clips: tuple[Clip, ...],
    agency: Agency,
    films: dict[str, Path],
) -> tuple[Path, PackageResult]:
    folder = tmp_path_factory.mktemp("out") / "package"
    return folder, build_package(folder, timeline=timeline, clips=clips, agency=agency, films=films)


def test_every_file_is_there_and_summed(package: tuple[Path, PackageResult]) -> None:
    folder, result = package
    assert {path.name for path in folder.iterdir()} == FILES | {"SHA256SUMS"}
    rows = [line.split("  ") for line in (folder / "SHA256SUMS").read_text().splitlines()]
    assert {name for _, name in rows} == FILES
    assert all(hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest for digest, name in rows)
    assert {file.name for file in result.files} == FILES | {"SHA256SUMS"}


def test_the_manifest_says_whose_it_is(package: tuple[Path, PackageResult], tmp_path: Path) -> None:
    folder, result = package
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["app"] == "promise-reel"
    assert manifest["agency"] == "Anytown Police Department"
    assert manifest["state"] == result.state == "draft"
    assert {row["name"] for row in manifest["files"]} == FILES - {"manifest.json"}
    assert is_package(folder)
    assert not is_package(tmp_path)
    (tmp_path / "manifest.json").write_text("[]")
    assert not is_package(tmp_path)


def test_the_report_tells_what_holds_and_what_falls_short(package: tuple[Path, PackageResult]) -> None:
    _, result = package
    seen = {check.name: check for check in result.report.checks}
    short = {check.name for check in result.report.short}
    assert short == {
        "length s",
        "picture size",
        "cards too short to read",
        "lower thirds s",
        "reading speed, characters a second",
        "words a minute",
        "marks outside the title-safe area, share of it",
        "loudness LUFS",
        "the clean film's file",
        "weakest lower third contrast",
    }
    assert seen["frames planned and in the file"].value == "360 and 360"
    assert seen["spacing of frames"].ok
    assert seen["open groups of pictures"].ok
    assert seen["index first"].ok
    assert seen["captions burned in, least difference"].ok
    assert seen["films alike between cues, largest difference"].ok
    assert seen["the Promise, word for word"].ok
    assert seen["the notice of marks"].ok
    assert seen["sound and picture end apart s"].ok
    assert seen["cues over titles or lower thirds"].value == 0


def test_place_tags_are_gone(package: tuple[Path, PackageResult], films: dict[str, Path]) -> None:
    folder, result = package
    assert b"40.7-074" in films["documentary.mp4"].read_bytes()
    assert b"40.7-074" not in (folder / "documentary.mp4").read_bytes()
    assert next(c for c in result.report.checks if c.name == "place, maker and serial tags").ok


def test_the_poster_is_a_picture_without_tags(package: tuple[Path, PackageResult]) -> None:
    with Image.open(package[0] / "poster.jpg") as poster:
        assert poster.size == (640, 360)
        assert not poster.getexif()


def test_the_poster_shows_the_leader_clear_of_the_lower_third(timeline: Timeline) -> None:
    assert poster_frames(timeline) == (108, 60)
    cards = timeline.model_copy(update={"shots": timeline.shots[:1]})
    assert poster_frames(cards) == (0, 60)


def test_a_second_package_is_byte_for_byte_the_same(
    package: tuple[Path, PackageResult],
    tmp_path: Path,
    timeline: Timeline,
    clips: tuple[Clip, ...],
    agency: Agency,
    films: dict[str, Path],
) -> None:
    build_package(tmp_path, timeline=timeline, clips=clips, agency=agency, films=films)
    assert (tmp_path / "SHA256SUMS").read_text() == (package[0] / "SHA256SUMS").read_text()


def test_a_preview_has_film_captions_and_report_only(
    tmp_path: Path, timeline: Timeline, agency: Agency, films: dict[str, Path]
) -> None:
    result = build_package(
        tmp_path,
        timeline=timeline,
        clips=(),
        agency=agency,
        films={"preview.mp4": films["documentary.mp4"]},
        preview=True,
    )
    assert {path.name for path in tmp_path.iterdir()} == {
        "preview.mp4",
        "captions.srt",
        "captions.vtt",
        "report.json",
        "manifest.json",
        "SHA256SUMS",
    }
    assert result.state == "draft"
    named = {check.name for check in result.report.checks}
    assert {"loudness LUFS", "reading speed, characters a second"} <= named
    assert not {"decodes cleanly", "black outside cards"} & named


def test_a_package_needs_a_film(tmp_path: Path, timeline: Timeline, agency: Agency) -> None:
    with pytest.raises(Bug):
        build_package(tmp_path, timeline=timeline, clips=(), agency=agency, films={})


def test_a_file_that_is_no_film_is_our_fault(tmp_path: Path, timeline: Timeline, agency: Agency) -> None:
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"nothing")
    with pytest.raises(Bug):
        build_package(tmp_path / "out", timeline=timeline, clips=(), agency=agency, films={"documentary.mp4": broken})
    shutil.rmtree(tmp_path / "out")


def test_arguments_of_the_survey() -> None:
    assert look_args(Path("film.mp4"), Path("p.raw")) == [
        *("-loglevel", "level+info", "-protocol_whitelist", "file,pipe", "-i", "film.mp4", "-filter_complex"),
        "[0:v]scale=192:108:flags=neighbor[s0];[s0]format=yuv420p[s1]",
        *("-map", "[s1]", "-f", "rawvideo", "-fps_mode", "passthrough", "p.raw"),
    ]
    heard = hearing_args(Path("film.mp4"), Path("s.raw"))
    assert "[0:a]ebur128=framelog=info:peak=true[s0]" in heard
    assert heard[-1] == "s.raw"


def test_arguments_of_strip_and_poster() -> None:
    strip = strip_args(Path("a.mp4"), Path("b.mp4"))
    assert strip[:4] == ["-protocol_whitelist", "file,pipe", "-i", "a.mp4"]
    assert {"-map_metadata", "-map_chapters", "+faststart", "copy"} <= set(strip)
    poster = poster_args(Path("a.mp4"), 45, 60, Timeline(storyboard="x", frames=1, shots=()).rate, Path("p.jpg"))
    assert poster[poster.index("-ss") + 1] == "1.500000"
