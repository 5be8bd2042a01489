"""Edits by hand survive whatever happens to the footage: those that apply hold exactly, the others leave no trace."""

import os
import random
from collections import Counter

import pytest

from editing.decision_list import DecisionList, ListedBeat, decision_list
from editing.edit_words import Edit, about
from editing.edits import BeatCuts, CaptionCue, CaptionText, CardText, Cut, Edits, LeftOut, LowerThirdText
from editing.planning import plan
from editing.timeline import CardShot, Timeline
from ingest.clip import Clip, Kind
from kit.errors import InputRefused
from storyboards.library import list_ids, load
from storyboards.storyboard import Storyboard
from tests.editing.footage_sets import FootageSet, footage_set, scene, talk
from tests.editing.plan_checks import AGENCY

SOAK = bool(os.environ.get("PROMISEREEL_SOAK"))
SETS = 600 if SOAK else 12
BATCH = 6
Film = tuple[object, ...]


@pytest.mark.parametrize("first", range(0, SETS, BATCH))
def test_edits_hold_when_the_footage_changes(first: int) -> None:
    held = tried = 0
    for seed in range(first, first + BATCH):
        chance = random.Random(seed)
        storyboard = load(list_ids()[seed % len(list_ids())]).as_example
        sent = rich_set(storyboard, seed)
        base = planned(storyboard, sent, Edits())
        if base is None:
            continue
        edits = drawn(decisions(base, sent), sent, chance)
        changed = other_footage(storyboard, sent, chance)
        film = planned(storyboard, changed, edits)
        if film is None:
            continue
        tried += 1
        assert film.edits == edits, seed
        every: list[Edit] = [*edits.beats, *edits.cards, *edits.lower_thirds, *edits.captions, *edits.left_out]
        every += edits.cues
        held += sum(not told(film, about(edit)) for edit in every)
        assert_holds(film, edits, changed, seed)
        assert what_is_seen(film) == what_is_seen(planned(storyboard, changed, applying(film, edits))), seed
        silent = edits.model_copy(update={"captions": (), "cues": ()})
        other = planned(storyboard, changed, silent)
        assert other
        assert (film.shots, film.sounds, film.lower_thirds) == (other.shots, other.sounds, other.lower_thirds), seed
        kept = {(cue.file, cue.source, cue.lines) for cue in other.cues}
        touched = [cue for cue in film.cues if (cue.file, cue.source, cue.lines) not in kept]
        assert len(touched) <= 4 * len((*edits.captions, *edits.cues)), seed
    assert tried >= BATCH // 2
    assert held >= 2 * tried


def assert_holds(film: Timeline, edits: Edits, sent: FootageSet, seed: int) -> None:
    """Every edit is seen in the film as it was made, or told."""
    seen = decisions(film, sent)
    for beat in edits.beats:
        kept = tuple(cut for cut in beat.cuts if not told(film, f"{about(beat)}, “{cut.file}”"))
        if not kept or told(film, f"{about(beat)}:"):
            continue
        found = next(one for one in seen.beats if (one.slot, one.nth) == (beat.slot, beat.nth))
        assert cuts_of(found) == kept, seed
    for card in edits.cards:
        texts = [shot.lines for shot in film.shots if isinstance(shot, CardShot)]
        assert told(film, about(card)) or any(set(card.lines) <= set(lines) for lines in texts), seed
    for third in edits.lower_thirds:
        names = [(one.name, one.role) for one in film.lower_thirds]
        assert told(film, about(third)) or (third.name, third.role) in names, seed
    for caption in edits.captions:
        # A film may show the sentences of one caption in another order than they were spoken.
        shown = Counter(" ".join(one.words for one in seen.captions if one.file == caption.file).split())
        assert told(film, about(caption)) or not Counter(caption.words.split()) - shown, seed
    for made in edits.cues:
        whole = [one for one in seen.captions if (one.file, one.was) == (made.file, made.was)]
        assert told(film, about(made)) or whole, seed
    for out in edits.left_out:
        assert told(film, about(out)) or out.file not in {getattr(shot, "file", "") for shot in film.shots}, seed
    if edits.music_db is not None:
        assert film.music_gain_db == edits.music_db, seed


def rich_set(storyboard: Storyboard, seed: int) -> FootageSet:
    """A set of footage with enough in it for a film."""
    chance = random.Random(-seed - 1)
    sent = footage_set(storyboard, seed)
    voices = [slot for slot in storyboard.slots if slot.takes == "interview"]
    scenes = [slot for slot in storyboard.slots if slot.takes == "broll"]
    more = [talk(f"voice_{n}.mp4", chance, chance.choice(voices).id) for n in range(2)]
    more += [scene(f"street_{n}.mp4", chance, chance.choice(scenes).id) for n in range(4)]
    return sent._replace(clips=[*sent.clips, *more])


def planned(storyboard: Storyboard, sent: FootageSet, edits: Edits) -> Timeline | None:
    try:
        return plan(storyboard, sent.clips, AGENCY, music=sent.music, edits=edits)
    except InputRefused:
        return None


