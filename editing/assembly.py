"""Laying the parts of a film end to end: pictures, lower thirds, sounds, speech and cues."""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from editing.made_captions import Captioned, captions_for
from editing.narration import BESIDE
from editing.parts import BrollPart, CardPart, Part, SpeechPart, frames_of
from editing.pictures import DISSOLVE, Look, lay_out_pictures
from editing.speech_selection import Run, bounds_of, choose, runs_of, speeches_of
from editing.spoken_words import AS_WRITTEN, SpokenWord, Wanted
from editing.timeline import CardShot, Cue, LowerThird, MusicStep, Shot, SoundClip, SpeechSpan
from ingest.clip import Clip
from kit.timing import frames_before, nearest_frame
from storyboards.storyboard import MusicLevel

TAIL = 20
"""Frames that a speaker's sound may run out over the b-roll after him (an L cut)."""
_LEAST_TAIL = 6
_LOWER: dict[MusicLevel, float] = {"low": -8.0, "off": -60.0}
"""Decibels by which a beat may have the music lower."""
_MERGE = 9
"""Frames of silence that do not end a span of speech."""


class Spoken(NamedTuple):
    """A run of speech laid into the film."""

    start: int
    run: Run
    role: str
    tail: int = 0
    """Frames after its end in which its sound goes."""


class Layout(NamedTuple):
    """Everything of a timeline that follows from its parts."""

    frames: int
    shots: tuple[Shot, ...]
    cues: tuple[Cue, ...]
    lower_thirds: tuple[LowerThird, ...]
    speech: tuple[SpeechSpan, ...]
    sounds: tuple[SoundClip, ...]
    music_steps: tuple[MusicStep, ...]
    unmade: Mapping[int, str]
    """Why captions could not be made as a person wants them, by their numbers."""


def lay_out_parts(
    parts: Sequence[Part], narration: Mapping[str, Sequence[Clip]], wanted: Wanted = AS_WRITTEN
) -> Layout:
    """The layout of the parts in film order, with each slot's narration over the b-roll made for it.

    A card has its own voice over it. A film without such b-roll has its narration over whatever b-roll there is.
    `wanted` is what a person decided of the captions.
    """
    spoken: list[Spoken] = []
    silent: dict[str | None, list[tuple[int, int]]] = defaultdict(list)
    at = 0
    for part, following in zip(parts, [*parts, None][1:], strict=True):
        end = at + frames_of(part)
        if isinstance(part, BrollPart):
            silent[part.manner.voice].append((at, end))
        elif isinstance(part, CardPart):
            spoken += _in_turn(part.voice, at + BESIDE)
        elif isinstance(part, SpeechPart):
            for run in part.runs:
                spoken.append(Spoken(at, run, "speech"))
                at += run.frames
            if isinstance(following, BrollPart):
                spoken[-1] = spoken[-1]._replace(tail=_tail(part.runs[-1]))
        at = end
    if set(silent) <= {None}:
        spoken += _narration([clip for clips in narration.values() for clip in clips], silent[None])
    for voice, clips in narration.items():
        spoken += _narration(clips, silent.get(voice, ()))
    spoken.sort(key=lambda one: one.start)
    pictures = lay_out_pictures(parts)
    thirds = _lower_thirds(pictures.looks)
    captions = _captions(spoken, pictures.shots, at, wanted)
    return Layout(
        frames=at,
        shots=pictures.shots,
        cues=captions.cues,
        lower_thirds=thirds,
        speech=_speech(spoken),
        sounds=_sounds(spoken),
        music_steps=_music_steps(parts),
        unmade=captions.refused,
    )


def _music_steps(parts: Sequence[Part]) -> tuple[MusicStep, ...]:
    """Where beats have the music lower; neighbours of one level are one step."""
    steps: list[MusicStep] = []
    at = 0
    for part in parts:
        end, by = at + frames_of(part), _LOWER.get(part.manner.music, 0.0)
        if by and steps and steps[-1].end == at and steps[-1].by_db == by:
            steps[-1] = steps[-1].model_copy(update={"end": end})
        elif by:
            steps.append(MusicStep(start=at, end=end, by_db=by))
        at = end
    return tuple(steps)


