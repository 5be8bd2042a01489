"""The cut and the captions as data: a change of taste shows here, and `tests/editing/golden.py` writes it down anew."""

from .clips import measured_anytown
from .golden import CUES, PLAN, TRANSCRIPT, cues_text, plan_text, planned, scenes
from .plan_checks import check


def test_the_plan_of_a_measured_project_is_this_one() -> None:
    check(planned(), measured_anytown())
    assert plan_text() == PLAN.read_text("utf-8")


def test_the_captions_of_written_scenes_are_these() -> None:
    assert cues_text() == CUES.read_text("utf-8")


def test_the_scenes_hold_all_that_decides_on_captions() -> None:
    found = list(scenes(TRANSCRIPT.read_text("utf-8")))
    assert all(scene.words for scene in found)
    assert any(scene.walls for scene in found)
    assert any(scene.shots for scene in found)
    assert any(scene.third and scene.card for scene in found)
    assert {scene.ground for scene in found} == {"soft", "solid"}
