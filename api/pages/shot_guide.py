"""The shot guide of a storyboard as one page to print: what to film, how long and how, with an example frame."""

import base64
import hashlib
from functools import cache

from api.pages.assets import HERE, make_templates
from api.pages.sketches import sketch_of
from storyboards.storyboard import Slot, Storyboard

_KINDS = {"interview": "Somebody speaking", "broll": "Silent scenes", "photo": "Photos", "narration": "A voice"}
"""What each kind of slot takes, in the words of the page."""

_READY = {
    "interview": "Video with sound, phone sideways",
    "broll": "Video, phone sideways",
    "photo": "Photos",
    "narration": "A sound recording, with its words as text",
}
"""What somebody hands in."""


def shot_guide(storyboard: Storyboard, back: str = "") -> str:
    """The page as HTML that needs no other file; `back` is where it was asked for."""
    slots = sorted(storyboard.slots, key=lambda slot: not slot.required)
    template = make_templates().get_template("shot_guide.html")
    return template.render(
        storyboard=storyboard,
        back=back,
        slots=slots,
        style=_style(),
        sketch_of=sketch_of,
        kinds=_KINDS,
        ready=_READY,
        least=_least,
    )


def style_policy() -> str:
    """The security policy under which a browser takes this page's own style, and nothing else."""
    digest = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


@cache
def _style() -> str:
    return (HERE / "shot_guide.css").read_text("utf-8")


def _least(slot: Slot) -> str:
    """What the slot needs at least, in words; empty when it asks for nothing."""
    parts = []
    if slot.min_count > 1:
        parts.append(f"{slot.min_count} {'photos' if slot.takes == 'photo' else 'clips'}")
    if slot.min_s:
        parts.append(f"{slot.min_s:g} seconds")
    return f"{' and '.join(parts)} at least" if parts else ""
