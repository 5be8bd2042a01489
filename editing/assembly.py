"""Laying the parts of a film end to end: shots that tile, transitions, lower thirds, sounds, speech and cues."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from editing.captions import SpokenWord, cues_for
from editing.framing import framing_of
from editing.parts import BrollPart, CardPart, Part, PhotoPart, SpeechPart
from editing.speech_selection import Run, choose, runs_of, speeches_of
from editing.stretches import HANDLE, clean_end
from editing.timeline import CardShot, Cue, LowerThird, PhotoShot, Shot, SoundClip, SpeechSpan, Transition, VideoShot
from ingest.clip import Clip
from kit.timing import nearest_frame

DISSOLVE = HANDLE
_LEAST_FOR_FADE = 36
"""Frames of the shorter shot from which a dissolve or dip is worth it."""
_NARRATION_IN = 15
"""Frames of silence before narration over a b-roll beat, and after it."""
_MERGE = 9
"""Frames of silence that do not end a span of speech."""


class Spoken(NamedTuple):
    """A run of speech laid into the film."""

    start: int
    run: Run
    role: str
    lower_third: bool = False


class Layout(NamedTuple):
    """Everything of a timeline that follows from its parts."""

    frames: int
    shots: tuple[Shot, ...]
    cues: tuple[Cue, ...]
    lower_thirds: tuple[LowerThird, ...]
    speech: tuple[SpeechSpan, ...]
    sounds: tuple[SoundClip, ...]


def lay_out_parts(parts: Sequence[Part], narration: Sequence[Clip]) -> Layout:
    """The layout of the parts in film order, with narration over its b-roll."""
    clips = {run.clip.file: run.clip for part in parts if isinstance(part, SpeechPart) for run in part.runs}
    clips |= {one.clip.file: one.clip for part in parts if isinstance(part, BrollPart) for one in part.pieces}
    shots: list[tuple[Shot, int]] = []
    spoken: list[Spoken] = []
    silent: list[tuple[int, int]] = []
    at = 0
    for theme, part in enumerate(parts):
        start = at
        for shot in _shots(part, start, len([1 for one, _ in shots if isinstance(one, PhotoShot)])):
            shots.append((shot, theme))
            at = shot.end
        if isinstance(part, SpeechPart):
            at = start
            for run in part.runs:
                spoken.append(Spoken(at, run, "speech", part.lower_third))
                at += run.frames
        if isinstance(part, BrollPart):
            silent.append((start, at))
    spoken = sorted([*spoken, *_narration(narration, silent)], key=lambda one: one.start)
    joined = _with_transitions(shots, clips)
    thirds = _lower_thirds(spoken)
    return Layout(at, joined, _cues(spoken, joined, at), thirds, _speech(spoken), _sounds(spoken))


def _shots(part: Part, at: int, photos_before: int) -> list[Shot]:
    """The shots of a part from a frame on, still without transitions."""
    shots: list[Shot] = []
    if isinstance(part, CardPart):
        for card in part.cards:
            shots.append(card.at(at))
            at += card.frames
    elif isinstance(part, PhotoPart):
        for n, (clip, frames) in enumerate(part.photos, photos_before):
            shots.append(_photo(part.slot, clip, at, at + frames, inwards=n % 2 == 0))
            at += frames
    elif isinstance(part, SpeechPart):
        for run in part.runs:
            shots.append(_video(part.slot, run.clip, at, at + run.frames, run.start))
            at += run.frames
    else:
        for piece in part.pieces:
            shots.append(_video(part.slot, piece.clip, at, at + piece.frames, piece.start, piece.why))
            at += piece.frames
    return shots


def _video(slot: str, clip: Clip, start: int, end: int, source: int, why: str = "") -> VideoShot:
    framing, centre = framing_of(clip)
    return VideoShot(
        start=start, end=end, file=clip.file, slot=slot, source_start=source, framing=framing, centre=centre, why=why
    )


def _photo(slot: str, clip: Clip, start: int, end: int, *, inwards: bool) -> PhotoShot:
    """A slow move towards what matters in the photo, or away from it."""
    wide, close = (1.0, (0.5, 0.45)), (1.12, clip.faces or (0.5, 0.45))
    first, last = (wide, close) if inwards else (close, wide)
    return PhotoShot(
        start=start, end=end, file=clip.file, slot=slot, zoom=(first[0], last[0]), centre=(first[1], last[1])
    )


def _with_transitions(shots: Sequence[tuple[Shot, int]], clips: dict[str, Clip]) -> tuple[Shot, ...]:
    """Dips around the Promise, dissolves between themes where footage runs on, cuts elsewhere."""
    done: list[Shot] = []
    for i, (shot, theme) in enumerate(shots):
        transition = Transition()
        if i:
            before, theme_before = shots[i - 1]
            transition = _transition(before, shot, theme != theme_before, clips)
        done.append(shot.model_copy(update={"transition": transition}))
    return tuple(done)


def _transition(before: Shot, shot: Shot, new_theme: bool, clips: dict[str, Clip]) -> Transition:
    short = min(before.end - before.start, shot.end - shot.start) < _LEAST_FOR_FADE
    promise = [isinstance(one, CardShot) and one.kind == "promise" for one in (before, shot)]
    if short:
        return Transition()
    if promise[0] != promise[1]:
        return Transition(kind="dip", frames=DISSOLVE)
    if not new_theme and not all(promise):
        return Transition()
    if isinstance(before, VideoShot):
        source_end = before.source_start + before.end - before.start
        if source_end + DISSOLVE > clean_end(clips[before.file], source_end):
            return Transition()
    return Transition(kind="dissolve", frames=DISSOLVE)


def _narration(clips: Sequence[Clip], silent: Sequence[tuple[int, int]]) -> list[Spoken]:
    """Narration in its own order over the b-roll beats, whole sentences where they fit."""
    left = [(clip, speeches_of(clip)) for clip in clips if clip.sound is not None]
    laid: list[Spoken] = []
    for start, end in silent:
        left = [(clip, rest) for clip, rest in left if rest]
        if not left:
            break
        clip, rest = left[0]
        first = next((n for n in range(len(rest)) if choose(rest[n : n + 1], end - start - 2 * _NARRATION_IN)), None)
        if first is None:
            continue
        room = end - start - 2 * _NARRATION_IN
        last = first + 1
        while last < len(rest) and sum(run.frames for run in runs_of(clip, rest[first : last + 1])) <= room:
            last += 1
        at = start + _NARRATION_IN
        for run in runs_of(clip, rest[first:last]):
            laid.append(Spoken(at, run, "narration"))
            at += run.frames
        left[0] = (clip, rest[last:])
    return laid


def _words(spoken: Sequence[Spoken]) -> list[SpokenWord]:
    """Every spoken word with its frames in the film."""
    words = []
    numbers: dict[tuple[str, int], int] = {}
    for one in spoken:
        clip, end = one.run.clip, one.start + one.run.frames
        for word, sentence in one.run.words:
            first = min(end - 1, max(one.start, one.start + nearest_frame(word.start_s) - one.run.start))
            last = min(end, max(first + 1, one.start + nearest_frame(word.end_s) - one.run.start))
            words.append(
                SpokenWord(
                    text=word.text,
                    start=first,
                    end=last,
                    voice=clip.speaker_name or clip.file,
                    speaker=clip.speaker_name,
                    sentence=numbers.setdefault((clip.file, sentence), len(numbers)),
                )
            )
    return words


def _cues(spoken: Sequence[Spoken], shots: Sequence[Shot], frames: int) -> tuple[Cue, ...]:
    walls = [edge for shot in shots if isinstance(shot, CardShot) for edge in (shot.start, shot.end)]
    return cues_for(_words(spoken), frames, walls, [shot.start for shot in shots])


def _lower_thirds(spoken: Sequence[Spoken]) -> tuple[LowerThird, ...]:
    """Each speaker's name once, 4 to 6 s, half a second into the first stretch that is long enough."""
    stretches: list[tuple[int, int, Clip]] = []
    for one in spoken:
        if one.role != "speech" or not one.lower_third:
            continue
        end = one.start + one.run.frames
        if stretches and stretches[-1][1] == one.start and stretches[-1][2].file == one.run.clip.file:
            stretches[-1] = (stretches[-1][0], end, one.run.clip)
        else:
            stretches.append((one.start, end, one.run.clip))
    thirds: list[LowerThird] = []
    for start, end, clip in stretches:
        name = " ".join((clip.speaker_name or "").split())
        if not name or any(third.name == name for third in thirds):
            continue
        first = start + (15 if end - start >= 150 else 6)
        last = min(first + 150, end - DISSOLVE - 3)
        if last - first >= 120:
            role = " ".join((clip.speaker_role or "").split())
            thirds.append(LowerThird(start=first, end=last, name=name, role=role))
    return tuple(thirds)


def _speech(spoken: Sequence[Spoken]) -> tuple[SpeechSpan, ...]:
    """Where words are spoken, neighbours merged; a run nobody wrote down counts whole."""
    spans: list[SpeechSpan] = []
    for one in spoken:
        file, end = one.run.clip.file, one.start + one.run.frames
        words = [(word.start, word.end) for word in _words([one])] or [(one.start, end)]
        for start, stop in words:
            last = spans[-1] if spans else None
            if last and last.file == file and start - last.end <= _MERGE:
                spans[-1] = last.model_copy(update={"end": max(last.end, stop)})
            else:
                spans.append(SpeechSpan(start=start, end=stop, file=file))
    return tuple(spans)


def _sounds(spoken: Sequence[Spoken]) -> tuple[SoundClip, ...]:
    """The sound of every run; runs that follow each other in film and source are one."""
    sounds = [
        SoundClip.model_validate(
            {
                "start": one.start,
                "end": one.start + one.run.frames,
                "file": one.run.clip.file,
                "source_start": one.run.start,
                "role": one.role,
            }
        )
        for one in spoken
        if one.run.clip.sound is not None
    ]
    assert all(one.end <= other.start for one, other in pairwise(sounds))
    return tuple(sounds)
