"""Files of the footage folder get the verdict that a careful person gives them: one of each verdict, or all of them."""

import os
import random
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ingest.clip import Clip
from tests.ingest.expected_verdicts import EXPECTED, SKIPPED

JARGON = re.compile(
    r"codec|container|stream|demux|mux|decod|encod|transcod|bitrate|VFR|HLG|PQ|BT\.|LUFS|dB|moov|atom|metadata|EXIF|XMP|"
    r"luma|chroma|gamut|fps",
    re.IGNORECASE,
)
"""What a sergeant need not know; it may stand in brackets."""


def one_of_each() -> list[str]:
    """A file of each verdict, the same each time."""
    names = random.Random(4).sample(list(EXPECTED), len(EXPECTED))
    return sorted({EXPECTED[name]: name for name in names}.values())


@pytest.fixture(scope="module")
def ahead(request: pytest.FixtureRequest, inspected: Callable[[str], Clip]) -> Iterator[None]:
    """Inspects the files of the tests that are going to run two at a time."""
    here = [item for item in request.session.items if item.path == request.path]
    names = [
        str(item.callspec.params["name"])
        for item in here
        if isinstance(item, pytest.Function) and hasattr(item, "callspec")
    ]
    with ThreadPoolExecutor(2) as pool:
        for name in names:
            pool.submit(inspected, name)
        yield
        pool.shutdown(cancel_futures=True)


def test_every_file_of_the_folder_is_in_the_table(footage: Path) -> None:
    found = {
        str(path.relative_to(footage))
        for path in footage.rglob("*")
        if path.is_file() and path.suffix.lower() not in SKIPPED
    }
    assert found == set(EXPECTED)


@pytest.mark.usefixtures("ahead")
@pytest.mark.parametrize("name", EXPECTED if os.environ.get("PROMISEREEL_SOAK") else one_of_each())
def test_a_file_gets_its_verdict(name: str, inspected: Callable[[str], Clip]) -> None:
    clip = inspected(name)
    said = " ".join([clip.kind, clip.verdict, *(note.code for note in clip.notes)])
    assert said == EXPECTED[name], "\n".join(f"{note.message} {note.action}" for note in clip.notes)
    for note in clip.notes:
        for words in (note.message, note.action):
            assert words.endswith(".")
            assert not JARGON.search(re.sub(r"\([^)]*\)", "", words)), words
