"""Flashes of a speaker who must be seen are damped below what WCAG 2.3.1 allows, as the report's own meter counts."""

import math
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from delivery.look import Look
from delivery.survey import look_of
from editing.assembly import lay_out_parts
from editing.damping import damped_in, reach_around
from editing.graph import Frame, footage_name, segment_arguments
from editing.inserts import with_inserts
from editing.parts import SpeechPart
from editing.segments import Segment, Take
from editing.speech_selection import runs_of, speeches_of
from editing.stock import Stock
from editing.timeline import VideoShot
from ingest import flashes
from ingest.clip import Clip
from ingest.inspect import inspect
from kit.process import run_ffmpeg, run_ffmpeg_bytes
from tests.editing.clips import LJ, measured, sentences, video
from tests.editing.filming import AGENCY

SMALL = Frame(width=320, height=180)
WHITE = "255*exp(-pow((X-{at})/20,2)-pow((Y-16)/24,2))*{on}"
NIGHT = "lutrgb=r=val*0.25:g=val*0.22:b=val*0.2"


def lights(folder: Path, speaker: Path, *, white: bool) -> Path:
    """A speaker of 4 s between lights that come on in turn: white ones by day, or red and blue ones by night."""
    turns = [f"{test}(mod(T*4,1),0.5)" for test in ("lt", "gte")]
    left, right = (WHITE.format(at=at, on=on) for at, on in zip((18, 46), turns, strict=True))
    red, green, blue = (f"{left}+{right}",) * 3 if white else (right, "0", left)
    light = f"color=black:s=64x36:r=25:d=4,format=gbrp,geq=r='{red}':g='{green}':b='{blue}',scale=640:360:flags=bicubic"
    lit = f"[0:v]scale=640:360,format=gbrp,{'null' if white else NIGHT}[v];{light}[l];[v][l]blend=all_mode=screen[o]"
    out = folder / ("white.mp4" if white else "bars.mp4")
    coded = ["-c:v", "libx264", "-crf", "14", "-pix_fmt", "yuv420p", "-threads", "1", "-c:a", "copy"]
    run_ffmpeg(["-t", "4", "-i", str(speaker), "-filter_complex", lit, "-map", "[o]", "-map", "0:a", *coded, str(out)])
    return out


def worst(look: Look) -> float:
    """The largest share of the picture that flashes, in light or in red."""
    cells = [rgb for run in look.cell_rgb() for rgb in run]
    light = flashes.worst(map(flashes.luminance, cells), flashes.LIGHT_STEP, flashes.LIGHT_CEILING, 30)
    return max(light.area, flashes.worst(map(flashes.redness, cells), flashes.RED_STEP, math.inf, 30).area)


def arguments(clip: Clip, first: int, frames: int, *, damped: bool = True, size: Frame = SMALL) -> list[str]:
    shot = VideoShot(start=0, end=clip.frames, file=clip.file, slot="leader", source_start=0)
    shot = shot.model_copy(update={"damped": damped_in(clip, 0, clip.frames) if damped else ()})
    segment = Segment(start=0, frames=frames, take=Take(shot=shot, first=first))
    return segment_arguments(segment, {clip.file: clip}, AGENCY, {}, size)


def talk(**told: Any) -> Clip:
    return video("talk.mp4", 54, sentences=sentences(LJ), analysis=measured(54, **told))


def test_the_graph_takes_what_differs_from_the_mean_off_the_whole_picture() -> None:
    listed = arguments(talk(flashes=[(600, 660)]), 590, 60)
    graph = listed[listed.index("-filter_complex") + 1].replace("\\\\", "").replace("\\", "")
    assert "trim=end_frame=125:start_frame=35" in graph, "fifteen frames more on both sides are read"
    names = [re.sub(r"^(\[[^]]*\])*", "", step).partition("=")[0].partition("[")[0] for step in graph.split(";")]
    assert names[names.index("split") :] == [
        *("split", "trim", "setpts", "scale", "tpad", "split", "tmix", "trim", "setpts"),
        *("trim", "setpts", "blend", "scale", "blend", "format", "setparams"),
    ]
    assert "scale=64:36:flags=area" in graph
    assert "tmix=frames=31:weights=1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 15 14 13 12 11 10 9 8 7 6 5 4 3 2 1" in graph
    ease = "clip(min(N--6,86-N)/10,0,1)"
    assert f"c0_expr=128+sgn(A-B)*max(0,abs(A-B)-4)*{ease}:c1_expr=128+(A-B)*{ease}:c2_expr=128+(A-B)*{ease}" in graph
    assert "blend=all_mode=grainmerge:shortest=1" in graph


