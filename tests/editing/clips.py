"""Clips made by hand, shaped like a whole project, for tests of planning."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from ingest.analysis import Analysis, Face, PictureSeries, Stretch
from ingest.clip import Clip, Kind, Picture, Sentence, Sound, Verdict, Word

LJ = [
    (
        0.0,
        9.655,
        "Printing, in the only sense with which we are at present concerned, differs from most if not from "
        "all the arts and crafts represented in the Exhibition",
    ),
    (10.055, 11.955, "in being comparatively modern."),
    (
        12.355,
        22.021,
        "For although the Chinese took impressions from wood blocks engraved in relief for centuries "
        "before the woodcutters of the Netherlands, by a similar process",
    ),
    (22.421, 27.56, "produced the block books, which were the immediate predecessors of the true printed book,"),
    (
        27.96,
        36.071,
        "the invention of movable metal letters in the middle of the fifteenth century may justly be "
        "considered as the invention of the art of printing.",
    ),
    (36.471, 42.155, "And it is worth mention in passing that, as an example of fine typography,"),
    (
        42.555,
        50.945,
        'the earliest book printed with movable types, the Gutenberg, or "forty-two line Bible" of about '
        "fourteen fifty-five,",
    ),
    (51.345, 53.128, "has never been surpassed."),
]
GRID = [(3.0 * i, 3.0 * i + 3, "bin blue at F two now") for i in range(10)]


def sentence(start_s: float, end_s: float, text: str) -> Sentence:
    """A sentence whose words share its time by their length."""
    words = text.split()
    whole = sum(len(word) + 1 for word in words)
    at, spoken = 0, []
    for word in words:
        first, at = at, at + len(word) + 1
        a, b = (start_s + (end_s - start_s) * share / whole for share in (first, at))
        spoken.append(Word(text=word, start_s=a, end_s=b))
    return Sentence(words=tuple(spoken))


def sentences(rows: Sequence[tuple[float, float, str]]) -> tuple[Sentence, ...]:
    """Sentences of (start, end, text) rows."""
    return tuple(sentence(*row) for row in rows)


def video(file: str, seconds: float, *, size: tuple[int, int] = (1280, 720), sound: bool = True, **more: Any) -> Clip:
    """A video clip."""
    heard = Sound(stream=1, channels=2, layout="stereo", sample_rate=48000, duration_s=seconds) if sound else None
    return Clip(
        file=file,
        digest=f"digest of {file}",
        size=1000,
        kind=Kind.VIDEO,
        verdict=Verdict.ACCEPTED,
        picture=Picture(stream=0, width=size[0], height=size[1], pixel_aspect=Fraction(1), duration_s=seconds),
        sound=heard,
        frames=round(seconds * 30),
        duration_s=seconds,
        **more,
    )


def measured(
    seconds: int,
    *,
    motion: Sequence[float] = (),
    sharpness: float = 300.0,
    shake: float = 0.3,
    black: Sequence[float] = (),
    cuts: Sequence[int] = (),
    flashes: Sequence[tuple[int, int]] = (),
    faces: Sequence[int] = (),
    marks: Sequence[str] = (),
) -> Analysis:
    """Measurements of a clip of so many seconds: well lit and steady unless told otherwise; faces by second."""
    series = PictureSeries(
        sharpness=(sharpness,) * seconds,
        shake=(shake,) * seconds,
        motion=tuple(motion) or (2.0,) * seconds,
        exposure=(0.5,) * seconds,
        black=tuple(black) or (0.0,) * seconds,
        blown=(0.0,) * seconds,
    )
    return Analysis(
        picture=series,
        shots=(0, *cuts),
        flashes=tuple(Stretch(start=start, end=end) for start, end in flashes),
        faces=tuple(Face(frame=30 * second, x=0.5, y=0.4, width=0.2, height=0.3) for second in faces),
        face_samples=seconds,
        marks=tuple(marks),
    )


def photo(file: str, **more: Any) -> Clip:
    """A photo."""
    picture = Picture(stream=0, width=4000, height=3000)
    return Clip(
        file=file,
        digest=f"digest of {file}",
        size=9,
        kind=Kind.PHOTO,
        verdict=Verdict.ACCEPTED,
        picture=picture,
        **more,
    )


def measured_anytown() -> list[Clip]:
    """The same project, measured: streets that live, an empty room, a flashing car, a leader who is cut in two."""
    pulse = [0.2, 0.2, 4.0, 6.0, 5.0, 0.3]
    told = {
        "leader.mp4": measured(30, flashes=[(500, 540)]),
        "community.mp4": measured(54, motion=[1.0] * 54),
        "broll_0.mp4": measured(8, motion=[5.0] * 8, cuts=[120]),
        "broll_2.mp4": measured(10, motion=[4.0] * 10, flashes=[(0, 150)]),
        "broll_3.mp4": measured(31, motion=(pulse * 6)[:31], faces=range(12, 18)),
        "broll_4.mp4": measured(139, motion=[0.1] * 60 + pulse * 3 + [0.1] * 61, marks=["00ff00ff00ff00ff"] * 139),
        "broll_5.mp4": measured(18, motion=[8.0] * 18, shake=4.0),
    }
    apart = {"leader.mp4": sentences([row for n, row in enumerate(GRID) if n not in (3, 4)])}
    return [
        clip.model_copy(
            update={
                "analysis": told.get(clip.file),
                "sentences": apart.get(clip.file, clip.sentences),
                "faces": (0.5, 0.4) if clip.file == "broll_3.mp4" else clip.faces,
            }
        )
        for clip in anytown()
    ]


def sound(file: str, seconds: float, **more: Any) -> Clip:
    """A sound file."""
    heard = Sound(stream=0, channels=1, layout="mono", sample_rate=22050, duration_s=seconds)
    return Clip(
        file=file,
        digest=f"digest of {file}",
        size=9,
        kind=Kind.SOUND,
        verdict=Verdict.ACCEPTED,
        sound=heard,
        duration_s=seconds,
        **more,
    )


def anytown() -> list[Clip]:
    """A whole project, shaped like real footage."""
    who: dict[str, Any] = {"speaker_name": "Speaker One", "speaker_role": "Chief of Police"}
    return [
        video("leader.mp4", 30, slot="leader", sentences=sentences(GRID), **who),
        video("community.mp4", 53.5, slot="community", sentences=sentences(LJ), speaker_name="Speaker Two"),
        video(
            "phone_portrait.MOV",
            9,
            size=(720, 1280),
            slot="officers",
            sentences=sentences(GRID[:3]),
            speaker_name="Speaker Three",
            speaker_role="Patrol officer",
        ),
        *(video(f"broll_{n}.mp4", s, sharpness=n * 10.0) for n, s in enumerate((7.6, 5.1, 10, 30.2, 139, 17.4, 2.5))),
        photo("photo_a.jpg"),
        photo("photo_b.jpg", faces=(0.3, 0.3)),
        sound("music.ogg", 60),
    ]
