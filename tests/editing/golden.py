"""What was decided of a film, written so that a difference tells an editor what has changed.

`.venv/bin/python -m tests.editing.golden` writes both files anew, which is done when a change of them is meant: the
plan of a measured project (`golden_plan.json`), and the captions of written scenes (`golden_cues.txt`).
"""

import json
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

from editing.captioning import script
from editing.captions import cues_for
from editing.card_layout import lowest
from editing.layout import LOWER_THIRD_BOTTOM, caption_top
from editing.planning import plan
from editing.spoken_words import SpokenWord
from editing.timeline import CardShot, Cue, Timeline
from kit.timing import nearest_frame
from storyboards.library import load

from .clips import measured_anytown, sentence
from .plan_checks import AGENCY

PLAN, CUES = (Path(__file__).with_name(name) for name in ("golden_plan.json", "golden_cues.txt"))
TRANSCRIPT = Path(__file__).with_name("golden_transcript.txt")

Span = tuple[int, int]


class Scene(NamedTuple):
    """What is said, and what else is seen meanwhile; all in frames."""

    title: str
    words: tuple[SpokenWord, ...]
    walls: tuple[int, ...]
    shots: tuple[int, ...]
    third: Span | None
    card: Span | None
    ground: str


def scenes(text: str) -> Iterator[Scene]:
    """The scenes of a transcript."""
    for block in text.split("\n== ")[1:]:
        title, *rows = block.strip().splitlines()
        told: dict[str, list[str]] = {}
        words: list[SpokenWord] = []
        numbers = count()
        for row in rows:
            if row[0].isdigit():
                words += _spoken(row, next(numbers))
            else:
                key, *values = row.split()
                told[key] = values
        frames = {key: tuple(nearest_frame(float(value)) for value in told.get(key, ())) for key in ("wall", "shot")}
        spans = {key: _span(told[key]) if key in told else None for key in ("third", "card")}
        ground = told.get("ground", ["soft"])[0]
        yield Scene(title, tuple(words), frames["wall"], frames["shot"], spans["third"], spans["card"], ground)


def _span(seconds: Sequence[str]) -> Span:
    first, last = (nearest_frame(float(one)) for one in seconds)
    return first, last


def _spoken(row: str, number: int) -> Iterator[SpokenWord]:
    """The words of one sentence, which share its time by their length."""
    said, _, words = row.partition(": ")
    start, end, speaker = said.split(maxsplit=2)
    for word in sentence(float(start), float(end), words).words:
        first, last = nearest_frame(word.start_s), nearest_frame(word.end_s)
        yield SpokenWord(
            text=word.text, start=first, end=last, voice=speaker, speaker=speaker, sentence=number, said=word.text
        )


def cues_text() -> str:
    """The captions of every scene: when each comes and goes, what it shows, where it stands."""
    text = ["Frames (30 a second), the row of 1080 at which the box begins, and who speaks when that is another now."]
    for scene in scenes(TRANSCRIPT.read_text("utf-8")):
        text += ["", f"== {scene.title}"]
        frames = scene.words[-1].end + 90
        cues = cues_for(scene.words, frames, scene.walls, scene.shots)
        for cue in cues:
            text.append(_head(cue, scene))
            text += [f"        {line}" for line in cue.lines]
        text += _drawn(cues) if scene.ground == "solid" else []
    return "\n".join(text) + "\n"


def _head(cue: Cue, scene: Scene) -> str:
    top = caption_top(len(cue.lines))
    head = f"{cue.start:>4} to {cue.end:<4} row {top}"
    if scene.third and cue.start < scene.third[1] and scene.third[0] < cue.end:
        head += f", {top - LOWER_THIRD_BOTTOM} below the lower third"
    if scene.card and cue.start < scene.card[1] and scene.card[0] < cue.end:
        start, end = scene.card
        card = CardShot(start=start, end=end, kind="promise", lines=("x",), voiced=True)
        head += f", {top - lowest(card)} below the card's words"
    return head + (f", {cue.speaker}" if cue.speaker else "")


def _drawn(cues: Sequence[Cue]) -> list[str]:
    """The style and the events that libass is given."""
    lines = script(cues, "solid").splitlines()
    return [line for line in lines if line.startswith(("Style:", "Dialogue:"))]


def planned() -> Timeline:
    """The film of a measured project."""
    return plan(load("promise"), measured_anytown(), AGENCY, music="music.ogg")


def plan_text() -> str:
    """Its cut: a row for each shot, sound and lower third."""
    timeline = planned()
    shots = [
        [one.start, one.end, one.transition.kind, one.kind]
        if isinstance(one, CardShot)
        else [one.start, one.end, one.transition.kind, one.file, getattr(one, "source_start", 0)]
        for one in timeline.shots
    ]
    sounds: list[list[Any]] = [
        [one.start, one.end, one.file, one.source_start, one.fade_out] for one in timeline.sounds
    ]
    thirds: list[list[Any]] = [[one.start, one.end, one.name] for one in timeline.lower_thirds]
    parts: dict[str, list[list[Any]]] = {"shots": shots, "sounds": sounds, "lower_thirds": thirds}
    rows = (
        f'  "{name}": [\n' + ",\n".join(f"    {json.dumps(row)}" for row in found) + "\n  ]"
        for name, found in parts.items()
    )
    return "{\n" + ",\n".join(rows) + "\n}\n"


if __name__ == "__main__":
    PLAN.write_text(plan_text(), "utf-8")
    CUES.write_text(cues_text(), "utf-8")
