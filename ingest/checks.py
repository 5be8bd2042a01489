"""The verdict on a file: accepted, accepted with notes, or refused, and why in plain words. Pure."""

from pathlib import PurePath

from ingest.analysis import SoundSeries
from ingest.clip import Clip, Kind, Note, Picture, Sound, Verdict
from ingest.probe import Probe
from kit.timing import frames_before

SMALL_LINES = 480
"""Pictures with a shorter side below this look soft on a full screen."""

DAMAGED_REFUSED = 0.10
"""Share of pictures that may be damaged before the file is refused."""

READ_SHARE = 0.9
"""Share of the promised length that must be there."""

QUIET_LUFS = -35.0
"""Sound below this must be raised so far that its noise is heard."""

SPEECH = 0.6
"""Sound that is less like a voice than this is not called speech."""

CLIPPED_RUNS = 3
"""Flat crests in one second that are heard as distortion; sound that is only loud has one now and then."""

CLIPPED_SECONDS = 3
CLIPPED_SHARE = 0.1
"""Fewer overloaded seconds that are also a smaller share of those that sound are let pass."""

_ENDINGS = {
    "mov": (".mp4", ".mov", ".m4v", ".m4a", ".m4b", ".3gp", ".3g2", ".mj2", ".qt"),
    "matroska": (".mkv", ".webm", ".mka"),
    "avi": (".avi",),
    "asf": (".wmv", ".asf", ".wma"),
    "flv": (".flv", ".f4v"),
    "wav": (".wav",),
    "mp3": (".mp3",),
    "photo": (".jpg", ".jpeg", ".png", ".heic", ".heif", ".webp", ".avif", ".tif", ".tiff"),
}
"""Endings that go with a container; containers with endings of many kinds are left out."""

REFUSALS = {
    "empty": ("The file is empty.", "Copy it from the camera again and send it once more."),
    "unreadable": ("This is not a video, sound or photo that can be read.", "Export it again as MP4, WAV or JPEG."),
    "too_large": ("The picture is too large.", "Export it at 4K (3840 x 2160) or smaller."),
    "too_small": ("The picture is only a few pixels wide or high.", "Send the original from the camera."),
    "unsupported_codec": ("No picture of this file could be decoded.", "Export it again as MP4 (H.264)."),
    "no_media": ("There is neither a picture nor sound in this file.", "Check that it is the right file."),
    "too_short": ("The video is over in less than a frame of the film.", "Check that it is the right file."),
    "truncated": ("The file is cut short: part of it is missing.", "Copy it from the camera again."),
    "damaged": ("A large part of the pictures is damaged.", "Copy it from the camera again."),
    "too_long": ("The recording is longer than three hours.", "Cut out the part that matters and send that."),
    "too_slow": ("The file takes far too long to read.", "Export it again as MP4 (H.264), 1080p."),
    "crashed": ("The file made the reader fail, so it cannot be used.", "Export it again as MP4."),
}


PASSING = ("crashed", "too_slow")
"""Refusals that may have to do with the machine, and may not come again."""


def is_lasting(clip: Clip) -> bool:
    """Whether a clip would be judged the same again, so that its inspection may be kept."""
    return clip.verdict is not Verdict.REFUSED or not any(note.code in PASSING for note in clip.notes)


def refusal(code: str, detail: str = "") -> Note:
    """The note that goes with a refusal."""
    message, action = REFUSALS[code]
    return Note(code=code, message=f"{message} {detail}".strip(), action=action)


def find_refusal(facts: Probe) -> Note | None:
    """Why a probed file cannot be used, or None."""
    if facts.picture is None and facts.sound is None:
        if facts.codec_problem:
            return refusal("unsupported_codec", f"It is coded as {facts.codec_problem}.")
        return refusal("truncated" if facts.declared_s > 0 else "no_media")
    if facts.picture is None and facts.codec_problem:
        return refusal("unsupported_codec", f"It is coded as {facts.codec_problem}.")
    missing = facts.declared_s - _read_to(facts)
    if missing > 1 and _read_to(facts) < READ_SHARE * facts.declared_s and not facts.clock_broken:
        return refusal("truncated", f"{_read_to(facts):.0f} of {facts.declared_s:.0f} seconds are there.")
    if facts.damaged > max(3, DAMAGED_REFUSED * facts.decoded):
        return refusal("damaged")
    over_at_once = facts.picture is not None and frames_before(facts.picture.duration_s) < 1
    return refusal("too_short") if over_at_once else None


def find_notes(clip: Clip, facts: Probe) -> tuple[Note, ...]:
    """What the sender should know of a usable video or sound file."""
    notes = [*_ending_notes(clip), *(_picture_notes(clip.picture) if clip.picture else ())]
    if clip.kind is Kind.VIDEO and clip.duration_s < 1:
        notes.append(Note(code="short", message=f"It is very short ({clip.duration_s:.1f} s)."))
    if facts.damaged:
        notes.append(
            Note(code="some_damage", message="A few pictures are damaged.", action="Look at it before you use it.")
        )
    if facts.clock_broken:
        notes.append(
            Note(
                code="clock_broken",
                message=f"Its clock jumps after {clip.duration_s:.0f} s; only what lies before is used.",
                action="Send the recordings one by one if they were joined.",
            )
        )
    notes += _sound_notes(clip)
    if facts.has_place:
        notes.append(place_note())
    return tuple(notes)


