"""What the film without captions costs beside the one with them: 5 s of a captioned clip, made apart and together.

`python -m benchmarks.bench_both_films [CLIP...]`; wall and processor seconds of each way, and their ratios. Without
clips: one that fills the picture and an upright one of the footage beside the repository.
"""

import resource
import sys
import tempfile
import time
from pathlib import Path

from agencies.agency import Agency
from editing.documentary import Piece, RenderContext, pieces, render_pieces
from editing.timeline import Cue, Timeline, VideoShot
from ingest.clip import Clip, Kind, Verdict
from ingest.reading import read

BESIDE = Path(__file__).resolve().parents[2] / "shared" / "footage" / "anytown"
OURS = [BESIDE / "leader.mp4", BESIDE / "phone_portrait.MOV"]
FRAMES = 150
CAPTION_FRAMES = 65


def film_of(path: Path) -> RenderContext:
    """The clip's first 5 s with two captions, in 1080p; an upright phone clip lies over its blurred fill."""
    facts = read(path, [], None, lambda _: None)
    clip = Clip(
        file=path.name,
        digest="clip",
        size=path.stat().st_size,
        kind=Kind.VIDEO,
        verdict=Verdict.ACCEPTED,
        container=facts.container,
        seekable=facts.seekable,
        seek_margin_s=facts.seek_margin_s,
        picture=facts.picture,
        frames=facts.frames,
        duration_s=facts.duration_s,
    )
    upright = facts.picture is not None and facts.picture.rotation in (90, 270)
    shot = VideoShot(
        start=0, end=FRAMES, file=clip.file, slot="leader", source_start=0, framing="blur" if upright else "cover"
    )
    lines = ("We will do everything in our power", "to do no harm to the communities")
    cues = tuple(Cue(start=at, end=at + CAPTION_FRAMES, lines=lines) for at in (5, 80))
    timeline = Timeline(storyboard="bench", frames=FRAMES, shots=(shot,), cues=cues)
    return RenderContext(timeline=timeline, clips=(clip,), agency=Agency(name="Anytown Police Department"))


def cost(context: RenderContext, wanted: tuple[Piece, ...], media: Path, folder: Path) -> tuple[float, float]:
    """Wall and processor seconds of one run."""
    paths = {piece.key: folder / f"{number}.mp4" for number, piece in enumerate(wanted)}
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    render_pieces(context, wanted, media.joinpath, paths)
    took, after = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    return took, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Time each clip of the command line three ways and print the ratios."""
    with tempfile.TemporaryDirectory() as folder:
        for path in [Path(name) for name in sys.argv[1:]] or OURS:
            context = film_of(path)
            shown, clean = pieces(context)
            ways = ((shown,), (clean,), (shown, clean))
            costs = [cost(context, way, path.resolve().parent, Path(folder)) for way in ways]
            print(path.name)
            for unit, (one, other, both) in zip(("wall", "processor"), zip(*costs, strict=True), strict=True):
                print(
                    f"  {unit}: open {one:.1f} s, clean {other:.1f} s, together {both:.1f} s;"
                    f" together / apart {both / (one + other):.2f}, both / open {both / one:.2f}"
                )


if __name__ == "__main__":
    main()
