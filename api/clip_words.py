"""What a clip is and what we think of it, in few words, for terminals and pages. Pure."""

from fractions import Fraction

from ingest.clip import Clip, Kind, Picture, Sound, Verdict
from kit.timing import clock

VERDICTS: dict[Verdict, str] = {
    Verdict.ACCEPTED: "accepted",
    Verdict.ACCEPTED_WITH_NOTES: "accepted, with notes",
    Verdict.REFUSED: "refused",
}

MARKS: dict[Verdict, str] = {Verdict.ACCEPTED: "✓", Verdict.ACCEPTED_WITH_NOTES: "!", Verdict.REFUSED: "✗"}
"""A sign for each verdict that tells them apart without colour."""

_CHANNELS = {1: "mono", 2: "stereo", 6: "5.1"}


def facts_of(clip: Clip) -> str:
    """What a file is, such as “1080p, 29.97 fps, 0:53, stereo, 8 sentences”; nothing for one that could not be read."""
    facts: list[str] = []
    if clip.picture and clip.kind is Kind.PHOTO:
        facts.append("photo, {} x {}".format(*clip.picture.upright_size))
    elif clip.picture:
        facts += [_size(clip.picture), _rate(clip.picture)]
    if clip.duration_s:
        facts.append(clock(clip.duration_s))
    if clip.kind is not Kind.PHOTO and (clip.picture or clip.sound):
        facts.append(_sound(clip.sound))
    if clip.sentences:
        facts.append("1 sentence" if len(clip.sentences) == 1 else f"{len(clip.sentences)} sentences")
    return ", ".join(facts)


def _size(picture: Picture) -> str:
    width, height = picture.upright_size
    lines = f"{min(width, height)}{'i' if picture.interlaced in ('tff', 'bff') else 'p'}"
    words = [lines, "upright" if height > width else "", "HDR" if picture.transfer != "sdr" else ""]
    return " ".join(word for word in words if word)


def _rate(picture: Picture) -> str:
    rate: Fraction = picture.rate
    return f"about {float(rate):.0f} fps" if picture.variable_rate else f"{round(float(rate), 2):g} fps"


def _sound(sound: Sound | None) -> str:
    if sound is None:
        return "no sound"
    channels = _CHANNELS.get(sound.channels, f"{sound.channels} channels")
    if sound.loudness_lufs is None:
        return f"{channels}, silent"
    return f"{channels} {round(sound.loudness_lufs)} LUFS".replace("-", "\N{MINUS SIGN}")
