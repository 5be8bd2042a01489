"""Planning a film: storyboard, clips and agency in, timeline out. Pure; the same in whatever order clips come."""

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from agencies.agency import Agency
from editing.assembly import Layout, lay_out_parts
from editing.assignment import Assignment, assign, left_out, music_of
from editing.card_timing import cards_of
from editing.inserts import with_inserts, with_leads
from editing.interviews import fit_interviews, why_unheard
from editing.limits import filled_slots, within_counts, within_seconds
from editing.narration import with_narrated_scenes
from editing.parts import BrollPart, CardPart, Part, PhotoPart, SpeechPart, frames_of, manner_of
from editing.scenes import broll_frames, choose_photos, cut_scenes, hold_photos, least_frames
from editing.shortage import NotEnoughFootage, Shortage, asked_for, missing_slots, refusal
from editing.speech_selection import runs_of, speeches_of
from editing.stock import Stock
from editing.stretches import SHORTEST, clean_ranges, flashes_of, stretches
from editing.timeline import CardShot, Timeline
from ingest.clip import MACHINE_WORDS, Clip
from kit.errors import InputRefused
from storyboards.storyboard import Beat, Broll, Card, Interview, Photos, Slot, Storyboard

__all__ = ["NotEnoughFootage", "plan"]

LEAST, MOST = 3600, 9000
"""Frames of a film: two to five minutes."""
_OTHER_AIMS = range(LEAST, LEAST + 601, 90)
"""Lengths to aim at in turn when whole sentences leave a film under two minutes."""
_CARD_STRETCH = 45
"""Frames a card may stand longer to land on the target."""


class _Fit(NamedTuple):
    """The parts of the film in order, with what is left of the scenes and remarks."""

    parts: tuple[Part, ...]
    stocks: dict[str, Stock]
    notes: tuple[str, ...]
    complete: bool
    short: Shortage
    """How far they are from a film that may be made."""


def plan(storyboard: Storyboard, clips: Sequence[Clip], agency: Agency, *, music: str | None = None) -> Timeline:
    """The timeline of the film that these clips make.

    Raises NotEnoughFootage when a required slot or two minutes cannot be filled, InputRefused when five are not enough.
    """
    template = storyboard
    storyboard, cast = _prepared(template, clips, music)
    fit = _fit(storyboard, cast, agency)
    parts, uncovered = with_inserts(with_leads(fit.parts, fit.stocks), fit.stocks)
    narration = {slot.id: cast.slots[slot.id] for slot in storyboard.slots if slot.takes == "narration"}
    layout = lay_out_parts(parts, narration)
    notes = (
        *cast.notes,
        *fit.notes,
        *uncovered,
        *_unused(storyboard, cast, layout),
        *_unread(storyboard, cast, layout),
    )
    if fit.short:

        def short_with(added: Sequence[Clip]) -> Shortage:
            return _fit(*_prepared(template, [*clips, *added], music), agency).short

        raise refusal(asked_for(storyboard, short_with), notes)
    if layout.frames > MOST:
        seconds = math.ceil(layout.frames / 30)
        raise InputRefused(f"the film would last {seconds} s: shorten the cards or the speech it must keep")
    return Timeline(
        storyboard=storyboard.id,
        frames=layout.frames,
        shots=layout.shots,
        cues=layout.cues,
        lower_thirds=layout.lower_thirds,
        speech=layout.speech,
        sounds=layout.sounds,
        music=cast.music,
        music_gain_db=storyboard.music.level_db,
        music_style="between" if storyboard.music.style == "between" else "under",
        music_steps=layout.music_steps,
        captions=storyboard.captions,
        loudness_lufs=storyboard.loudness_lufs,
        notes=notes,
        complete=fit.complete,
    )


def _prepared(storyboard: Storyboard, clips: Sequence[Clip], music: str | None) -> tuple[Storyboard, Assignment]:
    """The storyboard as these clips fill it: within the limits of its slots, with scenes for its voices."""
    cast = within_counts(storyboard, assign(storyboard, clips, music_of(storyboard, clips, music)))
    return with_narrated_scenes(within_seconds(storyboard), cast.slots), cast


def _fit(storyboard: Storyboard, cast: Assignment, agency: Agency) -> _Fit:
    """Every beat with its frames, landing on the target as near as the footage allows, two minutes at least."""
    target = min(MOST, round(storyboard.target_s * 30))
    fit = _fit_to(target, storyboard, cast, agency)
    if fit.short.lacking <= 0:
        return fit
    others = (_fit_to(aim, storyboard, cast, agency) for aim in _OTHER_AIMS if aim != target)
    return next((one for one in others if one.short.lacking <= 0), fit)


