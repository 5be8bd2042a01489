"""No change leaves a stale picture and none renders an untouched segment: whatever field of plan, clips, agency or
storyboard is changed, a piece's key is another one exactly when FFmpeg is given something else."""

import hashlib
import os
import random
import shutil
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

import av
import pytest
from PIL import Image

from editing import mix
from editing.documentary import RenderContext, film_pieces, fingerprint, sound_key
from editing.edits import NO_EDITS, CaptionCue, CaptionText, Edits
from editing.graph import Frame
from editing.planning import plan
from editing.render import lay_out, render_segment
from editing.segments import Segment
from editing.timeline import Cue, PhotoShot, Timeline
from ingest.clip import Clip, Kind
from kit.errors import InputRefused
from storyboards.checks import check_meaning
from storyboards.library import load

from .altering import alterations
from .clips import anytown
from .filming import AGENCY, film, make_media

SOAK = bool(os.environ.get("PROMISEREEL_SOAK"))
T = TypeVar("T")
SMALL = Frame(width=320, height=180)
Change = tuple[str, RenderContext]


@pytest.fixture(scope="module")
def media_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("media")
    make_media(folder)
    for name in ("talk.mp4", "photo.png", "bed.wav"):
        shutil.copy(folder / name, folder / f"{name}x")
    return folder


def with_twins(context: RenderContext) -> RenderContext:
    """Beside each clip another one, which a changed file name means."""
    twins = [
        clip.model_copy(update={"file": f"{clip.file}x", "digest": f"x{clip.digest[1:]}"}) for clip in context.clips
    ]
    return context.model_copy(update={"clips": (*context.clips, *twins)})


class Evidence:
    """What FFmpeg was given for every key, and which key it was given under: either tells the other."""

    def __init__(self, folder: Path, media_folder: Path) -> None:
        self._folder, self._media = folder, media_folder
        self._given: dict[str, str] = {}
        self._key_of: dict[str, str] = {}
        self._known: dict[str, str] = {}
        self.stale: list[str] = []
        self.needless: list[str] = []

    def take(self, name: str, context: RenderContext, segment: Segment) -> str:
        """Note a segment as it is after the change `name`; returns its key."""
        key = fingerprint(segment, context.by_name, context.agency, SMALL)
        given = self._given_to_ffmpeg(context, segment)
        if self._given.setdefault(key, given) != given:
            self.stale.append(f"{name}: segment at {segment.start}")
        if self._key_of.setdefault(given, key) != key:
            self.needless.append(f"{name}: segment at {segment.start}")
        return key

    def _given_to_ffmpeg(self, context: RenderContext, segment: Segment) -> str:
        """Digest of the arguments and of every file that they name; footage goes by the digest in its name."""
        shown = segment.model_copy(update={"start": 0}).model_dump_json()
        clips = [clip for clip in context.clips if clip.file in {getattr(shot, "file", "") for shot in _shots(segment)}]
        asked = "\n".join([shown, context.agency.model_dump_json(), *(clip.model_dump_json() for clip in clips)])
        if asked in self._known:
            return self._known[asked]
        scratch = self._folder / hashlib.sha256(asked.encode()).hexdigest()
        scratch.mkdir()
        arguments = lay_out(segment, context.by_name, context.agency, self._media.joinpath, scratch, SMALL)
        digest = hashlib.sha256(repr(arguments).encode())
        for file in sorted(path for path in scratch.iterdir() if path.is_file() and "upright" not in path.name):
            digest.update(file.name.encode() + hashlib.sha256(file.read_bytes()).digest())
        for shot in _shots(segment):
            # A photo is known by its digest before its stage is cut from it.
            digest.update(context.by_name[shot.file].digest.encode() if isinstance(shot, PhotoShot) else b"")
        return self._known.setdefault(asked, digest.hexdigest())


def _shots(segment: Segment) -> list[object]:
    return [take.shot for take in (segment.take, segment.dissolve_from) if take]


def _trims(timeline: Timeline) -> Iterator[tuple[str, Timeline]]:
    """Every cut of the film one frame later, and the film one frame longer."""
    for number, (one, other) in enumerate(zip(timeline.shots, timeline.shots[1:], strict=False)):
        moved = (one.model_copy(update={"end": one.end + 1}), other.model_copy(update={"start": other.start + 1}))
        shots = (*timeline.shots[:number], *moved, *timeline.shots[number + 2 :])
        yield f"cut {number}", timeline.model_copy(update={"shots": shots})
    longer = timeline.shots[-1].model_copy(update={"end": timeline.frames + 1})
    shots = (*timeline.shots[:-1], longer)
    yield "frames", timeline.model_copy(update={"shots": shots, "frames": timeline.frames + 1})


