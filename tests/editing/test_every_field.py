"""Every field of timeline, agency, storyboard and edits in turn: no change leaves a stale picture, and none renders an
untouched segment.

What FFmpeg is given decides its pictures, so keys are held against that, and against the pictures themselves; of a
tenth of all changes here, of all of them under soak.
"""

import os
import random
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import pytest

from agencies.agency import Agency, Seal
from editing.documentary import RenderContext
from editing.edits import Edits
from editing.segments import Segment
from editing.timeline import BeatSpan, MusicStep, SlotTitle, SoundClip, SpeechSpan, Timeline
from kit.errors import InputRefused
from storyboards.storyboard import Storyboard

from . import rich_film
from .altering import fields_of
from .every_field import Film, decided, later, made_films, with_other_facts
from .evidence import Evidence, segments_of
from .rich_film import AGENCY, SMALL, Project

SOAK = bool(os.environ.get("PROMISEREEL_SOAK"))
T = TypeVar("T")

ONE_CHOICE = {
    f"{name}.{field}": "it tells which kind of value this is"
    for field, names in (
        ("shot", ("VideoShot", "PhotoShot", "CardShot")),
        ("beat", ("Card", "Interview", "Broll", "Photos", "Narration")),
    )
    for name in names
}
UNALTERED = ONE_CHOICE | {
    "Timeline.rate": "every film runs at one rate",
    "Storyboard.schema_version": "there is one version of the language",
    "Storyboard.asks": "cards use each name that is asked for: with one less or more it is refused",
    "Storyboard.slots": "beats use each slot: with one less or more it is refused",
    "Slot.id": "beats name the slot by it",
    "Slot.takes": "the beats of the slot are of that kind",
}
"""Fields that hold one value, or that cannot be changed by themselves, and why."""

UNSEEN = (
    fields_of(Edits, SpeechSpan, SoundClip, MusicStep, SlotTitle, BeatSpan, Seal)
    | {f"Timeline.{name}" for name in ("storyboard", "notes", "slots", "beats", "unapplied", "complete")}
    | {f"Timeline.{name}" for name in ("speech", "sounds", "loudness_lufs")}
    | {f"Timeline.{name}" for name in ("music", "music_gain_db", "music_style", "music_steps")}
    | {"VideoShot.slot", "VideoShot.why", "PhotoShot.slot", "PhotoShot.why"}
    | {"Cue.speaker", "Cue.file", "Cue.source", "Cue.was"}
    | {"Agency.name", "Agency.seal"}
)
"""Fields of a plan and its agency that no picture shows: what is heard, what was decided by hand before it was planned,
words for people; its cards have the agency's name and seal already."""


