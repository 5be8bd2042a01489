"""Recordings of screens are told from what cameras filmed."""

import os
from pathlib import Path

import pytest

from ingest.screen import ScreenMeter
from tests.ingest.conformed import conformed
from tests.ingest.screens import SCREENS, record

FILMED = [
    "a_speech/grid_bbaf2n_bin-blue-at-f-two-now.mpg",
    "a_speech/quiet_digits_over_1080p_leader.mp4",
    "b_broll/city_night_720x405_mpeg2_no_audio.mpg",
    "b_broll/sign_language_help_640x480.mkv",
    "b_broll/surveillance_people_768x432_10fps_139s.mp4",
    "c_phone/android_4k60_portrait_rot90.mp4",
    "c_phone/android_hlg_1080p.mp4",
    "c_phone/iphone14pro_dolbyvision_720p.MOV",
    "c_phone/quicktime_pcm_1080p50_concert.mov",
    "d_old/avi_mjpeg_race.avi",
    "d_old/sample_h263.ts",
    "derived/interview_grid_720p25_30s.mp4",
    "e_audio/silent-black-10s.mp4",
]
"""What comes nearest to a screen, by one sign or another."""


def screen(path: Path, seconds: float) -> float:
    meter = ScreenMeter()
    for frame, (luma, _, _) in enumerate(conformed(path, seconds)):
        if frame % 15 == 0:
            meter.take(luma)
    return meter.finish()


@pytest.mark.parametrize("name", SCREENS)
def test_a_recorded_screen_is_told(tmp_path: Path, name: str) -> None:
    assert screen(record(SCREENS[name], tmp_path / "screen.mp4"), 3) >= 0.5


@pytest.mark.parametrize("file", FILMED)
def test_nothing_filmed_is_taken_for_a_screen(footage: Path, file: str) -> None:
    assert screen(footage / file, 30 if os.environ.get("PROMISEREEL_SOAK") else 1.1) < 0.4
