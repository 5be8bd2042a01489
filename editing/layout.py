"""Where captions and lower thirds stand on the picture, in pixels of 1920x1080."""

LOWER_THIRD_BOTTOM = 842
"""Row at which a lower third ends: 78 % of the height."""

CAPTION_SIZE = 62
"""Height of a caption's line as libass counts it; the letters are 46 px high then."""

CAPTION_BOTTOM = 76
"""Pixels between a caption's text and the picture's lower edge; its box stays inside the title-safe area."""

CAPTION_PADDING = 10
"""Pixels of the box around a caption's text."""


def caption_top(lines: int) -> int:
    """Row at which the box of a caption of so many lines begins."""
    return 1080 - CAPTION_BOTTOM - lines * CAPTION_SIZE - CAPTION_PADDING