def _later(timeline: Timeline) -> Timeline:
    """The same film after ten more frames of its first card."""

    def moved(value: object) -> object:
        return value.model_copy(update={"start": value.start + 10, "end": value.end + 10})  # type: ignore[attr-defined]

    spans = ("cues", "lower_thirds", "speech", "sounds")
    first = timeline.shots[0].model_copy(update={"end": timeline.shots[0].end + 10})
    shots = (first, *map(moved, timeline.shots[1:]))
    shifted = {name: tuple(map(moved, getattr(timeline, name))) for name in spans}
    return timeline.model_copy(update={"frames": timeline.frames + 10, "shots": shots, **shifted})


def changes(context: RenderContext) -> Iterator[Change]:
    """Each field of the plan, the agency and the clips changed by itself, and every cut moved."""
    cut_by_itself = (".start", ".end", "frames", "rate", "shot")
    for name, timeline in alterations(context.timeline):
        if not (name.startswith("shots[") and name.endswith(cut_by_itself)) and name not in ("frames", "rate"):
            yield name, with_twins(context.model_copy(update={"timeline": timeline}))
    for name, timeline in _trims(context.timeline):
        yield name, context.model_copy(update={"timeline": timeline})
    yield "all later", context.model_copy(update={"timeline": _later(context.timeline)})
    for name, agency in alterations(context.agency):
        yield f"agency.{name}", context.model_copy(update={"agency": agency})
    for number, clip in enumerate(context.clips):
        for name, other in alterations(clip):
            if name not in ("file", "sound", "picture"):
                clips = (*context.clips[:number], other, *context.clips[number + 1 :])
                yield f"{clip.file}.{name}", context.model_copy(update={"clips": clips})


def sampled(every: list[tuple[str, T]], count: int) -> list[tuple[str, T]]:
    """All of them under soak, else the same few each time."""
    return every if SOAK else random.Random(4).sample(every, count)


def segments_of(context: RenderContext) -> list[Segment]:
    return [piece.spec for film_ in ("open", "clean") for piece in film_pieces(context, film_)]  # type: ignore[arg-type]


def test_a_key_changes_exactly_when_ffmpeg_is_given_something_else(media_folder: Path, tmp_path: Path) -> None:
    Image.new("RGB", (200, 200), "teal").save(media_folder / "new", "PNG")  # the seal that a changed card asks for
    base = film(media_folder)
    evidence = Evidence(tmp_path, media_folder)
    touched = Counter[str]()
    before = {evidence.take("as it is", base, segment) for segment in segments_of(base)}
    every = list(changes(base))
    always = ("all later", *(f"shots[{number}].transition.through" for number in (1, 3)))
    for name, context in [*sampled(every, 30), *(change for change in every if change[0] in always)]:
        after = {evidence.take(name, context, segment) for segment in segments_of(context)}
        touched[name] = len(after - before)
    assert not evidence.stale
    assert not evidence.needless
    assert len(touched) >= 30
    untouching = ("notes", "storyboard", "complete", "music", "speech", "sounds", "agency.name", "edits", "unapplied")
    untouching += tuple(f"cues[0].{name}" for name in ("speaker", "file", "source", "was"))
    assert {name: touched[name] for name in touched if name.startswith(untouching) and touched[name]} == {}
    assert all(touched[name] for name in touched if name.startswith(("lower_thirds", "cut", "agency.colours")))
    # The first card moves more slowly, also beneath the dissolve out of it, open and clean; nothing else has changed.
    assert touched["all later"] == 3
    # The colour of a dip is seen on both sides of its cut, that of a dissolve nowhere.
    assert [touched[name] for name in always[1:]] == [0, 2]


def test_the_sounds_key_changes_exactly_when_its_recipe_does(media_folder: Path) -> None:
    base = film(media_folder)
    keys, recipes = {}, {}
    for name, context in [("as it is", base), *changes(base)]:
        key, recipe = sound_key(context), mix.sound_recipe(context.timeline, context.by_name)
        assert keys.setdefault(recipe, key) == key, name
        assert recipes.setdefault(key, recipe) == recipe, name
    assert len(recipes) > 10


def shown(timeline: Timeline) -> tuple[object, ...]:
    """All that a plan puts on the picture."""
    return timeline.shots, timeline.cues, timeline.lower_thirds


