"""Planning a film: storyboard, clips and agency in, timeline out. Pure; the same in whatever order clips come."""

import math
from collections.abc import Mapping, Sequence

from agencies.agency import Agency
from editing.assembly import Layout, lay_out_parts
from editing.assignment import Assignment, assign, left_out, music_of
from editing.by_hand import Laid, apply, unseen
from editing.edit_words import about
from editing.edits import NO_EDITS, Edits
from editing.filling import LEAST, MOST, Filled, fill_beats
from editing.hand_cuts import Held, hold
from editing.inserts import with_inserts, with_leads
from editing.interviews import why_unheard
from editing.limits import filled_slots, within_counts, within_seconds
from editing.narration import with_voices
from editing.parts import CardPart, frames_of
from editing.reasons import BY_HAND
from editing.shortage import NotEnoughFootage, Shortage, asked_for, refusal
from editing.speech_selection import runs_of, speeches_of
from editing.stretches import SHORTEST, clean_ranges, flashes_of, stretches
from editing.timeline import BeatSpan, CardShot, Shot, SlotTitle, Timeline
from ingest.clip import MACHINE_WORDS, Clip
from kit.errors import InputRefused
from storyboards.storyboard import Beat, Card, Slot, Storyboard

__all__ = ["NotEnoughFootage", "plan"]


def plan(
    storyboard: Storyboard,
    clips: Sequence[Clip],
    agency: Agency,
    *,
    music: str | None = None,
    edits: Edits = NO_EDITS,
) -> Timeline:
    """The timeline of the film that these clips make, as far as it can be with what was decided by hand.

    Raises NotEnoughFootage when a required slot or two minutes cannot be filled, InputRefused when five are not enough
    or when it is the edits that make the film too short.
    """
    given, by_hand = (storyboard, clips, music), apply(edits, storyboard, clips, agency, music)
    template, clips, music = by_hand.storyboard, by_hand.clips, by_hand.music
    storyboard, cast = _prepared(template, clips, music)
    held = hold(edits.beats, storyboard, clips)
    fit = fill_beats(storyboard, cast, agency, held.parts)
    parts, uncovered = with_inserts(with_leads(fit.parts, fit.stocks), fit.stocks)
    on_cards = {run.clip.file for part in parts if isinstance(part, CardPart) for run in part.voice}
    narration = {
        slot.id: [clip for clip in cast.slots[slot.id] if clip.file not in on_cards]
        for slot in storyboard.slots
        if slot.takes == "narration"
    }
    layout = lay_out_parts(parts, narration, by_hand.wanted)
    unused = _unused(storyboard, cast, layout)
    notes = (
        *_remarks(_still_left_out(cast.notes, layout), unused),
        *by_hand.notes,
        *dict.fromkeys((*fit.notes, *held.notes)),
        *uncovered,
        *unused,
        *_unread(storyboard, cast, layout),
    )
    if fit.short:

        def short_with(added: Sequence[Clip]) -> Shortage:
            storyboard, cast = _prepared(template, [*clips, *added], music)
            return fill_beats(storyboard, cast, agency, hold(edits.beats, storyboard, clips).parts).short

        if edits and not fill_beats(*_prepared(*given), agency).short:
            raise InputRefused(_too_short(edits, layout.frames))
        raise refusal(asked_for(storyboard, fit.short, short_with), notes)
    if layout.frames > MOST:
        raise InputRefused(_too_long(edits, layout.frames))
    seen = Laid(layout.shots, layout.cues, layout.lower_thirds, layout.sounds, cast.music)
    unmade = [f"{about(edits.cues[number])}: {why}" for number, why in layout.unmade.items()]
    unapplied = (*by_hand.unapplied, *held.unapplied, *_outside(held, fit), *unseen(edits, by_hand, seen), *unmade)
    return Timeline(
        storyboard=storyboard.id,
        frames=layout.frames,
        shots=_with_reasons(layout.shots, cast.reasons),
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
        notes=(*(f"an edit does not hold: {words}" for words in unapplied), *notes),
        beats=_spans(storyboard, fit),
        slots=tuple(SlotTitle(id=slot.id, title=slot.title) for slot in storyboard.slots),
        edits=edits,
        unapplied=unapplied,
        complete=fit.complete and held.complete,
    )


