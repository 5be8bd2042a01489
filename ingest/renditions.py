"""Names of the files that inspection makes beside a clip: what pages show and what previews are cut from."""

PROXY = "proxy.mp4"
"""The clip conformed at 540 lines and 30 frames a second, with AAC sound; frame n is the clip's conformed frame n."""

POSTER = "poster.jpg"
"""One telling picture, 540 lines on its shorter side."""

STRIP = "strip.jpg"
"""Thumbnails side by side, 72 lines each, one every `strip_step` seconds of the clip (1, 2, 4, 8, ...)."""

WAVEFORM = "waveform.json"
"""Sound peaks for drawing: {"rate": peaks a second, "peaks": [0 to 255, ...]}."""

MOST_THUMBNAILS = 60
"""Thumbnails in a strip at most; even, since the step doubles by leaving out every second one."""

FRAME_TIMES = "frame-times.npy"
"""Presentation time of every source picture, int64 ticks of 1/720000 s from the clip's own zero."""


def strip_step(frames: int) -> int:
    """Seconds from one thumbnail to the next in the strip of a clip of so many conformed frames (30 a second)."""
    step = 1
    while frames > MOST_THUMBNAILS * step * 30:
        step *= 2
    return step
