"""What the sender should know of a clip's picture, in plain words. Pure."""

from collections.abc import Sequence
from statistics import median

from ingest.analysis import Analysis, PictureSeries, Stretch
from ingest.clip import BLANK_PICTURE, SMALL_PICTURE, Clip, Note, Picture
from ingest.picture_meter import PictureFindings
from ingest.probe import Probe
from kit.timing import clock, frames_to_seconds

SCREEN_SIZE = (1920, 1080)
ENLARGED = 2.25
"""Pictures that must be enlarged more than this to fill the screen look soft (480 lines to 1080)."""

SHORTEST_S = 2.95
"""A shot of the film takes three seconds; a clip that ends a frame early is let pass."""

BLACK_SHARE = 0.9
"""Share of a picture that is black when nothing can be seen in it."""

BLANK = 2.0
"""Sharpness of pictures in which nothing is drawn at all."""

ALL = 0.98
"""Share of the picture that is as good as all of it."""

STILL = 0.1
"""Motion below which a picture stands still."""

SOFT = 8.0
"""Sharpness that pictures in focus do not fall below, unless there is hardly anything in them."""

SOFT_PHOTO = 2.5
"""The same for photos. Rounding to whole steps of luma alone makes 1.7; a photo has no movement that could blur it."""

SOFT_EXPOSURE = 0.15
"""Mean luma from which a picture has enough light to tell whether it is sharp."""

SHAKY = 5.0
"""Unsteadiness that is hard to watch, in thousandths of the picture's width."""

SCREEN = 0.5
SCREEN_S = 1.0
"""A screen is told by how much of the picture stays the same, so one look is not enough."""

DARK = 0.06
"""Mean luma below which hardly anything can be made out."""

BURNT = 0.5
"""Share of burnt-out picture."""

GOES_ON_S = 3.0
"""Sound that goes on for longer than this after the last picture is more than the end of a recording."""

MOST_TIMES = 4
"""Stretches that are named in a note."""

NOTHING = "Nothing needs to be done."


def picture_notes(clip: Clip, facts: Probe) -> list[Note]:
    """Everything worth knowing of a video's picture; the notes may stand together."""
    if clip.picture is None:
        return []
    notes = [*_kind_notes(clip.picture, facts), *_length_notes(clip, facts)]
    notes += small_notes(clip.picture)
    if clip.analysis and clip.analysis.picture and clip.analysis.picture.exposure:
        notes += _seen_notes(clip.duration_s, clip.analysis, clip.analysis.picture)
    return notes


def small_notes(picture: Picture) -> list[Note]:
    """Said of pictures that must be enlarged much to fill the screen one way."""
    width, height = picture.upright_size
    if min(SCREEN_SIZE[0] / width, SCREEN_SIZE[1] / height) <= ENLARGED:
        return []
    message = f"The picture is small ({width} x {height}) and will look soft."
    action = "Send the original from the camera if you have it; messengers and mail make copies smaller."
    return [Note(code=SMALL_PICTURE, message=message, action=action)]


def blank_note() -> Note:
    """Said of pictures of one even colour."""
    return Note(
        code=BLANK_PICTURE,
        message="Nothing can be seen in it: the picture is one even colour.",
        action="Play it; if it should show something, copy it from the camera again.",
    )


def photo_look_notes(seen: PictureFindings) -> list[Note]:
    """What looking at a photo told that is not blank."""
    light, black = seen.picture.exposure[0], seen.picture.black[0]
    if black >= BLACK_SHARE:
        action = "Look at it; if it was taken by mistake, leave it out. Light the place if you take it again."
        return [Note(code="mostly_black", message="Nearly all of it is black.", action=action)]
    if light < DARK:
        action = "Turn on a light, or take it in the daytime."
        return [Note(code="dark", message="It is so dark that little can be seen.", action=action)]
    if light > SOFT_EXPOSURE and not seen.faces and seen.sharpness < SOFT_PHOTO:
        action = "Tap on the person or thing before you take it again."
        return [Note(code="out_of_focus", message="It looks out of focus.", action=action)]
    return []


def _kind_notes(picture: Picture, facts: Probe) -> list[Note]:
    width, height = picture.upright_size
    found = (
        (
            picture.transfer != "sdr",
            "hdr",
            "The camera saved this clip in HDR; its colours were converted.",
            "Nothing needs to be done; if its colours look pale in the film, turn HDR off before you film again.",
        ),
        (
            picture.variable_rate and not facts.damaged,  # missing pictures leave holes too
            "variable_rate",
            "Its pictures come at uneven intervals, as phones save them; they are brought to an even 30 a second.",
            NOTHING,
        ),
        (
            picture.interlaced == "mixed",
            "interlaced",
            "Parts of it are in the format of older camcorders and television (interlaced); they were converted.",
            NOTHING,
        ),
        (
            picture.interlaced in ("tff", "bff"),
            "interlaced",
            "It is in the format of older camcorders and television (interlaced); it was converted.",
            NOTHING,
        ),
        (
            height > width,
            "portrait",
            "It was filmed upright; a blurred copy fills the sides of the screen.",
            "Hold the phone sideways next time.",
        ),
        (
            facts.picture_changes_s is not None,
            "picture_changes",
            f"Its picture has another shape, or is turned, from {clock(facts.picture_changes_s or 0)} on; it looks "
            "stretched or lies on its side there.",
            "Send what comes before and after as clips of their own.",
        ),
        (
            facts.pictures > 1,
            "several_pictures",
            f"This file holds {facts.pictures} pictures side by side, as motion photos do; the main one is used.",
            "If another one is the right one, export it as a clip of its own.",
        ),
    )
    return [Note(code=code, message=message, action=action) for holds, code, message, action in found if holds]


