"""Decisions by hand applied to what a film is planned of, and which of them do not hold in it, in words. Pure.

An edit that cannot hold, such as one of a clip that is gone, changes nothing: the film is planned without it, and says
so.
"""

from collections.abc import Sequence
from typing import NamedTuple

from agencies.agency import Agency
from editing.assignment import TAKES
from editing.card_timing import cards_of
from editing.corrections import Corrected, alters_promise, correct, frames_of_word, said_in, words_of
from editing.edit_words import about
from editing.edits import CaptionCue, CaptionText, CardText, Edits, LowerThirdText, MusicFile
from editing.hand_cuts import by_digest, hold
from editing.spoken_words import Made, Times, Wanted
from editing.timeline import CardShot, Cue, LowerThird, Shot, SoundClip
from editing.typesetting import WRITABLE, unwritable
from ingest.clip import Clip, Word
from kit.errors import InputRefused
from storyboards.storyboard import Card, Storyboard

GONE = "it is not among the footage any more"
LOCKED = "these are the words of the Promise changed, and its wording is locked"


class ByHand(NamedTuple):
    """What a film is planned of, after the edits that hold."""

    storyboard: Storyboard
    clips: tuple[Clip, ...]
    music: str | None
    """The file of the film's music, as far as somebody named one."""
    wanted: Wanted
    """What is wanted of the captions."""
    places: dict[CaptionText, tuple[str, int, int]]
    """The clip, and the frames of it, in which the words of each correction are said."""
    notes: tuple[str, ...]
    unapplied: tuple[str, ...]


class Laid(NamedTuple):
    """What of a finished plan tells whether an edit is seen in it."""

    shots: Sequence[Shot]
    cues: Sequence[Cue]
    lower_thirds: Sequence[LowerThird]
    sounds: Sequence[SoundClip]
    music: str | None


def apply(
    edits: Edits, storyboard: Storyboard, clips: Sequence[Clip], agency: Agency, music: str | None = None
) -> ByHand:
    """Storyboard, clips and music as the edits want them; `music` is the file that the footage names."""
    told: list[str] = []
    notes, kept = _cast(edits, storyboard, clips, told)
    storyboard = _worded(edits, storyboard, agency, told)
    if edits.music_db is not None:
        storyboard = _scored(storyboard, level_db=edits.music_db)
    if edits.music == "none":
        storyboard, music = _scored(storyboard, file=None), None
    elif edits.music and (why := _no_music(edits.music, kept)):
        told.append(f"the music: “{edits.music.file}” cannot be it, {why}")
    elif edits.music:
        music = by_digest(kept)[edits.music.clip].file
    wanted, places = captions_wanted(edits, kept, agency, told)
    return ByHand(storyboard, tuple(kept), music, wanted, places, tuple(notes), tuple(told))


def problems(
    edits: Edits, clips: Sequence[Clip], agency: Agency, storyboard: Storyboard | None = None
) -> tuple[str, ...]:
    """Which edits cannot hold in any film of these clips, and why: their clip is gone, their words do not do.

    With a storyboard also which cannot hold in its film, as far as that is known before it is planned.
    """
    if storyboard:
        by_hand = apply(edits, storyboard, clips, agency)
        return (*by_hand.unapplied, *hold(edits.beats, by_hand.storyboard, by_hand.clips).unapplied)
    told: list[str] = []
    known = by_digest(clips)
    told += [f"{about(edit)}: {GONE}" for edit in edits.left_out if edit.clip not in known]
    told += [f"{about(edit)}: {GONE}" for edit in edits.slots if edit.clip not in known]
    for beat in edits.beats:
        told += [f"{about(beat)}, “{cut.file}”: {GONE}" for cut in beat.cuts if cut.clip not in known]
    told += [f"{about(edit)}: {why}" for edit in edits.cards if (why := _wrong_words(" ".join(edit.lines), agency))]
    if isinstance(edits.music, MusicFile) and (why := _no_music(edits.music, clips)):
        told.append(f"the music: “{edits.music.file}” cannot be it, {why}")
    for third in edits.lower_thirds:
        why = GONE if third.clip not in known else _wrong_words(f"{third.name} {third.role or ''}", agency)
        told += [f"{about(third)}: {why}"] if why else []
    captions_wanted(edits, list(known.values()), agency, told)
    return tuple(told)


