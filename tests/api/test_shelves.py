"""Files of a package by what they are for."""

import random

from api.pages.shelves import REST, SHELVES, shelved
from pipeline.jobs import PackedFile


def test_every_file_stands_on_one_shelf_in_the_order_in_which_it_is_wanted():
    named = [name for _, uses in SHELVES for name, _ in uses]
    chance = random.Random(7)
    for _ in range(50):
        names = chance.sample([*named, "report.json", "timeline.otio", "SHA256SUMS"], chance.randint(1, 9))
        files = [PackedFile(name=name, key=name, size=1, sha256="0" * 64, media_type="text/plain") for name in names]
        shelves = shelved(files)
        shown = [file.name for shelf in shelves for file, _ in shelf.files]
        assert sorted(shown) == sorted(names)
        known = [name for name in shown if name in named]
        assert known == [name for name in named if name in names]
        assert all(shelf.files for shelf in shelves)
        assert [shelf.title for shelf in shelves if any(file.name not in named for file, _ in shelf.files)] in (
            [],
            [REST],
        )