def photo_notes(clip: Clip, place: bool) -> tuple[Note, ...]:
    """What the sender should know of a usable photo."""
    notes = _ending_notes(clip)
    if clip.picture and min(clip.picture.upright_size) < SMALL_LINES:
        notes.append(_small_note(clip.picture))
    if place:
        notes.append(place_note())
    return tuple(notes)


def verdict_of(notes: tuple[Note, ...]) -> Verdict:
    """The verdict that usable files with these notes get."""
    return Verdict.ACCEPTED_WITH_NOTES if notes else Verdict.ACCEPTED


def place_note() -> Note:
    """Said of files that tell where they were made."""
    return Note(code="place_tags", message="The file says where it was made; the film will not.")


def _read_to(facts: Probe) -> float:
    """Seconds from the start of the file to the end of its longest stream, as far as it could be read."""
    return max(part.start_s + part.duration_s for part in (facts.picture, facts.sound) if part) - facts.starts_s


def _picture_notes(picture: Picture) -> list[Note]:
    width, height = picture.upright_size
    found = (
        (picture.transfer != "sdr", "hdr", "It was filmed in HDR and is brought to the film's standard range."),
        (picture.variable_rate, "variable_rate", "Its frame rate varies; it is brought to an even 30 a second."),
        (picture.interlaced != "progressive", "interlaced", "It is interlaced; its fields are joined smoothly."),
        (height > width, "portrait", "It was filmed upright; a blurred copy will fill the sides."),
    )
    notes = [Note(code=code, message=message) for holds, code, message in found if holds]
    if min(width, height) < SMALL_LINES:
        notes.append(_small_note(picture))
    return notes


def _ending_notes(clip: Clip) -> list[Note]:
    endings = _ENDINGS.get(clip.container.partition(",")[0])
    ending = PurePath(clip.file).suffix.lower()
    if endings is None or ending in endings:
        return []
    really = endings[0].removeprefix(".").upper()
    said = ending or "no ending"
    return [
        Note(code="wrong_extension", message=f"Its name says {said}, but it is {really}; it is used as what it is.")
    ]


def _small_note(picture: Picture) -> Note:
    width, height = picture.upright_size
    return Note(
        code="small",
        message=f"The picture is small ({width} x {height}) and will look soft.",
        action="Send the original from the camera if you have it.",
    )


def _sound_notes(clip: Clip) -> list[Note]:
    """Everything worth knowing of the sound; the notes may stand together."""
    sound = clip.sound
    if sound is None:
        action = "If it should have sound, export it again with its sound track."
        return [Note(code="no_sound", message="It has no sound.", action=action)] if clip.kind is Kind.VIDEO else []
    silent = sound.loudness_lufs is None
    notes = [_several_note(sound, silent=silent)] if sound.tracks > 1 else []
    if sound.loudness_lufs is None:
        notes.append(Note(code="silent", message="Its sound is silent.", action="Check the microphone."))
    elif sound.loudness_lufs < QUIET_LUFS:
        message = f"Its sound is very quiet ({sound.loudness_lufs:.0f} LUFS); it is raised, and its noise with it."
        notes.append(Note(code="quiet", message=message, action="Film closer to the speaker, or clip on a microphone."))
    if not silent:
        notes += _channel_notes(sound)
    series = clip.analysis.sound if clip.analysis else None
    if series:
        notes += _clipped_notes(series)
    return notes


def _several_note(sound: Sound, *, silent: bool) -> Note:
    why = "carries speech and is used" if sound.voice >= SPEECH and not silent else "is used; speech was heard in none"
    return Note(
        code="several_tracks",
        message=f"This file has {sound.tracks} sound tracks; track {sound.track} {why}.",
        action="If another track is the right one, export the clip again with that track alone.",
    )


def _channel_notes(sound: Sound) -> list[Note]:
    if sound.out_of_phase:
        return [
            Note(
                code="out_of_phase",
                message="Its left and right channels cancel each other out; only the left is used.",
                action="Check the cable or adapter of the microphone before you film again.",
            )
        ]
    if sound.speech_channel == "all":
        return []
    message = f"Only its {sound.speech_channel} channel carries the speech; it is put in the middle."
    action = "Nothing needs to be done; to hear both sides, check that both microphones are on."
    return [Note(code="one_channel", message=message, action=action)]


def _clipped_notes(series: SoundSeries) -> list[Note]:
    overloaded = [second for second, runs in enumerate(series.clipped) if runs >= CLIPPED_RUNS]
    sounding = sum(loudness > QUIET_LUFS for loudness in series.loudness)
    share = len(overloaded) / max(sounding, len(overloaded), 1)
    if len(overloaded) < CLIPPED_SECONDS and share < CLIPPED_SHARE:
        return []
    first = f"{overloaded[0] // 60}:{overloaded[0] % 60:02}"
    much = "all through" if share > 0.9 else f"in {max(round(100 * share), 1)} % of it, first at {first}"
    return [
        Note(
            code="clipped",
            message=f"The sound is overloaded and distorts {much}; that cannot be mended.",
            action="Film it again further from the microphone, or turn its level down.",
        )
    ]