def planned(storyboard: object, clips: list[Clip], edits: Edits = NO_EDITS) -> RenderContext | None:
    try:
        timeline = plan(storyboard, clips, AGENCY, edits=edits)  # type: ignore[arg-type]
    except InputRefused:
        return None
    return RenderContext(timeline=timeline, clips=tuple(clips), agency=AGENCY, preview=True)


def test_a_field_of_the_storyboard_touches_what_it_changes(media_folder: Path, tmp_path: Path) -> None:
    """Of the new and of the kept segments of every replanned film a sample is held against what FFmpeg is given."""
    photo = film(media_folder).by_name["photo.png"]
    clips = [clip.model_copy(update={"digest": clip.file}) for clip in anytown()]
    for file in [clip.file for clip in clips if clip.kind is Kind.PHOTO]:
        (media_folder / file).write_bytes((media_folder / photo.file).read_bytes())
    storyboard = load("promise")
    base = planned(storyboard, clips)
    assert base
    chance, evidence = random.Random(4), Evidence(tmp_path, media_folder)
    segments = segments_of(base)
    before = {fingerprint(segment, base.by_name, AGENCY, SMALL) for segment in segments}
    for segment in segments:
        if SOAK:
            evidence.take("as it is", base, segment)
    replanned = 0
    saved = [one for one in alterations(storyboard) if not check_meaning(one[1].model_dump(mode="json", by_alias=True))]
    for name, other in sampled(saved, 12):
        context = planned(other, clips)
        if context is None:
            continue
        after = {fingerprint(segment, context.by_name, AGENCY, SMALL): segment for segment in segments_of(context)}
        if shown(context.timeline) == shown(base.timeline):
            assert set(after) == before, name
        replanned += 1
        for key in chance.sample(sorted(after), 12 if SOAK else 1):
            assert evidence.take(name, context, after[key]) == key
    assert replanned >= 8
    assert not evidence.stale
    assert not evidence.needless


def test_an_edit_renders_only_the_segments_that_carry_it() -> None:
    """A caption is drawn on the open film alone; its corrected words make no other piece and no other sound."""
    clips, storyboard = anytown(), load("promise")
    base = planned(storyboard, clips)
    assert base
    cues = base.timeline.cues
    for cue in cues if SOAK else random.Random(4).sample(cues, 6):
        clip = base.by_name[cue.file]
        first, last = cue.source
        words = f"Well, {cue.was.split()[0]}" if len(cue.was.split()) == 1 else " ".join(reversed(cue.was.split()))
        edit = CaptionText(clip=clip.digest, file=clip.file, start=first, end=last, was=cue.was, words=words)
        edited = planned(storyboard, clips, Edits(captions=(edit,)))
        assert edited
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
    assert timed
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
    assert music
    assert [one.key for one in film_pieces(music, "open")] == [one.key for one in film_pieces(base, "open")]


def _carries(segment: Segment, cue: Cue) -> bool:
    return segment.start < cue.end and cue.start < segment.start + segment.frames


def frame_digests(path: Path) -> list[str]:
    with av.open(str(path)) as box:
        return [hashlib.sha256(frame.to_ndarray().tobytes()).hexdigest() for frame in box.decode(video=0)]


def test_pictures_found_again_are_those_a_cold_render_makes(media_folder: Path, tmp_path: Path) -> None:
    base = film(media_folder)
    kept: dict[str, list[str]] = {}

    def pictures(context: RenderContext, found: dict[str, list[str]]) -> list[str]:
        """Digests of the film's pictures, rendering only what is not found."""
        digests = []
        for number, segment in enumerate(segments_of(context)):
            key = fingerprint(segment, context.by_name, context.agency, SMALL)
            if key not in found:
                scratch = tmp_path / f"{len(list(tmp_path.iterdir()))}-{number}"
                scratch.mkdir()
                out = scratch / "out.mp4"
                clips, agency = context.by_name, context.agency
                render_segment(segment, clips, agency, media_folder.joinpath, out, scratch, SMALL)
                found[key] = frame_digests(out)
            digests += found[key]
        return digests

    def renderable(name: str) -> bool:
        # Facts that are wrong of the file at hand cannot be rendered.
        return not name.startswith(("talk.mp4", "bed.wav", "photo.png"))

    pictures(base, kept)
    chosen = [change for change in changes(base) if renderable(change[0])]
    for name, context in random.Random(2).sample(chosen, 40 if SOAK else 2):
        assert pictures(context, kept) == pictures(context, {}), name
