"""The sound is mixed anew exactly when its recipe is another, and an edit renders the segments that carry it."""

import os
import random
from itertools import pairwise

from editing import mix
from editing.documentary import RenderContext, film_pieces, sound_key
from editing.edits import NO_EDITS, CaptionCue, CaptionText, Edits
from editing.planning import plan
from editing.segments import Segment
from editing.timeline import Cue
from ingest.clip import Clip
from storyboards.library import load
from storyboards.storyboard import Storyboard

from .clips import anytown
from .every_field import made_films, with_other_facts
from .filming import AGENCY

SOAK = bool(os.environ.get("PROMISEREEL_SOAK"))


def test_the_sounds_key_changes_exactly_when_its_recipe_does() -> None:
    keys: dict[str, str] = {}
    recipes: dict[str, str] = {}
    for film in (*made_films(), *with_other_facts()):
        key, recipe = sound_key(film.context), mix.sound_recipe(film.context.timeline, film.context.by_name)
        assert keys.setdefault(recipe, key) == key, film.name
        assert recipes.setdefault(key, recipe) == recipe, film.name
    assert len(recipes) > 30


def planned(storyboard: Storyboard, clips: list[Clip], edits: Edits = NO_EDITS) -> RenderContext:
    timeline = plan(storyboard, clips, AGENCY, edits=edits)
    return RenderContext(timeline=timeline, clips=tuple(clips), agency=AGENCY, preview=True)


def test_an_edit_renders_only_the_segments_that_carry_it() -> None:
    """A caption is drawn on the open film alone; its corrected words make no other piece and no other sound."""
    clips, storyboard = anytown(), load("promise")
    base = planned(storyboard, clips)
    cues = base.timeline.cues
    for cue in cues if SOAK else random.Random(4).sample(cues, 6):
        clip = base.by_name[cue.file]
        first, last = cue.source
        words = f"Well, {cue.was.split()[0]}" if len(cue.was.split()) == 1 else " ".join(reversed(cue.was.split()))
        edit = CaptionText(clip=clip.digest, file=clip.file, start=first, end=last, was=cue.was, words=words)
        edited = planned(storyboard, clips, Edits(captions=(edit,)))
        assert not edited.timeline.unapplied
        held = zip(film_pieces(base, "open"), film_pieces(edited, "open"), strict=True)
        changed = [one.spec for one, other in held if one.key != other.key]
        carrying = [one.spec for one in film_pieces(base, "open") if _carries(one.spec, cue)]
        assert [one.start for one in changed] == [one.start for one in carrying]
        assert film_pieces(edited, "clean") == film_pieces(base, "clean")
        assert sound_key(edited) == sound_key(base)
    one, before = next((b, a) for a, b in pairwise(cues) if b.start - a.end == 2 and a.end - a.start > 60)
    clip = base.by_name[one.file]
    when = CaptionCue(clip=clip.digest, file=clip.file, start=one.source[0], end=one.source[1], was=one.was, comes=5)
    timed = planned(storyboard, clips, Edits(cues=(when,)))
    moved = [cue for cue, other in zip(cues, timed.timeline.cues, strict=True) if cue != other]
    assert moved in ([before, one], [one])
    held = [*zip(film_pieces(base, "open"), film_pieces(timed, "open"), strict=True)]
    touched = [old.spec.start for old, new in held if old.key != new.key]
    assert touched
    assert set(touched) <= {old.spec.start for old, _ in held if any(_carries(old.spec, cue) for cue in moved)}
    # Shots are cut into pieces where no caption stands, so the clean film's pieces beside that gap move with it.
    bare = zip(film_pieces(base, "clean"), film_pieces(timed, "clean"), strict=True)
    assert {old.spec.start for old, new in bare if old.key != new.key} <= set(touched)
    music = planned(storyboard, clips, Edits(music_db=-30.0))
    assert [one.key for one in film_pieces(music, "open")] == [one.key for one in film_pieces(base, "open")]


def _carries(segment: Segment, cue: Cue) -> bool:
    return segment.start < cue.end and cue.start < segment.start + segment.frames
