"""Who said that a clip is to be heard."""

import pytest

from pipeline.projects import Details
from pipeline.spoken import is_spoken


@pytest.mark.parametrize(
    ("details", "spoken"),
    [
        (Details(), False),
        (Details(slot="leader"), True),
        (Details(slot="narration"), True),
        (Details(slot="broll"), False),
        (Details(slot="photos"), False),
        (Details(slot="of_another_storyboard"), False),
        (Details(slot="of_another_storyboard", speaker_name="Chief"), True),
        (Details(speaker_name="Chief"), True),
        (Details(slot="broll", speaker_name="Chief"), False),
    ],
)
def test_a_slot_for_speech_or_a_speaker_says_so(details: Details, spoken: bool) -> None:
    assert is_spoken(details) is spoken
