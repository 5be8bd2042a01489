"""The film as lanes of a timeline: what is seen and what is heard of people, frame by frame. Pure."""

from collections.abc import Mapping
from typing import Literal

from editing.timeline import CardShot, Timeline, VideoShot
from kit.values import Value


class Seen(Value):
    """One picture of the film: a part of a clip, a photo or a card."""

    what: Literal["video", "photo", "card"]
    at: int
    """The frame of the film it begins at."""
    until: int
    clip: str = ""
    """SHA-256 of the clip's bytes, hex; empty for a card."""
    start: int = 0
    """The first frame of the clip that is seen."""


class Heard(Value):
    """A stretch in which somebody is heard."""

    role: Literal["speech", "narration"]
    at: int
    until: int
    clip: str
    start: int
    """The frame of the clip it begins at."""


class Lanes(Value):
    """The whole film; what is seen tiles it."""

    frames: int
    seen: tuple[Seen, ...]
    heard: tuple[Heard, ...]


def lanes(timeline: Timeline, digests: Mapping[str, str]) -> Lanes:
    """The lanes of a timeline; `digests` are those of its clips by their file names."""
    seen = []
    for shot in timeline.shots:
        if isinstance(shot, CardShot):
            seen.append(Seen(what="card", at=shot.start, until=shot.end))
            continue
        start = shot.source_start if isinstance(shot, VideoShot) else 0
        seen.append(Seen(what=shot.shot, at=shot.start, until=shot.end, clip=digests.get(shot.file, ""), start=start))
    heard = [
        Heard(role=one.role, at=one.start, until=one.end, clip=digests.get(one.file, ""), start=one.source_start)
        for one in timeline.sounds
    ]
    return Lanes(frames=timeline.frames, seen=tuple(seen), heard=tuple(heard))
