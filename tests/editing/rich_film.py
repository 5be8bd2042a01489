"""A small project and films of it in which everything that a film can have is set, for tests that alter each field."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw

from agencies.agency import Agency, Colours, Seal
from agencies.promise import promise_text
from editing.brand import in_brand
from editing.corrections import frames_of_word
from editing.documentary import RenderContext
from editing.edits import (
    BeatCuts,
    CaptionCue,
    CaptionText,
    CardText,
    Cut,
    Edits,
    LeftOut,
    LowerThirdText,
    MusicFile,
    Placed,
)
from editing.graph import Frame
from editing.planning import plan
from editing.timeline import (
    BeatSpan,
    CardShot,
    Cue,
    LowerThird,
    MusicStep,
    PhotoShot,
    SlotTitle,
    SoundClip,
    SpeechSpan,
    Timeline,
    Transition,
    VideoShot,
)
from ingest.clip import Clip, Kind, Word
from kit.process import run_ffmpeg
from storyboards.library import load
from storyboards.storyboard import Ask, Brand, Broll, Card, Interview, Music, Narration, Photos, Storyboard

from .clips import anytown, photo, sentences, sound, video

SMALL = Frame(width=192, height=108)
AGENCY = Agency(
    name="Anytown Police Department",
    colours=Colours(ground="#15305A", accent="#D2A545"),
    seal=Seal(digest="5ea1", key="seals/5ea1"),
)
assert AGENCY.seal
SEAL = AGENCY.seal.file


def project() -> list[Clip]:
    """Clips as they are inspected: small pictures of `anytown`, two voices, a photo held upright, more music."""
    read = sentences([(0.5, 22.0, promise_text(AGENCY.name, "members"))])
    told = sentences([(0.5, 5.5, "This is our town on a day"), (6.0, 11.0, "like any other day of ours.")])
    clips = [
        *anytown(),
        video("spare.mp4", 24, slot="scenes"),
        photo("photo_tall.jpg", slot="more_photos"),
        photo("photo_more.jpg", slot="more_photos"),
        sound("voice.wav", 12, sentences=told, slot="narration"),
        sound("promise.wav", 23, sentences=read, slot="promise_voice"),
        sound("other.ogg", 30),
    ]
    return [_small(clip) for clip in clips]


def _small(clip: Clip) -> Clip:
    digest = hashlib.sha256(clip.file.encode()).hexdigest()
    if clip.picture is None:
        return clip.model_copy(update={"digest": digest})
    upright = clip.picture.width < clip.picture.height or "tall" in clip.file
    wide, high = (400, 300) if clip.kind is Kind.PHOTO else (160, 90)
    size = {"width": high, "height": wide} if upright else {"width": wide, "height": high}
    return clip.model_copy(update={"digest": digest, "picture": clip.picture.model_copy(update=size)})


class Project:
    """The project's files, made as they are asked for; a seal's picture follows from its name."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._clips = {clip.file: clip for clip in project()}

    def media(self, name: str) -> Path:
        """Where a file lies."""
        path = self._folder / name
        if not path.exists():
            clip = self._clips.get(name)
            if clip is None or clip.picture is None:
                _draw_seal(name, path)
            elif clip.kind is Kind.PHOTO:
                run_ffmpeg([*_pattern(clip, "testsrc", 1), "-frames:v", "1", "-f", "mjpeg", str(path)])
            else:
                coded = ["-c:v", "libx264", "-pix_fmt", "yuv420p", "-g", "30", "-threads", "1", "-f", "mp4"]
                run_ffmpeg([*_pattern(clip, "testsrc2", clip.duration_s or 1), *coded, str(path)])
        return path


def _pattern(clip: Clip, source: str, seconds: float) -> list[str]:
    """A test picture that moves, in a colour of the clip's own."""
    assert clip.picture
    size = f"{clip.picture.width}x{clip.picture.height}"
    turn = int(clip.digest[:4], 16) % 360
    return ["-f", "lavfi", "-i", f"{source}=s={size}:r=30:d={seconds},hue=h={turn}"]


def _draw_seal(name: str, path: Path) -> None:
    ink = "#" + hashlib.sha256(name.encode()).hexdigest()[:6]
    picture = Image.new("RGBA", (200, 200))
    ImageDraw.Draw(picture).ellipse((4, 4, 196, 196), fill=ink, outline="white", width=12)
    picture.save(path, "PNG")


