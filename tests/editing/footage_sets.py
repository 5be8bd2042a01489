"""Footage as agencies send it, drawn by seed: too much, too little, the wrong thing, of any quality."""

import random
from typing import NamedTuple

from ingest.analysis import Analysis
from ingest.clip import DUPLICATE, Clip, Kind, Note, Sentence, Verdict
from storyboards.storyboard import Storyboard
from tests.editing.clips import measured, photo, sentences, sound, video

WORDS = ("we", "serve", "these", "streets", "with", "care", "and", "the", "people", "here", "know", "us", "by", "name")
VIEWS = ("00ff00ff00ff00ff", "f0f0f0f00f0f0f0f", "123456789abcdef0", "0f0f0f0f0f0f0f0f")


class FootageSet(NamedTuple):
    """What one agency sent."""

    clips: list[Clip]
    music: str | None


def footage_set(storyboard: Storyboard, seed: int, *, most: int = 24) -> FootageSet:
    """A set of up to about `most` clips for a storyboard; the same for the same seed."""
    chance = random.Random(seed)
    rich = chance.random()
    clips: list[Clip] = []
    for slot in storyboard.slots:
        if chance.random() < (0.1 if slot.required else 0.3):
            continue  # nobody filmed it
        count = chance.randint(1, max(1, round(rich * most / len(storyboard.slots))))
        for n in range(count):
            name = f"{slot.id}_{n}"
            if slot.takes == "photo":
                clips.append(photo(f"{name}.jpg", slot=slot.id))
            elif slot.takes == "broll":
                clips.append(scene(f"{name}.mp4", chance, slot.id if chance.random() < 0.7 else None))
            else:
                clips.append(talk(f"{name}.mp4", chance, slot.id, narrated=slot.takes == "narration"))
    clips += [scene(f"more_{n}.mp4", chance, None) for n in range(chance.randrange(3))]
    clips = [_handled(clip, chance) for clip in clips]
    music = "music.ogg" if chance.random() < 0.5 else None
    clips += [sound("music.ogg", chance.uniform(20, 200))] if music else []
    return FootageSet(chance.sample(clips, len(clips)), music)


def scene(file: str, chance: random.Random, slot: str | None) -> Clip:
    """A silent scene of any length and quality."""
    seconds = round(chance.choice([chance.uniform(0.5, 6), chance.uniform(4, 25), chance.uniform(20, 150)]), 3)
    size = chance.choice([(1280, 720), (1920, 1080), (720, 1280), (640, 480)])
    told = measurements(seconds, chance) if chance.random() < 0.7 else None
    return video(
        file, seconds, size=size, slot=slot, sound=chance.random() < 0.5, analysis=told, sharpness=chance.uniform(0, 99)
    )


def talk(file: str, chance: random.Random, slot: str | None, *, narrated: bool = False) -> Clip:
    """Somebody who speaks in sentences, fluent or halting, written down or not."""
    spoken = spoken_sentences(chance)
    seconds = round((spoken[-1].end_s if spoken else chance.uniform(3, 60)) + chance.uniform(0, 2), 3)
    written = spoken if chance.random() < 0.88 else ()
    if narrated and chance.random() < 0.6:
        return sound(file.replace(".mp4", ".wav"), seconds, slot=slot, sentences=written)
    told = measurements(seconds, chance) if chance.random() < 0.5 else None
    speaker = chance.choice([None, "Speaker One", "Speaker Two", "Speaker Three"])
    return video(
        file,
        seconds,
        slot=slot,
        sound=chance.random() < 0.95,
        sentences=written,
        analysis=told,
        speaker_name=speaker,
        speaker_role="Resident" if speaker and chance.random() < 0.5 else None,
    )


def spoken_sentences(chance: random.Random) -> tuple[Sentence, ...]:
    """Sentences of one to thirty words at a person's own pace, with pauses."""
    pace, at = chance.uniform(0.25, 0.6), chance.uniform(0, 3)
    rows = []
    for _ in range(chance.choice([0, 1, 2, 4, 8, 20])):
        words = [chance.choice(WORDS) for _ in range(chance.randint(1, 30))]
        length = pace * len(words) * chance.uniform(0.8, 1.2)
        rows.append((at, at + length, " ".join(words) + chance.choice([".", ".", ".", "?", ",", ""])))
        at += length + chance.choice([0.05, 0.3, chance.uniform(0, 4)])
    return sentences(rows)


def measurements(seconds: float, chance: random.Random) -> Analysis:
    """What inspection may have measured of so many seconds."""
    whole, frames = int(seconds) + 1, round(seconds * 30)
    flashes: list[tuple[int, int]] = []
    for start in sorted(chance.choices(range(frames), k=chance.choice([0, 0, 0, 1, 2]))):
        if not flashes or start > flashes[-1][1]:
            flashes.append((start, min(frames, start + chance.randint(5, 90))))
    view = chance.choice(VIEWS)
    return measured(
        whole,
        motion=[chance.uniform(0, 20) for _ in range(whole)],
        sharpness=chance.uniform(0, 2000),
        shake=chance.uniform(0, 9),
        black=chance.choices([0.0, 0.1, 1.0], [20, 6, 1], k=whole),
        cuts=sorted(chance.sample(range(1, max(2, frames)), min(frames // 2, chance.choice([0, 0, 0, 1, 3])))),
        flashes=flashes,
        faces=chance.choices(range(whole), k=chance.randrange(3)),
        marks=[view if chance.random() < 0.8 else chance.choice(VIEWS) for _ in range(whole)],
    )


def _handled(clip: Clip, chance: random.Random) -> Clip:
    """A clip as people treat it: in and out points now and then, a wrong slot, a broken file, a copy."""
    luck = chance.random()
    if luck < 0.05 and clip.kind is Kind.VIDEO:
        start = round(chance.uniform(0, clip.duration_s), 2)
        return clip.model_copy(update={"in_s": start, "out_s": round(start + chance.uniform(0.1, 30), 2)})
    if luck < 0.08:
        return clip.model_copy(update={"slot": chance.choice(["leaders", "photos", "broll", None])})
    if luck < 0.10:
        note = Note(code="truncated", message="Half of it is missing.")
        return clip.model_copy(update={"verdict": Verdict.REFUSED, "notes": (note,)})
    if luck < 0.12:
        return clip.model_copy(update={"notes": (Note(code=DUPLICATE, message="This is the same as another."),)})
    return clip
