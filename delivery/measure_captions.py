"""The caption lines of the craft, measured on the cues of a film. Pure."""

from collections.abc import Mapping

from delivery.captions import is_read_out
from delivery.delivery import Check, checked, graded
from delivery.descriptions import descriptions
from delivery.silence import Span, overlap, speech_spans
from editing.layout import LOWER_THIRD_BOTTOM, caption_top
from editing.timeline import CardShot, Cue, Timeline

EARLY, LATE = 9, 18
"""Frames a cue may come after or leave before its words and still carry them."""


def caption_checks(timeline: Timeline, speakers: Mapping[str, str]) -> list[Check]:
    """Checks on all cues; `speakers` names the speaker of each file of footage that has one."""
    cues, rate = timeline.cues, float(timeline.rate)
    present = [checked("cues", len(cues), "some wherever somebody speaks", bool(cues) or not timeline.speech)]
    if not cues:
        return [*present, _captioned(timeline), _described(timeline)]
    lengths = [(cue.end - cue.start) / rate for cue in cues]
    speeds = [len(_text(cue)) / max(length, 0.001) for cue, length in zip(cues, lengths, strict=True)]
    calm = sum(speed <= 17 for speed in speeds) / len(speeds)
    pace = sum(len(_text(cue).split()) for cue in cues) / sum(lengths) * 60
    widest = max(len(line) for cue in cues for line in cue.lines)
    tallest = max(len(cue.lines) for cue in cues)
    short, long = min(lengths), max(lengths)
    return [
        *present,
        graded(
            "reading speed, characters a second",
            f"{max(speeds):.1f} at worst, {calm:.0%} of cues at 17 or below",
            ("17 at most for nine cues of ten", calm >= 0.9),
            ("20 at most, 17 for nine of ten", max(speeds) <= 20 and calm >= 0.9),
        ),
        graded("words a minute", round(pace), ("170 at most", pace <= 170), ("200 at most", pace <= 200)),
        graded("longest line, characters", widest, ("37 at most", widest <= 37), ("42 at most", widest <= 42)),
        checked("lines of a cue", tallest, "2 at most", tallest <= 2),
        graded(
            "length of cues s",
            f"{short:.2f} to {long:.2f}",
            ("1.3 to 6", short >= 1.3 and long <= 6),
            ("0.83 to 7", short >= 0.83 and long <= 7),
        ),
        _gaps(timeline),
        checked(
            "cues inside the film",
            f"{cues[0].start} to {cues[-1].end}",
            f"0 to {timeline.frames}",
            cues[0].start >= 0 and cues[-1].end <= timeline.frames,
        ),
        _captioned(timeline),
        _placed(timeline),
        _speakers_marked(timeline, speakers),
        _described(timeline),
    ]


def _text(cue: Cue) -> str:
    return " ".join(cue.lines)


def _gaps(timeline: Timeline) -> Check:
    gaps = [after.start - before.end for before, after in zip(timeline.cues, timeline.cues[1:], strict=False)]
    half = round(timeline.rate / 2)
    goal = all(gap == 2 or gap >= half for gap in gaps)
    value = min(gaps) if gaps else "one cue"
    return graded(
        "gap between cues, frames",
        value,
        ("2, or half a second at least", goal),
        ("2 at least", not gaps or min(gaps) >= 2),
    )


def _captioned(timeline: Timeline) -> Check:
    spans = speech_spans(timeline)
    spoken = sum(span.end - span.start for span in spans)
    shown = [Span(cue.start - EARLY, cue.end + LATE) for cue in timeline.cues]
    joined: list[Span] = []
    for span in shown:
        start = max(span.start, joined[-1].end) if joined else span.start
        if span.end > start:
            joined.append(Span(start, span.end))
    covered = sum(overlap(span, cue) for span in spans for cue in joined)
    share = covered / spoken if spoken else 1.0
    return checked("speech that is captioned, share", round(share, 3), "0.95 at least", share >= 0.95)


def _placed(timeline: Timeline) -> Check:
    """Cues never lie on a card that leaves no room for them, and stand below a lower third."""
    full = [shot for shot in timeline.shots if isinstance(shot, CardShot) and not shot.voiced]
    cards = [Span(shot.start, shot.end) for shot in full]
    thirds = [Span(third.start, third.end) for third in timeline.lower_thirds]
    wrong = 0
    for cue in timeline.cues:
        span = Span(cue.start, cue.end)
        on_card = any(overlap(span, card) for card in cards)
        on_third = caption_top(len(cue.lines)) < LOWER_THIRD_BOTTOM and any(overlap(span, third) for third in thirds)
        wrong += on_card or on_third
    return checked("cues over titles or lower thirds", wrong, "none", wrong == 0)


def _speakers_marked(timeline: Timeline, speakers: Mapping[str, str]) -> Check:
    """The first cue after the speaker changes says who speaks."""
    unmarked, last = 0, None
    for cue in timeline.cues:
        span = Span(cue.start, cue.end)
        heard = max(timeline.speech, key=lambda row: overlap(span, Span(row.start, row.end)), default=None)
        who = speakers.get(heard.file) if heard and overlap(span, Span(heard.start, heard.end)) else None
        if who and who != last:
            unmarked += cue.speaker is None
        last = who or last
    return checked("changes of speaker not marked", unmarked, "none", unmarked == 0)


def _described(timeline: Timeline) -> Check:
    text = descriptions(timeline)
    cards = [shot for shot in timeline.shots if isinstance(shot, CardShot) and shot.text.strip()]
    told = text.count("On screen: ") + sum(is_read_out(timeline, card) for card in cards)
    return checked("cards read out or described", f"{told} of {len(cards)}", "all", told >= len(cards))
