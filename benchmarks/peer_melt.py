"""The film as an MLT project for `melt`: playlists with in and out points, dissolves as small tractors, filters above.

Debian's package is `melt`. HDR is not mapped, sound is not brought to a loudness.
"""

import shutil
from collections.abc import Mapping
from xml.etree.ElementTree import Element, SubElement, tostring

from benchmarks.peer_material import HEIGHT, WIDTH, Material, Part
from editing.encoding import PICTURE
from editing.photo_move import Box
from editing.timeline import PhotoShot, VideoShot
from ingest.graph import crop_corner, scaled_size


def melt_program() -> str | None:
    """Where melt is, or None."""
    return shutil.which("melt")


def melt_command(material: Material, out: str) -> list[str]:
    """The program and its arguments; writes the project beside the material."""
    program = melt_program()
    assert program
    project = material.folder / "film.mlt"
    project.write_bytes(tostring(_project(material)))
    picture = {name: PICTURE[name] for name in ("preset", "crf", "g", "bf")}
    told = {"vcodec": "libx264", "vprofile": "high", "pix_fmt": "yuv420p", **picture}
    told |= {"acodec": "aac", "ab": "192k", "ar": 48000, "channels": 2, "movflags": "+faststart"}
    # As its manual advises: pictures on as many threads as there are cores, none dropped.
    told |= {"real_time": -2, "threads": 2, "rescale": "bicubic"}
    return [program, "-silent", str(project), "-consumer", f"avformat:{out}", *(f"{k}={v}" for k, v in told.items())]


def _project(material: Material) -> Element:
    root = Element("mlt", LC_NUMERIC="C", root=str(material.footage))
    SubElement(
        root,
        "profile",
        {
            **{"width": str(WIDTH), "height": str(HEIGHT), "frame_rate_num": "30", "frame_rate_den": "1"},
            **{"progressive": "1", "sample_aspect_num": "1", "sample_aspect_den": "1", "colorspace": "709"},
            **{"display_aspect_num": "16", "display_aspect_den": "9"},
        },
    )
    tracks = [_pictures(root, material), *_thirds(root, material), *_sounds(root, material)]
    film = SubElement(root, "tractor", {"id": "film", "in": "0", "out": str(material.timeline.frames - 1)})
    stacked = SubElement(film, "multitrack")
    for track in tracks:
        SubElement(
            stacked, "track", {"producer": track, **({} if track in ("pictures", "thirds") else {"hide": "video"})}
        )
    for number, track in enumerate(tracks[1:], start=1):
        if track == "thirds":
            _service(film, "transition", "qtblend", {"a_track": 0, "b_track": number})
        else:
            _service(film, "transition", "mix", {"a_track": 0, "b_track": number, "sum": 1, "always_active": 1})
    told = {"av.filename": material.captions, "av.fontsdir": material.fonts}
    _service(film, "filter", "avfilter.subtitles", told)
    return root


def _pictures(root: Element, material: Material) -> str:
    """The playlist of shots; a dissolve is a tractor of the last frames of one and the first of the next."""
    parts = list(material.parts())
    names = [_producer(root, part, material) for part in parts]
    for part, before in zip(parts[1:], parts, strict=False):
        if part.dissolve:
            _dissolve(root, part, before, names)
    row = SubElement(root, "playlist", {"id": "pictures"})
    for part, name in zip(parts, names, strict=True):
        if part.dissolve:
            SubElement(row, "entry", {"producer": f"mix{part.number}", "in": "0", "out": str(part.dissolve - 1)})
        own = part.shot.end - part.shot.start
        first = _start(part)
        SubElement(row, "entry", _range(name, first + part.dissolve, first + own))
    return "pictures"


def _producer(root: Element, part: Part, material: Material) -> str:
    shot, name = part.shot, f"shot{part.number}"
    path = material.footage / shot.file if isinstance(shot, VideoShot) else material.still(part)
    length = _start(part) + part.frames
    producer = SubElement(root, "producer", {"id": name, "in": "0", "out": str(length - 1)})
    _properties(producer, {"resource": path, "length": length, **({"audio_index": -1} if _is_video(part) else {})})
    if isinstance(shot, VideoShot):
        _fill(producer, shot, material.upright(shot.file))
    if isinstance(shot, PhotoShot):
        # The still that the peers are given is the stage of the move, and fills the picture.
        first, last = (_rectangle(view) for view in material.views(shot))
        _service(producer, "filter", "qtblend", {"rect": f"0={first};{part.frames - 1}={last}"})
    if part.dip_in:
        way = {"level": f"0=0;{part.dip_in}=1", "alpha": 1, "ground": part.dip_in_from}
        _service(producer, "filter", "brightness", way)
    if part.dip_out:
        level = f"{length - part.dip_out}=1;{length - 1}=0"
        _service(producer, "filter", "brightness", {"level": level, "alpha": 1, "ground": part.dip_out_to})
    return name


def _is_video(part: Part) -> bool:
    return isinstance(part.shot, VideoShot)


def _start(part: Part) -> int:
    return part.shot.source_start if isinstance(part.shot, VideoShot) else 0


