"""A segment's whole argument list, asserted without starting FFmpeg."""

import pytest

from agencies.agency import Agency
from editing.encoding import PICTURE
from editing.graph import Frame, segment_arguments
from editing.segments import Segment, Take
from editing.timeline import CardShot, Cue
from editing.titles import Drawing, Layer

CARD = CardShot(start=0, end=90, kind="chapter", lines=("Hello",))
DRAWING = Drawing(ground="take-ground.ppm", layers=(Layer(file="take-0.png", x=100, y=200, fade_in=10),))


def arguments(**more: object) -> list[str]:
    segment = Segment(start=500, frames=90, take=Take(shot=CARD, first=0), **more)
    return segment_arguments(segment, {}, Agency(name="A"), {"take": DRAWING}, Frame())


def test_a_card_is_held_by_ffmpeg_over_its_ground() -> None:
    listed = arguments(fade_in=12)
    assert listed[:8] == ["-framerate", "30", "-i", "take-ground.ppm", "-framerate", "30", "-i", "take-0.png"]
    assert listed[8:12] == ["-framerate", "30", "-i", "fade_in-ground.ppm"]
    graph = listed[listed.index("-filter_complex") + 1]
    assert graph == (
        "[0]scale=out_color_matrix=bt709:out_range=tv[s0];[s0]format=yuv420p[s1];[s1]loop=loop=89:size=1[s2];"
        "[s2]setpts=N/(30*TB)[s3];"
        "[1]scale=out_color_matrix=bt709:out_range=tv[s4];[s4]format=yuva420p[s5];[s5]loop=loop=89:size=1[s6];"
        "[s6]setpts=N/(30*TB)[s7];[s7]fade=alpha=1:nb_frames=15:start_frame=10:type=in[s8];"
        "[s3][s8]overlay=eof_action=repeat:format=yuv420:x=100:y=200[s9];"
        "[s9]trim=end_frame=90:start_frame=0[s10];[s10]setpts=PTS-STARTPTS[s11];[s11]setsar=1[s12];"
        "[2]scale=out_color_matrix=bt709:out_range=tv[s13];[s13]format=yuva420p[s14];[s14]loop=loop=11:size=1[s15];"
        "[s15]setpts=N/(30*TB)[s16];[s16]fade=alpha=1:nb_frames=12:start_frame=0:type=out[s17];"
        "[s12][s17]overlay=eof_action=pass:format=yuv420[s18];[s18]format=yuv420p[s19];"
        "[s19]setparams=chroma_location=left:color_primaries=bt709:color_trc=bt709:colorspace=bt709:range=tv[s20]"
    )
    assert listed[-1] == "segment.mp4"
    assert {"-an", "-sn", "-dn"} <= set(listed)
    assert listed[listed.index("-frames:v") + 1] == "90"


def test_a_segment_may_come_out_of_the_ground_and_go_into_black() -> None:
    listed = arguments(fade_in=12, fade_out=12, fade_out_to="black")
    black = ["-f", "lavfi", "-i", "color@fade_out=c=black:s=1920x1080:r=30:d=0.400000"]
    assert listed[8:16] == ["-framerate", "30", "-i", "fade_in-ground.ppm", *black]
    graph = listed[listed.index("-filter_complex") + 1]
    assert (
        "[3]format=yuva420p[s19];[s19]fade=alpha=1:nb_frames=12:start_frame=0:type=in[s20];"
        "[s20]setpts=PTS+78/30/TB[s21];[s18][s21]overlay=eof_action=pass:format=yuv420[s22]"
    ) in graph


def test_every_encoder_setting_is_in_the_list() -> None:
    listed = arguments()
    for name, value in PICTURE.items():
        assert listed[listed.index(f"-{name}") + 1] == str(value)


def test_captions_are_burned_only_where_there_are_cues() -> None:
    assert not any("subtitles" in argument for argument in arguments())
    shown = next(a for a in arguments(cues=(Cue(start=0, end=60, lines=("x",)),)) if "subtitles" in a)
    assert "subtitles=captions.ass:fontsdir=fonts" in shown