def storyboard() -> Storyboard:
    """The shipped template with every kind of beat, each field of which says something."""
    promise = load("promise")
    opening = Card(
        kind="opening", lines=("{{ department }}", "{{ city }}"), when="slot photos is filled", transition="cut"
    )
    quote = Card(kind="quote", lines=("{{ motto }}", "Speaker One"), transition="dip", music="low")
    beats = (
        opening,
        Broll(min_s=5, max_s=24, shot_s=4, portrait="crop", music="low", when="variable city is set"),
        Interview(slot="leader", max_s=40, portrait="bars", transition="cross-fade"),
        Narration(voice="narration", max_s=30, shot_s=4, portrait="blur", transition="cut"),
        Interview(slot="officers", max_s=40, lower_third=True, when="slot officers is filled"),
        quote,
        Broll(min_s=4, max_s=24),
        Card(kind="chapter", lines=("Voices of our community", "of all of it")),
        Interview(slot="community", max_s=40),
        Interview(slot="community", max_s=20),
        Photos(photo_s=4, max_count=2, transition="cross-fade", when="slot photos is filled"),
        Photos(photo_s=4, max_count=1, slot="more_photos"),
        Photos(photo_s=3, max_count=1, slot="more_photos"),
        Broll(min_s=4, max_s=24, transition="dip", slot="scenes"),
        Broll(min_s=3, max_s=9, slot="scenes"),
        Card(kind="promise", voice="promise_voice", variant="members", music="off"),
        Card(kind="end", lines=("{{ department }}", "{{ marks_notice }}", "{{ credits }}")),
    )
    limits = {"min_s": 2.0, "max_s": 120.0, "min_count": 1, "max_count": 9}
    sound_limits = {"min_s": 0.0, "max_s": 120.0, "min_count": 0, "max_count": 2}
    slots = [slot.model_copy(update=sound_limits if slot.takes == "narration" else limits) for slot in promise.slots]
    # Two slots of a kind, so that a beat may have the other one's.
    slots += [slots[1].model_copy(update={"id": "scenes"}), slots[4].model_copy(update={"id": "more_photos"})]
    return promise.model_copy(
        update={
            "target_s": 170.0,
            "brand": Brand(ground="#203A20", accent="#D0B040"),
            "music": Music(file="other.ogg", level_db=-10.0, style="between"),
            "asks": {"city": Ask(what="The name of your town.", example="Anytown")},
            "variables": {"credits": "Music by Somebody", "motto": "Peace is what we keep."},
            "slots": tuple(slots),
            "beats": beats,
        }
    )


def edits() -> Edits:
    """One edit of every kind that holds in the film of that storyboard."""
    clips = {clip.file: clip for clip in project()}

    def named(file: str) -> dict[str, str]:
        return {"clip": clips[file].digest, "file": file}

    def said(file: str, sentence: int, first: int, last: int) -> dict[str, object]:
        words: Sequence[Word] = clips[file].sentences[sentence].words[first:last]
        start, end = frames_of_word(words[0])[0], frames_of_word(words[-1])[1]
        return named(file) | {"start": start, "end": end, "was": " ".join(word.text for word in words)}

    return Edits(
        left_out=(LeftOut.model_validate(named("broll_1.mp4")),),
        slots=(Placed.model_validate(named("broll_2.mp4") | {"slot": "broll"}),),
        beats=(
            BeatCuts(
                slot="broll",
                nth=2,
                cuts=(
                    Cut.model_validate(named("broll_3.mp4") | {"start": 30, "end": 130}),
                    Cut.model_validate(named("broll_5.mp4")),
                ),
            ),
        ),
        cards=(CardText(card="chapter", nth=1, lines=("Voices of", "our whole town")),),
        lower_thirds=(
            LowerThirdText.model_validate(named("leader.mp4") | {"name": "Speaker Four", "role": "Sheriff"}),
        ),
        captions=(CaptionText.model_validate(said("leader.mp4", 1, 0, 2) | {"words": "green bin"}),),
        music=MusicFile.model_validate(named("music.ogg")),
        cues=(CaptionCue.model_validate(said("leader.mp4", 4, 0, 7) | {"comes": 2, "goes": -4}),),
        music_db=-20.0,
    )


