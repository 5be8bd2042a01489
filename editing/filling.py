"""Filling the beats of a storyboard: which parts the film has and how long each is, landing on the target. Pure."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from agencies.agency import Agency
from editing.assignment import Assignment
from editing.card_timing import cards_of
from editing.hand_cuts import heard_by_hand
from editing.interviews import Elsewhere, Interviews, fit_interviews, most_heard
from editing.limits import filled_slots
from editing.narration import heard_over
from editing.parts import BrollPart, CardPart, Part, PhotoPart, SpeechPart, frames_of, manner_of
from editing.scenes import (
    PhotoGroups,
    broll_frames,
    choose_photos,
    cut_scenes,
    hold_photos,
    least_frames,
    make_up,
    photo_slack,
)
from editing.score import ON_TARGET, score
from editing.sentence_choice import Fill
from editing.shortage import Shortage, missing_slots, unheard_slots
from editing.spoken_cards import with_voice
from editing.stock import EVERYTHING, Piece, Stock
from storyboards.storyboard import Beat, Broll, Card, Interview, Narration, Photos, Storyboard

LEAST, MOST = 3600, 9000
"""Frames of a film: two to five minutes."""
_OTHER_AIMS = (*range(LEAST + 30, LEAST + 91, 30), *range(LEAST + 180, LEAST + 601, 90))
"""Lengths to aim at in turn when whole sentences leave a film just under two minutes."""
_CARD_STRETCH = 45
"""Frames a card beat may stand longer to land on the target."""
_TRIES = 4
"""How often a film that misses its target is filled anew with more speech in place of scenes."""
NOTHING_HELD: Mapping[int, Part] = MappingProxyType({})


class Filled(NamedTuple):
    """The parts of the film in order, with what is left of the scenes and remarks."""

    shown: tuple[tuple[Beat, Part], ...]
    """Each beat that is in the film, and what it shows."""
    stocks: dict[str, Stock]
    notes: tuple[str, ...]
    complete: bool
    short: Shortage
    """How far they are from a film that may be made."""
    missed: int
    """Frames by which they miss the target."""
    worth: float
    """Their score."""
    silent: frozenset[int]
    """Positions of the interview beats in which nobody is heard."""

    @property
    def parts(self) -> tuple[Part, ...]:
        """What the film shows, in order."""
        return tuple(part for _, part in self.shown)

    @property
    def scenes(self) -> int:
        """Frames of b-roll in beats of its own that nobody cut by hand."""
        return sum(frames_of(part) for part in self.parts if isinstance(part, BrollPart) and not part.manner.by_hand)

    @property
    def spoken(self) -> int:
        """Frames in which somebody is heard and seen."""
        return sum(frames_of(part) for part in self.parts if isinstance(part, SpeechPart))


class _Material(NamedTuple):
    """What the beats can be filled with."""

    beats: dict[int, Beat]
    cards: dict[int, CardPart]
    photos: PhotoGroups
    limits: dict[int, int]
    """Frames of photo beats at most, where their slot has a limit."""
    stocks: dict[str, Stock]
    held: Mapping[int, Part]
    """The beats that a person cut by hand."""

    @property
    def talks(self) -> dict[int, Interview]:
        """The interview beats that are to be filled."""
        return {i: beat for i, beat in self.beats.items() if isinstance(beat, Interview) and i not in self.held}

    @property
    def scenes(self) -> dict[int, Broll]:
        """The b-roll beats that are to be filled."""
        return {i: beat for i, beat in self.beats.items() if isinstance(beat, Broll) and i not in self.held}

    @property
    def fixed(self) -> int:
        """Frames of cards and photos, held no longer than they need, and of what was cut by hand."""
        shown = sum(frames for group in self.photos.values() for _, frames in group)
        return shown + sum(map(frames_of, self.cards.values())) + sum(map(frames_of, self.held.values()))

    @property
    def heard(self) -> Elsewhere:
        """What is heard in the beats that were cut by hand."""
        talks = [part for part in self.held.values() if isinstance(part, SpeechPart)]
        frames = {one.slot: sum(frames_of(part) for part in talks if part.slot == one.slot) for one in talks}
        return Elsewhere(heard_by_hand(self.held), frames)

    @property
    def slack(self) -> int:
        """Frames that cards and photos can be held longer."""
        return photo_slack(self.photos, self.limits) + _CARD_STRETCH * sum(map(bool, self.cards.values()))


def fill_beats(
    storyboard: Storyboard, cast: Assignment, agency: Agency, held: Mapping[int, Part] = NOTHING_HELD
) -> Filled:
    """Every beat with its frames, landing on the target as near as the footage allows, two minutes at least.

    `held` are beats that a person cut by hand, by position: they stay as they are, and the others fill the rest.
    How much scenes fill is known only when they are cut, because shots must not be too short; what they fill less than
    hoped for is then asked of the speakers. A card that announces a beat in which nobody is heard goes with it.
    """
    target = min(MOST, round(storyboard.target_s * 30))
    material = _material(storyboard, cast, agency, frozenset(), held)
    best = _filled_to(target, storyboard, cast, agency, held, material)
    if best.short.lacking <= 0 or target > _OTHER_AIMS[-1] or _longest(storyboard, cast, material) < LEAST:
        return best
    others = (_filled_to(aim, storyboard, cast, agency, held, material) for aim in _OTHER_AIMS if aim > target)
    made = [one for one in others if one.short.lacking <= 0]
    return max(made, key=lambda one: one.worth) if made else best


def _longest(storyboard: Storyboard, cast: Assignment, material: _Material) -> int:
    """Frames that no film of this footage passes."""
    scenes = sum(stock.capacity for stock in material.stocks.values())
    return material.fixed + material.slack + scenes + most_heard(storyboard, material.talks, cast)


def _filled_to(
    target: int,
    storyboard: Storyboard,
    cast: Assignment,
    agency: Agency,
    held: Mapping[int, Part],
    material: _Material,
) -> Filled:
    """Every beat with its frames, landing on so many as near as the footage allows."""
    best = again = _filled(target, storyboard, cast, material)
    if best.silent:
        material = _material(storyboard, cast, agency, best.silent, held)
        best = again = _filled(target, storyboard, cast, material)
    for _ in range(_TRIES):
        if best.missed <= ON_TARGET and best.short.lacking <= 0:
            break
        again = _filled(target, storyboard, cast, material, again.scenes)
        if again.spoken <= best.spoken:
            break
        best = min(best, again, key=lambda one: (one.short.lacking > 0, max(ON_TARGET, one.missed), -one.worth))
    return best


def _material(
    storyboard: Storyboard, cast: Assignment, agency: Agency, silent: frozenset[int], held: Mapping[int, Part]
) -> _Material:
    beats = _beats_with_content(storyboard, cast, silent, held)
    held = {i: part for i, part in held.items() if i in beats}
    cards = {i: _card_part(beat, storyboard, cast, agency) for i, beat in beats.items() if isinstance(beat, Card)}
    photo_beats = {i: beat for i, beat in beats.items() if isinstance(beat, Photos) and i not in held}
    shown = {clip.file for part in held.values() if isinstance(part, PhotoPart) for clip, _ in part.photos}
    limits = {slot.id: round(slot.max_s * 30) for slot in storyboard.slots if slot.max_s is not None}
    return _Material(
        beats,
        {i: card for i, card in cards.items() if card.cards},
        choose_photos(photo_beats, cast, shown),
        {i: limits[beat.slot] for i, beat in photo_beats.items() if beat.slot in limits},
        _stocks(storyboard, cast, limits, held),
        held,
    )


def _card_part(beat: Card, storyboard: Storyboard, cast: Assignment, agency: Agency) -> CardPart:
    heard = heard_over(beat, cast.slots)
    cards = with_voice(cards_of(beat, storyboard, agency, voiced=bool(heard)), heard, agency.name)
    return CardPart(cards, manner_of(storyboard, beat), heard)


def _stocks(
    storyboard: Storyboard, cast: Assignment, limits: Mapping[str, int], held: Mapping[int, Part]
) -> dict[str, Stock]:
    """The silent footage of each slot, without what is shown where somebody cut by hand."""
    scenes = [part for part in held.values() if isinstance(part, BrollPart)]
    shown = {slot.id: sum(frames_of(part) for part in scenes if part.slot == slot.id) for slot in storyboard.slots}
    stocks = {
        slot.id: Stock(cast.slots[slot.id], max(0, limits.get(slot.id, EVERYTHING) - shown[slot.id]))
        for slot in storyboard.slots
        if slot.takes == "broll"
    }
    for stock in stocks.values():
        for piece in (piece for part in scenes for piece in part.pieces):
            stock.withdraw(piece.clip, (piece.start, piece.start + piece.frames))
        for run in (run for part in held.values() if isinstance(part, SpeechPart) for run in part.runs):
            stock.note_shown(run.clip, (run.start, run.end))
    return stocks


def _filled(
    target: int, storyboard: Storyboard, cast: Assignment, material: _Material, reach: int = EVERYTHING
) -> Filled:
    """Every beat with its frames, scenes thought to fill `reach` frames at most."""
    scenes, fixed, slack = material.scenes, material.fixed, material.slack
    stocks = {name: stock.afresh() for name, stock in material.stocks.items()}
    least = min(reach, least_frames(scenes, stocks))
    most, there = (min(reach, sum(broll_frames(scenes, stocks, MOST, lift=lift).values())) for lift in (False, True))
    fill = Fill(max(0, most - least), slack, max(0, there - most))
    heard = fit_interviews(storyboard, material.talks, cast, max(0, target - fixed - least), fill, material.heard)
    wanted = max(0, target - fixed - heard.frames)
    lift = wanted > most + slack
    shares = broll_frames(scenes, stocks, wanted - slack * lift, lift=lift)
    for run in [run for group in heard.runs.values() for run in group]:
        for stock in stocks.values():
            stock.note_shown(run.clip, (run.start, run.end))
    pieces, stocks = cut_scenes(scenes, stocks, shares, lift=lift)
    lacking = wanted - sum(one.frames for group in pieces.values() for one in group)
    if lacking > slack:
        pieces = make_up(scenes, stocks, pieces, lacking - slack)
        lacking = wanted - sum(one.frames for group in pieces.values() for one in group)
    shown = _shown(storyboard, material, heard, pieces, lacking)
    frames = sum(frames_of(part) for _, part in shown)
    heard_in = {part.slot for _, part in shown if isinstance(part, SpeechPart)}
    asked = {beat.slot for beat in storyboard.beats if isinstance(beat, Interview)}
    silent = [slot for slot in storyboard.slots if slot.id in asked - heard_in]
    by_hand = {part.slot for part in material.held.values() if not isinstance(part, CardPart)}
    missing = (want for want in missing_slots(storyboard, cast) if want.slots[0].id not in by_hand)
    wants = (*missing, *unheard_slots(silent, cast))
    return Filled(
        shown,
        stocks,
        heard.notes,
        heard.complete,
        Shortage(wants, LEAST - frames),
        abs(target - frames),
        score(storyboard, shown),
        frozenset(i for i, runs in heard.runs.items() if not runs),
    )


def _shown(
    storyboard: Storyboard,
    material: _Material,
    heard: Interviews,
    pieces: Mapping[int, tuple[Piece, ...]],
    lacking: int,
) -> tuple[tuple[Beat, Part], ...]:
    """The parts that show something, photos and cards held longer where frames are lacking."""
    photos, lacking = hold_photos(material.photos, lacking, material.limits)
    shown: list[tuple[Beat, Part]] = []
    for i, beat in material.beats.items():
        manner = manner_of(storyboard, beat)
        if i in material.held:
            shown.append((beat, material.held[i]))
        elif isinstance(beat, Card) and i in material.cards:
            shown.append((beat, material.cards[i]))
        elif isinstance(beat, Interview):
            shown.append((beat, SpeechPart(beat.slot, heard.runs[i], beat.lower_third, manner=manner)))
        elif isinstance(beat, Broll):
            shown.append((beat, BrollPart(beat.slot, pieces[i], manner)))
        elif isinstance(beat, Photos):
            shown.append((beat, PhotoPart(beat.slot, photos[i], manner)))
    kept = [(beat, part) for beat, part in shown if frames_of(part)]
    held = _hold_cards([part for _, part in kept], lacking)
    return tuple((beat, part) for (beat, _), part in zip(kept, held, strict=True))


def _beats_with_content(
    storyboard: Storyboard, cast: Assignment, silent: frozenset[int], held: Mapping[int, Part]
) -> dict[int, Beat]:
    """The beats that words or footage can fill, by position.

    A chapter card goes with the footage that it announces; one before another card stands by itself. Narration that
    found no recording is not there.
    """
    wanted = storyboard.beats_for(filled_slots(storyboard, cast))
    kept = {
        i: beat
        for i, beat in wanted
        if not isinstance(beat, Narration)
        and (isinstance(beat, Card) or i in held or (cast.slots.get(beat.slot) and i not in silent))
    }
    places = [i for i, beat in enumerate(storyboard.beats) if not isinstance(beat, Narration)]

    def announces(i: int) -> bool:
        following = next((one for one in places if one > i), None)
        return following is not None and (following in kept or isinstance(storyboard.beats[following], Card))

    return {
        i: beat for i, beat in kept.items() if not (isinstance(beat, Card) and beat.kind == "chapter") or announces(i)
    }


def _hold_cards(parts: Sequence[Part], lacking: int) -> tuple[Part, ...]:
    """The last card of each card beat held a little longer for frames that are lacking."""
    cards = sum(isinstance(part, CardPart) for part in parts)
    lacking = max(0, min(lacking, cards * _CARD_STRETCH))
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
