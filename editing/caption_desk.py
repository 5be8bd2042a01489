"""The captions of a planned film at the desk of whoever mends them: word by word, and as they would be. Pure.

They are laid again out of the plan itself, as the planner laid them, so that a change is answered without planning.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from agencies.agency import Agency
from editing.by_hand import captions_wanted, named
from editing.corrections import correct, corrections, frames_of_word, words_of
from editing.decision_list import ListedCaption, decision_list
from editing.edit_words import about
from editing.edits import CaptionCue, Edits, LowerThirdText
from editing.made_captions import captions_for
from editing.spoken_words import AS_WRITTEN, SpokenWord, Wanted
from editing.timeline import CardShot, Cue, Timeline
from ingest.clip import Clip
from kit.errors import InputRefused
from kit.values import Value

LONGEST_TEXT = 400
"""Characters of one caption that is sent; it breaks into several where it does not fit."""


class HeardWord(Value):
    """A word as it was written down, and when it is spoken."""

    text: str
    start: int
    """The frame of its clip at which it begins."""
    end: int
    at: int
    """The frame of the film at which it begins."""
    until: int


class DeskCaption(NamedTuple):
    """A caption with its words."""

    listed: ListedCaption
    words: tuple[HeardWord, ...]
    made: bool
    """Whether a person made it of these words."""
    comes: bool
    """Whether a person said when it comes."""
    goes: bool


class WantedCaption(NamedTuple):
    """Words of a clip as somebody at the desk wants them captioned."""

    clip: str
    start: int
    """The frame of the clip at which the first of them begins."""
    end: int
    shape: str = "kept"
    """made: they are one caption; planned: the planner breaks them; kept: as it is."""
    text: str | None = None
    """What they shall read; None leaves it."""
    at: int | None = None
    """The frame of the film at which the caption comes, where a person says it."""
    until: int | None = None


class Desk(NamedTuple):
    """All captions of a film, and why some are not as they were wanted."""

    captions: tuple[DeskCaption, ...]
    cues: tuple[Cue, ...]
    """One for each caption, in the same order."""
    refused: tuple[str, ...]


class Footage(NamedTuple):
    """What captions are laid of: the plan, and its clips by the digests that they came with."""

    timeline: Timeline
    clips: Mapping[str, Clip]
    """By file name."""
    agency: Agency

    @property
    def digests(self) -> dict[str, str]:
        """The clips' digests by file name."""
        return {file: clip.digest for file, clip in self.clips.items()}


def as_planned(footage: Footage) -> Desk:
    """The captions of a film as it was planned."""
    return Desk(tuple(_desk(footage, footage.timeline)), footage.timeline.cues, ())


def as_wanted(footage: Footage, edits: Edits) -> Desk:
    """The captions as they would be with these edits, the rest of the film as it is."""
    told: list[str] = []
    names = {third.clip: named(third) for third in edits.lower_thirds}
    clips = {
        file: clip.model_copy(update=names[clip.digest]) if clip.digest in names else clip
        for file, clip in footage.clips.items()
    }
    wanted, _ = captions_wanted(edits, list(clips.values()), footage.agency, told)
    timeline = footage.timeline
    walls = [edge for shot in timeline.shots if isinstance(shot, CardShot) for edge in (shot.start, shot.end)]
    changes = [shot.start for shot in timeline.shots]
    laid = captions_for(list(_spoken(timeline, clips, wanted)), timeline.frames, walls, changes, wanted.made)
    told += [f"{about(edits.cues[number])}: {why}" for number, why in laid.refused.items()]
    update = {"cues": laid.cues, "edits": edits, "unapplied": tuple(told)}
    return Desk(tuple(_desk(footage, timeline.model_copy(update=update))), laid.cues, tuple(told))


def with_wishes(edits: Edits, footage: Footage, wishes: Sequence[WantedCaption]) -> Edits:
    """The edits with what is wanted at the desk. Raises InputRefused for words that are not there or cannot stand."""
    by_digest = {clip.digest: clip for clip in footage.clips.values()}
    for wish in wishes:
        clip = by_digest.get(wish.clip)
        heard = list(_spoken(footage.timeline, {clip.file: clip})) if clip else []
        mine = [word for word in heard if wish.start <= word.source[0] and word.source[1] <= wish.end]
        if clip is None or not mine:
            raise InputRefused("These words are not heard in this film: look at its captions again.")
        if len(" ".join(word.said for word in mine)) > LONGEST_TEXT:
            raise InputRefused("These are too many words: name those of one caption.")
        if wish.shape != "kept":
            edits = _shaped(edits, clip, mine, wish)
        if wish.text is not None:
            edits = _worded(edits, clip, wish, wish.text, footage.agency)
    return edits


