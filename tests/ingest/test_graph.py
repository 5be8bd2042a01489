"""The argument lists that footage is read with, and the arithmetic of fitting pictures."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import ffmpeg
import pytest

from ingest.clip import Clip
from ingest.graph import DEMUXERS, conform_video, crop_corner, scaled_size, video_input
from kit.errors import Bug

MakeClip = Callable[..., Clip]


def graph(stream: object) -> str:
    args = ffmpeg.output(stream, "o").get_args()
    return args[args.index("-filter_complex") + 1]


def test_a_late_range_is_sought_whole_seconds_early_on_the_containers_clock(made_up: MakeClip) -> None:
    clip = made_up(start_s=0.54)
    args = ffmpeg.output(video_input(clip, Path("/a b.mp4"), 100, 5), "o").get_args()
    assert args[: args.index("-i")] == [
        *["-apply_cropping", "codec", "-copyts", "-format_whitelist", DEMUXERS, "-noaccurate_seek", "-noautorotate"],
        *["-protocol_whitelist", "file,pipe", "-reinit_filter", "0", "-seek_timestamp", "1", "-ss", "2.540000"],
    ]
    assert args[args.index("-i") + 1] == "file:/a b.mp4"
    assert args[args.index("-filter_complex") + 1] == (
        "[0:0]settb=1/720000[s0];[s0]setpts=PTS-388800[s1];[s1]scale=1280:720[s2];"
        "[s2]fps=fps=30:round=near:start_time=2[s3];[s3]tpad=stop=1:stop_mode=clone[s4];"
        "[s4]trim=end_frame=45:start_frame=40[s5];[s5]setpts=PTS-STARTPTS[s6];[s6]sidedata=mode=delete[s7]"
    )


@pytest.mark.parametrize(("seekable", "first"), [(False, 100), (True, 40)])
def test_a_clip_is_decoded_from_its_start_where_seeking_is_not_exact_or_not_worth_it(
    made_up: MakeClip, seekable: bool, first: int
) -> None:
    args = ffmpeg.output(video_input(made_up(seekable=seekable), Path("a"), first, 5), "o").get_args()
    assert "-ss" not in args
    assert f"start_frame={first}" in args[args.index("-filter_complex") + 1]


def test_frames_outside_the_clip_are_our_own_fault(made_up: MakeClip) -> None:
    with pytest.raises(Bug, match="do not exist"):
        video_input(made_up(), Path("a"), 299, 2)


def test_fields_are_parted_before_frames_are_picked(made_up: MakeClip) -> None:
    text = graph(video_input(made_up(interlaced="tff"), Path("a"), 0, 5))
    assert text.index("bwdif") < text.index("fps")


def test_a_picture_is_turned_read_and_cropped(made_up: MakeClip) -> None:
    clip = made_up(rotation=90, matrix="bt601", full_range=True)
    text = graph(conform_video(ffmpeg.input("a")["0"], clip, width=640, height=360, centre=(0.5, 0.2)))
    assert text == (
        "[0:0]setfield=prog[s0];[s0]transpose=clock[s1];"
        "[s1]zscale=640:1138:filter=bicubic:matrix=bt709:matrixin=smpte170m:primaries=bt709:primariesin=bt709"
        ":range=limited:rangein=full:transfer=bt709:transferin=bt709[s2];[s2]format=yuv420p[s3];"
        "[s3]crop=640:360:0:48[s4];[s4]setsar=1[s5];[s5]format=yuv420p[s6];"
        "[s6]setparams=color_primaries=bt709:color_trc=bt709:colorspace=bt709:range=tv[s7]"
    )


def test_hdr_is_scaled_before_its_tones_are_mapped(made_up: MakeClip) -> None:
    text = graph(conform_video(ffmpeg.input("a")["0"], made_up(transfer="hlg"), width=640, height=360))
    assert text.index("zscale=640") < text.index("transfer=linear") < text.index("tonemap=")


def test_the_blurred_fill_comes_from_a_small_copy(made_up: MakeClip) -> None:
    clip = made_up(width=720, height=1280)
    text = graph(conform_video(ffmpeg.input("a")["0"], clip, width=1920, height=1080, framing="blur"))
    assert "crop=192:108" in text
    assert text.index("crop=192:108") < text.index("boxblur")


@pytest.mark.parametrize(
    ("size", "cover", "fits"),
    [
        ((1280, 720), True, (1920, 1080)),
        ((768, 432), False, (1920, 1080)),
        ((1080, 1920), False, (608, 1080)),
        ((1080, 1920), True, (1920, 3414)),
        ((640, 480), True, (1920, 1440)),
        ((720, 405), True, (1920, 1080)),
        ((3, 4000), False, (2, 1080)),
    ],
)
def test_pictures_keep_their_shape(size: tuple[int, int], cover: bool, fits: tuple[int, int]) -> None:
    assert scaled_size(size, (1920, 1080), cover=cover) == fits


def test_the_point_of_interest_stays_in_view_and_the_crop_inside() -> None:
    assert crop_corner((1920, 3414), (1920, 1080), (0.5, 0.5)) == (0, 1166)
    assert crop_corner((1920, 3414), (1920, 1080), (0.5, 0.0)) == (0, 0)
    assert crop_corner((1920, 3414), (1920, 1080), (0.5, 1.0)) == (0, 2334)


def test_pixel_aspect_and_turn_make_the_upright_size(made_up: MakeClip) -> None:
    clip = made_up(width=1440, height=1080, pixel_aspect=Fraction(4, 3), rotation=90)
    assert clip.picture
    assert clip.picture.upright_size == (1080, 1920)