def decisions(film: Timeline, sent: FootageSet) -> DecisionList:
    return decision_list(film, {clip.file: clip.digest for clip in sent.clips})


def cuts_of(beat: ListedBeat) -> tuple[Cut, ...]:
    return tuple(Cut(clip=s.clip, file=s.file, start=s.start, end=s.end) for s in beat.shots)


def told(film: Timeline, words: str) -> bool:
    return any(one.startswith(words) for one in film.unapplied)


def drawn(seen: DecisionList, sent: FootageSet, chance: random.Random) -> Edits:
    """A few edits as an editor makes them, looking at a film."""
    by_file = {clip.file: clip for clip in sent.clips}
    beats = chance.sample(seen.beats, min(len(seen.beats), chance.randint(1, 2)))
    spoken = [one for one in seen.captions if len(one.was.split()) > 2]
    captions = {one.number: one for one in chance.sample(spoken, min(len(spoken), 2))}
    cards = [one for one in seen.cards if not one.locked]
    thirds = {one.clip: one for one in seen.lower_thirds}
    shown = sorted({(shot.clip, shot.file) for beat in seen.beats for shot in beat.shots})
    cut = {shot.clip for beat in beats for shot in beat.shots}
    out = [one for one in shown if one[0] not in cut]
    return Edits(
        beats=tuple(
            BeatCuts(slot=beat.slot, nth=beat.nth, cuts=recut(beat, by_file, chance)) for beat in beats if beat.shots
        ),
        cards=tuple(
            CardText(card=one.card, nth=one.nth, lines=(f"Words number {chance.randrange(99)}",))  # type: ignore[arg-type]
            for one in chance.sample(cards, min(len(cards), 1))
        ),
        lower_thirds=tuple(
            LowerThirdText(clip=one.clip, file=one.file, name=f"Speaker {chance.randrange(99)}", role="Officer")
            for one in [*thirds.values()][:1]
        ),
        captions=tuple(
            CaptionText(
                clip=one.clip, file=one.file, start=one.start, end=one.end, was=one.was, words=reworded(one.was, n)
            )
            for n, one in captions.items()
        ),
        cues=tuple(
            CaptionCue(
                clip=one.clip, file=one.file, start=one.start, end=one.end, was=one.was, goes=chance.randint(2, 9)
            )
            for one in chance.sample(spoken, min(len(spoken), 1))
        ),
        left_out=tuple(LeftOut(clip=clip, file=file) for clip, file in chance.sample(out, min(len(out), 1))),
        music_db=chance.choice([None, -30.0]) if sent.music else None,
    )


def reworded(was: str, number: int) -> str:
    words = was.split()
    return " ".join([*words[:1], f"word{number}", *words[2:]])


def recut(beat: ListedBeat, by_file: dict[str, Clip], chance: random.Random) -> tuple[Cut, ...]:
    """Some of a beat's shots in another order, those of scenes trimmed a little."""
    cuts = [*cuts_of(beat)]
    chosen = chance.sample(cuts, chance.randint(max(1, len(cuts) - 1), len(cuts)))
    trimmed = []
    for cut in chosen:
        assert cut.start is not None
        assert cut.end is not None
        silent = by_file[cut.file].kind is Kind.VIDEO and not by_file[cut.file].sentences
        room = (cut.end - cut.start - 60) // 3 if silent else 0
        moved = {"start": cut.start + chance.randint(0, max(0, room)), "end": cut.end - chance.randint(0, max(0, room))}
        trimmed.append(cut.model_copy(update=moved))
    return tuple(trimmed)


def other_footage(storyboard: Storyboard, sent: FootageSet, chance: random.Random) -> FootageSet:
    """The set with a clip less, or with one more."""
    clips = [*sent.clips]
    if chance.random() < 0.5:
        clips.remove(chance.choice([clip for clip in clips if clip.file != sent.music]))
    else:
        slot = chance.choice([slot for slot in storyboard.slots if slot.takes in ("interview", "broll")])
        clips.append((talk if slot.takes == "interview" else scene)(f"a_new_{slot.id}.mp4", chance, slot.id))
    return sent._replace(clips=clips)


def applying(film: Timeline, edits: Edits) -> Edits:
    """The edits without those that the film tells; a name that is not shown still stands in the transcript."""
    beats = []
    for beat in edits.beats:
        cuts = tuple(cut for cut in beat.cuts if not told(film, f"{about(beat)}, “{cut.file}”"))
        beats += [beat.model_copy(update={"cuts": cuts})] if cuts and not told(film, f"{about(beat)}:") else []
    kept = {
        name: tuple(one for one in getattr(edits, name) if not told(film, about(one)))
        for name in ("cards", "captions", "cues", "left_out")
    }
    return edits.model_copy(update={**kept, "beats": tuple(beats)})


def what_is_seen(film: Timeline | None) -> Film:
    assert film
    return film.frames, film.shots, film.cues, film.sounds, film.lower_thirds, film.music_gain_db
