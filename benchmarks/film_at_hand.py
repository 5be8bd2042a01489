"""The film that the benchmarks speak of: its plan, out of the data folder of a finished run, and its footage."""

from collections.abc import Sequence
from pathlib import Path

from editing.documentary import RenderContext
from editing.segments import Segment
from editing.timeline import CardShot, PhotoShot
from pipeline.tasks import StoredContext

AGENCY = "Anytown Police Department"


def film_in(data: Path) -> RenderContext:
    """The plan of the newest film of a data folder. SystemExit when there is none."""
    plans = sorted(data.glob("make/contexts/*.json"), key=lambda path: path.stat().st_mtime)
    if not plans:
        raise SystemExit(f"{data} holds no planned film: make one with --data {data} first")
    return StoredContext.model_validate_json(plans[-1].read_bytes()).context


def kind_of(segment: Segment) -> str:
    """What a segment is to those who ask where the time goes."""
    shot = segment.take.shot
    if segment.dissolve_from:
        return "dissolve"
    if isinstance(shot, CardShot):
        return f"card ({shot.kind})"
    if isinstance(shot, PhotoShot):
        return "photo"
    kind = "fill (blur)" if shot.framing == "blur" else "clip"
    return f"{kind}{', caption' if segment.cues else ''}{', lower third' if segment.lower_third else ''}"


def to_null(arguments: Sequence[str]) -> list[str]:
    """The same graph, its pictures thrown away instead of encoded."""
    kept = list(arguments)
    last = max(at for at, word in enumerate(kept) if word == "-map") + 2
    frames = kept[kept.index("-frames:v") :][:2] if "-frames:v" in kept else []
    return [*kept[:last], *frames, "-an", "-f", "null", "-"]
