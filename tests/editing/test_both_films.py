"""A segment's captioned and clean pictures, made in one run, are to the byte what two runs of their own make."""

from pathlib import Path

import pytest

from editing.documentary import RenderContext, pieces, render_pieces
from editing.render import Grid
from editing.timeline import Cue, LowerThird, Timeline, VideoShot
from ingest.clip import Clip, Kind, Verdict
from ingest.reading import read
from kit.errors import Bug

from .filming import AGENCY, film, make_media


def phone_clip(path: Path) -> Clip:
    """The facts of a real phone clip, as an inspection finds them."""
    facts = read(path, [], None, lambda _: None)
    return Clip(
        file=path.name,
        digest="phone",
        size=path.stat().st_size,
        kind=Kind.VIDEO,
        verdict=Verdict.ACCEPTED,
        container=facts.container,
        seekable=facts.seekable,
        seek_margin_s=facts.seek_margin_s,
        picture=facts.picture,
        frames=facts.frames,
        duration_s=facts.duration_s,
    )


def phone_film(clip: Clip) -> RenderContext:
    """20 frames of an upright phone clip over its blurred fill, with a lower third and two captions, in 1080p."""
    shot = VideoShot(start=0, end=20, file=clip.file, slot="officers", source_start=70, framing="blur")
    timeline = Timeline(
        storyboard="test",
        frames=20,
        shots=(shot,),
        cues=(Cue(start=2, end=9, lines=("We answer", "every call.")), Cue(start=11, end=20, lines=("Every one.",))),
        lower_thirds=(LowerThird(start=-10, end=140, name="Speaker One", role="Patrol officer"),),
    )
    return RenderContext(timeline=timeline, clips=(clip,), agency=AGENCY)


def assert_one_run_makes_both(context: RenderContext, media: Path, folder: Path) -> int:
    """Render every captioned segment both ways and compare the files; how many there were."""
    every = pieces(context)
    captioned = [piece for piece in every if piece.captioned]
    for piece in captioned:
        pair = [other for other in every if other.index == piece.index]
        assert [other.captioned for other in pair] == [True, False]
        counted: list[int] = []
        joint, alone = ({other.key: folder / f"{way}{n}" for n, other in enumerate(pair)} for way in ("joint", "alone"))
        grid = Grid(folder / "seen.raw", 192, 108)
        render_pieces(context, pair, media.joinpath, joint, counted.append, grid)
        assert grid.path.stat().st_size == piece.frames * 192 * 108 * 3 // 2
        for other in pair:
            render_pieces(context, (other,), media.joinpath, alone)
            assert joint[other.key].read_bytes() == alone[other.key].read_bytes()
        assert joint[pair[0].key].read_bytes() != joint[pair[1].key].read_bytes()
        assert counted[-1] == piece.frames
    return len(captioned)


def test_a_dissolve_into_an_interview(tmp_path: Path) -> None:
    make_media(tmp_path)
    context = film(tmp_path, cues=(Cue(start=54, end=62, lines=("Hello there,", "neighbour")),))
    assert assert_one_run_makes_both(context, tmp_path, tmp_path) == 1


def test_a_real_phone_clip(footage: Path, tmp_path: Path) -> None:
    folder = footage / "anytown"
    context = phone_film(phone_clip(folder / "phone_portrait.MOV"))
    assert assert_one_run_makes_both(context, folder, tmp_path) == 1


def test_pieces_of_two_segments_do_not_share_a_run(tmp_path: Path) -> None:
    context = film(tmp_path)
    first, *_, last = pieces(context)
    with pytest.raises(Bug):
        render_pieces(context, (first, last), tmp_path.joinpath, {first.key: tmp_path, last.key: tmp_path})
