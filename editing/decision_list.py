"""The decision list of a planned film: its beats, cards, speakers and captions as edits by hand name them. Pure."""

from collections.abc import Iterator, Mapping

from editing.edits import Edits
from editing.timeline import BeatSpan, CardShot, PhotoShot, Timeline, VideoShot
from kit.values import Value


class ListedShot(Value):
    """A part of a clip that a beat shows or has heard, as a cut names it."""

    clip: str
    """SHA-256 of the clip's bytes, hex."""
    file: str
    start: int
    """Its first frame in the clip."""
    end: int
    """One past its last; of a photo how many frames it stands."""
    at: int
    """The frame of the film it begins at."""
    why: str
    """What spoke for it."""


class ListedBeat(Value):
    """A beat with all it shows, or has heard where somebody speaks."""

    slot: str
    nth: int
    at: int
    until: int
    """One past its last frame in the film."""
    shots: tuple[ListedShot, ...]


class ListedCard(Value):
    """A card and its words."""

    card: str
    nth: int
    at: int
    until: int
    lines: tuple[str, ...]
    locked: bool
    """Whether it is the Promise, whose words nobody edits."""


class ListedSpeaker(Value):
    """A lower third and whose it is."""

    clip: str
    file: str
    at: int
    until: int
    name: str
    role: str


class ListedCaption(Value):
    """A caption, and the words of the clip that it shows."""

    number: int
    """Counts the film's captions from 1."""
    at: int
    """The frame of the film it begins at."""
    until: int
    """One past the last frame of the film it is shown at."""
    clip: str
    file: str
    start: int
    """The frame of the clip at which its words begin."""
    end: int
    was: str
    """Its words as they were written down."""
    words: str
    """What it shows."""


class DecisionList(Value):
    """All of a film that an edit can name."""

    beats: tuple[ListedBeat, ...]
    cards: tuple[ListedCard, ...]
    lower_thirds: tuple[ListedSpeaker, ...]
    captions: tuple[ListedCaption, ...]
    music: str | None
    music_db: float
    edits: Edits
    unapplied: tuple[str, ...]


def decision_list(timeline: Timeline, digests: Mapping[str, str]) -> DecisionList:
    """The decision list of a timeline; `digests` are those of its clips by their file names."""
    return DecisionList(
        beats=tuple(
            ListedBeat(
                slot=one.slot,
                nth=one.nth,
                at=one.start,
                until=one.end,
                shots=tuple(_shots(timeline, one, digests)),
            )
            for one in timeline.beats
            if one.slot
        ),
        cards=tuple(_cards(timeline)),
        lower_thirds=tuple(_speakers(timeline, digests)),
        captions=tuple(_captions(timeline, digests)),
        music=timeline.music,
        music_db=timeline.music_gain_db,
        edits=timeline.edits,
        unapplied=timeline.unapplied,
    )


def _shots(timeline: Timeline, beat: BeatSpan, digests: Mapping[str, str]) -> Iterator[ListedShot]:
    """What a beat shows; where somebody speaks what is heard of him, whatever is laid over it."""
    start, end = beat.start, beat.end
    said = [one for one in timeline.sounds if one.role == "speech" and start <= one.start < end]
    for sound in said:
        frames = sound.end - sound.fade_out - sound.start
        shown = (s for s in timeline.shots if isinstance(s, VideoShot) and s.file == sound.file and s.end > sound.start)
        yield ListedShot(
            clip=digests.get(sound.file, ""),
            file=sound.file,
            start=sound.source_start,
            end=sound.source_start + frames,
            at=sound.start,
            why=next((shot.why for shot in shown), ""),
        )
    for shot in timeline.shots if not said else ():
        if isinstance(shot, CardShot) or not start <= shot.start < end:
            continue
        first = shot.source_start if isinstance(shot, VideoShot) else 0
        # Scenes play on over the first words of whoever speaks next; that is no part of their own beat.
        last = first + min(shot.end, end) - shot.start
        assert isinstance(shot, VideoShot | PhotoShot)
        clip = digests.get(shot.file, "")
        yield ListedShot(clip=clip, file=shot.file, start=first, end=last, at=shot.start, why=shot.why)


def _cards(timeline: Timeline) -> Iterator[ListedCard]:
    for span in timeline.beats:
        if span.card:
            shots = [
                shot for shot in timeline.shots if isinstance(shot, CardShot) and span.start <= shot.start < span.end
            ]
            lines = tuple(line for shot in shots[:1] for line in shot.lines)
            locked = span.card == "promise"
            yield ListedCard(card=span.card, nth=span.nth, at=span.start, until=span.end, lines=lines, locked=locked)


def _speakers(timeline: Timeline, digests: Mapping[str, str]) -> Iterator[ListedSpeaker]:
    for third in timeline.lower_thirds:
        shot = next(s for s in timeline.shots if s.start <= third.start < s.end)
        file = shot.file if isinstance(shot, VideoShot) else ""
        words = {"name": third.name, "role": third.role}
        yield ListedSpeaker(clip=digests.get(file, ""), file=file, at=third.start, until=third.end, **words)


def _captions(timeline: Timeline, digests: Mapping[str, str]) -> Iterator[ListedCaption]:
    for number, cue in enumerate(timeline.cues, 1):
        yield ListedCaption(
            number=number,
            at=cue.start,
            until=cue.end,
            clip=digests.get(cue.file, ""),
            file=cue.file,
            start=cue.source[0],
            end=cue.source[1],
            was=cue.was,
            words=" ".join(cue.lines).removeprefix("- "),
        )
