"""A finished film that flashes beyond WCAG 2.3.1 is found out, with where, and is not called fine."""

import json
import re
from pathlib import Path

import pytest

from agencies.agency import Agency
from delivery.delivery import Check, PackageResult
from delivery.package import build_package
from editing.timeline import Timeline
from ingest.clip import Clip

from .conftest import make_film

WHOLE, SMALL = "iw:ih", "iw*0.45:ih*0.5"
"""All of the picture, and 0.225 of it."""
DARK_RED = "0x600000"
"""Too dark for a general flash against black: a red one alone."""


def flashing(hertz: float, colour: str, area: str) -> str:
    """Twelve seconds of grey in which black and a colour change places from 3 to 5 s and from 8 to 10 s."""
    wide, high = area.split(":")
    within, frames = "(between(t,3,4.99)+between(t,8,9.99))", 30 / hertz
    box = f"drawbox=0:0:{wide}:{high}:color={{}}:t=fill:enable='{within}*{{}}(mod(n,{frames:g}),{frames / 2:g})'"
    return f"color=0x383838:s=640x360:r=30:d=12,{box.format('black', 'gte')},{box.format(colour, 'lt')}"


def packaged(picture: str, folder: Path, timeline: Timeline, clips: tuple[Clip, ...], agency: Agency) -> PackageResult:
    film = make_film(folder / "film.mp4", picture)
    out = folder / "package"
    return build_package(out, timeline=timeline, clips=clips, agency=agency, films={"documentary.mp4": film})


def flashes_of(result: PackageResult) -> list[Check]:
    return [check for check in result.report.checks if check.name in ("flashing", "red flashing")]


@pytest.mark.parametrize(
    ("hertz", "colour", "short"),
    [(5, "white", ["flashing"]), (5, "red", ["flashing", "red flashing"]), (7.5, DARK_RED, ["red flashing"])],
)
def test_a_film_that_flashes_is_a_draft_that_says_where(
    hertz: float,
    colour: str,
    short: list[str],
    tmp_path: Path,
    timeline: Timeline,
    clips: tuple[Clip, ...],
    agency: Agency,
) -> None:
    result = packaged(flashing(hertz, colour, WHOLE), tmp_path, timeline, clips, agency)
    told = flashes_of(result)
    assert [check.name for check in told if not check.ok] == short
    where = {str(check.value) for check in told if not check.ok}
    assert all(
        re.fullmatch(r"1.00 of the picture from 3\.0 to (4\.9|5\.0) s, from 8\.0 to (9\.9|10\.0) s", one)
        for one in where
    )
    assert result.state == "draft"
    assert all(any(one in note and note.startswith("The film falls short") for note in result.notes) for one in where)
    report = json.loads((tmp_path / "package/report.json").read_text())
    assert not report["ok"]
    assert [row["name"] for row in report["checks"] if "flashing" in row["name"] and not row["ok"]] == short


@pytest.mark.parametrize(
    ("hertz", "colour", "area"), [(3, "white", WHOLE), (2, "red", WHOLE), (5, "white", SMALL), (5, "red", SMALL)]
)
def test_three_flashes_a_second_and_small_areas_are_allowed(
    hertz: float, colour: str, area: str, tmp_path: Path, timeline: Timeline, clips: tuple[Clip, ...], agency: Agency
) -> None:
    result = packaged(flashing(hertz, colour, area), tmp_path, timeline, clips, agency)
    assert all(check.ok for check in flashes_of(result))
    assert not any("flashing" in note for note in result.notes)
