"""What the report costs: processor seconds to measure a film of 180 s, most of them spent decoding it."""

import resource
import tempfile
import time
from pathlib import Path

from agencies.agency import Agency
from delivery.report import measure
from editing.timeline import Timeline, VideoShot
from kit.process import run_ffmpeg

SECONDS = 180


def make_film(path: Path) -> None:
    """A moving picture of 1920x1080 and a tone, encoded about as our films are."""
    run_ffmpeg(
        [
            *("-f", "lavfi", "-i", f"testsrc2=s=1920x1080:r=30:d={SECONDS}"),
            *("-f", "lavfi", "-i", f"sine=440:r=48000:d={SECONDS}", "-ac", "2", "-c:v", "libx264"),
            *("-preset", "veryfast", "-crf", "20", "-pix_fmt", "yuv420p", "-c:a", "aac"),
            *("-movflags", "+faststart", str(path)),
        ]
    )


def processor_seconds() -> float:
    """Spent so far by this process and the programs it started."""
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(row.ru_utime + row.ru_stime for row in spent)


def main() -> None:
    """Make the film, measure it once and print what that took."""
    shot = VideoShot(start=0, end=SECONDS * 30, file="test", slot="broll", source_start=0)
    timeline = Timeline(storyboard="bench", frames=SECONDS * 30, shots=(shot,))
    with tempfile.TemporaryDirectory() as folder:
        film = Path(folder) / "film.mp4"
        make_film(film)
        before, began = processor_seconds(), time.monotonic()
        report = measure(film, timeline, agency=Agency(name="Anytown Police Department"))
        spent, took = processor_seconds() - before, time.monotonic() - began
    print(f"report of a {SECONDS} s film: {spent:.1f} processor s, {took:.1f} s, {len(report.checks)} checks")


if __name__ == "__main__":
    main()
