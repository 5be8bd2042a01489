"""The verdict on a file: accepted, accepted with notes, or refused, and why in plain words. Pure."""

from collections.abc import Iterable
from pathlib import PurePath

from ingest.clip import BLANK_PICTURE, MACHINE_WORDS, SMALL_PICTURE, Clip, Kind, Note, Verdict
from ingest.photo import PhotoFacts
from ingest.picture_meter import PictureFindings
from ingest.picture_notes import NOTHING, blank_note, photo_look_notes, picture_notes, small_notes
from ingest.probe import UNKNOWN, Probe
from ingest.sound_notes import sound_notes
from kit.timing import clock, frames_before

DAMAGED_REFUSED = 0.10
"""Share of pictures that may be damaged before the file is refused."""

READ_SHARE = 0.9
"""Share of the promised length that must be there."""

WHOLE = 0.999
"""A file of which this share is there lacks nothing that matters: tags behind the sound, the rounding of a length."""

MISSING_S = 0.15
"""What is missing from a file whose parts end together."""

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

_GUESSED = ("aac", "mp3", "ac3", "eac3", "amr", "amrnb", "amrwb")

_COUNTED = ("flac",)
"""Formats that tell their length to the sample."""

_ENDLESS = ("mpegts", "mpeg", "mxf")
"""Formats that do not tell their length: where they break off, their last picture is damaged."""

_VIDEO_ENDINGS = (
    *(".mp4", ".mov", ".m4v", ".3gp", ".3g2", ".mj2", ".qt", ".mkv", ".webm", ".avi", ".wmv", ".asf", ".flv", ".f4v"),
    *(".ts", ".mts", ".m2ts", ".mpg", ".mpeg", ".vob", ".dv", ".mxf"),
)
"""Endings that promise a picture."""

NOTES = (
    *("transcript_refused", "needs_transcript", "words_without_sound", "unaligned", "unplaced", MACHINE_WORDS),
    *("realigned", "cut_off", "some_damage", "clock_broken", "picture_ends", "picture_changes", "mostly_black"),
    *(BLANK_PICTURE, "flashing"),
    *("out_of_focus", "shaky", "screen_recording", "dark", "overexposed", "no_picture", "sound_only", "silent"),
    *("sound_unreadable", "sound_changes", "clipped", "quiet", "out_of_phase", "one_channel", "several_tracks"),
    *("no_sound", "short", SMALL_PICTURE, "portrait", "several_pictures", "motion_photo", "gain_map", "hdr"),
    *("variable_rate", "interlaced", "wrong_extension", "place_tags"),
)
"""Codes of all notes on single files, those that most spoil a film first."""

REFUSALS = {
    "empty": ("The file is empty.", "Copy it from the camera again and send it once more."),
    "unreadable": ("This is not a video, sound or photo that can be read.", "Export it again as MP4, WAV or JPEG."),
    "too_large": ("The picture is too large.", "Export it at 4K (3840 x 2160) or smaller."),
    "too_small": ("The picture is only a few pixels wide or high.", "Send the original from the camera."),
    "too_many_streams": (
        "It holds far more tracks than a camera records.",
        "Export it again with one picture and its sound, as MP4.",
    ),
    "unsupported_codec": (
        "None of its pictures can be read.",
        "Export it again as MP4 (H.264), or set the camera to its most compatible format.",
    ),
    "no_media": ("There is neither a picture nor sound in this file.", "Check that it is the right file."),
    "uneven_sound": (
        "Its sound changes on the way, from mono to stereo or in the way it is stored.",
        "Export it again as WAV or MP3 and send that.",
    ),
    "too_short": ("The video is over in less than a frame of the film.", "Check that it is the right file."),
    "truncated": ("The file ends in the middle.", "Upload it again from the phone or camera."),
    "unfinished": (
        "The recording was never finished: the list of its pictures, which a camera writes last, is missing.",
        "Copy it again. If it is the same, put the card back into the camera and turn it on, which often mends it.",
    ),
    "damaged": ("A large part of the pictures is damaged.", "Copy it from the camera again."),
    "too_long": ("The recording is longer than three hours.", "Cut out the part that matters and send that."),
    "too_slow": ("The file takes far too long to read.", "Export it again as MP4 (H.264), 1080p."),
    "crashed": ("The file made the reader fail, so it cannot be used.", "Export it again as MP4."),
}
"""What is said of files that cannot be used, and what to do, by code."""

_FORMATS = {
    "vvc": "H.266 (VVC)",
    "hevc": "H.265 (HEVC)",
    "h264": "H.264",
    "av1": "AV1",
    "vp9": "VP9",
    "prores": "ProRes",
}
"""Names that people know of the ways in which pictures are stored."""


PASSING = ("crashed", "too_slow")
"""Refusals that may have to do with the machine, and may not come again."""


def is_lasting(clip: Clip) -> bool:
    """Whether a clip would be judged the same again, so that its inspection may be kept."""
    return clip.verdict is not Verdict.REFUSED or not any(note.code in PASSING for note in clip.notes)


def refusal(code: str, detail: str = "", action: str = "") -> Note:
    """The note that goes with a refusal; `detail` follows its message, `action` stands in place of the usual one."""
    message, usual = REFUSALS[code]
    return Note(code=code, message=f"{message} {detail}".strip(), action=action or usual)


