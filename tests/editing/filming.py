"""A small made-up film for tests of rendering: one interview between two cards."""

import hashlib
from fractions import Fraction
from pathlib import Path

from agencies.agency import Agency
from editing.documentary import RenderContext
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
from ingest.clip import Clip, Kind, Picture, Sound, Verdict
from kit.process import run_ffmpeg

AGENCY = Agency(name="Anytown Police Department")
DIP, DISSOLVE = Transition(kind="dip", frames=12), Transition(kind="dissolve", frames=12)


def _clip(path: Path, kind: Kind, **facts: object) -> Clip:
    digest = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else hashlib.sha256(b"").hexdigest()
    return Clip(file=path.name, digest=digest, size=1, kind=kind, verdict=Verdict.ACCEPTED, **facts)


def interview(folder: Path) -> Clip:
    """A clip of 5 s, 320x180 at 25 frames a second, with a beep in every second."""
    picture = Picture(stream=0, width=320, height=180, rate=Fraction(25), duration_s=5)
    sound = Sound(stream=1, channels=1, layout="mono", sample_rate=48000, duration_s=5, loudness_lufs=-30.0)
    return _clip(folder / "talk.mp4", Kind.VIDEO, picture=picture, sound=sound, frames=150, duration_s=5)


def music(folder: Path) -> Clip:
    """A bed of 2 s."""
    sound = Sound(stream=0, channels=2, layout="stereo", sample_rate=44100, duration_s=2, loudness_lufs=-20.0)
    return _clip(folder / "bed.wav", Kind.SOUND, sound=sound, duration_s=2.0)


def photo(folder: Path) -> Clip:
    """A photo of 400x300."""
    return _clip(folder / "photo.png", Kind.PHOTO, picture=Picture(stream=0, width=400, height=300))


def make_media(folder: Path) -> None:
    """Write the three files into a folder."""
    beeps = "aevalsrc='0.2*sin(880*PI*t)*lt(mod(t,1),0.5)':s=48000:d=5"
    moving = ["-f", "lavfi", "-i", "testsrc2=s=320x180:r=25:d=5", "-f", "lavfi", "-i", beeps]
    run_ffmpeg([*moving, "-pix_fmt", "yuv420p", "-g", "25", "-threads", "1", str(folder / "talk.mp4")])
    run_ffmpeg(["-f", "lavfi", "-i", "sine=330:d=2:r=44100", "-ac", "2", str(folder / "bed.wav")])
    run_ffmpeg(["-f", "lavfi", "-i", "testsrc=s=400x300", "-frames:v", "1", str(folder / "photo.png")])


def film(folder: Path, **changed: object) -> RenderContext:
    """A preview-sized film of 260 frames; `changed` replaces fields of its timeline."""
    shots = (
        CardShot(start=0, end=50, kind="opening", lines=(AGENCY.name, "A documentary")),
        VideoShot(start=50, end=170, file="talk.mp4", slot="leader", source_start=10, transition=DISSOLVE),
        PhotoShot(start=170, end=210, file="photo.png", slot="photos"),
        CardShot(start=210, end=260, kind="end", lines=(AGENCY.name, "Notice"), transition=DIP),
    )
    timeline = Timeline(
        storyboard="test",
        frames=260,
        shots=shots,
        cues=(Cue(start=60, end=110, lines=("Hello there,", "neighbour")), Cue(start=112, end=160, lines=("Goodbye",))),
        lower_thirds=(LowerThird(start=65, end=165, name="Speaker One", role="Chief of Police"),),
        speech=(SpeechSpan(start=60, end=160, file="talk.mp4"),),
        sounds=(SoundClip(start=50, end=170, file="talk.mp4", source_start=10),),
        music="bed.wav",
        music_gain_db=-8,
    ).model_copy(update=changed)
    clips = (interview(folder), music(folder), photo(folder))
    return RenderContext(timeline=timeline, clips=clips, agency=AGENCY, preview=True)
