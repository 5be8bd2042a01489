"""Which slot suits a clip that nobody gave one: by what people said of it, then by what inspection measured. Pure.

What is said of it counts most: the role of its speaker and its own name, where one of their words is found with one
slot alone. Of what was measured it counts whether somebody speaks, how near and how steadily he is seen, and how long.
"""

import re
from collections.abc import Mapping, Sequence
from statistics import median
from typing import NamedTuple

from editing.quality import HALF_STEADY, strengths, weigh
from ingest.clip import Clip, Kind
from storyboards.storyboard import Card, Slot, Storyboard

VOICE = 0.6
"""Likeness to a voice from which somebody is taken to speak."""
_FACING = 0.5
"""Share of the searched frames with a face, from which somebody is taken to speak to the camera."""
_CLOSE = 0.12
"""Height of his face, as a share of the picture's, from which he is seen near."""
_LEAST_TALK_S = 10.0
"""Seconds of whole sentences from which a clip may be what a slot waits for."""
_LEAST_WORD = 4
"""Letters of the shortest word by which slots are told apart."""


class Suited(NamedTuple):
    """The slot for a clip, and why; without a slot why there is none."""

    slot: Slot | None
    why: str


class Traits(NamedTuple):
    """What a clip is, as inspection found it."""

    spoken: bool
    """Whether whole sentences of it are known and can be heard."""
    voice: bool
    """Whether it sounds like one clear voice."""
    facing: float | None
    """Share of the searched frames with a face; None when none was searched."""
    close: float
    """Height of the usual face, as a share of the picture's."""
    shake: float | None
    """Usual shake, thousandths of the width; None when it was not measured."""
    upright: bool
    talk_s: float
    """Seconds from its first word to its last."""

    @property
    def faces_us(self) -> bool:
        """Whether somebody is seen near, most of the time."""
        return self.facing is not None and self.facing >= _FACING and self.close >= _CLOSE

    @property
    def prepared(self) -> bool:
        """Whether it looks like an interview that was set up: near, steady, sideways, and long enough."""
        steady = self.shake is not None and self.shake <= HALF_STEADY
        return self.spoken and self.faces_us and steady and not self.upright and self.talk_s >= _LEAST_TALK_S


def traits_of(clip: Clip) -> Traits:
    """What a clip is."""
    told, picture = clip.analysis, clip.picture
    faces = [face.height for face in told.faces] if told else []
    shake = told.picture.shake if told and told.picture else ()
    width, height = picture.upright_size if picture else (0, 0)
    ends = [sentence.end_s for sentence in clip.sentences]
    return Traits(
        spoken=bool(clip.sentences) and clip.sound is not None,
        voice=clip.sound is not None and clip.sound.voice >= VOICE,
        facing=len(faces) / told.face_samples if told and told.face_samples else None,
        close=median(faces) if faces else 0.0,
        shake=median(shake) if shake else None,
        upright=height > width,
        talk_s=max(ends) - min(sentence.start_s for sentence in clip.sentences) if ends else 0.0,
    )


def in_turn(clips: Sequence[Clip]) -> list[Clip]:
    """The clips that have no slot, those first that may be what a slot waits for: who speaks longest before others."""
    traits = {clip.file: traits_of(clip) for clip in clips}

    def order(clip: Clip) -> tuple[bool, float, str]:
        one = traits[clip.file]
        return not one.prepared, -one.talk_s * one.prepared, clip.file

    return sorted(clips, key=order)


