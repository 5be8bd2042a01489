"""Which preset and quality to encode with: VMAF against the uncompressed composite, banding, processor seconds, size.

`bench_encoders.py [--data DIR] [--footage DIR] [--frames N] [--presets a,b] [--crfs 18,21] [--keep FILE] [--known]`:
DIR is the data folder of a finished run of `make`, whose plan gives segments of every kind. For each kind a run of
frames from the middle of its longest segment is composed once without loss; every preset and quality encodes it on one
thread. The last table weighs
the kinds by their frames in the film and finds for each preset the quality whose mean VMAF is 95. Banding is CAMBI
beyond that of the composite: smooth backgrounds of cards turn into steps that VMAF hardly sees and a viewer does.
`--keep` writes the tables as Markdown (`benchmarks/encoders.md` is one such); `--known` measures nothing and takes what
was measured last.
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


class Row(NamedTuple):
    """The whole film encoded one way, its kinds weighed by their frames."""

    preset: str
    crf: float
    vmaf: float
    lowest_kind: str
    """The kind with the lowest mean VMAF, and that VMAF."""
    worst: float
    banding: float
    cpu_ms: float
    mbit_s: float


def main() -> None:
    """Compose, encode, compare, print and keep as JSON."""
    given = _arguments()
    if given.known:
        results = [Result(**one) for one in json.loads(given.out.read_text("utf-8"))]
    else:
        results = measured(given)
        given.out.write_text(json.dumps([one._asdict() for one in results], indent=1) + "\n", "utf-8")
    rows = [row for preset in dict.fromkeys(one.preset for one in results) for row in film_rows(results, preset)]
    print("\n" + film_table(rows))
    if given.keep:
        given.keep.write_text(page(results, rows, given.frames), "utf-8")


def measured(given: argparse.Namespace) -> list[Result]:
    """Every sample encoded every way, printed as it is measured."""
    context, results = film_in(given.data), list[Result]()
    given.out.parent.mkdir(parents=True, exist_ok=True)
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
    return results


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


def film_rows(results: Sequence[Result], preset: str) -> list[Row]:
    """The whole film with a preset at each quality, and at that whose mean VMAF is the goal if it lies between."""
    rows = []
    for crf in sorted({one.crf for one in results}):
        mine = [one for one in results if one.preset == preset and one.crf == crf]
        weights, lowest = [one.share for one in mine], min(mine, key=lambda one: one.vmaf)
        vmaf, banding, cpu, rate = (
            float(np.average([getattr(one, name) for one in mine], weights=weights))
            for name in ("vmaf", "banding", "cpu_ms", "mbit_s")
        )
        kind, worst = f"{lowest.vmaf:.1f} {lowest.sample}", min(one.lowest for one in mine)
        rows.append(Row(preset, crf, vmaf, kind, worst, banding, cpu, rate))
    crfs, vmafs, *others = (
        np.array([getattr(row, name) for row in rows], float)
        for name in ("crf", "vmaf", "worst", "banding", "cpu_ms", "mbit_s")
    )
    if vmafs.max() >= GOAL >= vmafs.min():
        goal = float(np.interp(GOAL, vmafs[::-1], crfs[::-1]))
        worst, banding, cpu, rate = (float(np.interp(goal, crfs, column)) for column in others)
        rows.append(Row(preset, goal, GOAL, "interpolated", worst, banding, cpu, rate))
    return rows


def film_table(rows: Sequence[Row]) -> str:
    """The rows as a table."""
    head = ["preset", "CRF", "VMAF", "lowest kind", "worst picture", "banding", "ms a picture", "Mbit/s"]
    told = []
    for one in rows:
        quality = (f"{one.vmaf:.2f}", one.lowest_kind, f"{one.worst:.1f}", f"{one.banding:.2f}")
        told.append([one.preset, f"{one.crf:.3g}", *quality, f"{one.cpu_ms:.1f}", f"{one.mbit_s:.2f}"])
    return _table(head, told)


def page(results: Sequence[Result], rows: Sequence[Row], frames: int) -> str:
    """Both tables as a page: the film, and each kind with the preset that films are made with."""
    used = PICTURE["preset"]
    crfs = sorted({one.crf for one in results})
    by_kind: dict[str, list[Result]] = {}
    for one in sorted((one for one in results if one.preset == used), key=lambda one: one.crf):
        by_kind.setdefault(one.sample, []).append(one)
    kinds = [
        [name, f"{100 * found[0].share:.1f} %", *(f"{one.vmaf:.1f}" for one in found)]
        + [f"{one.banding:.2f}" for one in found]
        for name, found in by_kind.items()
    ]
    heads = ["kind", "share", *(f"VMAF at {crf}" for crf in crfs), *(f"banding at {crf}" for crf in crfs)]
    variants = "\n".join(f"- `{name}`: {preset} with `{more[1:]}`" for name, (preset, more) in VARIANTS.items())
    return f"""# Encoder settings, measured

Written by `PYTHONPATH=. .venv/bin/python benchmarks/bench_encoders.py --keep benchmarks/encoders.md`;
[decision 17](../docs/adr/0017-superfast-at-crf-19.md) says what was chosen by it. VMAF, and CAMBI for banding, are
libvmaf's against the uncompressed composite, on every third of {frames} pictures of each kind of shot. Processor
milliseconds are those of one thread, reading the composite included; they belong to the machine and to what else ran on
it, so rows are to be compared and not tables.

{variants}

## The film, its kinds weighed by their frames

{film_table(rows)}

## Each kind of shot with {used}

{_table(heads, kinds)}
"""


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *rows))


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
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--known", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()