def _length_notes(clip: Clip, facts: Probe) -> list[Note]:
    if _sound_goes_on(clip) and not facts.clock_broken:
        return [_picture_ends_note(clip, facts.decoded)]
    if clip.duration_s >= SHORTEST_S:
        return []
    if clip.frames == 1 or facts.decoded == 1:
        message = "It holds a single picture that does not move; a shot in the film takes at least three seconds."
        return [Note(code="short", message=message, action="Send it as a photo (JPEG or PNG), which may stand longer.")]
    return [
        Note(
            code="short",
            message=f"It is {max(clip.duration_s, 0.1):.1f} seconds long; a shot in the film takes at least three.",
            action="It is used only where it is given a place or words. Film for ten seconds or longer.",
        )
    ]


def _sound_goes_on(clip: Clip) -> bool:
    return clip.sound is not None and _sound_end_s(clip) - clip.duration_s > GOES_ON_S


def _picture_ends_note(clip: Clip, decoded: int) -> Note:
    """Said of a clip whose pictures are over long before its sound, of which the rest is lost."""
    if clip.duration_s >= SHORTEST_S:
        ends = f"Its picture ends at {clock(clip.duration_s)}"
    else:
        ends = "It has only a single picture" if decoded == 1 else f"It has only {decoded} pictures"
    return Note(
        code="picture_ends",
        message=f"{ends}, while its sound goes on to {clock(_sound_end_s(clip))}; the rest of the sound is left out.",
        action="Copy it from the camera again. If only its sound matters, export that as WAV or MP3.",
    )


def _sound_end_s(clip: Clip) -> float:
    """When the sound ends, in seconds of the clip."""
    assert clip.sound
    return clip.sound.start_s + clip.sound.duration_s - (clip.picture.start_s if clip.picture else 0.0)


def _seen_notes(duration_s: float, analysis: Analysis, series: PictureSeries) -> list[Note]:
    """What looking at the pictures told. Black and blank ones are not called dark or out of focus as well."""
    notes = _flashing_notes(analysis.flashes)
    if sum(black >= BLACK_SHARE for black in series.black) * 2 > len(series.black):
        message = "Most of it is black."
        action = "Play it; if it was filmed by mistake, leave it out. Light the place if you film it again."
        return [*notes, Note(code="mostly_black", message=message, action=action)]
    even = max(series.sharpness) < BLANK and max(series.motion) < STILL
    if even or min(series.blown) > ALL:
        return [*notes, blank_note()]
    light = median(series.exposure)
    soft = light > SOFT_EXPOSURE and not analysis.faces and _mostly(series.sharpness, below=SOFT)
    found = (
        (
            soft,
            "out_of_focus",
            "Most of it looks out of focus.",
            "Tap on the person or thing before you film it again.",
        ),
        (
            median(series.shake) >= SHAKY,
            "shaky",
            "The camera shakes so much that it is hard to watch.",
            "Film it again with both hands, leaning on something, or with the phone on a stand.",
        ),
        (
            duration_s >= SCREEN_S and analysis.screen >= SCREEN,
            "screen_recording",
            "It looks like a recording of a screen, not of the world.",
            "Check that it shows nothing that must stay private, such as names, numbers or messages.",
        ),
        (light < DARK, "dark", "It is so dark that little can be seen.", "Turn on a light or film in the daytime."),
        (
            median(series.blown) > BURNT,
            "overexposed",
            "Most of the picture is plain white, as when it is filmed against the light.",
            "Film with the light behind you, or tap on the bright part to darken it.",
        ),
    )
    return notes + [Note(code=code, message=message, action=action) for holds, code, message, action in found if holds]


def _mostly(values: Sequence[float], *, below: float) -> bool:
    """Whether three quarters of the values, at least, lie below a limit."""
    return sum(value < below for value in values) * 4 >= len(values) * 3


def _flashing_notes(stretches: Sequence[Stretch]) -> list[Note]:
    if not stretches:
        return []
    times = [f"{_at(each.start)} to {_at(each.end)}" for each in stretches[:MOST_TIMES]]
    more = len(stretches) - len(times)
    where = ", ".join(times) + (f" and {more} more times" if more else "")
    return [
        Note(
            code="flashing",
            message=f"Light and dark change faster than is safe for people with epilepsy ({where}).",
            action="Scenes leave these parts out; over a speaker other scenes cover them, if enough were sent, and "
            "what is still seen is damped until it is safe. Film with the light bar off; turn the camera slowly.",
        )
    ]


def _at(frame: int) -> str:
    return clock(frames_to_seconds(frame))