@pytest.fixture(scope="module")
def media(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    return Project(tmp_path_factory.mktemp("project")).media


def test_every_field_is_altered_or_has_a_reason() -> None:
    altered = {one.field for one in made_films()} | {one.field for one in decided()}
    every = fields_of(Timeline, Agency, Storyboard, Edits)
    assert every - altered == set(UNALTERED)
    assert len(every) > 150


@pytest.fixture
def evidence(media: Callable[[str], Path], tmp_path: Path) -> Evidence:
    return Evidence(tmp_path, media, SMALL)


def test_a_field_changes_a_key_when_it_is_seen(evidence: Evidence) -> None:
    before = set(evidence.keys(rich_film.film()))
    fields, touching = set(), set()
    for film in made_films():
        fields.add(film.field)
        if set(evidence.keys(film.context)) != before:
            touching.add(film.field)
    assert fields - touching == UNSEEN


def test_what_comes_later_is_found_again(evidence: Evidence) -> None:
    """All but the first card, which moves more slowly then; beneath the dissolve out of it it has come to rest."""
    base = rich_film.film()
    shifted = base.model_copy(update={"timeline": later(base.timeline)})
    after, before = evidence.keys(shifted), evidence.keys(base)
    assert {after[key].start for key in after.keys() - before.keys()} == {0}


RENDERED_ALL_THE_SAME = {
    "Card.transition": "a dip into a card whose words come after it shows the ground that the card shows too"
}
"""Fields whose change may render what looks as it did, and why."""


class Held:
    """What is found when the pieces of changed films are held against those of the film as it was.

    Under one key FFmpeg is given one thing, and what it is given has one key. A kept piece, rendered cold, shows what
    it showed; one that is rendered anew shows something else than each of those that it takes the place of.
    """

    def __init__(self, evidence: Evidence, base: RenderContext) -> None:
        self._evidence, self._base = evidence, base
        self._before = evidence.keys(base)
        self._given: dict[str, str] = {}
        self._key_of: dict[str, str] = {}
        self._encoded: dict[str, list[str]] = {}
        self._chance = random.Random(5)
        self.touched = self.kept = 0
        self.stale: list[str] = []
        self.needless: list[str] = []

    def take(self, film: Film) -> None:
        """Hold the pieces of one film."""
        after = self._evidence.keys(film.context)
        gone = [self._before[key] for key in self._before.keys() - after.keys()]
        for key in after.keys() - self._before.keys():
            self.touched += 1
            self.given_alone(film.name, film.context, after[key])
            alike = [old for old in gone if old.frames == after[key].frames]
            shown = [self._evidence.pictures(self._base, old) for old in alike]
            same = bool(shown) and self._evidence.pictures(film.context, after[key]) in shown
            if same and film.field not in RENDERED_ALL_THE_SAME:
                self.needless.append(f"{film.name}: the pictures at {after[key].start}")
        kept = sorted(after.keys() & self._before.keys())
        for key in kept if SOAK else self._chance.sample(kept, min(4, len(kept))):
            self.given_alone(film.name, self._base, self._before[key])
            self.given_alone(film.name, film.context, after[key])
        for key in self._chance.sample(kept, min(1, len(kept))):
            self.kept += 1
            if key not in self._encoded:
                self._encoded[key] = self._evidence.encoded(self._base, self._before[key])
            if self._evidence.encoded(film.context, after[key]) != self._encoded[key]:
                self.stale.append(f"{film.name}: the pictures at {after[key].start}")

    def given_alone(self, name: str, context: RenderContext, segment: Segment) -> None:
        """Hold a piece's key against what FFmpeg is given for it."""
        key, given = self._evidence.key(context, segment), self._evidence.given(context, segment)
        if self._given.setdefault(key, given) != given:
            self.stale.append(f"{name}: what FFmpeg is given at {segment.start}")
        if self._key_of.setdefault(given, key) != key:
            self.needless.append(f"{name}: what FFmpeg is given at {segment.start}")


def some(films: Iterable[T], share: int) -> list[T]:
    """All of them under soak, else the same few each time."""
    every = list(films)
    return every if SOAK else random.Random(4).sample(every, len(every) // share)


def test_no_field_of_a_plan_leaves_a_stale_picture_or_renders_an_untouched_one(evidence: Evidence) -> None:
    held = Held(evidence, rich_film.film())
    for film in some(made_films(), 10):
        held.take(film)
    assert (held.stale, held.needless) == ([], [])
    assert min(held.touched, held.kept) > 30


def test_no_field_of_what_is_planned_of_leaves_a_stale_picture_or_renders_an_untouched_one(evidence: Evidence) -> None:
    base = rich_film.planned(rich_film.storyboard(), AGENCY, rich_film.edits())
    assert not base.timeline.unapplied
    held = Held(evidence, base)
    for one in some(decided(), 30):
        with suppress(InputRefused):
            held.take(Film(one.name, one.field, rich_film.planned(one.storyboard, one.agency, one.edits)))
    assert (held.stale, held.needless) == ([], [])
    assert min(held.touched, held.kept) > 10


def test_a_fact_of_a_clip_changes_a_key_exactly_when_ffmpeg_is_given_something_else(evidence: Evidence) -> None:
    base = rich_film.film()
    held, every = Held(evidence, base), list(with_other_facts())
    assert len({film.field for film in every}) > 50
    for film in some(every, 40):
        for segment in segments_of(base.timeline):
            held.given_alone(film.name, film.context, segment)
    assert (held.stale, held.needless) == ([], [])
