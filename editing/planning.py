"""Planning a film: storyboard, clips and agency in, timeline out. Pure; the same in whatever order clips come."""

import math
from collections.abc import Mapping, Sequence

from agencies.agency import Agency
from editing.assembly import Layout, lay_out_parts
from editing.assignment import Assignment, assign, left_out, music_of
from editing.filling import MOST, fill_beats
from editing.inserts import with_inserts, with_leads
from editing.interviews import why_unheard
from editing.limits import filled_slots, within_counts, within_seconds
from editing.narration import with_voices
from editing.parts import CardPart
from editing.shortage import NotEnoughFootage, Shortage, asked_for, refusal
from editing.speech_selection import runs_of, speeches_of
from editing.stretches import SHORTEST, clean_ranges, flashes_of, stretches
from editing.timeline import CardShot, Timeline
from ingest.clip import MACHINE_WORDS, Clip
from kit.errors import InputRefused
from storyboards.storyboard import Slot, Storyboard

__all__ = ["NotEnoughFootage", "plan"]


def plan(storyboard: Storyboard, clips: Sequence[Clip], agency: Agency, *, music: str | None = None) -> Timeline:
    """The timeline of the film that these clips make.

    Raises NotEnoughFootage when a required slot or two minutes cannot be filled, InputRefused when five are not enough.
    """
    template = storyboard
    storyboard, cast = _prepared(template, clips, music)
    fit = fill_beats(storyboard, cast, agency)
    parts, uncovered = with_inserts(with_leads(fit.parts, fit.stocks), fit.stocks)
    on_cards = {run.clip.file for part in parts if isinstance(part, CardPart) for run in part.voice}
    narration = {
        slot.id: [clip for clip in cast.slots[slot.id] if clip.file not in on_cards]
        for slot in storyboard.slots
        if slot.takes == "narration"
    }
    layout = lay_out_parts(parts, narration)
    unused = _unused(storyboard, cast, layout)
    notes = (
        *_remarks(cast.notes, unused),
        *fit.notes,
        *uncovered,
        *unused,
        *_unread(storyboard, cast, layout),
    )
    if fit.short:

        def short_with(added: Sequence[Clip]) -> Shortage:
            return fill_beats(*_prepared(template, [*clips, *added], music), agency).short

        raise refusal(asked_for(storyboard, fit.short, short_with), notes)
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
    return with_voices(within_seconds(storyboard), cast.slots, filled_slots(storyboard, cast)), cast


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
