"""The lanes of a film, and its misfits by what they are about."""

from itertools import pairwise

from agencies.agency import Agency
from editing.edits import BeatCuts, CardText, Cut, Edits, LeftOut, LowerThirdText
from editing.lanes import lanes
from editing.misfits import misfits
from editing.planning import plan
from storyboards.library import load

from .clips import anytown

AGENCY = Agency(name="Anytown Police Department")
DIGESTS = {clip.file: clip.digest for clip in anytown()}


def test_what_is_seen_tiles_the_film_and_what_is_heard_keeps_its_clip() -> None:
    film = plan(load("promise"), anytown(), AGENCY, music="music.ogg")
    found = lanes(film, DIGESTS)
    assert (found.seen[0].at, found.seen[-1].until) == (0, found.frames)
    assert all(one.until == other.at for one, other in pairwise(found.seen))
    assert {one.what for one in found.seen} == {"card", "video", "photo"}
    assert all(one.clip for one in found.seen if one.what != "card")
    assert [(one.at, one.until, one.start) for one in found.heard] == [
        (one.start, one.end, one.source_start) for one in film.sounds
    ]
    assert {one.clip for one in found.heard} <= set(DIGESTS.values())


def test_what_does_not_hold_is_told_by_what_it_is_about() -> None:
    clip = next(one for one in anytown() if one.file == "leader.mp4")
    who = {"clip": clip.digest, "file": clip.file}
    edits = Edits(
        left_out=(LeftOut(clip="f" * 64, file="gone.mp4"),),
        beats=(BeatCuts(slot="leader", cuts=(Cut(**who, start=20, end=300), Cut(**who, start=300, end=600))),),
        cards=(CardText(card="chapter", nth=7, lines=("Not there",)),),
        lower_thirds=(LowerThirdText(clip=DIGESTS["photo_a.jpg"], file="photo_a.jpg", name="Nobody"),),
        music_db=-20.0,
    )
    film = plan(load("promise"), anytown(), AGENCY, edits=edits)
    told = {one.subject: one.words for one in misfits(edits, film.unapplied)}
    assert set(told) == {
        f"clip {'f' * 64}",
        "beat leader 1",
        "card chapter 7",
        f"name {DIGESTS['photo_a.jpg']}",
        "music",
    }
    assert "be cut inside the word" in told["beat leader 1"]
    assert told["music"] == "The film has none."
    assert all(words[0] in "“" or words[0].isupper() for words in told.values())
    assert misfits(edits, ("something else",))[0].subject == "film"