def captions_wanted(
    edits: Edits, clips: Sequence[Clip], agency: Agency, told: list[str]
) -> tuple[Wanted, dict[CaptionText, tuple[str, int, int]]]:
    """What these edits want of captions, and where the words of each correction are said; what is not there is told."""
    shown, places = _captions(edits.captions, clips, agency, told)
    return Wanted(shown, *_made(edits.cues, clips, told)), places


def unseen(edits: Edits, by_hand: ByHand, film: Laid) -> tuple[str, ...]:
    """Which of the edits that could hold nothing is seen or heard of in the film, and why."""
    already = " | ".join(by_hand.unapplied)
    told = [
        f"{about(card)}: the film has no such card"
        for card in edits.cards
        if f"{about(card)}: " not in already and not _on_card(card, film)
    ]
    names = {third.name for third in film.lower_thirds}
    told += [
        f"{about(third)}: the film does not show it"
        for third in edits.lower_thirds
        if f"{about(third)}: " not in already and third.name not in names
    ]
    for edit, (file, start, end) in by_hand.places.items():
        heard = (s for s in film.sounds if s.file == file)
        if not any(s.source_start < end and start < s.source_start + s.end - s.start for s in heard):
            told.append(f"{about(edit)}: nothing of it is heard in this film")
    wanted = edits.music_db is not None or isinstance(edits.music, MusicFile)
    if wanted and film.music is None and "the music: " not in already:
        told.append("the music: the film has none")
    return tuple(told)


def _cast(edits: Edits, storyboard: Storyboard, clips: Sequence[Clip], told: list[str]) -> tuple[list[str], list[Clip]]:
    """The clips that the planner may use, with the slots and names that were given by hand."""
    known = by_digest(clips)
    out = {edit.clip for edit in edits.left_out}
    told += [f"{about(edit)}: {GONE}" for edit in edits.left_out if edit.clip not in known]
    notes = [f"“{known[edit.clip].file}” was left out by hand" for edit in edits.left_out if edit.clip in known]
    changed: dict[str, dict[str, str | None]] = {}
    takes = {slot.id: slot.takes for slot in storyboard.slots}
    for edit in edits.slots:
        clip = known.get(edit.clip)
        why = GONE if clip is None else ""
        if not why and edit.slot not in takes:
            why = f"the storyboard has no slot “{edit.slot}”"
        if clip and not why and clip.kind not in TAKES[takes[edit.slot]]:
            why = f"the slot “{edit.slot}” does not take a {clip.kind}"
        if clip is None or why:
            told.append(f"{about(edit)}: {why}")
        else:
            changed.setdefault(clip.file, {})["slot"] = edit.slot
    for third in edits.lower_thirds:
        clip = known.get(third.clip)
        why = GONE if clip is None else _wrong_words(f"{third.name} {third.role or ''}", None)
        if clip is None or why:
            told.append(f"{about(third)}: {why}")
        else:
            changed.setdefault(clip.file, {}).update(named(third))
    kept = [clip for clip in clips if clip.digest not in out]
    return notes, [clip.model_copy(update=changed[clip.file]) if clip.file in changed else clip for clip in kept]


def _scored(storyboard: Storyboard, **music: float | str | None) -> Storyboard:
    return storyboard.model_copy(update={"music": storyboard.music.model_copy(update=music)})


def _no_music(wanted: MusicFile, clips: Sequence[Clip]) -> str:
    """Why a file cannot be the music; empty when it can."""
    clip = by_digest(clips).get(wanted.clip)
    return GONE if clip is None else "" if clip.sound else "it has no sound"


