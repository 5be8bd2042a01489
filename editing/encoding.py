"""How every picture and sound of a film is encoded. All of it is part of each segment's fingerprint."""

from typing import Any

PICTURE: dict[str, Any] = {
    "c:v": "libx264",
    "preset": "superfast",
    "crf": 19,
    "profile:v": "high",
    "pix_fmt": "yuv420p",
    "g": 60,
    "bf": 2,
    "threads": 1,
    "x264-params": "open-gop=0:force-cfr=1:colorprim=bt709:transfer=bt709:colormatrix=bt709:range=tv",
    "color_primaries": "bt709",
    "color_trc": "bt709",
    "colorspace": "bt709",
    "color_range": "tv",
    "video_track_timescale": 15360,
    "fflags": "+bitexact",
    "flags:v": "+bitexact+cgop",
}
"""Closed GOPs of two seconds; one thread, because x264's pictures depend on the number of threads."""

PREVIEW: dict[str, Any] = PICTURE | {
    "preset": "ultrafast",
    "crf": 28,
    "x264-params": f"{PICTURE['x264-params']}:8x8dct=1",
}
"""For a look at the cut, not for delivery: as good and as large as superfast at 26, for half of its work."""

SOUND: dict[str, Any] = {
    "c:a": "aac",
    "b:a": "192k",
    "ar": 48000,
    "ac": 2,
    "fflags": "+bitexact",
    "flags:a": "+bitexact",
}

PREVIEW_SOUND: dict[str, Any] = SOUND | {"aac_coder": "fast"}
