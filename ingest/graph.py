"""Footage into graph: what FFmpeg must do to a clip so that it arrives upright, progressive, at the film's rate.

Pure: values in, ffmpeg-python nodes out. Every clip is read with the container's own clock (`-copyts`), because
shifting time stamps on a coarse clock (AVI, Ogg) would move frames across the film's grid from one seek to the next.
"""

import math
from fractions import Fraction
from pathlib import Path
from typing import Any

import ffmpeg

from ingest.clip import Clip, Picture, Sound
from kit.errors import Bug
from kit.timing import FILM_RATE, SAMPLE_RATE, frames_to_samples

DEMUXERS = ",".join(
    (
        "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,asf,flv,ogg,dv,mxf,gxf",
        "wav,w64,aiff,caf,mp3,aac,flac,ac3,amr,amrnb,amrwb,au",
    )
)
"""Containers that are read; none of them can name another file or an address."""

PROTOCOLS = "file,pipe"

TICKS = 720_000
"""Ticks a second of the clock that source time stamps are put on: whole for 90 kHz, 1/600 s and every NTSC rate."""

SYNC = {"async": 240, "min_comp": 0.015, "min_hard_comp": 0.03}
"""How sound is held to its time stamps: a clock that drifts is followed by stretching (half a percent at most, which
is not heard), a hole that would put lips off by a frame (seconds) is filled. Stamps of sound formats that are in order
waver by up to a hundredth of a second."""

HDR_REFERENCE_NITS = 203
"""Luminance of HDR white that becomes the film's white (ITU-R BT.2408)."""

HDR_PEAK = 1000 / HDR_REFERENCE_NITS
HDR_KNEE = 0.6
"""Below this share of white HDR is kept as it is, so that greys stay the greys they were; above it is rolled off."""

FILM_COLOURS = {"matrix": "bt709", "transfer": "bt709", "primaries": "bt709", "range": "limited"}

BLUR_SIZE = (192, 108)
"""Size of the copy the blurred fill is made from; its softness comes from being small."""

_ZIMG_MATRIX = {"bt709": "bt709", "bt601": "smpte170m", "bt2020": "bt2020nc", "rgb": "gbr"}
TURNS: dict[int, tuple[tuple[str, tuple[str, ...]], ...]] = {
    0: (),
    90: (("transpose", ("clock",)),),
    180: (("hflip", ()), ("vflip", ())),
    270: (("transpose", ("cclock",)),),
}
"""Filters that set a stored picture upright, by the degrees it must be turned clockwise."""


def media_input(path: Path, **options: Any) -> Any:
    """A file of footage as an FFmpeg input: known containers only, time stamps and orientation as stored."""
    return ffmpeg.input(
        f"file:{path}",
        copyts=None,
        noautorotate=None,
        format_whitelist=DEMUXERS,
        protocol_whitelist=PROTOCOLS,
        **options,
    )


def video_input(clip: Clip, path: Path, first_frame: int, frames: int) -> Any:
    """Exactly `frames` frames of a clip from its conformed frame `first_frame` on: progressive and at the film's rate.

    They are still as stored (turn, colour, size): `conform_video` does the rest. A clip cut in two at any frame
    yields the frames of the uncut one. Raises Bug for a clip without a picture or a range outside it.
    """
    picture = _picture(clip)
    if first_frame < 0 or frames < 1 or first_frame + frames > max(clip.frames, 1):
        raise Bug(f"frames {first_frame} to {first_frame + frames} of {clip.file} do not exist (it has {clip.frames})")
    seek_s = _seek_seconds(clip, first_frame)
    # A graph that starts anew where size or colour change would count its frames from zero again; and the probe
    # knows only of the crop that the codec asks for.
    options: dict[str, Any] = {"reinit_filter": 0, "apply_cropping": "codec"}
    if seek_s:
        # An inexact seek keeps the frame that is already showing at the seek point.
        options |= {"ss": f"{picture.start_s + seek_s:.6f}", "seek_timestamp": 1, "noaccurate_seek": None}
    stream = media_input(path, **options)[str(picture.stream)]
    stream = stream.filter("settb", f"1/{TICKS}").filter("setpts", f"PTS-{round(picture.start_s * TICKS)}")
    # Passes what has this size already, and brings to it what a size change on the way leaves larger or smaller.
    stream = stream.filter("scale", picture.width, picture.height)
    if picture.interlaced != "progressive":
        stream = stream.filter("bwdif", mode="send_field", parity="auto", deint=deinterlaced(picture))
    stream = stream.filter("fps", fps=str(FILM_RATE), start_time=seek_s, round="near")
    # Containers differ by a hair on when the last picture ends, so it may stand for one frame more.
    stream = stream.filter("tpad", stop=1, stop_mode="clone")
    skip = first_frame - int(seek_s * FILM_RATE)
    stream = stream.filter("trim", start_frame=skip, end_frame=skip + frames)
    # Side data (display matrix, HDR and GPS user data) would be written into the film.
    return stream.filter("setpts", "PTS-STARTPTS").filter("sidedata", mode="delete")


