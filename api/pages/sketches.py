"""Example frames for the shot guide, drawn as inline SVG: where things stand in a good picture. Pure."""

from storyboards.slots import Sketch, Slot

_SKY, _WALL, _GROUND, _DARK, _SKIN, _NAVY, _GOLD = (
    *("#dfe8f2", "#eef1f5", "#c3ccd6", "#5d6b7b", "#d9b99b", "#0b1f3a", "#c8a14b"),
)
_USUAL: dict[str, Sketch] = {"interview": "speaker", "broll": "street", "photo": "photo", "narration": "voice"}


def sketch_of(slot: Slot) -> str:
    """The example frame of a slot: the drawing that its guide names, else the usual one for what it takes.

    It is made of constants alone, so that it may stand in a page as it is.
    """
    kind = slot.guide.sketch or _USUAL[slot.takes]
    label, parts = _DRAWINGS[kind]
    thirds = "" if kind == "voice" else _THIRDS
    return (
        f'<svg class="sketch" viewBox="0 0 320 180" role="img" aria-label="{label}">{parts}{thirds}'
        f'<rect x="1.5" y="1.5" width="317" height="177" rx="6" fill="none" stroke="{_NAVY}" stroke-width="3"/></svg>'
    )


def _box(x: float, y: float, width: float, height: float, fill: str) -> str:
    return f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" fill="{fill}"/>'


def _person(x: float, foot: float, tall: float, coat: str = _NAVY) -> str:
    """Somebody who stands on a row of the picture, seen whole."""
    head = tall / 7
    legs = foot - 0.45 * tall
    return (
        f'<circle cx="{x:g}" cy="{foot - tall + head:g}" r="{head:g}" fill="{_SKIN}"/>'
        f'<path d="M{x - 0.16 * tall:g} {legs:g}v{-0.15 * tall:g}a{0.16 * tall:g} {0.13 * tall:g} 0 0 1 '
        f'{0.32 * tall:g} 0v{0.15 * tall:g}z" fill="{coat}"/>'
        f'<path d="M{x - 0.06 * tall:g} {legs:g}V{foot:g}M{x + 0.06 * tall:g} {legs:g}V{foot:g}" '
        f'stroke="{_DARK}" stroke-width="{0.1 * tall:g}"/>'
    )


def _house(x: float, y: float, width: float, height: float, *, rows: int, columns: int, fill: str = _WALL) -> str:
    """A front with windows; its lower edge is y + height."""
    across, down = width / (2 * columns + 1), height / (2 * rows + 1)
    panes = (
        _box(x + across * (2 * n + 1), y + down * (2 * row + 1), across, down, _DARK)
        for n in range(columns)
        for row in range(rows)
    )
    return f"{_box(x, y, width, height, fill)}{''.join(panes)}"