def planned(template: Storyboard, agency: Agency, by_hand: Edits) -> RenderContext:
    """The film that is planned, as the pipeline plans it. Raises InputRefused."""
    agency, clips = in_brand(agency, template), project()
    timeline = plan(template.as_example, clips, agency, edits=by_hand)
    return RenderContext(timeline=timeline, clips=tuple(clips), agency=agency, preview=True)


def film() -> RenderContext:
    """A film made by hand: every kind of shot, framing, card and transition, captions across pieces and on a card."""
    dissolve, dip = Transition(kind="dissolve", frames=8), Transition(kind="dip", frames=8)
    phrases = (f"We, the {AGENCY.name},", "promise", "to do no harm.")
    leader = VideoShot(start=40, end=240, file="leader.mp4", slot="leader", source_start=40, transition=dissolve)
    street = VideoShot(start=240, end=270, file="broll_4.mp4", slot="broll", source_start=300, framing="fit")
    upright = VideoShot(start=270, end=300, file="phone_portrait.MOV", slot="officers", source_start=31)
    photo_a = PhotoShot(start=330, end=360, file="photo_a.jpg", slot="photos", transition=dissolve, why="a face")
    tall = PhotoShot(start=360, end=390, file="photo_tall.jpg", slot="photos", framing="blur", zoom=(1.05, 1.0))
    quote = ("We keep the peace.", "Speaker One", "Chief of Police")
    shots = (
        CardShot(start=0, end=40, kind="opening", lines=(AGENCY.name, "A documentary"), seal=SEAL),
        leader.model_copy(update={"centre": (0.4, 0.6), "damped": ((60, 100),), "why": "a good start"}),
        street,
        upright.model_copy(update={"framing": "blur", "transition": dip}),
        upright.model_copy(update={"start": 300, "end": 330, "source_start": 90, "centre": (0.5, 0.3)}),
        photo_a.model_copy(update={"zoom": (1.0, 1.12), "centre": ((0.3, 0.5), (0.7, 0.4))}),
        tall,
        CardShot(start=390, end=420, kind="chapter", lines=("Voices", "of our town"), transition=dissolve),
        CardShot(start=420, end=450, kind="quote", lines=quote, transition=dip),
        CardShot(start=450, end=510, kind="promise", lines=phrases, transition=dip, reveal=(2, 20, 38), voiced=True),
        CardShot(start=510, end=540, kind="promise", lines=(" ".join(phrases),), transition=dissolve),
        CardShot(start=540, end=580, kind="end", lines=(AGENCY.name, "A notice", "Credits"), seal=SEAL, transition=dip),
    )
    return RenderContext(timeline=_heard(shots, 580), clips=tuple(project()), agency=AGENCY, preview=True)


def _heard(shots: Sequence[VideoShot | PhotoShot | CardShot], frames: int) -> Timeline:
    """The film with what is said and heard in it: speech from frame 40 to 230, a voice over the Promise."""

    def cue(start: int, end: int, *lines: str) -> Cue:
        return Cue(start=start, end=end, lines=lines, file="leader.mp4", source=(start, end), was=" ".join(lines))

    return Timeline(
        storyboard="rich",
        frames=frames,
        shots=tuple(shots),
        cues=(
            cue(46, 100, "Hello there,", "neighbour").model_copy(update={"speaker": "Speaker One"}),
            cue(102, 170, "this is our town"),
            cue(190, 230, "Goodbye"),
            cue(425, 470, "We promise"),
        ),
        lower_thirds=(LowerThird(start=55, end=180, name="Speaker One", role="Chief of Police"),),
        speech=(SpeechSpan(start=46, end=225, file="leader.mp4"), SpeechSpan(start=425, end=470, file="promise.wav")),
        sounds=(
            SoundClip(start=40, end=240, file="leader.mp4", source_start=40, fade_out=6),
            SoundClip(start=425, end=470, file="promise.wav", source_start=3, role="narration"),
        ),
        music="music.ogg",
        music_gain_db=-12.0,
        music_style="between",
        music_steps=(MusicStep(start=420, end=480, by_db=-8.0),),
        loudness_lufs=-24.0,
        captions="solid",
        notes=("a note",),
        slots=(SlotTitle(id="leader", title="Your leader speaking"),),
        beats=(BeatSpan(start=0, end=40, card="opening", nth=1), BeatSpan(start=40, end=240, slot="leader", nth=1)),
        edits=edits(),
        unapplied=("something",),
        complete=False,
    )
