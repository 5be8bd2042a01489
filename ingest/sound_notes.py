"""What the sender should know of a clip's sound, in plain words. Pure."""

from ingest.analysis import SoundSeries
from ingest.clip import Clip, Kind, Note, Sound
from ingest.probe import Probe
from kit.timing import clock

QUIET_LUFS = -35.0
"""Sound below this must be raised so far that its noise is heard."""

SPEECH = 0.6
"""Sound that is less like a voice than this is not called speech."""

CLIPPED_RUNS = 3
"""Flat crests in one second that are heard as distortion; sound that is only loud has one now and then."""

CLIPPED_SECONDS = 3
CLIPPED_SHARE = 0.1
"""Fewer overloaded seconds that are also a smaller share of those that sound are let pass."""


def sound_notes(clip: Clip, facts: Probe) -> list[Note]:
    """Everything worth knowing of the sound of a video or sound file; the notes may stand together."""
    sound = clip.sound
    if sound is None:
        return [_missing_note(facts)] if clip.kind is Kind.VIDEO else []
    silent = sound.loudness_lufs is None
    notes = [_several_note(sound, silent=silent)] if sound.tracks > 1 else []
    if sound.loudness_lufs is None:
        notes.append(
            Note(
                code="silent",
                message="Its sound is silent.",
                action="If somebody should be heard, check the microphone and film it again.",
            )
        )
    elif sound.loudness_lufs < QUIET_LUFS:
        message = f"Its sound is very quiet ({sound.loudness_lufs:.0f} LUFS); it is raised, and its noise with it."
        notes.append(Note(code="quiet", message=message, action="Film closer to the speaker, or clip on a microphone."))
    if not silent:
        notes += _channel_notes(sound)
    series = clip.analysis.sound if clip.analysis else None
    if series:
        notes += _clipped_notes(series)
    return notes


def _missing_note(facts: Probe) -> Note:
    if facts.sound_changes:
        return Note(
            code="sound_changes",
            message="Its sound changes on the way, from mono to stereo or in the way it is stored, so it is left out.",
            action="If the sound matters, export the clip again as MP4 with AAC sound.",
        )
    if facts.sounds:
        return Note(
            code="sound_unreadable",
            message="It has sound, but the sound cannot be read; the picture is used without it.",
            action="If the sound matters, export the clip again as MP4 with AAC sound.",
        )
    return Note(
        code="no_sound",
        message="It has no sound.",
        action="Nothing needs to be done if it is only to be looked at; else export it again with its sound.",
    )


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
    much = "all through" if share > 0.9 else f"in {max(round(100 * share), 1)} % of it, first at {clock(overloaded[0])}"
    return [
        Note(
            code="clipped",
            message=f"The sound is overloaded and distorts {much}; that cannot be mended.",
            action="Film it again further from the microphone, or turn its level down.",
        )
    ]
