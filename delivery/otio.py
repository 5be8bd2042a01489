"""`timeline.otio`: the plan for an editor's own cutting room, written with OpenTimelineIO."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

import opentimelineio as otio

from editing.timeline import CardShot, Shot, SoundClip, Timeline, Transition, VideoShot
from ingest.clip import Clip

MARKER_NAME = "caption"


def otio_json(timeline: Timeline, clips: Sequence[Clip]) -> str:
    """The plan as OpenTimelineIO JSON: one picture track, one track of voices, one of music; captions as markers.

    Media are named relative to the footage folder; cards are generators that carry their text.
    """
    lengths = {clip.file: clip.frames for clip in clips}
    rate = float(timeline.rate)
    film = otio.schema.Timeline(name=timeline.storyboard, global_start_time=otio.opentime.RationalTime(0, rate))
    picture = otio.schema.Track(name="Picture", kind=otio.schema.TrackKind.Video)
    for shot in timeline.shots:
        if shot.transition.kind != "cut" and shot.transition.frames and len(picture):
            picture.append(_transition(shot.transition, rate))
        picture.append(_picture_clip(shot, lengths, rate))
    for cue in timeline.cues:
        picture.markers.append(
            otio.schema.Marker(
                name=MARKER_NAME,
                marked_range=_range(cue.start, cue.end - cue.start, rate),
                metadata={"promise_reel": {"lines": list(cue.lines), "speaker": cue.speaker}},
            )
        )
    film.tracks.append(picture)
    film.tracks.append(_voices(timeline, rate))
    if timeline.music:
        music = otio.schema.Track(name="Music", kind=otio.schema.TrackKind.Audio)
        music.append(_clip(timeline.music, _range(0, timeline.frames, rate), None, {"loops": True}))
        film.tracks.append(music)
    return str(otio.adapters.write_to_string(film, "otio_json")) + "\n"


def _range(start: int, frames: int, rate: float) -> Any:
    time = otio.opentime.RationalTime
    return otio.opentime.TimeRange(time(start, rate), time(frames, rate))


def _transition(transition: Transition, rate: float) -> Any:
    """A dissolve lies wholly on the incoming shot; a dip on both sides of the cut."""
    before = transition.frames if transition.kind == "dip" else 0
    kind = otio.schema.TransitionTypes
    return otio.schema.Transition(
        name="dip to black" if before and transition.through == "black" else transition.kind,
        transition_type=kind.SMPTE_Dissolve if transition.kind == "dissolve" else kind.Custom,
        in_offset=otio.opentime.RationalTime(before, rate),
        out_offset=otio.opentime.RationalTime(transition.frames, rate),
    )


def _picture_clip(shot: Shot, lengths: dict[str, int], rate: float) -> Any:
    frames = shot.end - shot.start
    if isinstance(shot, CardShot):
        card = otio.schema.GeneratorReference(
            name=shot.kind, generator_kind="promise_reel.card", parameters={"lines": list(shot.lines)}
        )
        clip = otio.schema.Clip(name=f"Card: {shot.kind}", media_reference=card, source_range=_range(0, frames, rate))
        clip.metadata["promise_reel"] = {"text": shot.text}
        return clip
    start = shot.source_start if isinstance(shot, VideoShot) else 0
    known = lengths.get(shot.file) or None
    return _clip(shot.file, _range(start, frames, rate), known, {"slot": shot.slot, "kind": shot.shot})


def _clip(file: str, used: Any, frames: int | None, notes: dict[str, Any]) -> Any:
    media = otio.schema.ExternalReference(target_url=quote(file))
    if frames:
        media.available_range = _range(0, frames, used.start_time.rate)
    return otio.schema.Clip(name=file, media_reference=media, source_range=used, metadata={"promise_reel": notes})


def _voices(timeline: Timeline, rate: float) -> Any:
    track = otio.schema.Track(name="Voices", kind=otio.schema.TrackKind.Audio)
    at = 0
    for sound in sorted(timeline.sounds, key=_start):
        start = max(at, sound.start)
        if start >= sound.end:
            continue
        if start > at:
            track.append(otio.schema.Gap(source_range=_range(0, start - at, rate)))
        used = _range(sound.source_start + start - sound.start, sound.end - start, rate)
        track.append(_clip(sound.file, used, None, {"role": sound.role}))
        at = sound.end
    return track


def _start(sound: SoundClip) -> int:
    return sound.start
