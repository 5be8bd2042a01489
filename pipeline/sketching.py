"""A storyboard that is not saved, seen: how long its film would be, and its cards and names as the film shows them."""

import hashlib
import io
import tempfile
import threading
from collections import Counter, OrderedDict
from pathlib import Path

from agencies.agency import Agency
from editing.timeline import CardShot, LowerThird, Timeline
from kit.errors import NotFound, Outage
from kit.values import Value
from pipeline.versions import read_version
from storyboards.storyboard import Card, Storyboard

RATE = 30
"""Frames a second of every film."""
SIZE = (960, 540)
"""Pixels of a picture."""
KEPT = 128
"""Pictures that are kept in memory, about 30 kB each."""
MOST_PICTURES = 60
"""Pictures of one storyboard: more than a film of five minutes has room for."""
NOBODY = {"name": "Name of the speaker", "role": "Their role"}
"""What stands for a name before there is footage."""
PATIENCE_S = 20
"""Seconds that a picture waits for others to be drawn."""


class Sketched(Value):
    """One card, or one name, of the film."""

    what: str
    """The kind of card, or `name`."""
    words: str
    at_s: float
    for_s: float
    key: str
    """Another one when the picture would look otherwise."""


class SketchedBeat(Value):
    """One beat of the storyboard, and where it would lie in the film."""

    what: str
    """card, interview, broll, photos or narration."""
    card: str
    """The kind of card; empty for footage."""
    slot: str
    """The slot whose footage it shows; empty for a card."""
    at_s: float | None
    """None when the film would leave it out."""
    for_s: float | None


class SketchedSlot(Value):
    """A slot that beats may show."""

    id: str
    title: str
    takes: str
    """interview, broll, photo or narration."""


class Sketch(Value):
    """The film that good footage for every slot would make."""

    length_s: float
    pictures: tuple[Sketched, ...]
    """In film order."""
    beats: tuple[SketchedBeat, ...]
    """As they stand in the storyboard."""
    slots: tuple[SketchedSlot, ...]


class Sketches:
    """Sketches storyboards; one picture is drawn at a time, and what was drawn last is kept."""

    def __init__(self, patience_s: float = PATIENCE_S) -> None:
        self._patience_s = patience_s
        self._drawing = threading.Lock()
        self._kept: OrderedDict[str, bytes] = OrderedDict()

    def sketch(self, text: str, agency: Agency) -> Sketch:
        """The film of a text. Raises StoryboardRefused, InputRefused for words that do not fit on a card."""
        spec = read_version(None, text)
        timeline, branded = _film(spec, agency)
        return Sketch(
            length_s=round(timeline.frames / RATE, 1),
            pictures=tuple(_sketched(shot, branded) for shot in _shown(timeline)),
            beats=_beats(spec, timeline),
            slots=tuple(SketchedSlot(id=slot.id, title=slot.title, takes=slot.takes) for slot in spec.slots),
        )

    def picture(self, text: str, agency: Agency, key: str) -> bytes:
        """One picture of a text's sketch, as JPEG.

        Raises NotFound when the text has none of this key, Outage when too many wait.
        """
        timeline, branded = _film(read_version(None, text), agency)
        shot = next((one for one in _shown(timeline) if _sketched(one, branded).key == key), None)
        if shot is None:
            raise NotFound("This storyboard has no such picture any more: ask for its sketch again.")
        return self._picture(
            key, shot.model_copy(update={"seal": None}) if isinstance(shot, CardShot) else shot, branded
        )

    def opening(self, spec: Storyboard, agency: Agency, seal: bytes | None = None) -> bytes:
        """The card with which an agency's film begins, as JPEG, with the picture of its seal.

        Raises InputRefused for a name that does not fit, NotFound where there is no such card, Outage as `card` does.
        """
        timeline, branded = _film(spec, agency)
        card = next((one for one in timeline.shots if isinstance(one, CardShot) and one.kind == "opening"), None)
        if card is None:
            raise NotFound("This film has no opening card.")
        return self.card(card, branded, seal)

    def card(self, card: CardShot, agency: Agency, seal: bytes | None = None) -> bytes:
        """A card of a film as JPEG, with the picture of its seal. Raises Outage when too many wait."""
        shown = card.model_copy(update={"seal": card.seal if seal else None})
        return self._picture(_sketched(shown, agency).key, shown, agency, seal)

    def _picture(self, key: str, shot: CardShot | LowerThird, agency: Agency, seal: bytes | None = None) -> bytes:
        if not self._drawing.acquire(timeout=self._patience_s):
            raise Outage("Many pictures are being drawn right now: ask for this one again in a moment.")
        try:
            if key not in self._kept:
                self._kept[key] = _drawn(shot, agency, seal)
            self._kept.move_to_end(key)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
            return self._kept[key]
        finally:
            self._drawing.release()


