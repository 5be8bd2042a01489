"""Beats that a person cut by hand: clips, points and order as the film is to have them. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from editing.corrections import frames_of_word, words_of
from editing.edit_words import about, seconds
from editing.edits import BeatCuts, Cut
from editing.parts import BrollPart, Manner, Part, PhotoPart, SpeechPart, manner_of
from editing.reasons import BY_HAND
from editing.speech_selection import SHORTEST_SHOT, Run, bounds_of, choose, runs_of, speeches_of
from editing.stock import Piece, Stock
from editing.stretches import SHORTEST_INSERT
from ingest.clip import DUPLICATE, Clip, Kind, Verdict
from storyboards.storyboard import Broll, Card, Footage, Interview, Photos, Storyboard

_LONGEST_PHOTO = 600
"""Frames that a photo stands at most."""


class Held(NamedTuple):
    """The beats cut by hand, by their position in the storyboard."""

    parts: dict[int, Part]
    edits: dict[int, BeatCuts]
    unapplied: tuple[str, ...] = ()
    """What could not be cut so, and why."""
    notes: tuple[str, ...] = ()
    complete: bool = True
    """False when something is heard that nobody has written down."""


class _Impossible(Exception):
    """Why a cut cannot be made, in plain words."""


def by_digest(clips: Sequence[Clip]) -> dict[str, Clip]:
    """The clip of each digest that can be used; of copies the one that is no duplicate."""
    usable = [clip for clip in clips if clip.verdict is not Verdict.REFUSED]
    rank = sorted(usable, key=lambda clip: (not any(note.code == DUPLICATE for note in clip.notes), clip.file))
    return {clip.digest: clip for clip in reversed(rank)} | {clip.digest: clip for clip in rank}


def hold(cut_by_hand: Sequence[BeatCuts], storyboard: Storyboard, clips: Sequence[Clip]) -> Held:
    """The parts that these cuts make; a cut that cannot be made is left out and told, the others stand."""
    known, parts, edits = by_digest(clips), dict[int, Part](), dict[int, BeatCuts]()
    unapplied: list[str] = []
    heard: list[Run] = []
    for edit in cut_by_hand:
        places = [i for i, beat in enumerate(storyboard.beats) if not isinstance(beat, Card) and beat.slot == edit.slot]
        if edit.nth > len(places):
            unapplied.append(f"{about(edit)}: the storyboard has no such beat")
            continue
        beat = storyboard.beats[places[edit.nth - 1]]
        assert not isinstance(beat, Card)
        made: list[Run | Piece | tuple[Clip, int]] = []
        for cut in edit.cuts:
            try:
                found = list(_cut(cut, known.get(cut.clip), beat, len(edit.cuts)))
                _check_unheard([run for run in found if isinstance(run, Run)], heard)
            except _Impossible as why:
                unapplied.append(f"{about(edit)}, “{cut.file}”: {why}")
                continue
            made += found
            heard += [run for run in found if isinstance(run, Run)]
        if made:
            parts[places[edit.nth - 1]] = _part(beat, made, manner_of(storyboard, beat)._replace(by_hand=True))
            edits[places[edit.nth - 1]] = edit
    unwritten = dict.fromkeys(run.clip.file for run in heard if not run.clip.sentences)
    notes = tuple(f"“{file}” needs a transcript: what is said in it has no captions yet" for file in unwritten)
    return Held(parts, edits, tuple(unapplied), notes, not unwritten)


def heard_by_hand(parts: Mapping[int, Part]) -> dict[str, set[int]]:
    """The sentences, by clip, of which something is heard in these parts."""
    heard: dict[str, set[int]] = {}
    for part in parts.values():
        for run in part.runs if isinstance(part, SpeechPart) else ():
            heard.setdefault(run.clip.file, set()).update(number for _, number in run.words)
    return heard


def split_word(clip: Clip, frame: int) -> str:
    """What is wrong with a cut at a frame: the word that it would part, and the frames to cut at instead."""
    for word in words_of(clip):
        if word.start_s * 30 + 1 < frame < word.end_s * 30 - 1:
            first, last = frames_of_word(word)
            return (
                f"it would be cut inside the word “{word.text}” at frame {frame}: "
                f"cut at frame {first} ({seconds(first)}) or {last} ({seconds(last)})"
            )
    return ""


def _cut(cut: Cut, clip: Clip | None, beat: Footage, count: int) -> Iterator[Run | Piece | tuple[Clip, int]]:
    """What one cut puts into a beat of its kind."""
    if clip is None:
        raise _Impossible("it is not among the footage any more")
    if isinstance(beat, Photos):
        if clip.kind is not Kind.PHOTO or clip.picture is None:
            raise _Impossible("it is no photo")
        frames = round(beat.photo_s * 30) if cut.end is None else cut.end - (cut.start or 0)
        if not SHORTEST_SHOT <= frames <= _LONGEST_PHOTO:
            raise _Impossible("a photo stands from 1 to 20 s")
        yield clip, frames
        return
    if clip.kind is not Kind.VIDEO or clip.picture is None:
        raise _Impossible("it is no video")
    if cut.end is not None and cut.end > clip.frames:
        raise _Impossible(f"it ends at frame {clip.frames} ({seconds(clip.frames)}), before its out point")
    if cut.start is not None and cut.end is not None and cut.end - cut.start < SHORTEST_SHOT:
        raise _Impossible("a shot shorter than a second only flickers")
    if isinstance(beat, Interview):
        yield from _said(cut, clip, round(beat.max_s * 30) // count)
    else:
        yield _shown(cut, clip, beat)


def _said(cut: Cut, clip: Clip, room: int) -> Iterator[Run]:
    if clip.sound is None:
        raise _Impossible("it has no sound")
    if cut.start is None or cut.end is None:
        chosen = choose(speeches_of(clip), room, at_least_one=True)
        if not chosen:
            raise _Impossible("no whole sentence of it is written down: give its in and out points")
        yield from runs_of(clip, chosen)
        return
    if problem := split_word(clip, cut.start) or split_word(clip, cut.end):
        raise _Impossible(problem)
    whole = clip.model_copy(update={"in_s": None, "out_s": None})
    words = tuple(
        (word, one.number)
        for one in speeches_of(whole)
        for word in one.sentence.words
        if cut.start <= word.start_s * 30 + 1 and word.end_s * 30 - 1 <= cut.end
    )
    if clip.sentences and not words:
        raise _Impossible("nothing is said between its points")
    yield Run(clip, cut.start, cut.end, words)


def _shown(cut: Cut, clip: Clip, beat: Footage) -> Piece:
    if cut.start is not None and cut.end is not None:
        return Piece(clip, cut.start, cut.end - cut.start, BY_HAND)
    wish = round(beat.shot_s * 30) if isinstance(beat, Broll) else 150
    piece = Stock([clip]).take(wish, least=SHORTEST_INSERT, left=wish)
    if piece is None:
        # Nobody would choose a scene of it, but a person did: its middle can be seen, and trimmed.
        low, high = bounds_of(clip)
        frames = min(wish, high - low)
        if frames < SHORTEST_SHOT:
            raise _Impossible("it is shorter than a second")
        return Piece(clip, low + (high - low - frames) // 2, frames, BY_HAND)
    return piece._replace(why=f"{BY_HAND}; {piece.why}" if piece.why else BY_HAND)


def _check_unheard(runs: Sequence[Run], heard: Sequence[Run]) -> None:
    for run in runs:
        if any(one.clip.file == run.clip.file and one.start < run.end and run.start < one.end for one in heard):
            raise _Impossible("a part of it is heard already where another cut by hand has it")


def _part(beat: Footage, made: Sequence[Run | Piece | tuple[Clip, int]], manner: Manner) -> Part:
    runs = tuple(one for one in made if isinstance(one, Run))
    pieces = tuple(one for one in made if isinstance(one, Piece))
    if isinstance(beat, Interview):
        return SpeechPart(beat.slot, runs, beat.lower_third, manner=manner)
    if isinstance(beat, Photos):
        return PhotoPart(beat.slot, tuple(one for one in made if not isinstance(one, Run | Piece)), manner)
    return BrollPart(beat.slot, pieces, manner)
