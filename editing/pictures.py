"""The pictures of a film: shots that tile it, inserts over speakers, and how one shot gives way to the next. Pure."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from editing.damping import camera_shots, damped_in
from editing.framing import framing_of
from editing.parts import BrollPart, CardPart, Manner, Part, PhotoPart, SpeechPart, frames_of
from editing.photo_move import move_of
from editing.reasons import BY_HAND, why_said, why_shown
from editing.speech_selection import Run
from editing.stretches import HANDLE, Range, clean_end
from editing.talks import without
from editing.timeline import CardShot, PhotoShot, Shot, Transition, VideoShot
from ingest.clip import Clip
from storyboards.storyboard import Portrait
from storyboards.storyboard import Transition as Asked

DISSOLVE = HANDLE
_TRANSITIONS: dict[Asked, Transition] = {
    "cut": Transition(),
    "cross-fade": Transition(kind="dissolve", frames=DISSOLVE),
    "dip": Transition(kind="dip", frames=DISSOLVE),
    "dip-to-black": Transition(kind="dip", frames=DISSOLVE, through="black"),
}
"""The timeline's words for those of a storyboard."""
_LEAST_FOR_FADE = 36
"""Frames of the shorter shot from which a dissolve or dip is worth it."""


class Look(NamedTuple):
    """Film frames [start, end) in which a speaker is seen without a break."""

    start: int
    end: int
    clip: Clip


class Pictures(NamedTuple):
    """All shots, and where the speakers whose names are to be shown are seen."""

    shots: tuple[Shot, ...]
    looks: tuple[Look, ...]


def lay_out_pictures(parts: Sequence[Part]) -> Pictures:
    """The shots of the parts in film order; a b-roll part plays on for the lead of the speech that follows it."""
    clips: dict[str, Clip] = {}
    shots: list[tuple[Shot, int]] = []
    looks: list[Look] = []
    at = photos = 0
    for theme, (part, following) in enumerate(zip(parts, [*parts, None][1:], strict=True)):
        if isinstance(part, CardPart):
            laid: list[Shot] = list(_cards(part, at))
        elif isinstance(part, PhotoPart):
            laid = list(_photos(part, at, photos))
            photos += len(laid)
        elif isinstance(part, SpeechPart):
            laid = sorted([*_speakers(part, at), *_inserts(part, at)], key=lambda shot: shot.start)
            clips |= {run.clip.file: run.clip for run in part.runs}
            clips |= {one.piece.clip.file: one.piece.clip for one in part.inserts}
            looks += _looks(part, at) if part.lower_third else []
        else:
            laid = list(_scenes(part, at, following.lead if isinstance(following, SpeechPart) else 0))
            clips |= {piece.clip.file: piece.clip for piece in part.pieces}
        shots += [(shot, theme) for shot in laid]
        at += frames_of(part)
    return Pictures(_with_transitions(shots, clips, [part.manner for part in parts]), tuple(looks))


def _cards(part: CardPart, at: int) -> Iterator[Shot]:
    for card in part.cards:
        yield card.at(at)
        at += card.frames


def _photos(part: PhotoPart, at: int, before: int) -> Iterator[Shot]:
    """Slow moves, inwards and outwards in turn where nothing in a photo decides it."""
    for n, (clip, frames) in enumerate(part.photos, before):
        move = move_of(clip, inwards=n % 2 == 0)._asdict()
        why = BY_HAND if part.manner.by_hand else why_shown(clip)
        yield PhotoShot(start=at, end=at + frames, file=clip.file, slot=part.slot, why=why, **move)
        at += frames


def _scenes(part: BrollPart, at: int, lead: int) -> Iterator[Shot]:
    for n, piece in enumerate(part.pieces, 1):
        end = at + piece.frames
        last = end + (lead if n == len(part.pieces) else 0)
        yield _video(part.slot, piece.clip, at, last, piece.start, part.manner.portrait, piece.why)
        at = end


