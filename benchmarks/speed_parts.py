"""The runs that the speed table is made of; each returns what it cost. All work lies in one folder (`Place`)."""

import multiprocessing
import os
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.film_at_hand import AGENCY, film_in, to_null
from benchmarks.peer_graph import graph_command
from benchmarks.peer_material import Material, lay_out_material
from benchmarks.peer_melt import melt_command, melt_program
from benchmarks.spending import Cost, spend
from editing.documentary import render_pieces
from editing.encoding import PICTURE, SOUND
from editing.render import lay_out
from editing.segments import split
from kit.process import FFMPEG, run_ffmpeg
from pipeline.film_craft import FilmCraft

ROOT = Path(__file__).resolve().parents[1]
KEPT = ("inspections", "renditions")
"""Folders of the data folder in which ingest keeps its measurements."""


class Place(NamedTuple):
    """Where the benchmark works."""

    folder: Path
    footage: Path

    @property
    def ingested(self) -> Path:
        """A data folder that holds ingest's measurements and nothing else."""
        return self.folder / "ingested"

    @property
    def ours(self) -> Path:
        """Our film."""
        return self.folder / "out-ours" / "documentary.mp4"

    def film(self, peer: str) -> Path:
        """A peer's film."""
        return self.folder / f"{peer}.mp4"

    def material(self) -> Material:
        """What the peers are given, laid out when it is not there."""
        return lay_out_material(film_in(self.folder / "data-ours"), self.footage, self.folder / "material")


def make(place: Place, name: str, *more: str, footage: Path | None = None, cold: bool = True) -> Cost:
    """`promisereel make` into `out-NAME` with the data folder `data-NAME`, which is cold unless said otherwise."""
    data, out = place.folder / f"data-{name}", place.folder / f"out-{name}"
    if cold:
        shutil.rmtree(data, ignore_errors=True)
        for kept in KEPT:
            source = place.ingested / "make" / kept
            if source.exists():
                shutil.copytree(source, data / "make" / kept)
    told = ["--footage", str(footage or place.footage), "--agency", AGENCY, "--out", str(out), "--data", str(data)]
    command = [sys.executable, "-m", "api", "make", "--json", *told, *more]
    return spend(command, cwd=ROOT, env=_environment(), log=place.folder / f"{name}.json")


def ingest(place: Place) -> Cost:
    """A first preview in an empty data folder, for the sake of what ingest keeps; the rest of it is thrown away."""
    shutil.rmtree(place.ingested, ignore_errors=True)
    cost = make(place, "ingest", "--preview")
    for kept in KEPT:
        shutil.copytree(place.folder / "data-ingest" / "make" / kept, place.ingested / "make" / kept)
    return cost


def ours(place: Place) -> Cost:
    """The film with captions, cold."""
    return make(place, "ours", "--films", "open", "--workers", "2")


def both(place: Place) -> Cost:
    """Both films, cold."""
    return make(place, "both", "--films", "both", "--workers", "2")


def preview(place: Place) -> Cost:
    """The preview, cold."""
    return make(place, "preview", "--preview", "--workers", "2")


def edit(place: Place) -> Cost:
    """The open film again after one word of one caption has changed: the whole command, everything else kept."""
    footage, data = place.folder / "footage-edit", place.folder / "data-edit"
    for folder in (footage, data):
        shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(place.footage, footage)
    for path in footage.iterdir():
        path.chmod(0o644)
    shutil.copytree(place.folder / "data-ours", data)
    words = footage / "community.srt"
    said = words.read_text("utf-8")
    if "typography" not in said:
        raise SystemExit(f"{words} no longer holds the word that the benchmark changes")
    words.write_text(said.replace("typography", "lithography"), "utf-8")
    return make(place, "edit", "--films", "open", "--workers", "2", footage=footage, cold=False)


def floor(place: Place) -> Cost:
    """A plain transcode of our film with our settings, on as many threads as FFmpeg likes."""
    picture = {name: value for name, value in PICTURE.items() if name != "threads"} | {"movflags": "+faststart"}
    told = [part for name, value in (*picture.items(), *SOUND.items()) for part in (f"-{name}", str(value))]
    return spend(_ffmpeg("-i", str(place.ours), *told, str(place.film("floor"))))


