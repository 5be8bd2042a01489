"""What a page tells its player of the film it shows. Pure."""

from collections.abc import Collection, Mapping

from delivery.delivery import CLEAN_FILM, OPEN_FILM, PREVIEW_FILM
from pipeline.shares import Shown

Told = Mapping[str, str | bool | None]


def player(here: str, agency: str, names: Collection[str]) -> Told | None:
    """The film of a job's package, given what its files are called; None where it holds none.

    The film without captions in its picture goes before the one with them: captions that a player shows can be turned
    off, and read in the size that somebody needs.
    """
    film = next((name for name in (CLEAN_FILM, OPEN_FILM, PREVIEW_FILM) if name in names), None)
    if film is None:
        return None
    files = {"source": f"{here}/files/{film}", "poster": f"{here}/files/poster.jpg"}
    return files | _words(here, agency, names, bare=film == CLEAN_FILM)


def shared_player(here: str, shown: Shown) -> Told:
    """The film of a share link."""
    files = {"source": shown.film, "poster": shown.poster}
    return files | _words(here, shown.agency, shown.texts, bare=not shown.burned)


def _words(here: str, agency: str, names: Collection[str], *, bare: bool) -> dict[str, str | bool | None]:
    """What is read beside a film; `bare` says that its picture carries no captions."""
    captioned = "captions.vtt" in names
    return {
        "label": f"The film of {agency}",
        "captions": f"{here}/text/captions.vtt" if captioned else None,
        "descriptions": f"{here}/text/descriptions.vtt" if "descriptions.vtt" in names else None,
        "off_picture": bare and captioned,
    }
