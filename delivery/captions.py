"""Captions and transcript of a planned film as text. Pure: a timeline in, file contents out."""

import html
import re
from collections.abc import Iterator

from editing.timeline import CardShot, Cue, Timeline
from kit.timing import frames_to_seconds

NEW_PARAGRAPH_FRAMES = 90
"""A pause this long starts a new paragraph of the transcript."""


def clock(frame: int, comma: bool = False) -> str:
    """When a frame starts as `HH:MM:SS.mmm` (WebVTT), or with a comma (SubRip)."""
    thousandths = round(frames_to_seconds(frame) * 1000)
    seconds, part = divmod(thousandths, 1000)
    minutes, second = divmod(seconds, 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{second:02}{',' if comma else '.'}{part:03}"


def srt(timeline: Timeline) -> str:
    """The captions as SubRip, lines exactly as burned in."""
    blocks = [
        f"{number}\n{clock(cue.start, comma=True)} --> {clock(cue.end, comma=True)}\n" + "\n".join(_lines(cue))
        for number, cue in enumerate(timeline.cues, start=1)
    ]
    return "\n\n".join(blocks) + "\n" if blocks else ""


def vtt(timeline: Timeline) -> str:
    """The captions as WebVTT; a speaker shown at the head of a cue becomes its voice."""
    blocks = ["WEBVTT"]
    blocks += [f"{clock(cue.start)} --> {clock(cue.end)}\n" + "\n".join(_voiced(cue)) for cue in timeline.cues]
    return "\n\n".join(blocks) + "\n"


def transcript(timeline: Timeline) -> str:
    """Plain text to read: who says what and what the cards show, in the film's order."""
    roles = {third.name: third.role for third in timeline.lower_thirds}
    rows: list[tuple[int, str]] = [
        (shot.start, f"[On screen: {card_sentence(shot)}]") for shot in timeline.shots if isinstance(shot, CardShot)
    ]
    rows += [(start, f"{_named(speaker, roles)}{text}") for start, speaker, text in _paragraphs(timeline)]
    return "\n\n".join(f"{_minutes(start)}  {text}" for start, text in sorted(rows)) + "\n"


def spoken_text(cue: Cue) -> str:
    """What is said in a cue, on one line, without the speaker's name or the dash at its head."""
    text = " ".join(_lines(cue)).removeprefix("- ")
    head = _speaker_head(cue, text)
    return text[len(head) :].strip()


def is_read_out(timeline: Timeline, card: CardShot) -> bool:
    """Whether a voice says all that a card shows, in its words and in one go."""
    if not card.voiced:
        return False
    said = " ".join(spoken_text(cue) for cue in timeline.cues if card.start <= cue.start < card.end)
    return f" {_bare(card.text)} " in f" {_bare(said)} "


def _bare(text: str) -> str:
    """Words without case and punctuation."""
    return " ".join(re.findall(r"[^\W_]+", text.casefold()))


def card_sentence(card: CardShot) -> str:
    """A card's lines to be read aloud: a stop after each, but within the Promise, which is one sentence."""
    lines = [" ".join(line.split()) for line in card.lines if line.strip()]
    if card.kind == "promise":
        return " ".join(lines)
    if card.kind == "quote":
        words, *by = lines
        return f"“{words}” {', '.join(by)}."
    return " ".join(line if line[-1] in ".!?:;," else f"{line}." for line in lines)


def _lines(cue: Cue) -> list[str]:
    return [line.strip() for line in cue.lines if line.strip()]


def _speaker_head(cue: Cue, text: str) -> str:
    """The `Name: ` a cue's text begins with, as shown, or nothing."""
    if cue.speaker and text.casefold().startswith(f"{cue.speaker}:".casefold()):
        return text[: len(cue.speaker) + 1]
    return ""


def _voiced(cue: Cue) -> list[str]:
    first, *rest = _lines(cue) or [""]
    head = _speaker_head(cue, first)
    if head and first != head and not set("<>&") & set(head):
        return [f"<v {head[:-1]}>{escaped(first[len(head) :].strip())}", *map(escaped, rest)]
    return [escaped(line) for line in (first, *rest)]


def escaped(text: str) -> str:
    """Text safe in WebVTT; an ampersand no reader could take for an entity stays as it is, as in the SubRip file."""
    bare = text if html.unescape(text) == text else text.replace("&", "&amp;")
    return bare.replace("<", "&lt;").replace("-->", "--&gt;")


def _paragraphs(timeline: Timeline) -> Iterator[tuple[int, str | None, str]]:
    """Start frame, speaker (None while the same goes on) and words of each paragraph."""
    start, speaker, words = 0, None, []  # type: int, str | None, list[str]
    last_end = 0
    for cue in timeline.cues:
        if words and (cue.speaker or cue.start - last_end > NEW_PARAGRAPH_FRAMES):
            yield start, speaker, " ".join(words)
            words = []
        if not words:
            start, speaker = cue.start, cue.speaker
        words.append(spoken_text(cue))
        last_end = cue.end
    if words:
        yield start, speaker, " ".join(words)


def _named(speaker: str | None, roles: dict[str, str]) -> str:
    if not speaker:
        return ""
    role = next((role for name, role in roles.items() if name.casefold() == speaker.casefold() and role), "")
    return f"{speaker}, {role}: " if role else f"{speaker}: "


def _minutes(frame: int) -> str:
    seconds = int(frames_to_seconds(frame))
    return f"{seconds // 60:02}:{seconds % 60:02}"
