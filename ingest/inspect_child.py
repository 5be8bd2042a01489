"""The part of inspection that touches hostile bytes, a process: `python -m ingest.inspect_child FILE [FOLDER]`.

It prints how many frames it has read now and then, at last one JSON object (`Findings`), and may be killed at any time;
its parent turns that into a verdict. Renditions are written into the folder.
"""

import errno
import os
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np

from ingest.conforming import SHORT_SIDE
from ingest.ending import Table, table_of
from ingest.file_kind import RAW, FileKind, is_raw_photo, kind_of
from ingest.meters import Measures, Meters
from ingest.photo import CUT_SHORT, TOO_LARGE, PhotoFacts, is_photo, open_upright, photo_facts
from ingest.picture_meter import measure_photo
from ingest.probe import Probe
from ingest.reading import read
from ingest.renditions import POSTER
from kit.errors import InputRefused, NoRoom, Outage
from kit.values import Value

PHOTO_SIDE = 1600

EVEN_STEPS, EVEN_SHARE = 2, 0.9
"""A photo of which more than this share lies within so many steps of luma is one even colour,"""
DRAWN = 50.0
"""unless it is sharper than this, as pages with writing are."""


class Findings(Value):
    """What the child found: a code of refusal, or the facts of a photo, or those of a video or sound."""

    refused: str = ""
    outage: str = ""
    """What failed on this machine, which is not the file's fault."""
    no_room: bool = False
    """Whether it failed because a disk is full."""
    seems: FileKind | None = None
    """What an unreadable file seems to be, if that can be told."""
    photo: PhotoFacts | None = None
    facts: Probe | None = None
    measures: Measures = Measures()


def find(path: Path, renditions: Path | None, tell: Callable[[int], None]) -> Findings:
    """Decode and measure a file; `tell` hears how many frames are read. Raises nothing that is the file's fault."""
    try:
        if is_photo(path):
            if is_raw_photo(path):  # it would be read as the thumbnail that stands before it
                return Findings(refused="unreadable", seems=RAW)
            return _find_photo(path, renditions)
        meters = Meters()
        facts = read(path, [meters], renditions, tell)
        measures = meters.finish(facts.frames if facts.picture else None)
        if facts.sound is None:
            measures = measures.model_copy(update={"sound": None})
        if renditions:
            meters.write(renditions)
    except InputRefused as refused:
        return _refused(path, str(refused))
    except Outage as error:
        return Findings(outage=str(error), no_room=isinstance(error, NoRoom))
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return Findings(outage="the disk is full: free some space and try again", no_room=True)
        raise
    return Findings(facts=facts, measures=measures)


def _refused(path: Path, why: str) -> Findings:
    code = {TOO_LARGE: "too_large", CUT_SHORT: "truncated"}.get(why, why if " " not in why else "unreadable")
    if code != "unreadable":
        return Findings(refused=code)
    missing = {Table.CUT_OFF: "truncated", Table.NEVER_WRITTEN: "unfinished"}.get(table_of(path))
    return Findings(refused=missing) if missing else Findings(refused=code, seems=kind_of(path))


def _find_photo(path: Path, renditions: Path | None) -> Findings:
    facts = photo_facts(path)
    upright = open_upright(path, PHOTO_SIDE)
    scale = min(1.0, SHORT_SIDE / min(upright.size))
    upright = upright.resize((max(16, round(upright.width * scale)), max(16, round(upright.height * scale))))
    if renditions:
        upright.save(renditions / POSTER, quality=85)
    luma = (16 + np.asarray(upright.convert("L"), np.float32) * (219 / 255)).astype(np.uint8)
    seen = measure_photo(luma)
    even = float(np.mean(np.abs(luma - np.median(luma)) <= EVEN_STEPS))
    facts = facts.model_copy(update={"blank": even > EVEN_SHARE and seen.sharpness < DRAWN})
    return Findings(photo=facts, measures=Measures(picture=seen))


if __name__ == "__main__":
    # Libraries that talk on the standard output must not spoil the answer.
    answer = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    with answer:
        folder = Path(sys.argv[2]) if len(sys.argv) > 2 else None
        print(
            find(Path(sys.argv[1]), folder, lambda n: print(n, file=answer, flush=True)).model_dump_json(), file=answer
        )
