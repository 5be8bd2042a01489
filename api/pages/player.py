"""What a page tells its player of the film it shows. Pure."""

from collections.abc import Collection, Mapping

from delivery.delivery import CLEAN_FILM, OPEN_FILM, PREVIEW_FILM

Told = Mapping[str, str | bool | None]


def player(here: str, agency: str, names: Collection[str]) -> Told | None:
    """The film of a job's package, given what its files are called; None where it holds none.

    The film without captions in its picture goes before the one with them: captions that a player shows can be turned
    off, and read in the size that somebody needs.
    """
    film = next((name for name in (CLEAN_FILM, OPEN_FILM, PREVIEW_FILM) if name in names), None)
    captioned = "captions.vtt" in names
    if film is None:
        return None
    return {
        "label": f"The film of {agency}",
        "source": f"{here}/files/{film}",
        "poster": f"{here}/files/poster.jpg",
        "captions": f"{here}/text/captions.vtt" if captioned else None,
        "off_picture": film == CLEAN_FILM and captioned,
    }
