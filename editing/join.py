"""Joining encoded segments and the mixed sound into one film, without decoding a picture."""

from collections.abc import Sequence
from pathlib import Path

from kit.errors import Bug
from kit.film_index import read_index
from kit.process import run_ffmpeg


def join_arguments(listing: str, sound: str, out: str) -> list[str]:
    """FFmpeg's arguments that join the segments of a concat listing and the sound by stream copy, index first."""
    inputs = ["-f", "concat", "-safe", "0", "-i", listing, "-i", sound]
    copies = ["-map", "0:v:0", "-map", "1:a:0", "-c", "copy", "-map_metadata", "-1", "-map_chapters", "-1"]
    tidy = ["-fflags", "+bitexact", "-movflags", "+faststart", "-video_track_timescale", "15360"]
    return ["-v", "warning", *inputs, *copies, *tidy, out]


def listing(segments: Sequence[tuple[str, int]]) -> str:
    """A concat script of file names and lengths in frames of 1/30 s."""
    rows = [f"file '{name}'\nduration {frames / 30:.6f}" for name, frames in segments]
    return "ffconcat version 1.0\n" + "\n".join(rows) + "\n"


def join(segments: Sequence[tuple[Path, int]], sound: Path, out: Path, scratch: Path) -> None:
    """Join segments (path, frames) and sound into an MP4. Raises Bug when their encodings do not match."""
    configurations = {read_index(path).configuration for path in {path for path, _ in segments}}
    if len(configurations) != 1:
        raise Bug(f"the segments have {len(configurations)} different codec configurations and cannot be joined")
    names = []
    for number, (path, frames) in enumerate(segments):
        name = f"join-{number:04}.mp4"
        (scratch / name).symlink_to(path.resolve())
        names.append((name, frames))
    (scratch / "join.txt").write_text(listing(names), "utf-8")
    (scratch / "join-sound.m4a").symlink_to(sound.resolve())
    run_ffmpeg(join_arguments("join.txt", "join-sound.m4a", str(out.resolve())), cwd=scratch)
