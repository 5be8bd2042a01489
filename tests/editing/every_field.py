"""Films in which one field is another than in the rich ones: of the plan, of what is planned of, of a clip's facts."""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any, NamedTuple

from agencies.agency import Agency
from editing.documentary import RenderContext
from editing.edits import Edits
from editing.timeline import CardShot, Cue, LowerThird, PhotoShot, Shot, Timeline, VideoShot
from ingest.clip import Clip, Kind
from ingest.graph import TURNS
from kit.timing import FILM_RATE
from storyboards.checks import check_meaning
from storyboards.storyboard import Storyboard

from . import rich_film
from .altering import Change, alterations
from .clips import measured
from .rich_film import AGENCY


class Film(NamedTuple):
    """A film after one change."""

    name: str
    field: str
    context: RenderContext


def coherent(timeline: Timeline, clips: dict[str, Clip]) -> bool:
    """Whether a plan is one that planning could make: shots tile it, footage is there, captions come in turn."""
    edges = [0, *(shot.end for shot in timeline.shots)]
    if [shot.start for shot in timeline.shots] != edges[:-1] or edges[-1] != timeline.frames:
        return False
    rows: tuple[tuple[Cue | LowerThird, ...], ...] = (timeline.cues, timeline.lower_thirds)
    if not all(0 <= one.start < one.end <= timeline.frames for row in rows for one in row):
        return False
    in_turn = all(one.end < other.start for row in rows for one, other in pairwise(row))
    # Music is no voice: the two would be one branch of the mix.
    heard = {one.file for one in timeline.speech} | {one.file for one in timeline.sounds}
    played = {timeline.music} - {None}
    sounding = all(name in clips and clips[name].sound for name in heard | played) and not heard & played
    said = all(cue.lines for cue in timeline.cues)
    return in_turn and sounding and said and timeline.rate == FILM_RATE and _shown(timeline.shots, clips)


def _shown(shots: Iterable[Shot], clips: dict[str, Clip]) -> bool:
    for shot in shots:
        if isinstance(shot, CardShot):
            # The frames of a reveal belong to the card's phrases, and two kinds of cards have a place for the seal.
            sealed = shot.seal is None or shot.kind in ("opening", "end")
            if not sealed or not shot.lines or not all(shot.lines) or len(shot.reveal) not in (0, len(shot.lines)):
                return False
            continue
        clip = clips.get(shot.file)
        if clip is None or clip.kind is not (Kind.PHOTO if isinstance(shot, PhotoShot) else Kind.VIDEO):
            return False
        if isinstance(shot, VideoShot):
            last = clip.frames - (shot.end - shot.start) - 8
            edges = [edge for damped in shot.damped for edge in damped]
            if not 0 <= shot.source_start <= last or edges != sorted(set(edges)):
                return False
    return True


def cuts(timeline: Timeline) -> Iterator[Change]:
    """Every cut of the film a frame later, and the film a frame longer."""
    for number, (one, other) in enumerate(pairwise(timeline.shots)):
        moved = (one.model_copy(update={"end": one.end + 1}), other.model_copy(update={"start": other.start + 1}))
        shots = (*timeline.shots[:number], *moved, *timeline.shots[number + 2 :])
        for field in (f"{type(one).__name__}.end", f"{type(other).__name__}.start"):
            yield Change(f"cut {number}", field, timeline.model_copy(update={"shots": shots}))
    last = timeline.shots[-1].model_copy(update={"end": timeline.frames + 1})
    longer = {"shots": (*timeline.shots[:-1], last), "frames": timeline.frames + 1}
    yield Change("frames", "Timeline.frames", timeline.model_copy(update=longer))
    fewer = timeline.model_copy(update={"shots": timeline.shots[:-1], "frames": timeline.shots[-1].start})
    yield Change("shots.less", "Timeline.shots", fewer)


def later(timeline: Timeline) -> Timeline:
    """The same film after ten more frames of its first card."""

    def moved(value: Any) -> Any:
        return value.model_copy(update={"start": value.start + 10, "end": value.end + 10})

    spans = ("cues", "lower_thirds", "speech", "sounds", "music_steps", "beats")
    first = timeline.shots[0].model_copy(update={"end": timeline.shots[0].end + 10})
    shots = (first, *map(moved, timeline.shots[1:]))
    shifted = {name: tuple(map(moved, getattr(timeline, name))) for name in spans}
    return timeline.model_copy(update={"frames": timeline.frames + 10, "shots": shots, **shifted})


def made_films() -> Iterator[Film]:
    """The film made by hand with each field of its timeline and of the agency changed."""
    base = rich_film.film()
    clips = base.by_name
    for change in (*alterations(base.timeline, lambda one: coherent(one, clips)), *cuts(base.timeline)):
        yield Film(change.path, change.field, base.model_copy(update={"timeline": change.value}))
    for change in alterations(AGENCY):
        yield Film(f"agency.{change.path}", change.field, base.model_copy(update={"agency": change.value}))


def sound_storyboard(storyboard: Storyboard) -> bool:
    """Whether a storyboard could be saved."""
    dumped: dict[object, object] = dict(storyboard.model_dump(mode="json", by_alias=True).items())
    return not check_meaning(dumped)


class Decided(NamedTuple):
    """What a film is planned of after one change."""

    name: str
    field: str
    storyboard: Storyboard
    agency: Agency
    edits: Edits


def decided() -> Iterator[Decided]:
    """What the planned film is made of with each field of storyboard, agency and edits changed."""
    template, edits = rich_film.storyboard(), rich_film.edits()
    for change in alterations(template, sound_storyboard):
        yield Decided(change.path, change.field, change.value, AGENCY, edits)
    for change in alterations(AGENCY):
        yield Decided(f"agency.{change.path}", change.field, template, change.value, edits)
    for change in alterations(edits):
        yield Decided(f"edits.{change.path}", change.field, template, AGENCY, change.value)


def readable(clip: Clip) -> bool:
    """Whether there is a way to conform what a clip says it is."""
    picture = clip.picture
    return (
        picture is not None
        and picture.rotation in TURNS
        and picture.interlaced in ("progressive", "tff")
        and picture.transfer in ("sdr", "hlg")
        and picture.matrix in ("bt709", "bt601")
    )


def with_other_facts() -> Iterator[Film]:
    """The film made by hand with each fact of its clips changed; most are not the file's, and cannot be rendered."""
    base = rich_film.film()
    analysed = {"analysis": measured(2, cuts=(90,), flashes=[(60, 100)], faces=(1,)), "faces": (0.5, 0.4)}
    used = {*(getattr(shot, "file", "") for shot in base.timeline.shots), "promise.wav", "music.ogg"}
    for number, clip in enumerate(base.clips):
        if clip.file not in used:
            continue
        whole = clip.model_copy(update=analysed) if clip.file == "leader.mp4" else clip
        for change in alterations(whole, readable):
            if change.field not in ("Clip.file", "Clip.kind"):
                clips = (*base.clips[:number], change.value, *base.clips[number + 1 :])
                name = f"{clip.file}.{change.path}"
                yield Film(name, change.field, base.model_copy(update={"clips": clips}))
