"""A machine with a wrong clock deletes nothing: by the store's clock, and by when somebody looked last."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from kit.storage import FolderStorage, Stored
from pipeline.clock_doubt import MARK, ClockDoubt
from pipeline.keeping import DAY_S, Keep
from pipeline.retention import keep_retaining

from .conftest import Clock, House
from .place import Place

YEARS = 5 * 365 * DAY_S


class DatedStore(FolderStorage):
    """A store whose clock a test sets."""

    def __init__(self, root: Path, clock: Clock) -> None:
        super().__init__(root)
        self.clock = clock

    def stored(self, prefix: str) -> Iterator[Stored]:
        for found in super().stored(prefix):
            yield found.model_copy(update={"modified": self.clock()})


@pytest.fixture
def clocks() -> tuple[Clock, Clock]:
    """Ours, and the store's."""
    return Clock(), Clock()


@pytest.fixture
def doubt(clocks: tuple[Clock, Clock], tmp_path: Path) -> ClockDoubt:
    return ClockDoubt(DatedStore(tmp_path, clocks[1]), clocks[0])


@pytest.mark.parametrize("off", [YEARS, -YEARS, 2 * 3600])
def test_a_clock_that_differs_from_the_stores_is_not_believed(
    doubt: ClockDoubt, clocks: tuple[Clock, Clock], off: float
) -> None:
    ours, stores = clocks
    assert doubt.why() == ""
    ours.now += off
    for _ in range(100):
        assert "from the store's" in doubt.why()
        for clock in clocks:
            clock.now += DAY_S
    ours.now = stores.now
    # Nobody has looked by a good clock for long, so it is watched for a day.
    assert "went" in doubt.why()


def test_a_machine_that_starts_in_another_year_is_not_believed_for_a_day(
    doubt: ClockDoubt, clocks: tuple[Clock, Clock]
) -> None:
    def after(seconds: float) -> bool:
        for clock in clocks:
            clock.now += seconds
        return doubt.why() == ""

    assert after(0)
    assert after(3600)
    assert not after(YEARS)
    assert not after(DAY_S / 2)
    assert not after(-YEARS), "set right"
    assert not after(DAY_S / 2)
    assert after(DAY_S / 2 + 1)
    assert not after(8 * DAY_S), "whoever stood still for a week looks the same"
    assert not after(DAY_S / 2)
    assert not after(YEARS), "another jump is no day that went by"
    assert not after(DAY_S / 2)
    assert after(DAY_S / 2 + 1)
    assert after(6 * DAY_S)


def test_nothing_is_deleted_by_a_clock_that_is_years_ahead(
    house: House, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    place = Place(house, tmp_path)
    place.send("a.mp4", "a")
    place.approved()
    before = set(place.storage.list(""))
    doubt = ClockDoubt(DatedStore(tmp_path / "store", house.clock), house.clock)

    def sweep() -> None:
        rounds = iter([False, True])
        keep_retaining(place.retention, doubt.why, every_s=0, is_short=lambda: True, until=lambda: next(rounds))

    house.clock.now += 1
    sweep()
    house.clock.now += YEARS
    with caplog.at_level(logging.ERROR):
        sweep()
    assert "nothing is deleted" in caplog.text
    assert set(place.storage.list("")) - {MARK} == before
    house.clock.now += Keep().packages_s
    sweep()
    house.clock.now += DAY_S + 1
    sweep()
    assert not place.keys("uploads")