def _spans(storyboard: Storyboard, fit: Filled) -> tuple[BeatSpan, ...]:
    """Where each beat lies."""
    spans: list[BeatSpan] = []
    at = 0
    for beat, part in fit.shown:
        name = _name_of(beat)
        nth = next(n for n, one in enumerate((b for b in storyboard.beats if _name_of(b) == name), 1) if one is beat)
        spans.append(BeatSpan(start=at, end=at + frames_of(part), nth=nth, **name))
        at += frames_of(part)
    return tuple(spans)


def _name_of(beat: Beat) -> dict[str, str]:
    return {"card": beat.kind} if isinstance(beat, Card) else {"slot": beat.slot}


def _outside(held: Held, fit: Filled) -> list[str]:
    """What is told of beats that were cut by hand and are not in the film."""
    return [
        f"{about(edit)}: the film does not have this beat, because its condition does not hold"
        for i, edit in held.edits.items()
        if not any(part is held.parts[i] for part in fit.parts)
    ]


def _still_left_out(notes: Sequence[str], layout: Layout) -> list[str]:
    """The notes without those on clips that are in the film by hand."""
    used = {f"“{file}” was left out" for file in _used(layout)}
    return [note for note in notes if note.split(":")[0] not in used]


def _too_short(edits: Edits, frames: int) -> str:
    less = math.ceil((LEAST - frames) / 30)
    if less <= 0:
        return "with the edits by hand a slot that must be filled has nothing: take back what leaves its clips out"
    cut = f", or give the beats cut by hand {less} s more" if edits.beats else ""
    return (
        f"with the edits by hand the film lasts {frames // 30} s, and two minutes are the least: "
        f"take back some of them{cut}"
    )


def _too_long(edits: Edits, frames: int) -> str:
    seconds, over = math.ceil(frames / 30), math.ceil((frames - MOST) / 30)
    if edits.beats:
        return f"the film would last {seconds} s, and five minutes are the most: cut {over} s of the beats cut by hand"
    return f"the film would last {seconds} s: shorten the cards or the speech it must keep"


def _prepared(storyboard: Storyboard, clips: Sequence[Clip], music: str | None) -> tuple[Storyboard, Assignment]:
    """The storyboard as these clips fill it: within the limits of its slots, with scenes for its voices."""
    cast = within_counts(storyboard, assign(storyboard, clips, music_of(storyboard, clips, music)))
    return with_voices(within_seconds(storyboard), cast.slots, filled_slots(storyboard, cast)), cast


def _with_reasons(shots: Sequence[Shot], reasons: Mapping[str, str]) -> tuple[Shot, ...]:
    """The shots, with why a clip has its slot where nobody gave it one, nor cut the shot by hand."""
    return tuple(
        shot.model_copy(update={"why": "; ".join(filter(None, (shot.why, reasons[shot.file])))})
        if not isinstance(shot, CardShot) and shot.file in reasons and shot.why != BY_HAND
        else shot
        for shot in shots
    )


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


def _remarks(notes: Sequence[str], unused: Sequence[str]) -> list[str]:
    """The notes of the cast; one on a clip that is left out does not say what it is used for."""
    out = {note.split("” was left out")[0] for note in (*notes, *unused) if "” was left out" in note}
    return [note.split(", so ")[0] if note.split("”: ")[0] in out else note for note in notes]


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
    return f"“{clip.file}”: only {laid // 30} of its {whole // 30} s fit over its pictures"


def _why_unused(slot: Slot, clip: Clip) -> str:
    if slot.takes == "interview":
        return why_unheard(clip)
    if slot.takes == "narration":
        return "its sentences do not fit over the pictures of the film" if clip.sentences else "it needs a transcript"
    if slot.takes == "photo":
        return "the film has its photos already"
    if any(end - start >= SHORTEST for start, end in stretches(clip)):
        return "the everyday scenes are filled without it"
    if flashes_of(clip) and not clean_ranges(clip):
        return "it flashes too fast to be shown safely: film the scene without the flashing light in view"
    return "it is too short: hold each shot for at least three seconds, better ten"