def suited(storyboard: Storyboard, clip: Clip, seconds: Mapping[str, float]) -> Suited:
    """The slot of a storyboard for a clip; `seconds` are those that each slot has already."""
    traits = traits_of(clip)
    if clip.kind is Kind.PHOTO:
        return _best(storyboard, "photo", clip, seconds, "it is a photo", "the storyboard has no place for photos")
    if clip.kind is Kind.SOUND:
        none = "sound is used as narration with a transcript, or as music when `music:` names it"
        recorded = "somebody speaks in it, and nobody is seen"
        return _best(storyboard, "narration", clip, seconds, recorded, none) if clip.sentences else Suited(None, none)
    if traits.spoken:
        return _voice_of(storyboard, clip, traits, seconds)
    if traits.voice and traits.faces_us:
        found = _voice_of(storyboard, clip, traits, seconds)
        return found._replace(why=f"{found.why}; what is said is not written down") if found.slot else found
    seen = ", ".join(strengths(weigh(clip), 0, max(1, clip.frames)))
    pictures = (
        f"nobody is known to speak in it{f' ({seen})' if seen else ''}{'; its sound is not used' * bool(clip.sound)}"
    )
    return _best(storyboard, "broll", clip, seconds, pictures, "the storyboard has no place for scenes without speech")


def _voice_of(storyboard: Storyboard, clip: Clip, traits: Traits, seconds: Mapping[str, float]) -> Suited:
    """The slot for somebody who speaks.

    He is a voice of the community unless people said more of him; a slot without which there is no film takes him when
    it has nothing and he was filmed as its guide asks. Nobody is made a second leader.
    """
    slots = [slot for slot in storyboard.slots if slot.takes == "interview"]
    if told := _told(slots, clip):
        return told
    for slot in slots:
        if slot.required and not seconds.get(slot.id) and traits.prepared:
            return Suited(slot, "somebody speaks in it, seen near and steadily, and this had nothing yet")
    free = [slot for slot in slots if slot.id == "community"] or [slot for slot in slots if not slot.required]
    if not free:
        return Suited(None, "somebody speaks in it, and the storyboard has no place for another voice: give it a slot")
    return Suited(_emptiest(free, seconds), "somebody speaks in it, and nobody said who")


def _best(storyboard: Storyboard, takes: str, clip: Clip, seconds: Mapping[str, float], why: str, none: str) -> Suited:
    """The slot of a kind that people's words point to, else the one that has least; no why where there is only one."""
    # Who is heard over a card is for people to say: it may be the Promise.
    over_cards = {beat.voice for beat in storyboard.beats if isinstance(beat, Card)}
    slots = [slot for slot in storyboard.slots if slot.takes == takes and slot.id not in over_cards]
    if not slots:
        return Suited(None, none)
    if len(slots) == 1:
        return Suited(slots[0], why if takes == "broll" else "")
    return _told(slots, clip) or Suited(_emptiest(slots, seconds), why)


def _emptiest(slots: Sequence[Slot], seconds: Mapping[str, float]) -> Slot:
    return min(slots, key=lambda slot: seconds.get(slot.id, 0.0))


def _told(slots: Sequence[Slot], clip: Clip) -> Suited | None:
    """The slot that the speaker's role points to, or the clip's own name."""
    titles = {slot.id: _words(f"{slot.id} {slot.title}") for slot in slots}
    guides = {slot.id: titles[slot.id] | _words(slot.guide.film) for slot in slots}
    role, name = clip.speaker_role or "", clip.file.rpartition("/")[2].rpartition(".")[0]
    for text, words, why in (
        (role, titles, f"its speaker is “{role}”"),
        (role, guides, f"its speaker is “{role}”"),
        (name, titles, "its name says so"),
    ):
        said = _words(text)
        pointed = [slot for slot in slots if any(_only(word, slot, words) for word in said)]
        if len(pointed) == 1:
            return Suited(pointed[0], why)
    return None


def _only(word: str, slot: Slot, words: Mapping[str, frozenset[str]]) -> bool:
    """Whether a word is found with this slot alone."""
    return word in words[slot.id] and sum(word in each for each in words.values()) == 1


def _words(text: str) -> frozenset[str]:
    """The words of a text that may tell slots apart, without the ending of the plural."""
    return frozenset(
        word.removesuffix("s") for word in re.findall(r"[^\W\d_]+", text.lower()) if len(word) >= _LEAST_WORD
    )