def heard_clips(footage: Footage) -> tuple[Clip, ...]:
    """The clips that are heard in a film, with the names that were given by hand, by file name."""
    heard = {sound.file for sound in footage.timeline.sounds}
    names = {third.clip: named(third) for third in footage.timeline.edits.lower_thirds}
    clips = (clip for file, clip in sorted(footage.clips.items()) if file in heard)
    return tuple(clip.model_copy(update=names.get(clip.digest, {})) for clip in clips)


def with_speakers(edits: Edits, speakers: Sequence[LowerThirdText]) -> Edits:
    """The edits with these names; a clip's name replaces the one that it had."""
    told = {third.clip for third in speakers}
    others = tuple(third for third in edits.lower_thirds if third.clip not in told)
    return edits.model_copy(update={"lower_thirds": (*others, *speakers)}) if speakers else edits


def _shaped(edits: Edits, clip: Clip, mine: Sequence[SpokenWord], wish: WantedCaption) -> Edits:
    """The edits without captions made of any of these words, and with the one that is wanted."""
    start, end = mine[0].source[0], mine[-1].source[1]
    others = tuple(one for one in edits.cues if one.clip != clip.digest or one.end <= start or end <= one.start)
    if wish.shape == "planned":
        return edits.model_copy(update={"cues": others})
    made = CaptionCue(
        clip=clip.digest,
        file=clip.file,
        start=start,
        end=end,
        was=" ".join(word.said for word in mine),
        comes=_apart(wish.at, mine[0].start),
        goes=_apart(wish.until, mine[-1].end),
    )
    return edits.model_copy(update={"cues": (*others, made)})


def _apart(frame: int | None, word: int) -> int | None:
    """Frames from a word's edge; ten seconds at most, which no caption that keeps to the rules is away from it."""
    return None if frame is None else max(-300, min(300, frame - word))


def _worded(edits: Edits, clip: Clip, wish: WantedCaption, text: str, agency: Agency) -> Edits:
    """The edits with words of a clip that read otherwise."""
    tidy = " ".join(text.split())
    said = [n for n, word in enumerate(words_of(clip)) if _within(frames_of_word(word), wish)]
    mine = tuple(one for one in edits.captions if one.clip == clip.digest)
    others = tuple(one for one in edits.captions if one.clip != clip.digest)
    was = " ".join(words_of(clip)[n].text for n in said)
    if not tidy or len(tidy) > LONGEST_TEXT or not tidy.isprintable():
        raise InputRefused(f"The caption of “{was}” needs words, {LONGEST_TEXT} characters at most.")
    before = set(correct(clip, mine, agency).refused)
    new = corrections(clip, mine, said, tidy, agency)
    for edit, why in correct(clip, new, agency).refused.items():
        if edit not in before:
            raise InputRefused(f"The caption of “{was}” cannot read so: {about(edit)}: {why}.")
    return edits.model_copy(update={"captions": (*others, *new)})


def _within(frames: tuple[int, int], wish: WantedCaption) -> bool:
    return wish.start <= frames[0] and frames[1] <= wish.end


def _spoken(timeline: Timeline, clips: Mapping[str, Clip], wanted: Wanted = AS_WRITTEN) -> Iterator[SpokenWord]:
    """Every word that is heard, with its frames in the film, as the planner laid it."""
    for sound in timeline.sounds:
        clip = clips.get(sound.file)
        if clip is None:
            continue
        end = sound.end - sound.fade_out
        last = sound.source_start + end - sound.start
        for number, sentence in enumerate(sorted(clip.sentences, key=lambda one: one.start_s)):
            for word in sentence.words:
                if not (sound.source_start <= word.start_s * 30 + 1 and word.end_s * 30 - 1 <= last):
                    continue
                source = frames_of_word(word)
                at = min(end - 1, max(sound.start, sound.start + source[0] - sound.source_start))
                until = min(end, max(at + 1, sound.start + source[1] - sound.source_start))
                yield SpokenWord.of(clip, word, (at, until), number, wanted)


def _desk(footage: Footage, timeline: Timeline) -> Iterator[DeskCaption]:
    """The captions of a timeline with the words that are heard under each."""
    heard = list(_spoken(timeline, footage.clips))
    hand = timeline.edits.cues
    for one in decision_list(timeline, footage.digests).captions:
        words = [word for word in heard if word.file == one.file and one.start <= word.source[0] < one.end]
        mine = next((cue for cue in hand if cue.clip == one.clip and cue.was == one.was and _meets(cue, one)), None)
        yield DeskCaption(
            listed=one,
            words=tuple(
                HeardWord(text=word.text, start=word.source[0], end=word.source[1], at=word.start, until=word.end)
                for word in words
            ),
            made=mine is not None,
            comes=mine is not None and mine.comes is not None,
            goes=mine is not None and mine.goes is not None,
        )


def _meets(cue: CaptionCue, one: ListedCaption) -> bool:
    return cue.start < one.end and one.start < cue.end
