"""What the files of a package are for, in the order in which people want them. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from delivery.delivery import CLEAN_FILM, OPEN_FILM, PREVIEW_FILM
from pipeline.jobs import PackedFile

SHELVES: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    (
        "Films",
        (
            (OPEN_FILM, "With captions in the picture, for the event and for posts"),
            (CLEAN_FILM, "Without captions in the picture, for players that show the caption file"),
            (PREVIEW_FILM, "A quick look, not for the public"),
        ),
    ),
    (
        "Captions",
        (("captions.vtt", "For web pages"), ("captions.srt", "For YouTube, Facebook and players on a computer")),
    ),
    ("Transcript", (("transcript.txt", "Every word that is said"),)),
    ("Descriptions", (("descriptions.vtt", "What is seen, for those who cannot see it"),)),
    ("Picture", (("poster.jpg", "To stand for the film before it plays"),)),
)
"""Headings, and below each the files with what they are for; whatever is not named here stands last."""

REST = "For editors and records"


@dataclass(frozen=True)
class Shelf:
    """Files of one kind, each with what it is for."""

    title: str
    files: tuple[tuple[PackedFile, str], ...]


def shelved(files: Sequence[PackedFile]) -> tuple[Shelf, ...]:
    """The files of a package by what they are for; none is left out, and no shelf is empty."""
    held = {file.name: file for file in files}
    shelves = [Shelf(title, tuple((held[name], use) for name, use in uses if name in held)) for title, uses in SHELVES]
    named = {name for _, uses in SHELVES for name, _ in uses}
    rest = Shelf(REST, tuple((file, "") for file in files if file.name not in named))
    return tuple(shelf for shelf in (*shelves, rest) if shelf.files)