def decode(place: Place) -> Cost:
    """Decoding our film and nothing else: the part of the floor that is no encode."""
    return spend(_ffmpeg("-i", str(place.ours), "-f", "null", "-"))


def null(place: Place) -> Cost:
    """The graphs of all segments with their pictures thrown away, one after the other, drawing included."""
    context, before, began = film_in(place.folder / "data-ours"), _all_cpu(), time.monotonic()
    for segment in split(context.timeline):
        with tempfile.TemporaryDirectory(dir=place.folder) as scratch:
            arguments = lay_out(
                segment,
                context.by_name,
                context.agency,
                lambda name: place.footage / name,
                Path(scratch),
                context.frame,
            )
            run_ffmpeg(to_null(arguments), cwd=Path(scratch))
    return Cost(time.monotonic() - began, _all_cpu() - before, 0, 0, 0)


def graph(place: Place) -> Cost:
    """One FFmpeg command."""
    return spend(_ffmpeg(*graph_command(place.material(), str(place.film("graph")))))


def melt(place: Place) -> Cost | None:
    """MLT's melt; None when it is not installed."""
    if melt_program() is None:
        return None
    # MLT's Qt filters refuse to load where no display is named, although none is needed to draw off screen.
    offscreen = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "DISPLAY": os.environ.get("DISPLAY", ":0")}
    return spend(melt_command(place.material(), str(place.film("melt"))), env=offscreen, log=place.folder / "melt.txt")


def moviepy(place: Place, share: float) -> Cost:
    """MoviePy on a share of the film."""
    material = place.folder / "material.json"
    material.write_text(place.material().model_dump_json(), "utf-8")
    told = [str(material), str(place.film("moviepy")), str(share)]
    # MoviePy writes its sound beside the place where it runs.
    return spend(
        [sys.executable, "-m", "benchmarks.peer_moviepy", *told],
        env=_environment(),
        cwd=place.folder,
        log=place.folder / "moviepy.txt",
    )


def workers(place: Place, count: int, every: int) -> Cost:
    """The render phase alone: every n-th segment encoded and looked at by `count` workers, each held to a core."""
    context = film_in(place.folder / "data-ours")
    chosen = [*enumerate(FilmCraft().pieces(context, ("open",)))][::every]
    waiting: multiprocessing.Queue[int | None] = multiprocessing.Queue()
    # In the order of the ledger: the longest first.
    for number, _ in sorted(chosen, key=lambda piece: -piece[1].frames):
        waiting.put(number)
    for _ in range(count):
        waiting.put(None)
    before, began = _all_cpu(), time.monotonic()
    crew = [multiprocessing.Process(target=_work, args=(place, core, waiting)) for core in _cores(count)]
    for one in crew:
        one.start()
    for one in crew:
        one.join()
    if any(one.exitcode for one in crew):
        raise SystemExit("a worker failed")
    return Cost(time.monotonic() - began, _all_cpu() - before, 0, 0, 0)


def _work(place: Place, core: int, waiting: "multiprocessing.Queue[int | None]") -> None:
    os.sched_setaffinity(0, {core})
    craft, context = FilmCraft(), film_in(place.folder / "data-ours")
    pieces = craft.pieces(context, ("open",))
    with tempfile.TemporaryDirectory(dir=place.folder) as scratch:
        while (number := waiting.get()) is not None:
            path = Path(scratch) / f"{number}.mp4"
            piece = pieces[number]
            render_pieces(context, [piece], place.footage.joinpath, {piece.key: path})
            craft.look_at(piece, path, Path(scratch))
            path.unlink()


def _cores(count: int) -> Sequence[int]:
    here = sorted(os.sched_getaffinity(0))
    if len(here) < count:
        raise SystemExit(f"this machine has {len(here)} cores, {count} are wanted")
    return here[:count]


def _ffmpeg(*told: str) -> list[str]:
    return [FFMPEG(), "-hide_banner", "-v", "error", "-nostdin", "-y", *told]


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}


def _all_cpu() -> float:
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(row.ru_utime + row.ru_stime for row in spent)


PARTS: dict[str, Callable[[Place], Cost | None]] = {
    "ingest": ingest,
    "ours": ours,
    "floor": floor,
    "decode": decode,
    "null": null,
    "edit": edit,
    "preview": preview,
    "both": both,
    "graph": graph,
    "melt": melt,
}
"""In the order in which they are run; MoviePy and the workers take arguments."""