def _film(spec: Storyboard, agency: Agency) -> tuple[Timeline, Agency]:
    """The film that a storyboard would make, and the agency in its colours."""
    from editing.brand import in_brand
    from editing.sketch import imagined_film

    branded = in_brand(agency, spec)
    return imagined_film(spec, branded), branded


def _beats(spec: Storyboard, timeline: Timeline) -> tuple[SketchedBeat, ...]:
    """The storyboard's beats with their places in the film, known by kind or slot and how many of it came before."""
    places = {(span.card, span.slot, span.nth): span for span in timeline.beats}
    seen: Counter[tuple[str, str]] = Counter()
    told = []
    for beat in spec.beats:
        name = (beat.kind, "") if isinstance(beat, Card) else ("", beat.slot)
        seen[name] += 1
        span = places.get((*name, seen[name]))
        at, long = (round(span.start / RATE, 2), round((span.end - span.start) / RATE, 2)) if span else (None, None)
        told.append(SketchedBeat(what=beat.beat, card=name[0], slot=name[1], at_s=at, for_s=long))
    return tuple(told)


def _shown(timeline: Timeline) -> list[CardShot | LowerThird]:
    """What has words of its own to be seen, in film order."""
    shown: list[CardShot | LowerThird] = [shot for shot in timeline.shots if isinstance(shot, CardShot)]
    shown += (third.model_copy(update=NOBODY) for third in timeline.lower_thirds)
    return sorted(shown, key=lambda one: one.start)[:MOST_PICTURES]


def _sketched(shot: CardShot | LowerThird, agency: Agency) -> Sketched:
    long = shot.end - shot.start
    # Where it lies in the film changes nothing of how it looks.
    look = shot.model_copy(update={"start": 0, "end": long}).model_dump_json() + agency.model_dump_json()
    if isinstance(shot, CardShot):
        what, words = str(shot.kind), shot.text
    else:
        what, words = "name", ", ".join(filter(None, (shot.name, shot.role)))
    return Sketched(
        what=what,
        words=words,
        at_s=round(shot.start / RATE, 2),
        for_s=round(long / RATE, 2),
        key=hashlib.sha256(look.encode()).hexdigest()[:24],
    )


def _drawn(shot: CardShot | LowerThird, agency: Agency, seal: bytes | None) -> bytes:
    """A card as it stands before it goes; a name over a picture that is neither light nor dark."""
    from PIL import Image

    from editing.sketch_drawing import stacked
    from editing.titles import draw_card, draw_lower_third

    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        if isinstance(shot, CardShot):
            sealed = folder / "seal" if seal else None
            if sealed:
                sealed.write_bytes(seal or b"")
            drawn = draw_card(shot, agency, folder, "card", *SIZE, sealed)
            picture = stacked(drawn, folder, shot.end - shot.start)
        else:
            [layer] = draw_lower_third(shot, agency, folder, "name", SIZE[1]).layers
            light = Image.linear_gradient("L").resize(SIZE)
            picture = Image.merge(
                "RGB", [light.point(lambda v, most=most: most - v * 0.35) for most in (150, 160, 168)]
            )
            with Image.open(folder / layer.file) as still:
                picture.paste(still, (layer.x, layer.y), still)
        out = io.BytesIO()
        picture.save(out, "JPEG", quality=84)
        return out.getvalue()