def _fit_to(target: int, storyboard: Storyboard, cast: Assignment, agency: Agency) -> _Fit:
    """Every beat with its frames, landing on so many frames as near as the footage allows."""
    beats = _beats_with_content(storyboard, cast)
    cards = {i: CardPart(cards_of(beat, storyboard, agency)) for i, beat in beats.items() if isinstance(beat, Card)}
    photos = choose_photos({i: beat for i, beat in beats.items() if isinstance(beat, Photos)}, cast)
    talks = {i: beat for i, beat in beats.items() if isinstance(beat, Interview)}
    scenes = {i: beat for i, beat in beats.items() if isinstance(beat, Broll)}
    fixed = sum(map(frames_of, cards.values())) + sum(frames for group in photos.values() for _, frames in group)
    stocks = {slot.id: Stock(cast.slots[slot.id]) for slot in storyboard.slots if slot.takes == "broll"}
    least, most = least_frames(scenes, stocks), sum(broll_frames(scenes, stocks, MOST).values())
    heard = fit_interviews(storyboard, talks, cast, max(0, target - fixed - least), most - least)
    wanted = max(0, target - fixed - heard.frames)
    shares = broll_frames(scenes, stocks, wanted)
    if fixed + heard.frames + sum(shares.values()) < LEAST:
        shares = broll_frames(scenes, stocks, min(wanted, LEAST - fixed - heard.frames), lift=True)
    for run in [run for group in heard.runs.values() for run in group]:
        for stock in stocks.values():
            stock.note_shown(run.clip, (run.start, run.end))
    pieces = cut_scenes(scenes, stocks, shares)
    photos, lacking = hold_photos(photos, wanted - sum(one.frames for group in pieces.values() for one in group))
    parts: list[Part] = []
    for i, beat in beats.items():
        if isinstance(beat, Card):
            parts.append(cards[i]._replace(manner=manner_of(storyboard, beat)))
        elif isinstance(beat, Interview):
            parts.append(SpeechPart(beat.slot, heard.runs[i], beat.lower_third, manner=manner_of(storyboard, beat)))
        elif isinstance(beat, Broll):
            parts.append(BrollPart(beat.slot, pieces[i], manner_of(storyboard, beat)))
        elif isinstance(beat, Photos):
            parts.append(PhotoPart(beat.slot, photos[i], manner_of(storyboard, beat)))
    kept = _hold_cards([part for part in parts if frames_of(part)], lacking)
    short = Shortage(missing_slots(storyboard, cast), LEAST - sum(map(frames_of, kept)))
    return _Fit(kept, stocks, heard.notes, heard.complete, short)


def _beats_with_content(storyboard: Storyboard, cast: Assignment) -> dict[int, Beat]:
    """The beats that words or footage can fill, by position.

    A chapter card goes with the footage that it announces; one before another card stands by itself.
    """
    wanted = storyboard.beats_for(filled_slots(storyboard, cast))
    kept = {i: beat for i, beat in wanted if isinstance(beat, Card) or cast.slots.get(beat.slot)}

    def announces(i: int) -> bool:
        following = storyboard.beats[i + 1 : i + 2]
        return i + 1 in kept or any(isinstance(beat, Card) for beat in following)

    return {
        i: beat for i, beat in kept.items() if not (isinstance(beat, Card) and beat.kind == "chapter") or announces(i)
    }


def _hold_cards(parts: Sequence[Part], lacking: int) -> tuple[Part, ...]:
    """The last card of each card beat held a little longer, when that brings the film onto its target."""
    cards = sum(isinstance(part, CardPart) for part in parts)
    if not 0 < lacking <= cards * _CARD_STRETCH:
        return tuple(parts)
    held: list[Part] = []
    for part in parts:
        if isinstance(part, CardPart):
            more = -(-lacking // cards)
            last = part.cards[-1]
            held.append(part._replace(cards=(*part.cards[:-1], last._replace(frames=last.frames + more))))
            lacking, cards = lacking - more, cards - 1
        else:
            held.append(part)
    return tuple(held)


def _unused(storyboard: Storyboard, cast: Assignment, layout: Layout) -> list[str]:
    """A note for every clip that found a slot and no place in the film."""
    used = _used(layout)
    slots: Mapping[str, Slot] = {slot.id: slot for slot in storyboard.slots}
    notes = [
        left_out(clip, _why_unused(slots[name], clip))
        for name, found in cast.slots.items()
        for clip in found
        if clip.file not in used
    ]
    narrated = {name for name, slot in slots.items() if slot.takes == "narration"}
    told = [clip for name in narrated for clip in cast.slots.get(name, ()) if clip.file in used]
    return notes + [note for clip in told if (note := _partly_told(clip, layout))]


def _unread(storyboard: Storyboard, cast: Assignment, layout: Layout) -> list[str]:
    """A note for every clip that is heard with words no person wrote down."""
    used = _used(layout)
    heard = {slot.id for slot in storyboard.slots if slot.takes in ("interview", "narration")}
    return [
        f"“{clip.file}”: {note.message[0].lower()}{note.message[1:].rstrip('.')}"
        for name, found in cast.slots.items()
        for clip in found
        for note in clip.notes
        if note.code == MACHINE_WORDS and name in heard and clip.file in used
    ]


def _used(layout: Layout) -> set[str]:
    """Names of the clips whose picture or sound is in the film."""
    shown = {shot.file for shot in layout.shots if not isinstance(shot, CardShot)}
    return shown | {sound.file for sound in layout.sounds}


def _partly_told(clip: Clip, layout: Layout) -> str | None:
    """A note when part of a narration found no everyday scenes to lie over."""
    laid = sum(sound.end - sound.start for sound in layout.sounds if sound.file == clip.file)
    whole = sum(run.frames for run in runs_of(clip, speeches_of(clip)))
    if laid >= 0.95 * whole:
        return None
    return f"“{clip.file}”: only {laid // 30} of its {whole // 30} s fit over the everyday scenes"


def _why_unused(slot: Slot, clip: Clip) -> str:
    if slot.takes == "interview":
        return why_unheard(clip)
    if slot.takes == "narration":
        return "its sentences do not fit over the everyday scenes" if clip.sentences else "it needs a transcript"
    if slot.takes == "photo":
        return "the film has its photos already"
    if any(end - start >= SHORTEST for start, end in stretches(clip)):
        return "the everyday scenes are filled without it"
    if flashes_of(clip) and not clean_ranges(clip):
        return "it flashes too fast to be shown safely: film the scene without the flashing light in view"
    return "it is too short: hold each shot for at least three seconds, better ten"
