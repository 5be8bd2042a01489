"""Whatever agencies send ends in a sound plan, or in a list with which a film can be made."""

import os
import pickle
import random
import time

import pytest

from editing.planning import NotEnoughFootage, plan
from editing.shortage import Want
from editing.timeline import Timeline
from ingest.clip import Clip, Sentence
from storyboards.library import list_ids, load
from storyboards.storyboard import Storyboard
from tests.editing.clips import photo, sentences, sound, video
from tests.editing.footage_sets import FootageSet, footage_set
from tests.editing.plan_checks import AGENCY, check
from tests.editing.reach import longest

SOAK = bool(os.environ.get("PROMISEREEL_SOAK"))
SETS = 1000 if SOAK else 100
BATCH = 20


@pytest.mark.parametrize("first", range(0, SETS, BATCH))
def test_any_footage_makes_a_sound_film_or_a_true_list_of_what_is_missing(first: int) -> None:
    for seed in range(first, first + BATCH):
        storyboard = load(list_ids()[seed % len(list_ids())]).as_example
        sent = footage_set(storyboard, seed)
        film = planned(storyboard, sent)
        if SOAK or seed % 4 == 0:
            shuffled = random.Random(seed).sample(sent.clips, len(sent.clips))
            again = planned(storyboard, FootageSet(shuffled, sent.music))
            assert (film == again) if isinstance(film, Timeline) else str(film) == str(again), seed
        if isinstance(film, NotEnoughFootage):
            assert film.wants, seed
            assert all(want.words in str(film) for want in film.wants), seed
            sent = FootageSet(
                [*sent.clips, *(clip for n, want in enumerate(film.wants) for clip in filmed(n, want, seed))],
                sent.music,
            )
            film = planned(storyboard, sent)
        assert isinstance(film, Timeline), f"{seed}: {film}"
        check(film, sent.clips)
        target = round(storyboard.target_s * 30)
        assert film.frames <= target + 60, seed
        assert film.frames >= target - 60 or longest(storyboard, sent.clips, sent.music) < target - 60, seed


@pytest.mark.parametrize("seed", range(4))
def test_sixty_clips_are_planned_in_under_two_seconds_of_work(seed: int) -> None:
    storyboard = load("promise")
    seeds = range(1000 * seed, 1000 * seed + 99)
    clips = [
        clip.model_copy(update={"file": f"{n}_{clip.file}"})
        for n in seeds
        for clip in footage_set(storyboard, n, most=60).clips
        if not clip.file.startswith("music")
    ][:60]
    assert len(clips) == 60
    began = time.process_time()
    planned(storyboard, FootageSet(clips, None))
    assert time.process_time() - began < 2.0  # work of this process alone: a busy machine does not add to it


def test_a_refusal_keeps_its_list_between_processes() -> None:
    with pytest.raises(NotEnoughFootage) as refused:
        plan(load("promise"), [], AGENCY)
    copy = pickle.loads(pickle.dumps(refused.value))
    assert (str(copy), copy.wants) == (str(refused.value), refused.value.wants)
    assert [want.slots[0].id for want in copy.wants] == ["leader", "broll", "community"]


def planned(storyboard: Storyboard, sent: FootageSet) -> Timeline | NotEnoughFootage:
    """The film, or what is missing for it."""
    try:
        return plan(storyboard, sent.clips, AGENCY, music=sent.music)
    except NotEnoughFootage as refused:
        return refused


def filmed(number: int, want: Want, seed: int) -> list[Clip]:
    """What an agency films that was asked for just this: no more of it, for any of the slots it may go to."""
    chance = random.Random(100 * seed + number)
    slot, seconds = chance.choice(want.slots), -(-want.seconds // want.files)
    names = [f"then_{number}_{n}_{slot.id}" for n in range(want.files)]
    match slot.takes:
        case "photo":
            return [photo(f"{name}.jpg", slot=slot.id) for name in names]
        case "broll":
            return [video(f"{name}.mp4", seconds, slot=slot.id, sound=False) for name in names]
        case "narration":
            return [sound(f"{name}.wav", seconds, slot=slot.id, sentences=told(seconds, chance)) for name in names]
    return [video(f"{name}.mp4", seconds, slot=slot.id, sentences=told(seconds, chance)) for name in names]


def told(seconds: float, chance: random.Random) -> tuple[Sentence, ...]:
    """Somebody who talks from beginning to end, in sentences of his own length."""
    rows, at, last = [], 0.3, seconds - 0.3
    while at < last:
        end = at + chance.uniform(2, 6)
        end = end if last - end >= 2 else last
        rows.append((at, end, "Here people know us by name and tell us what they need."))
        at = end + chance.uniform(0.1, 0.5)
    return sentences(rows)