def find_refusal(facts: Probe) -> Note | None:
    """Why a probed file cannot be used, or None."""
    if facts.picture is None and (facts.codec_problem or facts.sound is None):
        return _unread_refusal(facts)
    # Formats without an index only guess how long they last.
    guessed = facts.container in _GUESSED
    missing = 0.0 if guessed else facts.declared_s - _read_to(facts)
    if missing > 1 and _read_to(facts) < READ_SHARE * facts.declared_s and not facts.clock_broken:
        return refusal("truncated", f"{_read_to(facts):.0f} of {facts.declared_s:.0f} seconds are there.")
    if facts.there < READ_SHARE and not _has_table(facts):
        return refusal("truncated", f"About {100 * facts.there:.0f} % of it is there.")
    if facts.damaged > max(3, DAMAGED_REFUSED * facts.decoded):
        return refusal("damaged")
    over_at_once = facts.picture is not None and frames_before(facts.picture.duration_s) < 1
    return refusal("too_short") if over_at_once else None


def _unread_refusal(facts: Probe) -> Note:
    """Why nothing of a file can be used."""
    if facts.codec_problem:
        name = _FORMATS.get(facts.codec_problem, facts.codec_problem)
        how = "in a way that this program does not know" if name == UNKNOWN else f"as {name}"
        return refusal("unsupported_codec", f"They are stored {how}.")
    if facts.sound_changes:
        return refusal("uneven_sound")
    return refusal("truncated" if facts.declared_s > 0 and facts.pictures + facts.sounds else "no_media")


def find_notes(clip: Clip, facts: Probe) -> tuple[Note, ...]:
    """What the sender should know of a usable video or sound file that nobody wrote down, most important first."""
    notes = [*picture_notes(clip, facts), *sound_notes(clip, facts), *_ending_notes(clip)]
    if clip.kind is Kind.SOUND:
        notes.append(_sound_alone_note(clip))
    if _breaks_off(facts):
        notes.append(
            Note(
                code="cut_off",
                message=f"The file ends in the middle, at {clock(clip.duration_s)}; what is there is used.",
                action="If the recording went on, upload it again from the phone or camera.",
            )
        )
    elif facts.damaged:
        notes.append(
            Note(code="some_damage", message="A few pictures are damaged.", action="Look at it before you use it.")
        )
    if facts.clock_broken:
        notes.append(
            Note(
                code="clock_broken",
                message=f"Its clock jumps at {clock(clip.duration_s)}; only what lies before is used.",
                action="Send the recordings one by one if they were joined.",
            )
        )
    if facts.has_place:
        notes.append(_place_note())
    return in_order(notes)


def photo_notes(clip: Clip, facts: PhotoFacts, seen: PictureFindings) -> tuple[Note, ...]:
    """What the sender should know of a usable photo, most important first."""
    notes = _ending_notes(clip)
    if clip.picture:
        notes += small_notes(clip.picture)
    notes += [blank_note()] if facts.blank else photo_look_notes(seen)
    found = (
        (facts.motion, "motion_photo", "This is a photo with a short video inside; the still picture is used."),
        (facts.gain_map, "gain_map", "The phone saved extra HDR brightness with this photo; the normal one is used."),
    )
    notes += [Note(code=code, message=message, action=NOTHING) for holds, code, message in found if holds]
    if facts.has_place:
        notes.append(_place_note())
    return in_order(notes)


def with_words(notes: Iterable[Note], more: Iterable[Note]) -> tuple[Note, ...]:
    """The notes on a file once it has words, which say what its sound is for; `more` are those on the words."""
    return in_order((*(note for note in notes if note.code != "sound_only"), *more))


def in_order(notes: Iterable[Note]) -> tuple[Note, ...]:
    """Notes with the most important first."""
    return tuple(sorted(notes, key=lambda note: NOTES.index(note.code)))


def verdict_of(notes: tuple[Note, ...]) -> Verdict:
    """The verdict that usable files with these notes get."""
    return Verdict.ACCEPTED_WITH_NOTES if notes else Verdict.ACCEPTED


def _place_note() -> Note:
    return Note(
        code="place_tags",
        message="The file says where it was made; that is found and removed from everything we make of it.",
        action="Nothing needs to be done. To keep places out of files, turn off location for the camera.",
    )


def _sound_alone_note(clip: Clip) -> Note:
    use = "narration, when its words are sent as a transcript, or as music, when it is chosen as the music"
    if PurePath(clip.file).suffix.lower() in _VIDEO_ENDINGS:
        return Note(
            code="no_picture",
            message=f"It has no picture; its sound can be used as {use}.",
            action="If it should have a picture, copy it from the camera again.",
        )
    return Note(code="sound_only", message=f"This is sound alone. It can be used as {use}.", action="Choose its use.")


def _breaks_off(facts: Probe) -> bool:
    """Whether a usable file lacks its end."""
    missing_s = facts.declared_s - _read_to(facts)
    if facts.container in _COUNTED:
        return missing_s > MISSING_S
    if facts.container in _ENDLESS:
        return facts.ends_damaged
    if _has_table(facts):
        # Bytes behind the last picture may be missing without harm.
        return facts.there < 1 and (facts.ends_damaged or missing_s > MISSING_S)
    return facts.there < WHOLE


def _has_table(facts: Probe) -> bool:
    """Whether a file says of each picture and sound where it lies, so that seconds tell more than bytes."""
    return facts.container.startswith("mov")


def _read_to(facts: Probe) -> float:
    """Seconds from the start of the file to the end of its longest stream, as far as it could be read."""
    ends = (part.start_s + part.duration_s for part in (facts.picture, facts.sound) if part)
    return max(ends, default=facts.starts_s) - facts.starts_s


def _ending_notes(clip: Clip) -> list[Note]:
    endings = _ENDINGS.get(clip.container.partition(",")[0])
    ending = PurePath(clip.file).suffix.lower()
    if endings is None or ending in endings:
        return []
    really = endings[0].removeprefix(".").upper() if clip.kind is not Kind.PHOTO else "a photo"
    said = ending or "no ending"
    message = f"Its name says {said}, but it is {really}; it is used as what it is."
    return [Note(code="wrong_extension", message=message, action=NOTHING)]