def _tail(run: Run) -> int:
    """Frames that a speaker's sound can run out after his run: his breath and the room, and no word of anybody."""
    clip = run.clip
    if not run.words or clip.sound is None:
        return 0
    end = min(bounds_of(clip)[1], run.end + TAIL, frames_before(clip.sound.start_s + clip.sound.duration_s))
    spoken = [word.start_s for sentence in clip.sentences for word in sentence.words if word.end_s * 30 > run.end]
    end = min([end, *(math.floor(start * 30) - 2 for start in spoken)])
    if clip.analysis and clip.analysis.pauses:
        # Somebody whose words are not written down, such as who asks the questions, may go on speaking.
        end = min(end, next((one.end for one in clip.analysis.pauses if one.start <= run.end < one.end), 0))
    return max(0, end - run.end) if end - run.end >= _LEAST_TAIL else 0


def _narration(clips: Sequence[Clip], silent: Sequence[tuple[int, int]]) -> list[Spoken]:
    """Narration in its own order over the b-roll beats, whole sentences where they fit."""
    left = [(clip, speeches_of(clip)) for clip in clips if clip.sound is not None]
    laid: list[Spoken] = []
    for start, end in silent:
        left = [(clip, rest) for clip, rest in left if rest]
        if not left:
            break
        clip, rest = left[0]
        first = next((n for n in range(len(rest)) if choose(rest[n : n + 1], end - start - 2 * BESIDE)), None)
        if first is None:
            continue
        room = end - start - 2 * BESIDE
        last = first + 1
        while last < len(rest) and sum(run.frames for run in runs_of(clip, rest[first : last + 1])) <= room:
            last += 1
        laid += _in_turn(runs_of(clip, rest[first:last]), start + BESIDE)
        left[0] = (clip, rest[last:])
    return laid


def _in_turn(runs: Sequence[Run], at: int) -> Iterator[Spoken]:
    """Runs of narration one after the other from a frame on."""
    for run in runs:
        yield Spoken(at, run, "narration")
        at += run.frames


def _words(spoken: Sequence[Spoken], wanted: Wanted = AS_WRITTEN) -> list[SpokenWord]:
    """Every spoken word with its frames in the film."""
    words = []
    numbers: dict[tuple[str, int], int] = {}
    for one in spoken:
        clip, end = one.run.clip, one.start + one.run.frames
        for word, sentence in one.run.words:
            first = min(end - 1, max(one.start, one.start + nearest_frame(word.start_s) - one.run.start))
            last = min(end, max(first + 1, one.start + nearest_frame(word.end_s) - one.run.start))
            number = numbers.setdefault((clip.file, sentence), len(numbers))
            words.append(SpokenWord.of(clip, word, (first, last), number, wanted))
    return words


def _captions(spoken: Sequence[Spoken], shots: Sequence[Shot], frames: int, wanted: Wanted) -> Captioned:
    walls = [edge for shot in shots if isinstance(shot, CardShot) for edge in (shot.start, shot.end)]
    return captions_for(_words(spoken, wanted), frames, walls, [shot.start for shot in shots], wanted.made)


def _lower_thirds(looks: Sequence[Look]) -> tuple[LowerThird, ...]:
    """Each speaker's name once, 4 to 6 s, half a second into the first look at him that is long enough."""
    thirds: list[LowerThird] = []
    for start, end, clip in looks:
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
    """The sound of every run; a tail goes before the next sound begins."""
    sounds = []
    for one, following in zip(spoken, [*spoken, None][1:], strict=True):
        if one.run.clip.sound is None:
            continue
        end = one.start + one.run.frames
        tail = min(one.tail, following.start - end) if following else one.tail
        row = {
            "start": one.start,
            "end": end + tail,
            "file": one.run.clip.file,
            "source_start": one.run.start,
            "role": one.role,
            "fade_out": tail,
        }
        sounds.append(SoundClip.model_validate(row))
    assert all(one.end <= other.start for one, other in pairwise(sounds))
    return tuple(sounds)
