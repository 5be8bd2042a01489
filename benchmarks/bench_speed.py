"""The same film by us, MoviePy, one FFmpeg graph, melt and a plain transcode: seconds, memory, ratios, likeness.

`bench_speed.py [--footage DIR] [--only ours,floor,...] [--moviepy-share 0.1] [--workers-every 2] [--out DIR]`. Parts:
ingest, ours, floor, decode, null, edit, preview, both, graph, melt, moviepy, workers, alike. What was measured before
stays in `DIR/speed.json` and is used for the ratios, so a long run may be done in pieces; figures of one table should
come from one run on a calm machine.
"""

import argparse
import json
import os
import time
from pathlib import Path
from typing import Any

from benchmarks.alike import facts, liken, sampled, shown_at
from benchmarks.peer_moviepy import piece_middles
from benchmarks.speed_parts import PARTS, ROOT, Place, moviepy, workers

BESIDE = ROOT.parent / "shared" / "footage" / "anytown"
PEERS = ("floor", "graph", "melt", "moviepy")

Table = dict[str, dict[str, Any]]


def main() -> None:
    """Measure the parts asked for, then print all that is known."""
    given = _arguments()
    place = Place(given.out.resolve(), given.footage.resolve())
    place.folder.mkdir(parents=True, exist_ok=True)
    kept = place.folder / "speed.json"
    table: Table = json.loads(kept.read_text("utf-8")) if kept.exists() else {}
    wanted = given.only.split(",") if given.only else [*PARTS, "workers", "moviepy", "alike"]
    if unknown := set(wanted) - {*PARTS, "workers", "moviepy", "alike"}:
        raise SystemExit(f"there is no part called {', '.join(sorted(unknown))}")
    if not place.ingested.exists() and "ingest" not in wanted:
        wanted = ["ingest", *wanted]
    for part in wanted:
        print(f"{part} …", flush=True)
        table |= _measured(part, place, given)
        kept.write_text(json.dumps(table, indent=1) + "\n", "utf-8")
    report(table)


def _measured(part: str, place: Place, given: argparse.Namespace) -> Table:
    """One part's figures by their names in the table."""
    when = {"at": time.strftime("%Y-%m-%d %H:%M"), "load": round(os.getloadavg()[0], 1)}
    if part == "alike":
        return {"alike": compared(place, given.moviepy_share)}
    if part == "workers":
        costs = {f"workers-{n}": workers(place, n, given.workers_every) for n in (1, 2)}
        return {name: cost._asdict() | when | {"every": given.workers_every} for name, cost in costs.items()}
    if part == "moviepy":
        share = given.moviepy_share
        cost = moviepy(place, share)
        whole = cost._replace(wall_s=cost.wall_s / share, cpu_s=cost.cpu_s / share)
        return {"moviepy": whole._asdict() | when | {"share": share}}
    found = PARTS[part](place)
    return {part: found._asdict() | when} if found else {}


def compared(place: Place, share: float) -> dict[str, Any]:
    """Each peer's film held against ours; MoviePy's is a `share` of it."""
    parts = list(place.material().parts())
    frames, seconds = facts(place.ours)
    found: dict[str, Any] = {"ours": {"frames": frames, "seconds": seconds}}
    for peer in PEERS:
        film = place.film(peer)
        if not film.exists():
            continue
        count, length = facts(film)
        told: dict[str, Any] = {"frames": count, "seconds": length}
        part_of_it = peer == "moviepy" and share < 1
        places = piece_middles(frames, share) if part_of_it else {at: at for at in sampled(parts)}
        if count == (round(frames * share) if part_of_it else frames):
            scores = liken(place.ours, film, places).ssim
            told["ssim"] = {shown_at(parts, at): score for at, score in scores.items()}
        found[peer] = told
    return found


def report(table: Table) -> None:
    """Print costs, ratios against their goals, and likeness."""
    head = f"{'part':<12}{'wall s':>9}{'CPU s':>9}{'tree MiB':>10}{'FFmpeg MiB':>12}{'largest MiB':>13}  load, notes"
    print(f"\n{head}")
    for name, row in table.items():
        if name != "alike":
            memory = f"{row['tree_mib']:>10.0f}{row['ffmpeg_mib']:>12.0f}{row['largest_mib']:>13.0f}"
            share = f", from {row['share']:.0%} of the film" if row.get("share", 1) < 1 else ""
            print(f"{name:<12}{row['wall_s']:>9.1f}{row['cpu_s']:>9.1f}{memory}  {row['load']}{share}")
    print(f"\n{'ratio':<66}{'goal':>8}{'wall':>8}{'CPU':>8}")
    for name, goal, above, below in RATIOS:
        if all(part in table for part in (*above, *below)):
            wall, cpu = (_sum(table, above, key) / _sum(table, below, key) for key in ("wall_s", "cpu_s"))
            print(f"{name:<66}{goal:>8}{wall:>8.2f}{cpu:>8.2f}")
    if {"ours", "floor", "null", "decode"} <= table.keys():
        encode = table["floor"]["cpu_s"] - table["decode"]["cpu_s"]
        name, share = "ours / (graphs to null + the floor's encode without its decode)", table["ours"]["cpu_s"]
        print(f"{name:<66}{'<= 1.1':>8}{'':>8}{share / (table['null']['cpu_s'] + encode):>8.2f}")
    if {"ours", "floor"} <= table.keys():
        name, memory = "memory: one render process / plain transcode", table["ours"]["ffmpeg_mib"]
        print(f"{name:<66}{'<= 1.5':>8}{memory / table['floor']['ffmpeg_mib']:>8.2f}  (MiB)")
    for peer, told in table.get("alike", {}).items():
        scores = sorted(told.get("ssim", {}).items(), key=lambda pair: pair[1])
        print(f"\n{peer}: {told['frames']} frames, {told['seconds']:.3f} s")
        if scores:
            middle = scores[len(scores) // 2][1]
            print(
                f"  SSIM median {middle:.3f}; lowest: " + ", ".join(f"{name} {score:.3f}" for name, score in scores[:6])
            )


RATIOS = (
    ("MoviePy / ours", ">= 12", ("moviepy",), ("ours",)),
    ("melt / ours", ">= 2", ("melt",), ("ours",)),
    ("one filter graph / ours", ">= 1.4", ("graph",), ("ours",)),
    ("ours / floor", "<= 1.4", ("ours",), ("floor",)),
    ("ours / (graphs to null + the floor's transcode)", "", ("ours",), ("null", "floor")),
    ("both films / open film", "<= 1.6", ("both",), ("ours",)),
    ("one-word edit / cold", "<= 0.12", ("edit",), ("ours",)),
    ("preview / cold", "<= 0.25", ("preview",), ("ours",)),
    ("render phase: one worker on one core / two on one each", ">= 1.9", ("workers-1",), ("workers-2",)),
)
"""Name, goal, and the parts above and below the line."""


def _sum(table: Table, parts: tuple[str, ...], key: str) -> float:
    return float(sum(table[part][key] for part in parts))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    footage = Path(os.environ.get("PROMISEREEL_BENCH_FOOTAGE", BESIDE))
    parser.add_argument("--footage", type=Path, default=footage)
    parser.add_argument("--only", default="")
    parser.add_argument("--moviepy-share", type=float, default=0.1)
    parser.add_argument("--workers-every", type=int, default=2)
    parser.add_argument("--out", type=Path, default=Path("out/bench"))
    return parser.parse_args()


if __name__ == "__main__":
    main()