def named(third: LowerThirdText) -> dict[str, str | None]:
    """What a clip says of its speaker, with the name given by hand."""
    return {"speaker_name": third.name, "speaker_role": third.role}


def _worded(edits: Edits, storyboard: Storyboard, agency: Agency, told: list[str]) -> Storyboard:
    """The storyboard with the cards that were worded by hand, where their words fit and leave the Promise alone."""
    beats = list(storyboard.beats)
    for edit in edits.cards:
        places = [i for i, beat in enumerate(beats) if isinstance(beat, Card) and beat.kind == edit.card]
        if edit.nth > len(places):
            continue  # told as a card that the film does not have
        card = beats[places[edit.nth - 1]]
        assert isinstance(card, Card)
        worded = card.model_copy(update={"lines": edit.lines})
        why = _wrong_words(" ".join(edit.lines), agency)
        try:
            cards_of(worded, storyboard, agency, voiced=bool(card.voice))
        except InputRefused as error:
            why = why or str(error)
        if why:
            told.append(f"{about(edit)}: {why}")
        else:
            beats[places[edit.nth - 1]] = worded
    return storyboard.model_copy(update={"beats": tuple(beats)})


def _captions(
    edits: Sequence[CaptionText], clips: Sequence[Clip], agency: Agency, told: list[str]
) -> tuple[dict[tuple[str, Word], str], dict[CaptionText, tuple[str, int, int]]]:
    shown: dict[tuple[str, Word], str] = {}
    places: dict[CaptionText, tuple[str, int, int]] = {}
    known = by_digest(clips)
    grouped: dict[str, list[CaptionText]] = {}
    for edit in edits:
        grouped.setdefault(edit.clip, []).append(edit)
    for digest, group in grouped.items():
        clip = known.get(digest)
        corrected = correct(clip, group, agency) if clip else Corrected({}, {}, dict.fromkeys(group, GONE))
        told += [f"{about(edit)}: {why}" for edit, why in corrected.refused.items()]
        if clip:
            words = words_of(clip)
            shown |= {(clip.file, words[n]): text for n, text in corrected.shown.items()}
            for edit, place in corrected.places.items():
                places[edit] = clip.file, frames_of_word(words[place[0]])[0], frames_of_word(words[place[-1]])[1]
    return shown, places


def _made(
    edits: Sequence[CaptionCue], clips: Sequence[Clip], told: list[str]
) -> tuple[dict[tuple[str, Word], int], dict[int, Made]]:
    """The captions that were made, by their place among the edits, and which words of the clips they hold."""
    known = by_digest(clips)
    numbers: dict[tuple[str, Word], int] = {}
    made: dict[int, Made] = {}
    for number, edit in enumerate(edits):
        clip = known.get(edit.clip)
        words = words_of(clip) if clip else []
        found = [words[n] for n in said_in(clip, edit.was, (edit.start, edit.end))] if clip else []
        keys = [(clip.file, word) for word in found] if clip else []
        if not keys:
            told.append(f"{about(edit)}: {f'nobody says “{edit.was}” there any more' if clip else GONE}")
        elif any(key in numbers for key in keys):
            told.append(f"{about(edit)}: its words are those of another caption that was made by hand")
        else:
            numbers |= dict.fromkeys(keys, number)
            made[number] = Made(len(keys), Times(edit.comes, edit.goes))
    return numbers, made


def _wrong_words(text: str, agency: Agency | None) -> str:
    """Why words cannot stand on a picture; empty when they can."""
    if strange := unwritable(text):
        return f"our typeface does not have “{strange}”: {WRITABLE}"
    return LOCKED if agency and alters_promise([], text.split(), agency) else ""


def _on_card(edit: CardText, film: Laid) -> bool:
    cards = [shot for shot in film.shots if isinstance(shot, CardShot) and shot.kind == edit.card]
    return any(set(edit.lines) <= set(card.lines) for card in cards)