def _speakers(part: SpeechPart, at: int) -> Iterator[Shot]:
    """What is seen of the speakers, in sync with what is heard; where it flashes, parted at the camera's cuts."""
    for start, run in _placed(part):
        late, why = at + start - run.start, BY_HAND if part.manner.by_hand else why_said(run)
        for first, end in without((start, start + run.frames), _hidden(part)):
            seen = first - start + run.start, end - start + run.start
            for low, high in camera_shots(run.clip, *seen) if damped_in(run.clip, *seen) else [seen]:
                yield _video(part.slot, run.clip, low + late, high + late, low, part.manner.portrait, why)


def _inserts(part: SpeechPart, at: int) -> Iterator[Shot]:
    for one in part.inserts:
        start, end, piece = at + one.start, at + one.end, one.piece
        yield _video(one.slot, piece.clip, start, end, piece.start, part.manner.portrait, piece.why)


def _looks(part: SpeechPart, at: int) -> list[Look]:
    """Where each speaker is seen, over jumps inside his talk."""
    looks: list[Look] = []
    for start, run in _placed(part):
        for first, end in without((start, start + run.frames), _hidden(part)):
            last = looks[-1] if looks else None
            if last and last.end == at + first and last.clip.file == run.clip.file:
                looks[-1] = last._replace(end=at + end)
            else:
                looks.append(Look(at + first, at + end, run.clip))
    return looks


def _placed(part: SpeechPart) -> Iterator[tuple[int, Run]]:
    """Each run with its first frame since the part's start."""
    start = 0
    for run in part.runs:
        yield start, run
        start += run.frames


def _hidden(part: SpeechPart) -> list[Range]:
    """Where b-roll lies over the speakers."""
    return [(0, part.lead), *((one.start, one.end) for one in part.inserts)]


def _video(
    slot: str, clip: Clip, start: int, end: int, source: int, portrait: Portrait = "blur", why: str = ""
) -> VideoShot:
    framing, centre = framing_of(clip, portrait)
    row = {"start": start, "end": end, "file": clip.file, "slot": slot, "source_start": source, "why": why}
    damped = damped_in(clip, source, source + end - start)
    return VideoShot.model_validate({**row, "framing": framing, "centre": centre, "damped": damped})


def _with_transitions(
    shots: Sequence[tuple[Shot, int]], clips: dict[str, Clip], manners: Sequence[Manner]
) -> tuple[Shot, ...]:
    """Dips around the Promise, dissolves between themes where footage runs on, cuts elsewhere; or as a beat asks."""
    done = [shots[0][0]] if shots else []
    for (before, theme_before), (shot, theme) in pairwise(shots):
        asked = _asked(before, shot, manners[theme] if theme != theme_before else None)
        transition = _TRANSITIONS[asked] if _possible(asked, before, shot, clips) else Transition()
        done.append(shot.model_copy(update={"transition": transition}))
    return tuple(done)


def _asked(before: Shot, shot: Shot, manner: Manner | None) -> Asked:
    """The transition that is wanted; `manner` is that of the beat that begins here, if one does."""
    promise = [isinstance(one, CardShot) and one.kind == "promise" for one in (before, shot)]
    if manner and manner.enter:
        return manner.enter
    if promise[0] != promise[1]:
        return "dip"
    if all(promise):
        return "cross-fade"
    return manner.usual if manner else "cut"


def _possible(asked: Asked, before: Shot, shot: Shot, clips: dict[str, Clip]) -> bool:
    """Whether the shots are long enough for a transition, and the outgoing footage runs on for a cross-fade."""
    if min(before.end - before.start, shot.end - shot.start) < _LEAST_FOR_FADE:
        return False
    if asked == "cross-fade" and isinstance(before, VideoShot):
        source_end = before.source_start + before.end - before.start
        return source_end + DISSOLVE <= clean_end(clips[before.file], source_end)
    return True
