"""The part of inspection that touches hostile bytes, a process of its own: `python -m ingest.inspect_child FILE`.

It prints one JSON object (`Findings`) and may be killed at any time; its parent turns that into a verdict.
"""

import os
import sys
from pathlib import Path

import numpy as np

from ingest.measure import Measures, PictureMeter
from ingest.photo import TOO_LARGE, is_photo, open_upright, photo_facts
from ingest.probe import Probe, probe
from kit.errors import InputRefused
from kit.values import Value

PHOTO_SIDE = 1600


class Findings(Value):
    """What the child found: a code of refusal, or a photo's size, or the facts of a video or sound."""

    refused: str = ""
    photo: tuple[int, int] | None = None
    has_place: bool = False
    facts: Probe | None = None
    measures: Measures = Measures()


def find(path: Path) -> Findings:
    """Decode and measure a file. Raises nothing that is the file's fault."""
    try:
        if is_photo(path):
            return _find_photo(path)
        meter = PictureMeter()
        facts = probe(path, meter)
    except InputRefused as refused:
        if str(refused) == TOO_LARGE:
            return Findings(refused="too_large")
        return Findings(refused=str(refused) if " " not in str(refused) else "unreadable")
    return Findings(facts=facts, measures=meter.measures())


def _find_photo(path: Path) -> Findings:
    size, place = photo_facts(path)
    upright = open_upright(path, PHOTO_SIDE).convert("L")
    scale = min(1.0, 540 / min(upright.size))
    upright = upright.resize((max(16, round(upright.width * scale)), max(16, round(upright.height * scale))))
    meter = PictureMeter()
    meter.take(np.asarray(upright, dtype=np.uint8), 0.0)
    return Findings(photo=size, has_place=place, measures=meter.measures())


if __name__ == "__main__":
    # Libraries that talk on the standard output must not spoil the answer.
    answer = os.dup(1)
    os.dup2(2, 1)
    with os.fdopen(answer, "w") as parent:
        parent.write(find(Path(sys.argv[1])).model_dump_json())
