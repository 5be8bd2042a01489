"""Burned captions: cues as an ASS script for libass. Pure: frames and lines in, text out."""

from collections.abc import Sequence
from math import ceil
from typing import Literal

from editing.layout import CAPTION_BOTTOM, CAPTION_PADDING, CAPTION_SIZE
from editing.timeline import Cue
from kit.timing import FILM_RATE

_GROUNDS = {"soft": "&H4D000000", "solid": "&H00000000"}
"""Black that lets 30 % of the picture through, and black."""


_HEAD = """[Script Info]
ScriptType: v4.00+
PlayResX: 1920
PlayResY: 1080
WrapStyle: 2
ScaledBorderAndShadow: yes
YCbCr Matrix: TV.709

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, \
StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding
"""


def _clock(frame: int) -> str:
    """The centisecond just before a frame is shown, so that the frame itself lies inside."""
    centis = max(0, ceil((frame - 0.5) * 100 / FILM_RATE))
    return f"{centis // 360000}:{centis // 6000 % 60:02}:{centis // 100 % 60:02}.{centis % 100:02}"


def escape(line: str) -> str:
    """Text that libass shows as it is: no override blocks, no line-break codes."""
    safe = line.replace("\\", "\\\u2060").replace("{", "\\{").replace("}", "\\}")
    return safe.replace("\n", " ")


def _style(ground: str) -> str:
    return (
        f"Style: Caption,Open Sans SemiBold,{CAPTION_SIZE},&H00FFFFFF,&H00FFFFFF,{ground},{ground},"
        f"0,0,0,0,100,100,0.3,0,4,0,{CAPTION_PADDING},2,180,180,{CAPTION_BOTTOM},1"
    )


def script(cues: Sequence[Cue], ground: Literal["soft", "solid"] = "soft") -> str:
    """An ASS script for 1920x1080 (libass scales it) showing the cues at their frames."""
    events = [
        f"Dialogue: 0,{_clock(cue.start)},{_clock(cue.end)},Caption,,0,0,0,,"
        + "\\N".join(escape(line) for line in cue.lines)
        for cue in cues
    ]
    head = "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text"
    return _HEAD + _style(_GROUNDS[ground]) + "\n\n[Events]\n" + head + "\n" + "\n".join(events) + "\n"
