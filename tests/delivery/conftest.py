"""A small film made by FFmpeg, and the plan it follows."""

from pathlib import Path

import pytest

from agencies.agency import Agency
from agencies.promise import MARKS_NOTICE, promise_phrases
from editing.timeline import (
    CardShot,
    Cue,
    LowerThird,
    PhotoShot,
    SoundClip,
    SpeechSpan,
    Timeline,
    Transition,
    VideoShot,
)
from ingest.clip import Clip, Kind, Picture, Verdict
from kit.process import run_ffmpeg


@pytest.fixture(scope="session")
def agency() -> Agency:
    return Agency(name="Anytown Police Department")


@pytest.fixture(scope="session")
def timeline(agency: Agency) -> Timeline:
    """Twelve seconds: a card, the leader, two scenes, a photo, the Promise and the end."""
    return Timeline(
        storyboard="promise",
        frames=360,
        shots=(
            CardShot(start=0, end=60, kind="opening", lines=(agency.name, "A Peace Officer Promise documentary")),
            VideoShot(
                start=60,
                end=180,
                file="leader & crew.mp4",
                slot="leader",
                source_start=30,
                transition=Transition(kind="dissolve", frames=12),
                why="all that is said, a whole thought",
            ),
            VideoShot(start=180, end=210, file="broll_city.mpg", slot="broll", source_start=0),
            VideoShot(start=210, end=240, file="IMG_0042.MOV", slot="broll", source_start=90),
            PhotoShot(start=240, end=270, file="photo_car.jpg", slot="photos"),
            CardShot(
                start=270,
                end=330,
                kind="promise",
                lines=promise_phrases(agency.name),
                transition=Transition(kind="dip", frames=12, through="black"),
            ),
            CardShot(start=330, end=360, kind="end", lines=(agency.name, MARKS_NOTICE)),
        ),
        cues=(
            Cue(start=66, end=110, lines=("Chief One: We serve", "this community."), speaker="Chief One"),
            Cue(start=112, end=170, lines=("R&D matters to all of us here.",)),
        ),
        lower_thirds=(LowerThird(start=72, end=108, name="Chief One", role="Chief of Police"),),
        speech=(SpeechSpan(start=66, end=168, file="leader & crew.mp4"),),
        sounds=(SoundClip(start=60, end=180, file="leader & crew.mp4", source_start=30),),
        music="music.ogg",
    )


@pytest.fixture(scope="session")
def clips() -> tuple[Clip, ...]:
    picture = Picture(stream=0, width=1280, height=720)
    return (
        Clip(
            file="leader & crew.mp4",
            digest="0" * 64,
            size=1,
            kind=Kind.VIDEO,
            verdict=Verdict.ACCEPTED,
            picture=picture,
            frames=300,
            speaker_name="Chief One",
        ),
    )


def make_film(
    path: Path, picture: str, *, sound: str = "sine=440:r=48000:d=12,pan=stereo|c0=c0|c1=c0", extra: str = ""
) -> Path:
    """A film as ours are written, from lavfi graphs for picture and sound."""
    run_ffmpeg(
        [
            *("-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", sound),
            *(
                "-vf",
                "format=yuv420p,setparams=range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709",
                "-c:v",
                "libx264",
                "-profile:v",
                "high",
                "-preset",
                "ultrafast",
                "-crf",
                "20",
            ),
            *("-threads", "1", "-x264-params", "open-gop=0:8x8dct=1", "-c:a", "aac"),
            *("-movflags", "+faststart+use_metadata_tags", *extra.split(), str(path)),
        ]
    )
    return path


@pytest.fixture(scope="session")
def films(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The open film (a caption box with white marks while cues show) and the clean one, 12 s of 640x360."""
    folder = tmp_path_factory.mktemp("films")
    base = "testsrc2=s=640x360:r=30:d=12,hue=s=0.4"
    box = "drawbox=200:290:240:40:black@0.7:fill:enable='{on}',drawbox=240:300:6:20:white:fill:enable='{on}'"
    on = "between(n,66,109)+between(n,112,169)"
    boxed = base + "," + box.format(on=on) + f",drawbox=300:300:6:20:white:fill:enable='{on}'"
    place = "-metadata location=+40.7-074.0/"
    return {
        "documentary.mp4": make_film(folder / "open.mp4", boxed, extra=place),
        "documentary-clean.mp4": make_film(folder / "clean.mp4", base),
    }
