"""What reading a clip once costs: against a plain decode and encode of the proxy, and its memory against its length.

`bench_ingest.py [CLIP]`; LENGTHS=60,600,7200 sets the lengths in seconds of the made-up clips whose memory is measured.
"""

import os
import resource
import sys
import tempfile
import time
from pathlib import Path

from ingest.inspect import READER
from ingest.renditions import PROXY
from kit.process import FFMPEG, run_ffmpeg, start

ROUNDS = 3
CLIP = Path(__file__).resolve().parents[2] / "shared" / "footage" / "anytown" / "community.mp4"


def spent_by(command: list[str]) -> tuple[float, float, int]:
    """Processor seconds, wall seconds and peak memory (bytes) of a program and what it started."""
    began = time.monotonic()
    env = {**os.environ, **READER, "PYTHONPATH": str(Path(__file__).resolve().parents[1])}
    with start(command, env=env) as child:
        _, status, spent = os.wait4(child.pid, 0)
    if status:
        raise SystemExit(f"{command[0]} failed")
    return spent.ru_utime + spent.ru_stime, time.monotonic() - began, spent.ru_maxrss << 10


def plain(clip: Path, out: Path) -> list[str]:
    """FFmpeg making a proxy as anyone would."""
    make = ["-vf", "scale=-2:540", "-c:v", "libx264", "-preset", "veryfast", "-c:a", "aac", str(out / "plain.mp4")]
    return [FFMPEG(), "-v", "error", "-nostdin", "-y", "-i", str(clip), *make]


def ours(clip: Path, out: Path) -> list[str]:
    """The reader, with every measurement and rendition."""
    return [sys.executable, "-P", "-m", "ingest.inspect_child", str(clip), str(out)]


def compare(clip: Path) -> None:
    """Take turns, and print the best processor seconds of each and their ratio."""
    best = {"plain": 1e9, "ours": 1e9}
    for _ in range(ROUNDS):
        for name, command in (("plain", plain), ("ours", ours)):
            with tempfile.TemporaryDirectory() as folder:
                cpu, wall, _ = spent_by(command(clip, Path(folder)))
                made = Path(folder) / ("plain.mp4" if name == "plain" else PROXY)
                print(f"{name:6} {cpu:6.1f} processor s {wall:6.1f} s  {made.stat().st_size >> 10} KiB")
            best[name] = min(best[name], cpu)
    print(f"{clip.name}: {best['ours']:.1f} / {best['plain']:.1f} processor s = {best['ours'] / best['plain']:.2f}")


def weigh(seconds: list[int]) -> None:
    """Print the peak memory of reading made-up clips of growing length, as a share of the first one's."""
    first = 0
    with tempfile.TemporaryDirectory() as folder:
        minute, clip, made = Path(folder) / "minute.mp4", Path(folder) / "long.mp4", Path(folder) / "made"
        made.mkdir()
        sources = ("-f", "lavfi", "-i", "testsrc2=s=640x360:r=30:d=60", "-f", "lavfi", "-i", "sine=440:r=48000:d=60")
        run_ffmpeg([*sources, "-c:v", "libx264", "-preset", "ultrafast", "-g", "150", "-c:a", "aac", str(minute)])
        for length in seconds:
            again = ["-stream_loop", str(-(-length // 60) - 1), "-i", str(minute)]
            run_ffmpeg([*again, "-t", str(length), "-c", "copy", str(clip)])
            cpu, _, memory = spent_by(ours(clip, made))
            first = first or memory
            print(
                f"{length:6} s: {memory >> 20} MiB, {memory / first:.3f} of the first; {cpu:.0f} processor s",
                flush=True,
            )


def main() -> None:
    """Compare, then weigh."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    compare(Path(sys.argv[1]) if len(sys.argv) > 1 else CLIP)
    weigh([int(length) for length in os.environ.get("LENGTHS", "60,600").split(",")])


if __name__ == "__main__":
    main()
