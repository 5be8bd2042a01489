"""How the music gives way to speech: a curve drawn from the plan, which knows every word before it comes. Pure."""

from editing.levels import Ramp
from editing.timeline import SpeechSpan, Timeline

ATTACK, RELEASE = 6, 18
"""Frames in which the music goes down and comes up again."""
AHEAD = 3
"""Frames before the first word at which it is down already."""
SHORTEST_RISE = 75
"""Frames without speech from which it comes up at all; shorter, it would pump."""

DUCK_DB = -12.0
"""How much lower the music is while someone speaks than where nobody does."""
UNDER_SPEECH_DB = -20.0
"""How far below the speech it is held at least (WCAG 1.4.7 asks for 20 dB)."""
SILENT_DB = -60.0
"""What makes music inaudible, where it is to play between speech only."""
STEP = 30
"""Frames in which the music goes down for a beat and comes up after it."""


def duck_db(timeline: Timeline) -> float:
    """Decibels by which speech lowers the music of this film."""
    if timeline.music_style == "between":
        return SILENT_DB
    return min(DUCK_DB, UNDER_SPEECH_DB - timeline.music_gain_db)


def ducking(timeline: Timeline) -> tuple[Ramp, ...]:
    """The music's changes of level in film order; before the first it is at its own level."""
    by = duck_db(timeline)
    ramps: list[Ramp] = []
    for start, end in spoken_stretches(timeline.speech):
        down = start - AHEAD - ATTACK
        ramps += [Ramp(down, down + ATTACK, by), Ramp(end, end + RELEASE, -by)]
    for step in timeline.music_steps:
        ramps += [Ramp(step.start - STEP, step.start, step.by_db), Ramp(step.end, step.end + STEP, -step.by_db)]
    return tuple(ramps)


def spoken_stretches(speech: tuple[SpeechSpan, ...]) -> tuple[tuple[int, int], ...]:
    """Frames in which the music stays down: spans of speech with the short silences between them."""
    found: list[tuple[int, int]] = []
    for span in sorted(speech, key=lambda one: one.start):
        if found and span.start - found[-1][1] < SHORTEST_RISE:
            found[-1] = (found[-1][0], max(found[-1][1], span.end))
        else:
            found.append((span.start, span.end))
    return tuple(found)
