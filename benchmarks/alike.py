"""Whether two films show the same: frames, lengths, and the likeness of sampled pictures."""

import re
import tempfile
from collections.abc import Sequence
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


def sampled(parts: Sequence[Part]) -> dict[int, str]:
    """The middle frame of each shot, of a card the frame at which all of it stands; and what the shot is."""
    found = {}
    for part in parts:
        shot = part.shot
        settled = shot.end - part.dip_out - 15 if isinstance(shot, CardShot) else (shot.start + shot.end) // 2
        found[settled] = f"{shot.shot} {getattr(shot, 'file', getattr(shot, 'kind', ''))}"
    return found


def liken(film: Path, other: Path, frames: Sequence[int]) -> Likeness:
    """Hold the pictures of `other` against those of `film`; both are decoded once."""
    chosen = "select='" + "+".join(f"eq(n,{frame})" for frame in sorted(frames)) + f"',setpts=N/30/TB,{SMALL}"
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder) / "ssim.txt"
        graph = f"[0:v]{chosen}[a];[1:v]{chosen}[b];[a][b]ssim=stats_file={told}"
        run_ffmpeg(["-i", str(film), "-i", str(other), "-lavfi", graph, "-fps_mode", "passthrough", "-f", "null", "-"])
        scores = [float(luma) for luma in re.findall(r"Y:([\d.]+)", told.read_text("utf-8"))]
    count, seconds = facts(other)
    return Likeness(count, seconds, dict(zip(sorted(frames), scores, strict=False)))


def facts(film: Path) -> tuple[int, float]:
    """Frames of a film's picture and its length in seconds."""
    with av.open(str(film)) as box:
        count = sum(1 for packet in box.demux(video=0) if packet.size)
        return count, (box.duration or 0) / av.time_base
