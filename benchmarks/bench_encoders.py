"""Which preset and quality to encode with: VMAF against the uncompressed composite, banding, processor seconds, size.

`bench_encoders.py [--data DIR] [--footage DIR] [--frames N] [--presets a,b] [--crfs 18,21]`: DIR is the data folder of
a finished run of `make`, whose plan gives segments of every kind. For each kind a run of frames from the middle of its
longest segment is composed once without loss; every preset and quality encodes it on one thread. The last table weighs
the kinds by their frames in the film and finds for each preset the quality whose mean VMAF is 95. Banding is CAMBI
beyond that of the composite: smooth backgrounds of cards turn into steps that VMAF hardly sees and a viewer does.
"""

import argparse
import json
import os
import resource
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from benchmarks.film_at_hand import film_in, kind_of
from editing.documentary import RenderContext
from editing.encoding import PICTURE
from editing.render import lay_out
from editing.segments import Segment, split
from kit.process import run_ffmpeg

GOAL = 95.0
BESIDE = Path(__file__).resolve().parents[2] / "shared" / "footage" / "anytown"
PRESETS = "ultrafast+,ultrafast++,superfast,veryfast,faster,medium"
CRFS = "19,22,25"
VARIANTS = {
    "ultrafast+": ("ultrafast", ":8x8dct=1:cabac=1"),
    "ultrafast++": ("ultrafast", ":8x8dct=1:cabac=1:deblock=0,0:aq-mode=1"),
}
"""Presets with what they need to be High profile, as films are; and then with what keeps smooth areas smooth."""
EVERY = 3
"""Of how many pictures VMAF looks at one."""


class Sample(NamedTuple):
    """A composite without loss and what it stands for."""

    name: str
    path: Path
    frames: int
    share: float
    """Of the film's frames, those of this kind."""


class Result(NamedTuple):
    """One sample encoded one way."""

    sample: str
    share: float
    preset: str
    crf: int
    vmaf: float
    lowest: float
    """VMAF of the worst picture looked at."""
    banding: float
    """Mean CAMBI (0 to 24) less that of the composite."""
    cpu_ms: float
    """Processor milliseconds a frame, one thread, reading the composite included."""
    mbit_s: float


def main() -> None:
    """Compose, encode, compare, print and keep as JSON."""
    given = _arguments()
    context = film_in(given.data)
    given.out.parent.mkdir(parents=True, exist_ok=True)
    results: list[Result] = []
    with tempfile.TemporaryDirectory(dir=given.out.parent) as folder:
        print(f"{'kind':<34}{'preset':<12}{'crf':>4}{'VMAF':>7}{'worst':>7}{'banding':>9}{'ms/frame':>10}{'Mbit/s':>8}")
        for sample in samples(context, given.footage, given.frames, Path(folder)):
            for preset in given.presets.split(","):
                for crf in map(int, given.crfs.split(",")):
                    one = encoded(sample, preset, crf, Path(folder))
                    results.append(one)
                    figures = (
                        f"{one.vmaf:>7.2f}{one.lowest:>7.1f}{one.banding:>9.2f}{one.cpu_ms:>10.1f}{one.mbit_s:>8.2f}"
                    )
                    print(f"{sample.name:<34}{preset:<12}{crf:>4}{figures}", flush=True)
            sample.path.unlink()
    given.out.write_text(json.dumps([one._asdict() for one in results], indent=1) + "\n", "utf-8")
    summarise(results)


def samples(context: RenderContext, footage: Path, frames: int, folder: Path) -> Iterator[Sample]:
    """For each source and kind the longest segment's composite, cut to `frames` frames of its middle."""
    by_kind: dict[str, list[Segment]] = {}
    for segment in split(context.timeline):
        shot = segment.take.shot
        name = Path(getattr(shot, "file", "")).stem
        kind = kind_of(segment).split(",")[0]
        kind = kind.split(" (")[0] if kind.startswith("card") else kind
        by_kind.setdefault(kind if kind in ("card", "dissolve") else f"{kind} {name}", []).append(segment)
    for number, (name, found) in enumerate(sorted(by_kind.items())):
        longest = max(found, key=lambda one: one.frames)
        if longest.frames < frames // 2:
            continue
        path = folder / f"{number}.y4m"
        kept = _compose(longest, context, footage, frames, path)
        yield Sample(name, path, kept, sum(one.frames for one in found) / context.timeline.frames)


