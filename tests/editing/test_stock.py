"""The best footage goes first, clips take turns, and every frame is handed out once."""

from typing import Any

from editing.stock import Stock
from editing.stretches import HANDLE
from tests.editing.clips import measured, video


def take(stock: Stock, frames: int = 120, **more: Any) -> tuple[str, int] | None:
    piece = stock.take(frames, least=frames, left=frames, **more)
    return piece and (piece.clip.file, piece.start)


def test_what_moves_goes_before_an_empty_room() -> None:
    room = video("room.mp4", 40, analysis=measured(40, motion=[0.1] * 25 + [3.0] * 5 + [0.1] * 10))
    piece = Stock([room]).take(120, least=120, left=120)
    assert piece
    assert piece.start >= 750
    assert piece.start + 120 <= 900
    street = video("street.mp4", 8, analysis=measured(8, motion=[4.0] * 8))
    stock = Stock([video("room.mp4", 40, analysis=measured(40, motion=[0.1] * 40)), street])
    assert [found and found[0] for found in (take(stock, 90), take(stock, 90))] == ["street.mp4"] * 2


def test_no_clip_follows_itself_when_another_serves() -> None:
    clips = [video(name, 30, analysis=measured(30)) for name in ("a.mp4", "b.mp4")]
    assert take(Stock(clips), after="a.mp4") == take(Stock(clips[1:]))
    assert take(Stock(clips[:1]), after="a.mp4") is not None


def test_a_view_that_was_shown_gives_way_to_a_new_one() -> None:
    same, other = "00ff00ff00ff00ff", "f0f0f0f00f0f0f0f"
    seen = video("a.mp4", 10, analysis=measured(10, marks=[same] * 10))
    new = video("b.mp4", 10, analysis=measured(10, marks=[other] * 10))
    stock = Stock([seen, new])
    stock.note_shown(video("talk.mp4", 10, analysis=measured(10, marks=[same] * 10)), (0, 300))
    assert take(stock, 120, after="")[0] == "b.mp4"


def test_room_is_kept_for_what_must_still_be_filled() -> None:
    clip = video("a.mp4", 10, analysis=measured(10, motion=[0.1] * 3 + [5.0] * 4 + [0.1] * 3))
    stock, kept = Stock([clip]), Stock([clip])
    assert take(stock) == ("a.mp4", 114)
    assert stock.capacity == 93
    assert take(kept, keep=140) == ("a.mp4", 168)
    assert kept.capacity >= 138


def test_what_is_poor_is_not_taken_above_a_floor() -> None:
    stock = Stock([video("a.mp4", 10, analysis=measured(10, motion=[0.0] * 10, shake=9.0, sharpness=1.0))])
    assert take(stock, floor=0.4) is None
    assert take(stock) is not None


def test_a_piece_plays_on_over_free_frames_only() -> None:
    stock = Stock([video("a.mp4", 20)])
    piece = stock.take(120, least=120, left=120)
    assert piece
    assert stock.run_on(piece, 15) == 15
    following = stock.take(67, least=67, left=67)
    before = stock.capacity
    assert following
    assert stock.run_on(following, 15) <= 15
    assert stock.capacity == before
    shots = sorted([(piece.start, piece.start + 135), (following.start, following.start + 67)])
    assert shots[1][0] - shots[0][1] >= HANDLE
