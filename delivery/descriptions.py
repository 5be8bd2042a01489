"""`descriptions.vtt`: what cards and silent pictures show, in words to be heard. Pure: a timeline in, a text out."""

import re
from collections.abc import Iterator

from delivery.captions import card_sentence, clock, escaped, is_read_out
from delivery.file_words import words_of
from delivery.silence import Span, silent_runs
from editing.timeline import CardShot, PhotoShot, Timeline, VideoShot


def descriptions(timeline: Timeline) -> str:
    """WebVTT of kind descriptions: cards that no voice reads out, and what silent pictures show, clear of speech."""
    rows = [*_card_rows(timeline), *_picture_rows(timeline)]
    blocks = ["WEBVTT"]
    blocks += [f"{clock(span.start)} --> {clock(span.end)}\n{escaped(text)}" for span, text in sorted(rows)]
    return "\n\n".join(blocks) + "\n"


def _card_rows(timeline: Timeline) -> Iterator[tuple[Span, str]]:
    for shot in timeline.shots:
        if isinstance(shot, CardShot) and shot.text.strip() and not is_read_out(timeline, shot):
            free = silent_runs(timeline, Span(shot.start, shot.end))
            yield (
                (max(free, key=lambda run: run.end - run.start) if free else Span(shot.start, shot.end)),
                f"On screen: {card_sentence(shot)}",
            )


def _picture_rows(timeline: Timeline) -> Iterator[tuple[Span, str]]:
    """Neighbouring silent shots of one slot become one description, cut where somebody speaks."""
    titles = {slot.id: slot.title for slot in timeline.slots}
    speaking = {span.file for span in timeline.speech}
    silent = [shot for shot in timeline.shots if not isinstance(shot, CardShot) and shot.file not in speaking]
    group: list[VideoShot | PhotoShot] = []
    for shot in (*silent, None):
        if group and (shot is None or shot.start != group[-1].end or shot.slot != group[-1].slot):
            for run in silent_runs(timeline, Span(group[0].start, group[-1].end)):
                seen = [shot for shot in group if shot.start < run.end and shot.end > run.start]
                yield run, _pictures(seen, titles.get(seen[0].slot, ""))
            group = []
        if shot is not None:
            group.append(shot)


def _pictures(shots: list[VideoShot | PhotoShot], title: str) -> str:
    """What the storyboard asked for there, then what the agency calls the clips, where it calls them anything."""
    names = list(dict.fromkeys(words for shot in shots if (words := words_of(shot.file, shot.slot))))
    kind = "Photos" if isinstance(shots[0], PhotoShot) else "Scenes without speech"
    asked = _told_of(title).rstrip(".:;, ") or kind
    return f"{asked}: {', '.join(names)}." if names else f"{asked}."


def _told_of(title: str) -> str:
    """A slot's title as it is said of a film: it speaks to the agency, whose department the film is about."""
    told = re.sub(r"\b[Yy]our\b", "the", title)
    return told[:1].upper() + told[1:]
