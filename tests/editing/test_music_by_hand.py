"""The film's music chosen by hand: it holds or is told, and it makes another sound and no other picture."""

import pytest

from editing.by_hand import problems
from editing.card_timing import card_shot
from editing.documentary import RenderContext, film_pieces, sound_key
from editing.edit_words import differences
from editing.edits import NO_EDITS, Edits, MusicFile
from editing.planning import plan
from editing.timeline import Timeline
from kit.errors import InputRefused
from storyboards.library import load

from .clips import anytown, sound
from .plan_checks import AGENCY, check

STORYBOARD = load("promise")
CLIPS = [*anytown(), sound("other.ogg", 40)]
OTHER = MusicFile(clip="digest of other.ogg", file="other.ogg")


def made(edits: Edits, **more: object) -> Timeline:
    film = plan(STORYBOARD, CLIPS, AGENCY, music="music.ogg", edits=edits, **more)  # type: ignore[arg-type]
    check(film, CLIPS)
    return film


def test_another_file_or_none_is_heard_and_no_picture_is_made_again() -> None:
    before, other, none = (made(Edits(music=one)) for one in (None, OTHER, "none"))  # type: ignore[arg-type]
    assert (before.music, other.music, none.music) == ("music.ogg", "other.ogg", None)
    assert not other.unapplied + none.unapplied
    films = [RenderContext(timeline=one, clips=tuple(CLIPS), agency=AGENCY) for one in (before, other, none)]
    assert len({sound_key(one) for one in films}) == 3
    assert len({tuple(piece.key for piece in film_pieces(one, "open")) for one in films}) == 1


def test_music_that_cannot_be_is_told_and_changes_nothing() -> None:
    gone = Edits(music=MusicFile(clip="f" * 64, file="gone.ogg"))
    mute = Edits(music=MusicFile(clip="digest of photo_a.jpg", file="photo_a.jpg"))
    for edits, why in ((gone, "not among the footage any more"), (mute, "it has no sound")):
        film = made(edits)
        assert film.music == "music.ogg"
        [told] = film.unapplied
        assert told.startswith("the music: “")
        assert why in told
        assert problems(edits, CLIPS, AGENCY) == problems(edits, CLIPS, AGENCY, STORYBOARD) == (told,)
    assert made(Edits(music="none", music_db=-20.0)).unapplied == ("the music: the film has none",)


def test_the_choice_is_told_in_words() -> None:
    assert differences(NO_EDITS, Edits(music=OTHER, music_db=-20.0)) == (
        "the film’s music: “other.ogg”",
        "the music: at -20 dB",
    )
    assert differences(Edits(music=OTHER), Edits(music="none")) == ("the film’s music: “other.ogg” → none",)


def test_a_card_with_other_words_is_the_card_of_the_film() -> None:
    lines = (AGENCY.name, "Together since 1901")
    card = card_shot(STORYBOARD, AGENCY, "opening", 1, lines)
    assert card
    assert card.lines == lines
    promise = card_shot(STORYBOARD, AGENCY, "promise", 1, ("We promise nothing.",))
    assert promise
    assert "do no harm" in promise.text
    assert "nothing" not in promise.text
    assert card_shot(STORYBOARD, AGENCY, "opening", 9, lines) is None
    with pytest.raises(InputRefused, match="more words than fit"):
        card_shot(STORYBOARD, AGENCY, "opening", 1, ("word " * 99,) * 8)