def _fill(producer: Element, shot: VideoShot, size: tuple[int, int]) -> None:
    """What the footage does with the sides of the picture: pixels are cut away, or stand on a blurred copy of all."""
    inner = scaled_size(size, (WIDTH, HEIGHT), cover=shot.framing == "cover")
    if shot.framing == "cover":
        left, top = crop_corner(inner, (WIDTH, HEIGHT), shot.centre)
        across, down = size[0] / inner[0], size[1] / inner[1]
        edges = {"left": left * across, "right": (inner[0] - WIDTH - left) * across}
        edges |= {"top": top * down, "bottom": (inner[1] - HEIGHT - top) * down}
        _service(producer, "filter", "crop", {name: round(edge) for name, edge in edges.items()})
    elif shot.framing == "blur":
        left, top = (WIDTH - inner[0]) // 2, (HEIGHT - inner[1]) // 2
        _service(producer, "filter", "pillar_echo", {"rect": f"{left} {top} {inner[0]} {inner[1]}"})


def _rectangle(view: Box) -> str:
    """Where the whole stage lies when so much of it fills the picture."""
    width, height = WIDTH / (view.right - view.left), HEIGHT / (view.bottom - view.top)
    return f"{-view.left * width:.2f} {-view.top * height:.2f} {width:.2f} {height:.2f} 1"


def _dissolve(root: Element, part: Part, before: Part, names: list[str]) -> None:
    mix = SubElement(root, "tractor", {"id": f"mix{part.number}", "in": "0", "out": str(part.dissolve - 1)})
    both = SubElement(mix, "multitrack")
    tail = _start(before) + before.shot.end - before.shot.start
    SubElement(both, "track", _range(names[before.number], tail, tail + part.dissolve))
    SubElement(both, "track", _range(names[part.number], _start(part), _start(part) + part.dissolve))
    _service(mix, "transition", "luma", {"in": 0, "out": part.dissolve - 1, "a_track": 0, "b_track": 1})


def _thirds(root: Element, material: Material) -> list[str]:
    thirds = material.timeline.lower_thirds
    for number, third in enumerate(thirds):
        length = third.end - third.start
        still = SubElement(root, "producer", {"id": f"third{number}", "in": "0", "out": str(length - 1)})
        _properties(still, {"resource": material.third(number), "length": length})
        whole = f"0 0 {WIDTH} {HEIGHT}"
        fades = f"0={whole} 0;12={whole} 1;{length - 9}={whole} 1;{length - 1}={whole} 0"
        _service(still, "filter", "qtblend", {"rect": fades})
    if not thirds:
        return []
    row, at = SubElement(root, "playlist", {"id": "thirds"}), 0
    for number, third in enumerate(thirds):
        SubElement(row, "blank", {"length": str(third.start - at)})
        SubElement(row, "entry", _range(f"third{number}", 0, third.end - third.start))
        at = third.end
    return ["thirds"]


def _sounds(root: Element, material: Material) -> list[str]:
    """A track for the speakers and one for the music, quieter where somebody speaks."""
    timeline = material.timeline
    for number, run in enumerate(timeline.sounds):
        voice = SubElement(root, "producer", {"id": f"voice{number}"})
        _properties(voice, {"resource": material.footage / run.file, "video_index": -1})
        _service(voice, "filter", "volume", {"level": f"{material.speech_db(run.file):.2f}"})
    row, at = SubElement(root, "playlist", {"id": "speech"}), 0
    for number, run in enumerate(timeline.sounds):
        if run.start > at:
            SubElement(row, "blank", {"length": str(run.start - at)})
        SubElement(row, "entry", _range(f"voice{number}", run.source_start, run.source_start + run.end - run.start))
        at = run.end
    return ["speech", *_music(root, material)]


def _music(root: Element, material: Material) -> list[str]:
    timeline = material.timeline
    sound = material.clip(timeline.music).sound if timeline.music else None
    if not timeline.music or sound is None:
        return []
    music = SubElement(root, "producer", {"id": "tune"})
    _properties(music, {"resource": material.footage / timeline.music, "video_index": -1})
    row, length = SubElement(root, "playlist", {"id": "music"}), int(sound.duration_s * 30)
    for at in range(0, timeline.frames, length):
        SubElement(row, "entry", _range("tune", 0, min(length, timeline.frames - at)))
    by, quiet = material.quiet()
    level, points = material.music_db(), {0: material.music_db()}
    for start, end in quiet:
        points |= {start - 9: level, start - 3: level + by, end: level + by, end + 18: level}
    told = ";".join(f"{max(at, 0)}={value:.2f}" for at, value in sorted(points.items()))
    _service(row, "filter", "volume", {"level": told})
    return ["music"]


def _range(producer: str, start: int, end: int) -> dict[str, str]:
    return {"producer": producer, "in": str(start), "out": str(end - 1)}


def _service(parent: Element, kind: str, service: str, told: Mapping[str, object]) -> None:
    _properties(SubElement(parent, kind), {"mlt_service": service, **told})


def _properties(parent: Element, told: Mapping[str, object]) -> None:
    for name, value in told.items():
        SubElement(parent, "property", {"name": name}).text = str(value)