def _compose(segment: Segment, context: RenderContext, footage: Path, frames: int, out: Path) -> int:
    first = max(0, (segment.frames - frames) // 2)
    kept = min(frames, segment.frames)
    with tempfile.TemporaryDirectory() as scratch:
        arguments = lay_out(
            segment, context.by_name, context.agency, lambda f: footage / f, Path(scratch), context.frame
        )
        graph = arguments[: max(at for at, word in enumerate(arguments) if word == "-map") + 2]
        at = graph.index("-filter_complex") + 1
        shown = graph[-1]
        graph[at] += f";{shown}trim=start_frame={first}:end_frame={first + kept},setpts=PTS-STARTPTS[kept]"
        run_ffmpeg([*graph[:-1], "[kept]", "-pix_fmt", "yuv420p", "-f", "yuv4mpegpipe", str(out)], cwd=Path(scratch))
    return kept


def encoded(sample: Sample, preset: str, crf: int, folder: Path) -> Result:
    """Encode a sample and compare it with itself."""
    out, log = folder / "encoded.mp4", folder / "vmaf.json"
    name, more = VARIANTS.get(preset, (preset, ""))
    settings = PICTURE | {"preset": name, "crf": crf, "x264-params": f"{PICTURE['x264-params']}{more}"}
    words = [part for name, value in settings.items() for part in (f"-{name}", str(value))]
    before = _spent()
    run_ffmpeg(["-i", str(sample.path), *words, str(out)])
    cpu = _spent() - before
    banding = r"feature='name=cambi\:full_ref=true'"
    compare = f"[0:v][1:v]libvmaf=n_subsample={EVERY}:{banding}:log_fmt=json:log_path={log}"
    run_ffmpeg(["-i", str(out), "-i", str(sample.path), "-lavfi", compare, "-f", "null", "-"])
    told = json.loads(log.read_text("utf-8"))
    scores = [frame["metrics"]["vmaf"] for frame in told["frames"]]
    seconds = sample.frames / 30
    return Result(
        sample.name,
        sample.share,
        preset,
        crf,
        float(np.mean(scores)),
        min(scores),
        float(np.mean([frame["metrics"]["cambi_full_reference"] for frame in told["frames"]])),
        cpu * 1000 / sample.frames,
        out.stat().st_size * 8 / 1e6 / seconds,
    )


def summarise(results: Sequence[Result]) -> None:
    """For the whole film: each setting, and for each preset the quality at which the mean is the goal."""
    presets = list(dict.fromkeys(one.preset for one in results))
    print("\nthe film, kinds weighed by their frames")
    print(f"{'preset':<12}{'crf':>5}{'VMAF':>7}{'banding':>9}{'ms/frame':>10}{'Mbit/s':>8}")
    for preset in presets:
        rows = []
        for crf in sorted({one.crf for one in results}):
            mine = [one for one in results if one.preset == preset and one.crf == crf]
            weights = [one.share for one in mine]
            vmaf, banding, cpu, rate = (
                float(np.average([getattr(one, name) for one in mine], weights=weights))
                for name in ("vmaf", "banding", "cpu_ms", "mbit_s")
            )
            rows.append((crf, vmaf, banding, cpu, rate))
            print(f"{preset:<12}{crf:>5}{vmaf:>7.2f}{banding:>9.2f}{cpu:>10.1f}{rate:>8.2f}")
        crfs, vmafs, *others = (np.array(column, float) for column in zip(*rows, strict=True))
        if vmafs.max() >= GOAL >= vmafs.min():
            goal = float(np.interp(GOAL, vmafs[::-1], crfs[::-1]))
            banding, cpu, rate = (float(np.interp(goal, crfs, column)) for column in others)
            print(f"{preset:<12}{goal:>5.1f}{GOAL:>7.2f}{banding:>9.2f}{cpu:>10.1f}{rate:>8.2f}  interpolated")


def _spent() -> float:
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("out/bench/data-ours"))
    parser.add_argument("--footage", type=Path, default=Path(os.environ.get("PROMISEREEL_BENCH_FOOTAGE", BESIDE)))
    parser.add_argument("--frames", type=int, default=48)
    parser.add_argument("--presets", default=PRESETS)
    parser.add_argument("--crfs", default=CRFS)
    parser.add_argument("--out", type=Path, default=Path("out/bench/encoders.json"))
    return parser.parse_args()


if __name__ == "__main__":
    main()