def conform_video(
    stream: Any,
    clip: Clip,
    *,
    width: int,
    height: int,
    framing: str = "cover",
    centre: tuple[float, float] = (0.5, 0.5),
    ground: str = "#0B1F3A",
) -> Any:
    """The frames of `video_input` upright, square-pixelled, in BT.709 limited 4:2:0, exactly `width` x `height`.

    `framing` is cover (crop around `centre`, shares of the upright picture), fit (bars of colour `ground`) or blur.
    Raises Bug for a clip without a picture or an unknown framing.
    """
    picture = _picture(clip)
    if framing not in ("cover", "fit", "blur"):
        raise Bug(f"there is no framing called {framing}")
    # zimg halves no odd side of 4:2:0 and would scale frames that are marked interlaced field by field.
    if picture.width % 2 or picture.height % 2:
        stream = stream.filter("crop", *even_size(picture), 0, 0)
    stream = _turn(stream.filter("setfield", "prog"), picture)
    inner = scaled_size(picture.upright_size, (width, height), cover=framing == "cover")
    stream = to_bt709(stream, picture, inner)
    if framing == "cover":
        left, top = crop_corner(inner, (width, height), centre)
        if inner != (width, height):
            stream = stream.filter("crop", width, height, left, top)
    elif inner != (width, height):
        left, top = (width - inner[0]) // 4 * 2, (height - inner[1]) // 4 * 2
        if framing == "fit":
            stream = stream.filter("pad", width, height, left, top, color="0x" + ground.lstrip("#"))
        else:
            stream = _over_blur(stream, (width, height), (left, top))
    return _tagged(stream.filter("setsar", "1").filter("format", "yuv420p"))


def sound_input(clip: Clip, path: Path) -> Any:
    """A clip's sound as centred stereo at 48 kHz whose time zero is the clip's own zero (first picture, or first
    sample of a sound file): late sound is padded, early sound is cut. Raises Bug for a clip without sound.
    """
    if clip.sound is None:
        raise Bug(f"{clip.file} has no sound")
    sound = clip.sound
    zero = clip.picture.start_s if clip.picture else sound.start_s
    stream = media_input(path)[str(sound.stream)]
    # The shift is in samples, the clock on which FFmpeg's decoder hands over sound.
    stream = stream.filter("asetpts", f"PTS-{round(zero * sound.sample_rate)}")
    stream = _centred(stream, sound)
    return stream.filter("aresample", str(SAMPLE_RATE), first_pts=0, **SYNC).filter(
        "aformat", sample_fmts="fltp", channel_layouts="stereo"
    )


def bounded_sound(clip: Clip, path: Path) -> Any:
    """As `sound_input`, at most a minute past the last picture: with a broken clock it could go on for hours."""
    stream = sound_input(clip, path)
    return stream.filter("atrim", end_sample=frames_to_samples(clip.frames + 1800)) if clip.frames else stream


def deinterlaced(picture: Picture) -> str:
    """Which pictures of an interlaced clip are deinterlaced: all, since not every one may say so; of a mixed clip
    those that say so."""
    return "interlaced" if picture.interlaced == "mixed" else "all"


def channel_filter(sound: Sound) -> tuple[str, dict[str, str]]:
    """The filter, with its arguments, that makes two channels with speech in the middle: a channel that alone carries
    it goes to both sides.
    """
    only = {"left": 0, "right": 1, "centre": 2}.get(sound.speech_channel)
    if sound.channels == 1:
        only = 0
    if only is not None:
        return "channelmap", {"map": f"{only}-0|{only}-1", "channel_layout": "stereo"}
    if sound.channels == 2:
        return "channelmap", {"map": "0-0|1-1", "channel_layout": "stereo"}
    return "aformat", {"channel_layouts": "stereo"}


def even_size(picture: Picture) -> tuple[int, int]:
    """Width and height of a stored picture less the odd line that 4:2:0 has no room for."""
    return picture.width // 2 * 2, picture.height // 2 * 2


