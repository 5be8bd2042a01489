"""When what may go: the rules alone, and which objects of the bucket nobody names."""

import pytest

from kit.settings import Settings, load_settings
from kit.storage import Stored
from pipeline.jobs import JobState
from pipeline.keeping import DAY_S, Keep, footage_goes_at, keep_of, package_goes_at
from pipeline.names import ORPHAN_S, OURS, Names, may_go, name_of

KEEP = Keep()
NOW = 1_000 * DAY_S


@pytest.mark.parametrize(
    ("changed", "goes"),
    [
        ({}, NOW + KEEP.packages_s),
        ({"state": JobState.IN_REVIEW}, NOW + KEEP.packages_s),
        ({"state": JobState.DELIVERED}, NOW + KEEP.packages_s),
        ({"state": JobState.IN_REVIEW, "preview": True}, NOW + KEEP.previews_s),
        ({"newest": False}, NOW + KEEP.previews_s),
        ({"state": JobState.CANCELLED}, NOW + KEEP.previews_s),
        ({"state": JobState.FAILED}, NOW + KEEP.previews_s),
        ({"state": JobState.RENDERING}, None),
        ({"state": JobState.RENDERING, "newest": False}, None),
        ({"busy": True}, None),
        ({"shared_until": NOW + 10 * DAY_S}, NOW + KEEP.packages_s),
        ({"shared_until": NOW + KEEP.packages_s + 5}, NOW + KEEP.packages_s + 5),
    ],
)
def test_when_a_package_may_go(changed: dict[str, object], goes: float | None) -> None:
    facts: dict[str, object] = {"made_at": NOW, "state": JobState.APPROVED, "preview": False, "newest": True}
    facts |= {"busy": False, "shared_until": None} | changed
    assert package_goes_at(KEEP, **facts) == goes  # type: ignore[arg-type]


def test_when_footage_may_go() -> None:
    assert footage_goes_at(KEEP, last_done=NOW, busy=True) is None
    assert footage_goes_at(KEEP, last_done=NOW, busy=False) == NOW + KEEP.footage_s
    assert footage_goes_at(KEEP, last_done=NOW, busy=False, reviewed_until=NOW + DAY_S) == NOW + KEEP.footage_s
    late = NOW + 2 * KEEP.footage_s
    assert footage_goes_at(KEEP, last_done=NOW, busy=False, reviewed_until=late) == late


def test_each_time_is_a_setting_and_what_is_unset_is_what_the_rules_say() -> None:
    assert keep_of(load_settings()) == KEEP
    for name in (name for name in Settings.model_fields if name.startswith("keep_")):
        changed = keep_of(load_settings(**{name: 5}))
        assert changed != KEEP, name
        assert getattr(changed, f"{name.removeprefix('keep_').removesuffix('_days')}_s") == 5 * DAY_S
    assert {f"keep_{name.removesuffix('_s')}_days" for name in Keep.model_fields} <= set(Settings.model_fields)


def test_by_what_name_rows_know_an_object() -> None:
    assert name_of("renditions/a1/poster.jpg") == "renditions/a1"
    assert name_of("looks/v7/5ab.npz") == "segments/5ab.mp4"
    for key in ("uploads/1", "packages/j/1/2/documentary.mp4", "inspections/a1.json"):
        assert name_of(key) == key


@pytest.mark.parametrize(
    ("key", "age_s", "goes"),
    [
        ("uploads/wanted", 9 * ORPHAN_S, False),
        ("uploads/let-go", 0, True),
        ("uploads/unknown", ORPHAN_S - 1, False),
        ("uploads/unknown", ORPHAN_S, True),
        ("renditions/wanted/poster.jpg", 9 * ORPHAN_S, False),
        ("renditions/unknown/poster.jpg", ORPHAN_S, True),
        ("segments/let-go.mp4", 0, True),
        ("looks/v7/let-go.npz", 0, True),
        ("looks/v7/wanted.npz", 9 * ORPHAN_S, False),
        ("contexts/let-go.json", 0, False),
        ("contexts/let-go.json", ORPHAN_S, True),
        ("packages/resting/1/1/a.mp4", 0, True),
        ("packages/working/1/1/a.mp4", 9 * ORPHAN_S, False),
        ("packages/wanted", 9 * ORPHAN_S, False),
        ("joined/nobody/1/a.mp4", ORPHAN_S - 1, False),
        ("joined/nobody/1/a.mp4", ORPHAN_S, True),
        ("checks/1", ORPHAN_S, True),
    ],
)
def test_which_objects_may_go(key: str, age_s: float, *, goes: bool) -> None:
    wanted = {"uploads/wanted", "renditions/wanted", "segments/wanted.mp4", "packages/wanted"}
    let_go = {"uploads/let-go", "segments/let-go.mp4", "contexts/let-go.json"}
    names = Names(wanted, let_go, at_rest={"resting"}, jobs={"resting", "working"}, all_known=True)
    found = Stored(key=key, size=1, modified=NOW - age_s)
    assert may_go(found, names, NOW) is goes
    # While a film is made by a plan that does not say of what, nothing goes that others may share.
    shared = key.partition("/")[0] in ("contexts", "inspections", "renditions", "seals")
    assert may_go(found, names._replace(all_known=False), NOW) is (goes and not shared)
    assert key.partition("/")[0] in OURS
