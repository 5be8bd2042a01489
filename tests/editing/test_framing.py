"""Wide pictures fill the film, tall ones stand on a blurred ground, heads stay in."""

import pytest

from editing.framing import framing_of
from tests.editing.clips import video


@pytest.mark.parametrize(
    ("size", "faces", "expected"),
    [
        ((1920, 1080), None, ("cover", (0.5, 0.5))),
        ((768, 576), None, ("cover", (0.5, 0.4))),
        ((768, 576), (0.6, 0.2), ("cover", (0.6, 0.2))),
        ((2560, 1080), None, ("cover", (0.5, 0.5))),
        ((720, 1280), (0.5, 0.2), ("blur", (0.5, 0.5))),
        ((600, 600), None, ("blur", (0.5, 0.5))),
    ],
)
def test_framing(size: tuple[int, int], faces: tuple[float, float] | None, expected: object) -> None:
    assert framing_of(video("a", 5, size=size, faces=faces)) == expected


def test_a_turned_phone_is_tall() -> None:
    clip = video("a", 5, size=(1920, 1080))
    assert clip.picture is not None
    turned = clip.model_copy(update={"picture": clip.picture.model_copy(update={"rotation": 90})})
    assert framing_of(turned)[0] == "blur"