def scaled_size(size: tuple[int, int], target: tuple[int, int], *, cover: bool) -> tuple[int, int]:
    """Even width and height that cover `target` (or fit inside it) in the shape of `size`; a hair's difference in
    shape (under 1 %) gives `target` itself."""
    across, down = Fraction(target[0], size[0]), Fraction(target[1], size[1])
    if abs(float(across / down) - 1) < 0.01:
        return target
    scale = max(across, down) if cover else min(across, down)
    bound = max if cover else min
    width, height = (bound(limit, 2 * round(scale * side / 2)) for side, limit in zip(size, target, strict=True))
    return max(width, 2), max(height, 2)


def crop_corner(size: tuple[int, int], target: tuple[int, int], centre: tuple[float, float]) -> tuple[int, int]:
    """Even left and top of a `target` crop of `size` that has `centre` in its middle as far as the picture reaches."""
    left, top = (
        min(max(round(share * whole - part / 2), 0), whole - part) // 2 * 2
        for share, whole, part in zip(centre, size, target, strict=True)
    )
    return left, top


def _picture(clip: Clip) -> Picture:
    if clip.picture is None:
        raise Bug(f"{clip.file} has no picture")
    return clip.picture


def _seek_seconds(clip: Clip, first_frame: int) -> int:
    """Whole seconds of the clip to skip, its seek margin early; none where that is not worth it or not exact."""
    wanted = math.floor(first_frame / FILM_RATE - Fraction(clip.seek_margin_s))
    return wanted if clip.seekable and wanted >= 1 else 0


def _turn(stream: Any, picture: Picture) -> Any:
    if picture.mirrored:
        stream = stream.filter("hflip")
    for name, values in TURNS[picture.rotation]:
        stream = stream.filter(name, *values)
    return stream


def to_bt709(stream: Any, picture: Picture, size: tuple[int, int]) -> Any:
    """Scale to `size` and turn into BT.709 limited range: HDR is scaled first, because mapping tones is dear."""
    if picture.transfer == "sdr":
        found = _colours(_ZIMG_MATRIX[picture.matrix], "bt709", "bt709", full=picture.full_range)
        return _zscale(stream, size, found, FILM_COLOURS).filter("format", "yuv420p")
    transfer = {"hlg": "arib-std-b67", "pq": "smpte2084"}[picture.transfer]
    found = _colours("bt2020nc", transfer, "bt2020", full=picture.full_range)
    wide = _colours("bt2020nc", transfer, "bt2020")
    linear, narrow = _colours("gbr", "linear", "bt2020", full=True), _colours("gbr", "linear", "bt709", full=True)
    stream = _zscale(stream, size, found, wide).filter("format", "yuv420p10le")
    stream = _zscale(stream, size, wide, linear, npl=HDR_REFERENCE_NITS).filter("format", "gbrpf32le")
    stream = _zscale(stream, size, linear, narrow)
    stream = stream.filter("tonemap", tonemap="mobius", param=HDR_KNEE, desat=0, peak=f"{HDR_PEAK:.4f}")
    return _zscale(stream, size, narrow, FILM_COLOURS, dither="ordered").filter("format", "yuv420p")


def _colours(matrix: str, transfer: str, primaries: str, *, full: bool = False) -> dict[str, str]:
    return {
        "matrix": matrix,
        "transfer": transfer,
        "primaries": primaries,
        "range": "full" if full or matrix == "gbr" else "limited",
    }


def _zscale(
    stream: Any, size: tuple[int, int], found: dict[str, str], wanted: dict[str, str], **options: str | int
) -> Any:
    """zimg keeps greys grey where swscale is off by two codes; it refuses a colour that is left untold."""
    named = {f"{key}in": value for key, value in found.items()}
    return stream.filter("zscale", *size, filter="bicubic", **named, **wanted, **options)


def _over_blur(stream: Any, size: tuple[int, int], corner: tuple[int, int]) -> Any:
    """Lay the picture over a soft, darker copy of itself that fills the frame."""
    both = stream.filter_multi_output("split")
    small_width, small_height = BLUR_SIZE
    fill = (
        both[1]
        .filter("scale", small_width, small_height, force_original_aspect_ratio="increase", flags="area")
        .filter("crop", small_width, small_height)
        .filter("boxblur", 5, 2)
        .filter("lutyuv", y="16+(val-16)*0.62", u="128+(val-128)*0.85", v="128+(val-128)*0.85")
        .filter("scale", *size, flags="bicubic")
        .filter("setsar", "1")
    )
    return ffmpeg.overlay(fill, both[0].filter("setsar", "1"), x=corner[0], y=corner[1], format="yuv420")


def _tagged(stream: Any) -> Any:
    return stream.filter("setparams", range="tv", color_primaries="bt709", color_trc="bt709", colorspace="bt709")


def _centred(stream: Any, sound: Sound) -> Any:
    name, told = channel_filter(sound)
    return stream.filter(name, **told)