_THIRDS = (
    f'<path d="M107 0V180M213 0V180M0 60H320M0 120H320" fill="none" stroke="{_NAVY}" stroke-opacity=".35" '
    'stroke-dasharray="4 5"/>'
)
_SPEAKER = (
    f"{_box(0, 0, 320, 180, _WALL)}{_box(18, 22, 62, 86, _SKY)}{_box(250, 96, 70, 84, _GROUND)}"
    f'<path d="M74 180c2-44 34-62 72-62h28c38 0 70 18 72 62z" fill="{_NAVY}"/>'
    f'{_box(144, 96, 32, 30, _SKIN)}<ellipse cx="160" cy="70" rx="36" ry="44" fill="{_SKIN}"/>'
    f'<path d="M123 66c-2-34 16-46 37-46s39 12 37 46c-6-18-16-24-37-24s-31 6-37 24z" fill="{_DARK}"/>'
    f'<path d="M141 66h10M169 66h10M150 92q10 6 20 0" fill="none" stroke="{_NAVY}" stroke-width="3" '
    'stroke-linecap="round"/>'
)
_STREET = (
    f"{_box(0, 0, 320, 120, _SKY)}{_house(0, 30, 84, 90, rows=3, columns=3)}"
    f"{_house(84, 52, 70, 68, rows=2, columns=3, fill='#d3dae3')}{_house(236, 40, 84, 80, rows=3, columns=3)}"
    f'{_box(0, 120, 320, 60, _GROUND)}<path d="M0 150H320" stroke="#fff" stroke-width="4" stroke-dasharray="26 20"/>'
    f'<circle cx="196" cy="88" r="22" fill="#7f9b83"/>{_box(193, 100, 6, 22, _DARK)}'
    f"{_person(120, 136, 46)}{_person(140, 138, 44, _DARK)}{_person(258, 140, 48, _GOLD)}"
)
_PEOPLE = (
    f'{_box(0, 0, 320, 96, _SKY)}{_box(0, 96, 320, 84, "#cfd9cb")}<circle cx="34" cy="62" r="34" fill="#7f9b83"/>'
    f"{_box(30, 88, 8, 30, _DARK)}{_person(96, 166, 104)}{_person(138, 168, 96, _GOLD)}"
    f"{_person(206, 166, 100, _DARK)}{_person(242, 160, 66, '#7f9b83')}"
)
_STATION = (
    f"{_box(0, 0, 320, 138, _SKY)}{_box(0, 138, 320, 42, _GROUND)}"
    f"{_house(48, 48, 92, 90, rows=3, columns=3)}{_house(180, 48, 92, 90, rows=3, columns=3)}"
    f"{_box(140, 34, 40, 104, '#d3dae3')}{_box(150, 104, 20, 34, _NAVY)}"
    f'<path d="M160 48l11 4v11q0 11-11 16-11-5-11-16V52z" fill="{_GOLD}"/>'
    f"{_box(20, 62, 3, 78, _DARK)}{_box(23, 62, 24, 15, _NAVY)}{_person(214, 154, 34)}{_person(232, 154, 32, _DARK)}"
)
_PHOTO = (
    f"{_box(0, 0, 320, 180, _WALL)}{_box(0, 128, 320, 52, _GROUND)}"
    f"{''.join(_person(54 + 53 * n, 166, 112 - 8 * (n % 2), _NAVY if n % 2 else _DARK) for n in range(5))}"
    f'<path d="M14 34V14H34M286 14H306V34M306 146V166H286M34 166H14V146" fill="none" stroke="{_GOLD}" '
    'stroke-width="5"/>'
)
_VOICE = (
    f'{_box(0, 0, 320, 180, _WALL)}<rect x="74" y="34" width="52" height="104" rx="8" fill="{_NAVY}"/>'
    f'{_box(80, 46, 40, 78, _SKY)}<path d="M88 86v-4M96 94V74M104 100V68M112 90V80" stroke="{_NAVY}" '
    'stroke-width="4" stroke-linecap="round"/>'
    f'<path d="M142 68q14 18 0 36M158 56q24 30 0 60" fill="none" stroke="{_GOLD}" stroke-width="5" '
    'stroke-linecap="round"/>'
    f'<path d="M246 180v-26c24-6 36-30 32-56-4-30-26-44-48-42-20 2-30 18-30 34l-10 20 10 6v16q0 8 10 8h14v40z" '
    f'fill="{_SKIN}"/><path d="M200 112h14" stroke="{_NAVY}" stroke-width="3"/>'
)
_DRAWINGS: dict[Sketch, tuple[str, str]] = {
    "speaker": ("A head and shoulders in the middle, eyes in the upper third", _SPEAKER),
    "street": ("A wide, level street with houses and people", _STREET),
    "people": ("People meeting in a park, seen whole", _PEOPLE),
    "station": ("A whole building from across the street, level", _STATION),
    "photo": ("A row of people, faces toward the camera, with room at the edges", _PHOTO),
    "voice": ("A phone held a hand away from a speaking mouth", _VOICE),
}
"""For each sketch what it shows, in words, and its parts on a picture of 320 by 180."""
