"""Even samples of clips of any length."""

import pytest

from ingest.renditions import strip_step
from ingest.sampling import EvenSamples


@pytest.mark.parametrize("seconds", [1, 59, 60, 61, 119, 121, 7200])
def test_samples_stay_even_and_few_and_begin_at_zero(seconds: int) -> None:
    samples: EvenSamples[int] = EvenSamples(30, 60)
    for frame in range(seconds * 30):
        if samples.wants(frame):
            samples.add(frame)
    assert samples.kept == tuple(range(0, seconds * 30, samples.step))
    assert len(samples.kept) <= 60
    assert samples.step == 30 * strip_step(seconds * 30)
