"""Burned captions: cues as an ASS script for libass. Pure: frames and lines in, text out."""

from collections.abc import Sequence
from math import ceil

from editing.timeline import Cue
from kit.timing import FILM_RATE

_STYLE = (
    "Style: {name},Open Sans SemiBold,62,&H00FFFFFF,&H00FFFFFF,&H4D000000,&H4D000000,0,0,0,0,100,100,0.3,0,4,0,10,2,"
    "180,180,{margin},1"
)

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

BOTTOM = 76
"""Pixels of 1080 between a caption's box and the picture's lower edge: inside the title-safe area."""

RAISED = 360
"""The same for a caption lifted above a lower third."""


def _clock(frame: int) -> str:
    """The centisecond just before a frame is shown, so that the frame itself lies inside."""
    centis = max(0, ceil((frame - 0.5) * 100 / FILM_RATE))
    return f"{centis // 360000}:{centis // 6000 % 60:02}:{centis // 100 % 60:02}.{centis % 100:02}"


def escape(line: str) -> str:
    """Text that libass shows as it is: no override blocks, no line-break codes."""
    safe = line.replace("\\", "\\\u2060").replace("{", "\\{").replace("}", "\\}")
    return safe.replace("\n", " ")


def script(cues: Sequence[Cue]) -> str:
    """An ASS script for 1920x1080 (libass scales it) showing the cues at their frames."""
    styles = [_STYLE.format(name="Low", margin=BOTTOM), _STYLE.format(name="Raised", margin=RAISED)]
    events = [
        f"Dialogue: 0,{_clock(cue.start)},{_clock(cue.end)},{'Raised' if cue.raised else 'Low'},,0,0,0,,"
        + "\\N".join(escape(line) for line in cue.lines)
        for cue in cues
    ]
    head = "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text"
    return _HEAD + "\n".join(styles) + "\n\n[Events]\n" + head + "\n" + "\n".join(events) + "\n"
