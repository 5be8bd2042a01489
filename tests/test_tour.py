"""The tour shows what it names, in pictures that are small enough to travel with the sources."""

import re
from pathlib import Path

DOCS = Path(__file__).parents[1] / "docs"


def test_every_picture_of_the_tour_is_there_and_small() -> None:
    named = re.findall(r"!\[([^\]]+)\]\((tour/[^)]+)\)", (DOCS / "tour.md").read_text("utf-8"))
    assert len(named) >= 9
    assert all(len(words.split()) >= 2 for words, _ in named), "each says what it shows"
    sizes = {path: (DOCS / path).stat().st_size for _, path in named}
    assert {path.relative_to(DOCS).as_posix() for path in (DOCS / "tour").iterdir()} == set(sizes)
    assert all(2_000 < size <= 100_000 for size in sizes.values()), sizes
    assert sum(sizes.values()) <= 1_500_000
