"""Pictures of a storyboard before there is footage, for those who write it."""

import tempfile
from pathlib import Path

from agencies.agency import Agency
from agencies.seal import read_seal
from kit.errors import Outage
from storyboards.storyboard import Storyboard

TIMELINE = "timeline.png"


def preview_storyboard(storyboard: Storyboard, agency: Agency, out: Path, *, seal: Path | None = None) -> list[Path]:
    """Write a picture of each card and a sketch of the timeline into a folder; the files written, in film order.

    The film is planned as if every slot held good footage. Raises InputRefused (words that do not fit, seal), Outage.
    """
    from editing.brand import in_brand
    from editing.sketch import bars_of, imagined_film
    from editing.sketch_drawing import draw_card_picture, draw_timeline
    from editing.timeline import CardShot

    agency = in_brand(agency, storyboard)
    if seal:
        read_seal(seal)
    timeline = imagined_film(storyboard, agency)
    cards = [shot for shot in timeline.shots if isinstance(shot, CardShot)]
    written = []
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory() as scratch:
            for n, card in enumerate(cards, start=1):
                sealed = seal if card.kind in ("opening", "end") else None
                shown = card.model_copy(update={"seal": sealed and sealed.name})
                written.append(out / f"card-{n}-{card.kind}.png")
                draw_card_picture(shown, agency, Path(scratch), sealed, written[-1])
        minutes, seconds = divmod(round(timeline.frames / 30), 60)
        title = f"{storyboard.title}: {minutes} min {seconds:02} s when every slot is filled"
        draw_timeline(title, timeline.frames, bars_of(timeline, storyboard), out / TIMELINE)
    except OSError as error:
        raise Outage(f"the preview cannot be written into {out}: {error.strerror}") from error
    return [*written, out / TIMELINE]
