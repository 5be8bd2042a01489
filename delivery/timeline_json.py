"""`timeline.json`: the plan of a finished film for whoever looks at it from outside. Pure."""

import json
from typing import Any

from editing.timeline import CardShot, Timeline, VideoShot


def timeline_json(timeline: Timeline) -> str:
    """The plan as JSON: rate as "30/1", everything else in frames of the film, `start` up to, not including, `end`."""
    plan: dict[str, Any] = {
        "schema": 1,
        "storyboard": timeline.storyboard,
        "rate": f"{timeline.rate.numerator}/{timeline.rate.denominator}",
        "frames": timeline.frames,
        "cards": [_card(shot) for shot in timeline.shots if isinstance(shot, CardShot)],
        "shots": [_shot(shot) for shot in timeline.shots if not isinstance(shot, CardShot)],
        "speech": [span.model_dump(mode="json") for span in timeline.speech],
        "cues": [cue.model_dump(mode="json") for cue in timeline.cues],
        "lower_thirds": [third.model_dump(mode="json") for third in timeline.lower_thirds],
        "sounds": [sound.model_dump(mode="json") for sound in timeline.sounds],
        "music": timeline.music,
        "loudness_lufs": timeline.loudness_lufs,
        "beats": [beat.model_dump(mode="json", exclude_defaults=True) for beat in timeline.beats],
        "edits": timeline.edits.model_dump(mode="json"),
        "unapplied": list(timeline.unapplied),
        "notes": list(timeline.notes),
    }
    return json.dumps(plan, ensure_ascii=False, indent=2) + "\n"


def _card(shot: CardShot) -> dict[str, Any]:
    return {"start": shot.start, "end": shot.end, "kind": shot.kind, "text": shot.text, "lines": list(shot.lines)}


def _shot(shot: Any) -> dict[str, Any]:
    # A photo has no time of its own, so its source starts at 0.
    source = shot.source_start if isinstance(shot, VideoShot) else 0
    return {
        "start": shot.start,
        "end": shot.end,
        "kind": shot.shot,
        "file": shot.file,
        "source_start": source,
        "slot": shot.slot,
        "transition": shot.transition.model_dump(mode="json"),
        "why": shot.why,
    }
