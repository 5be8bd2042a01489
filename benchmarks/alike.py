"""Whether two films show the same: frames, lengths, and the likeness of sampled pictures."""

import re
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import av

from benchmarks.peer_material import Part
from editing.timeline import CardShot
from kit.process import run_ffmpeg

SMALL = "scale=960:540:flags=area,format=yuv420p"


class Likeness(NamedTuple):
    """What was found."""

    frames: int
    seconds: float
    ssim: dict[int, float]
    """Luma SSIM at 960x540 by the number of the frame."""


def sampled(parts: Sequence[Part]) -> list[int]:
    """The middle frame of each shot, of a card the frame at which all of it stands."""
    return [
        part.shot.end - part.dip_out - 15 if isinstance(part.shot, CardShot) else (part.shot.start + part.shot.end) // 2
        for part in parts
    ]


def shown_at(parts: Sequence[Part], frame: int) -> str:
    """What a frame of the film shows, in words."""
    shot = next(part.shot for part in parts if part.shot.start <= frame < part.shot.end)
    return f"{shot.shot} {getattr(shot, 'file', getattr(shot, 'kind', ''))} at {frame}"


def liken(film: Path, other: Path, frames: Mapping[int, int]) -> Likeness:
    """Hold pictures of `other` against those of `film`, whose frames lead to those of `other`; each is decoded once."""
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder) / "ssim.txt"
        graph = f"[0:v]{_only(frames)}[a];[1:v]{_only(frames.values())}[b];[a][b]ssim=stats_file={told}"
        run_ffmpeg(["-i", str(film), "-i", str(other), "-lavfi", graph, "-fps_mode", "passthrough", "-f", "null", "-"])
        scores = [float(luma) for luma in re.findall(r"Y:([\d.]+)", told.read_text("utf-8"))]
    count, seconds = facts(other)
    return Likeness(count, seconds, dict(zip(sorted(frames), scores, strict=True)))


def _only(frames: Iterable[int]) -> str:
    return "select='" + "+".join(f"eq(n,{frame})" for frame in sorted(frames)) + f"',setpts=N/30/TB,{SMALL}"


def facts(film: Path) -> tuple[int, float]:
    """Frames of a film's picture and its length in seconds."""
    with av.open(str(film)) as box:
        count = sum(1 for packet in box.demux(video=0) if packet.size)
        return count, (box.duration or 0) / av.time_base
