"""Golden: a clip cut in two at any frame yields the frames of the uncut one, whatever its container."""

import random
from collections.abc import Callable
from pathlib import Path

import ffmpeg
import numpy as np
import pytest

from ingest.clip import Clip
from ingest.graph import conform_video, media_input, video_input
from kit.process import run_ffmpeg_bytes

NOT_FOOTAGE = {".srt", ".vtt", ".txt", ".yaml", ".jpg"}
ClipFrom = Callable[[Path], Clip]


@pytest.mark.parametrize("folder", ["anytown", "d_old"])
def test_a_cut_clip_yields_the_frames_of_the_uncut_one(
    footage: Path, folder: str, clip_from: ClipFrom, frame_digests: Callable[..., list[str]]
) -> None:
    chance = random.Random(folder)
    wrong = {}
    for path in sorted((footage / folder).iterdir()):
        clip = clip_from(path) if path.suffix not in NOT_FOOTAGE else None
        if clip is None or clip.picture is None or clip.frames < 2:
            continue
        # Past the third second a cut is sought and not decoded from the start.
        cut = chance.randrange(min(90, clip.frames // 2), min(240, clip.frames))
        after = min(8, clip.frames - cut)
        uncut = frame_digests(video_input(clip, path, 0, cut + after))
        parts = frame_digests(video_input(clip, path, 0, cut)) if cut < 40 else uncut[:cut]
        parts = parts + frame_digests(video_input(clip, path, cut, after))
        if parts != uncut or len(uncut) != cut + after:
            wrong[path.name] = (cut, [n for n, (a, b) in enumerate(zip(parts, uncut, strict=False)) if a != b])
    assert not wrong


@pytest.mark.parametrize("name", ["hikers_wmv2.wmv", "interlaced_576i_tff_sar16x15_mpeg2.ts", "phone_vfr_720p.mp4"])
def test_every_planned_frame_of_an_odd_clip_is_there(
    footage: Path, name: str, clip_from: ClipFrom, frame_digests: Callable[..., list[str]]
) -> None:
    path = footage / "derived" / name
    clip = clip_from(path)
    uncut = frame_digests(video_input(clip, path, 0, clip.frames))
    assert len(uncut) == clip.frames
    assert frame_digests(video_input(clip, path, clip.frames - 50, 50)) == uncut[-50:]


def rgb(stream: object, width: int, height: int) -> np.ndarray:
    shown = stream.filter("scale", in_color_matrix="bt709").filter("format", "rgb24")  # type: ignore[attr-defined]
    args = ffmpeg.output(shown, "pipe:1", format="rawvideo", vframes=1).get_args()
    return np.frombuffer(run_ffmpeg_bytes(["-v", "error", *args]), np.uint8).reshape(height, width, 3).astype(float)


def test_hdr_looks_like_the_sdr_it_was_made_from(footage: Path, clip_from: ClipFrom) -> None:
    pictures = []
    for name in ("derived/hdr10_hevc10_720p.mp4", "b_broll/squirrel_1280x720_10s.mp4"):
        clip = clip_from(footage / name)
        stream = video_input(clip, footage / name, 60, 1)
        pictures.append(rgb(conform_video(stream, clip, width=320, height=180), 320, 180))
    assert np.abs(pictures[0] - pictures[1]).mean() < 2.5
    assert np.abs((pictures[0] - pictures[1]).mean(axis=(0, 1))).max() < 2


@pytest.mark.parametrize("facts", [{"transfer": "hlg"}, {"transfer": "pq"}, {"matrix": "bt601", "full_range": True}])
def test_a_grey_ramp_stays_neutral_and_rising(made_up: Callable[..., Clip], facts: dict[str, object]) -> None:
    clip = made_up(**{"matrix": "bt2020", **facts})
    source = "format=yuv420p10le,geq=lum=64+876*X/W:cb=512:cr=512"
    if "full_range" in facts:
        source = "format=yuvj420p,geq=lum=255*X/W:cb=128:cr=128"
    ramp = ffmpeg.input(f"color=gray:s=1280x720:d=1,{source}", f="lavfi")
    shown = rgb(conform_video(ramp["0"], clip, width=640, height=360), 640, 360)
    assert np.ptp(shown.mean(axis=0), axis=1).max() <= 3
    across = shown.mean(axis=(0, 2))
    assert np.diff(across).min() > -1.5
    assert across[-1] > 220


def test_all_orientations_stand_as_ffmpeg_itself_would_set_them(footage: Path, clip_from: ClipFrom) -> None:
    for name in ("c_phone/selfie_rotate_and_reflect.mp4", "derived/phone_portrait_rotated_hevc.MOV"):
        path = footage / name
        clip = clip_from(path)
        assert clip.picture
        width, height = (side // 4 for side in clip.picture.upright_size)
        ours = conform_video(video_input(clip, path, 0, 1), clip, width=width, height=height)
        theirs = ffmpeg.input(str(path))["v"].filter(
            "scale", width, height, in_color_matrix=clip.picture.matrix, out_color_matrix="bt709"
        )
        assert np.abs(rgb(ours, width, height) - rgb(theirs, width, height)).mean() < 3, name


def test_a_renamed_playlist_opens_nothing(footage: Path, tmp_path: Path) -> None:
    playlist = tmp_path / "clip.mp4"
    inner = footage / "anytown" / "broll_park.mp4"
    playlist.write_text(f"ffconcat version 1.0\nfile '{inner}'\n")
    with pytest.raises(Exception, match="not on whitelist"):
        run_ffmpeg_bytes(ffmpeg.output(media_input(playlist)["0"], "pipe:1", format="framemd5").get_args())