def test_frames_without_a_flash_are_left_as_they_are() -> None:
    clip = talk(flashes=[(600, 660)])
    assert arguments(clip, 400, 120) == arguments(clip, 400, 120, damped=False)
    assert arguments(clip, 500, 120) != arguments(clip, 500, 120, damped=False)


def test_a_mean_runs_over_no_cut_of_the_camera_and_over_no_end_of_the_clip() -> None:
    clip = talk(flashes=[(0, 1620)], cuts=[300, 420])
    damped = damped_in(clip, 0, clip.frames)
    assert reach_around(clip, 300, 120, damped) == (0, 0)
    assert reach_around(clip, 310, 100, damped) == (10, 10)
    assert reach_around(clip, 0, 100, damped) == (0, 15)
    assert reach_around(clip, 1500, 120, damped) == (15, 0)


def test_long_flashes_are_damped_and_seen_and_short_ones_are_covered() -> None:
    scenes = [video(f"b{n}.mp4", 20, analysis=measured(20, motion=[5.0] * 20)) for n in range(4)]
    for flash, shown in ((600, 700), False), ((300, 1500), True):
        clip = talk(flashes=[flash], cuts=[500, 800, 1100])
        part = SpeechPart("leader", runs_of(clip, speeches_of(clip)), lower_third=True)
        parts, notes = with_inserts([part], {"broll": Stock(scenes)})
        shots = [shot for shot in lay_out_parts(parts, {}).shots if isinstance(shot, VideoShot)]
        seen = [shot for shot in shots if shot.file == clip.file and shot.damped]
        assert bool(seen) == shown == bool(notes)
        assert all(shot.damped == ((294, 1506),) for shot in seen)
        cuts = {500, 800, 1100} & {shot.source_start for shot in seen}
        assert bool(cuts) == shown, "parted at the camera's cut"


@pytest.mark.parametrize("white", [True, False], ids=["white", "red and blue"])
def test_a_damped_speaker_no_longer_flashes(white: bool, footage: Path, tmp_path: Path) -> None:
    file = lights(tmp_path, footage / "derived" / "interview_grid_720p25_30s.mp4", white=white)
    clip = inspect(file, file.name)
    (tmp_path / "footage").mkdir()
    (tmp_path / footage_name(clip)).symlink_to(file)
    assert damped_in(clip, 0, clip.frames), "inspection finds the flashes"
    found = []
    for damped in (False, True):
        run_ffmpeg(arguments(clip, 0, clip.frames, damped=damped), cwd=tmp_path)
        found.append(worst(look_of(tmp_path / "segment.mp4", [], tmp_path)))
    assert found[0] > flashes.LARGEST_AREA
    assert found[1] <= 0.1


def test_a_damped_shot_that_is_split_shows_the_frames_of_the_whole(footage: Path, tmp_path: Path) -> None:
    file = lights(tmp_path, footage / "derived" / "interview_grid_720p25_30s.mp4", white=True)
    clip = inspect(file, file.name)
    (tmp_path / "footage").mkdir()
    (tmp_path / footage_name(clip)).symlink_to(file)

    def composed(first: int, frames: int) -> np.ndarray:
        listed = arguments(clip, first, frames, size=Frame(width=160, height=90))
        raw = [*listed[: listed.index("-map") + 2], "-frames:v", str(frames), "-f", "rawvideo", "pipe:1"]
        return np.frombuffer(run_ffmpeg_bytes(raw, cwd=tmp_path), np.uint8).reshape(frames, -1)

    whole = composed(0, 100)
    assert np.array_equal(whole, np.concatenate([composed(0, 37), composed(37, 63)]))
