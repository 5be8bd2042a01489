"""Cutting a timeline into segments: independent, short runs of frames that are encoded on their own and joined again.

A segment says what is seen, counted from its own first frame, so that the same pictures at another place in another
film are the same segment. Pure values and decisions; nothing here knows FFmpeg.
"""

from collections.abc import Iterable
from typing import Literal

from editing.timeline import Cue, LowerThird, Shot, Through, Timeline, Transition, VideoShot
from kit.values import Value

LONGEST = 150
"""Frames above which a moving shot is split (5 s), so that a small edit renders little and machines share the work."""

AIM = 120
"""Frames that a part of a split shot aims at (4 s)."""

_NO_DIP = Transition()


class Take(Value):
    """Part of a shot: which shot, and how many of its frames have already gone by."""

    shot: Shot
    first: int
    """Frames since the shot's start; past its length when a dissolve still shows the shot's tail."""


class Segment(Value):
    """A run of frames of the film, described from its own first frame."""

    start: int
    """First frame in the film; left out of the fingerprint."""
    frames: int
    take: Take
    dissolve_from: Take | None = None
    """The outgoing shot, when the whole segment is a dissolve into `take`."""
    fade_in: int = 0
    """Frames that fade from the ground or black at the segment's start (dip)."""
    fade_in_from: Through = "ground"
    fade_out: int = 0
    """Frames that fade to the ground or black at the segment's end (dip)."""
    fade_out_to: Through = "ground"
    lower_third: LowerThird | None = None
    """With start and end counted from the segment's first frame; start may be negative."""
    cues: tuple[Cue, ...] = ()
    """With start and end counted from the segment's first frame, clipped to it."""
    captions: Literal["soft", "solid"] = "soft"
    """The ground of its cues."""

    @property
    def through_ground(self) -> tuple[str, ...]:
        """Which of `fade_in` and `fade_out` go through the ground of the cards."""
        fades = ("fade_in", self.fade_in, self.fade_in_from), ("fade_out", self.fade_out, self.fade_out_to)
        return tuple(part for part, frames, through in fades if frames and through == "ground")


def split(timeline: Timeline) -> tuple[Segment, ...]:
    """Tile the film with segments: every shot body, every dissolve; long moving shots split at gaps between cues."""
    segments: list[Segment] = []
    for index, shot in enumerate(timeline.shots):
        following = timeline.shots[index + 1] if index + 1 < len(timeline.shots) else None
        body = shot.start
        if shot.transition.kind == "dissolve" and shot.transition.frames and index > 0:
            body = min(shot.start + shot.transition.frames, shot.end)
            before = timeline.shots[index - 1]
            outgoing = Take(shot=before, first=before.end - before.start)
            segments.append(_segment(timeline, shot, shot.start, body, outgoing=outgoing))
        dip_in, dip_out = _dip(shot), _dip(following)
        for start, end in _parts(timeline, shot, body, dip_in.frames, dip_out.frames):
            came, goes = dip_in if start == shot.start else _NO_DIP, dip_out if end == shot.end else _NO_DIP
            segments.append(_segment(timeline, shot, start, end, dip_in=came, dip_out=goes))
    return tuple(segments)


def _dip(shot: Shot | None) -> Transition:
    """The dip that a shot begins with."""
    return shot.transition if shot and shot.transition.kind == "dip" else _NO_DIP


def _parts(timeline: Timeline, shot: Shot, body: int, dip_in: int, dip_out: int) -> Iterable[tuple[int, int]]:
    """Frame ranges that a shot's body is rendered in; dips are never cut through."""
    if body >= shot.end:
        return
    if not isinstance(shot, VideoShot) or shot.end - body <= LONGEST:
        yield body, shot.end
        return
    lowest, highest = body + max(dip_in, AIM // 2), shot.end - max(dip_out, AIM // 2)
    start = body
    while shot.end - start > LONGEST:
        aim = start + AIM
        gaps = [gap for gap in _gaps(timeline) if max(lowest, start + AIM // 2) <= gap <= min(highest, start + LONGEST)]
        cut = min(gaps, key=lambda gap: abs(gap - aim)) if gaps else min(aim, highest)
        if cut <= start:
            break
        yield start, cut
        start = cut
    yield start, shot.end


def _gaps(timeline: Timeline) -> list[int]:
    """Frames at which no caption is on screen, one for each gap, and where lower thirds come and go."""
    edges = [(cue.end + following.start) // 2 for cue, following in zip(timeline.cues, timeline.cues[1:], strict=False)]
    return sorted({*edges, *(third.end for third in timeline.lower_thirds)})


def _segment(
    timeline: Timeline,
    shot: Shot,
    start: int,
    end: int,
    *,
    outgoing: Take | None = None,
    dip_in: Transition = _NO_DIP,
    dip_out: Transition = _NO_DIP,
) -> Segment:
    third = next((third for third in timeline.lower_thirds if third.start < end and third.end > start), None)
    cues = tuple(
        cue.model_copy(update={"start": max(cue.start, start) - start, "end": min(cue.end, end) - start})
        for cue in timeline.cues
        if cue.start < end and cue.end > start
    )
    return Segment(
        start=start,
        frames=end - start,
        take=Take(shot=shot, first=start - shot.start),
        dissolve_from=outgoing,
        fade_in=dip_in.frames,
        fade_in_from=dip_in.through,
        fade_out=dip_out.frames,
        fade_out_to=dip_out.through,
        lower_third=third and third.model_copy(update={"start": third.start - start, "end": third.end - start}),
        cues=cues,
        captions=timeline.captions if cues else "soft",
    )


def uncaptioned(segment: Segment) -> Segment:
    """The same segment as the clean film shows it."""
    return segment.model_copy(update={"cues": (), "captions": "soft"})