@pytest.mark.parametrize("clean", [False, True])
def test_what_is_encoded_is_sampled_beside_it(clean: bool) -> None:
    segment = Segment(start=0, frames=90, take=Take(shot=CARD, first=0), cues=(Cue(start=0, end=60, lines=("x",)),))
    given = (segment, {}, Agency(name="A"), {"take": DRAWING}, Frame())
    alone = segment_arguments(*given, clean=clean)
    listed = segment_arguments(*given, clean=clean, grid=(192, 108))
    steps = listed[listed.index("-filter_complex") + 1].split(";")
    sampled = next(step for step in steps if "scale=192:108:flags=neighbor" in step)
    source = sampled.partition("]")[0] + "]"
    # Nothing stands between the pictures that are sampled and the encoder.
    (split,) = [step for step in steps if step.endswith(source)]
    assert split.split("=2")[1] == listed[listed.index("-map") + 1] + source
    start, end = alone.index("-map") + 2, listed.index("segment.mp4")
    assert listed[listed.index("-map") + 2 : end] == alone[start : alone.index("segment.mp4")]
    assert listed[-7:] == ["-f", "rawvideo", "-fps_mode", "passthrough", "-frames:v", "90", "segment.raw"]


def test_both_films_share_all_but_captions_and_encoding() -> None:
    segment = Segment(start=0, frames=90, take=Take(shot=CARD, first=0), cues=(Cue(start=0, end=60, lines=("x",)),))
    drawings, agency = {"take": DRAWING}, Agency(name="A")
    alone = segment_arguments(segment, {}, agency, drawings, Frame())
    both = segment_arguments(segment, {}, agency, drawings, Frame(), clean=True)
    graph = both[both.index("-filter_complex") + 1].split(";")
    (shared,) = [number for number, step in enumerate(graph) if "split" in step]
    assert graph[:shared] == alone[alone.index("-filter_complex") + 1].split(";")[:shared]
    assert [step.partition("]")[2].partition("=")[0] for step in graph[shared + 1 :]] == [
        *("subtitles", "format", "setparams"),
        *("format", "setparams"),
    ]
    shown = both.index("segment.mp4")
    maps = [number for number, argument in enumerate(both) if argument == "-map"]
    assert both[maps[0] + 2 : shown] == both[maps[1] + 2 : -1] == alone[alone.index("-map") + 2 : -1]
    assert both[-1] == "segment-clean.mp4"


def test_the_place_in_the_film_does_not_change_the_arguments() -> None:
    one = Segment(start=0, frames=90, take=Take(shot=CARD, first=0))
    other = one.model_copy(update={"start": 900})
    lists = [segment_arguments(s, {}, Agency(name="A"), {"take": DRAWING}, Frame()) for s in (one, other)]
    assert lists[0] == lists[1]


def graph_of(kind: str, move: str, first: int) -> str:
    shot = CardShot(start=0, end=90, kind=kind, lines=("Hello",))
    drawing = Drawing(ground="g.png", layers=(Layer(file="0.png", x=100, y=200, fade_in=6, move=move),))
    segment = Segment(start=0, frames=30, take=Take(shot=shot, first=first))
    listed = segment_arguments(segment, {}, Agency(name="A"), {"take": drawing}, Frame())
    return listed[listed.index("-filter_complex") + 1]


def test_a_line_rises_while_it_fades_in_and_is_still_afterwards() -> None:
    graph = graph_of("chapter", "rise", 0)
    assert "perspective=enable=lt(n\\,21):eval=frame:interpolation=linear" in graph
    assert "12*pow(1-clip((on-6)/15" in graph.replace("\\", "")
    assert "perspective" not in graph_of("chapter", "rise", 40)
    assert "perspective" not in graph_of("end", "still", 0)


def test_an_opening_moves_its_layers_and_never_the_whole_picture() -> None:
    for first in (0, 40):
        graph = graph_of("opening", "rise", first)
        assert graph.count("perspective") == 1
        assert graph.index("perspective") < graph.index("overlay")
