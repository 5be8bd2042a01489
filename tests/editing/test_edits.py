"""What is decided by hand for one film holds in it exactly, or is told; it is never dropped in silence."""

import json
from typing import Any

import pytest

from agencies.promise import promise_text
from delivery.timeline_json import timeline_json
from editing.by_hand import problems
from editing.decision_list import DecisionList, ListedBeat, ListedCaption, decision_list
from editing.edit_words import differences
from editing.edits import NO_EDITS, BeatCuts, CaptionText, CardText, Cut, Edits, LeftOut, read_edits
from editing.planning import plan
from editing.timeline import CardShot, Timeline, VideoShot
from ingest.clip import Clip, Kind
from kit.errors import InputRefused
from storyboards.library import load
from tests.editing.clips import anytown, sentences
from tests.editing.plan_checks import AGENCY, check

STORYBOARD = load("promise")


def film(edits: Edits = NO_EDITS, clips: list[Clip] | None = None, **more: Any) -> Timeline:
    clips = anytown() if clips is None else clips
    timeline = plan(STORYBOARD, clips, AGENCY, music="music.ogg", edits=edits, **more)
    check(timeline, clips)
    return timeline


def listed(timeline: Timeline) -> DecisionList:
    return decision_list(timeline, {clip.file: clip.digest for clip in anytown()})


def named(file: str) -> dict[str, str]:
    return {"clip": f"digest of {file}", "file": file}


def beat(timeline: Timeline, slot: str, nth: int = 1) -> ListedBeat:
    return next(one for one in listed(timeline).beats if (one.slot, one.nth) == (slot, nth))


def cuts_of(one: ListedBeat) -> tuple[Cut, ...]:
    return tuple(Cut(clip=s.clip, file=s.file, start=s.start, end=s.end) for s in one.shots)


def caption(timeline: Timeline, words: str) -> ListedCaption:
    return next(one for one in listed(timeline).captions if words in one.words)


def worded(one: ListedCaption, words: str) -> CaptionText:
    return CaptionText(clip=one.clip, file=one.file, start=one.start, end=one.end, was=one.was, words=words)


def test_without_edits_nothing_is_edited() -> None:
    timeline = film()
    assert timeline.edits == NO_EDITS
    assert not timeline.unapplied
    assert not NO_EDITS
    assert Edits(music_db=-20.0)


def test_clips_points_and_order_of_a_beat_are_those_that_were_chosen() -> None:
    before = beat(film(), "broll")
    cuts = (
        Cut(**named("broll_4.mp4"), start=301, end=417),
        *reversed(cuts_of(before)),
        Cut(**named("broll_3.mp4"), start=10, end=101),
    )
    timeline = film(Edits(beats=(BeatCuts(slot="broll", cuts=cuts),)))
    assert not timeline.unapplied
    assert cuts_of(beat(timeline, "broll")) == cuts
    assert {shot.why for shot in beat(timeline, "broll").shots} == {"chosen by hand"}
    assert abs(timeline.frames - 5400) <= 60


def test_an_interview_is_cut_between_words_and_never_inside_one() -> None:
    clip = next(clip for clip in anytown() if clip.file == "community.mp4")
    words = [word for one in clip.sentences for word in one.words]
    start, end = round(words[3].start_s * 30), round(words[20].end_s * 30)
    edits = Edits(beats=(BeatCuts(slot="community", cuts=(Cut(**named(clip.file), start=start, end=end),)),))
    timeline = plan(STORYBOARD, anytown(), AGENCY, edits=edits)
    assert [(s.start, s.end) for s in beat(timeline, "community").shots] == [(start, end)]
    span = next(one for one in timeline.beats if one.slot == "community")
    said = " ".join(cue.was for cue in timeline.cues if span.start <= cue.start < span.end)
    assert said.split() == [word.text for word in words[3:21]]
    inside = Cut(**named(clip.file), start=start + 4, end=end)
    assert words[3].end_s * 30 - 1 > start + 4
    timeline = film(Edits(beats=(BeatCuts(slot="community", cuts=(inside,)),)))
    assert timeline.unapplied == (
        f"the beat of “community”, “community.mp4”: it would be cut inside the word “{words[3].text}” at frame "
        f"{start + 4}: cut at frame {start} ({start / 30:.2f} s) or {round(words[3].end_s * 30)} "
        f"({round(words[3].end_s * 30) / 30:.2f} s)",
    )
    assert any("an edit does not hold: the beat of “community”" in note for note in timeline.notes)


def test_a_clip_without_points_is_cut_by_the_planner() -> None:
    cuts = (Cut(**named("broll_4.mp4")), Cut(**named("broll_3.mp4")))
    timeline = film(
        Edits(beats=(BeatCuts(slot="broll", cuts=cuts), BeatCuts(slot="leader", cuts=(Cut(**named("leader.mp4")),))))
    )
    assert not timeline.unapplied
    assert [shot.file for shot in beat(timeline, "broll").shots] == ["broll_4.mp4", "broll_3.mp4"]
    assert [shot.file for shot in beat(timeline, "leader").shots] == ["leader.mp4"]


def test_photos_stand_as_long_as_they_are_told() -> None:
    files = [clip.file for clip in anytown() if clip.kind is Kind.PHOTO]
    cuts = tuple(Cut(**named(file), start=0, end=frames) for file, frames in zip(files[::-1], (95, 130), strict=False))
    timeline = film(Edits(beats=(BeatCuts(slot="photos", cuts=cuts),)))
    assert not timeline.unapplied
    assert cuts_of(beat(timeline, "photos")) == cuts


def test_a_clip_is_left_out_or_placed() -> None:
    edits = Edits(left_out=(LeftOut(**named("broll_4.mp4")),), slots=({**named("broll_3.mp4"), "slot": "community"},))  # type: ignore[arg-type]
    clips = [
        clip.model_copy(update={"sentences": sentences([(1, 9, "We know each other by name.")])})
        if clip.file == "broll_3.mp4"
        else clip
        for clip in anytown()
    ]
    timeline = film(edits, clips)
    shown = {shot.file: shot.slot for shot in timeline.shots if isinstance(shot, VideoShot)}
    assert "broll_4.mp4" not in shown
    assert "“broll_4.mp4” was left out by hand" in timeline.notes
    assert shown["broll_3.mp4"] == "community"
    timeline = film(Edits(slots=({**named("broll_3.mp4"), "slot": "photos"},)))  # type: ignore[arg-type]
    assert timeline.unapplied == ("“broll_3.mp4”: the slot “photos” does not take a video",)


def test_cards_names_and_music_read_as_they_are_worded() -> None:
    lines = ("Anytown Police Department", "Together since 1901")
    third = {**named("leader.mp4"), "name": "Speaker Nine", "role": "Chief of Police"}
    edits = Edits(cards=(CardText(card="opening", lines=lines),), lower_thirds=(third,), music_db=-24.0)  # type: ignore[arg-type]
    timeline = plan(STORYBOARD, anytown(), AGENCY, music="music.ogg", edits=edits)
    assert not timeline.unapplied
    assert next(shot.lines for shot in timeline.shots if isinstance(shot, CardShot)) == lines
    assert ("Speaker Nine", "Chief of Police") in [(one.name, one.role) for one in timeline.lower_thirds]
    assert timeline.music_gain_db == -24.0


def test_a_caption_reads_as_it_was_corrected_and_no_other_cue_moves() -> None:
    before = film()
    one = caption(before, "woodcutters")
    words = one.was.replace("woodcutters", "wood-cutters")
    after = film(Edits(captions=(worded(one, words),)))
    assert not after.unapplied
    assert listed(after).captions[one.number - 1].words == words
    others = [(a, b) for a, b in zip(before.cues, after.cues, strict=True) if a != b]
    assert len(others) == 1
    assert others[0][1] == others[0][0].model_copy(update={"lines": others[0][1].lines})
    assert after.model_copy(update={"cues": before.cues, "edits": NO_EDITS}) == before


def test_a_caption_that_grows_breaks_anew_and_loses_no_word() -> None:
    before = film()
    one = caption(before, "woodcutters")
    words = f"{one.was} and of all the towns along the river beyond the mountains and as far as the sea"
    after = film(Edits(captions=(worded(one, words),)))
    assert not after.unapplied
    assert words in " ".join(cue.words for cue in listed(after).captions)
    assert all(len(line) <= 42 for cue in after.cues for line in cue.lines)
    assert [cue.was for cue in after.cues if cue.was] != [cue.was for cue in before.cues]
    assert " ".join(cue.was for cue in after.cues).split() == " ".join(cue.was for cue in before.cues).split()
    assert after.shots == before.shots


PROMISE = promise_text(AGENCY.name)


def with_promise() -> list[Clip]:
    said = sentences([(0.5, 12, PROMISE), (13, 20, "That is what we stand for in this town.")])
    return [clip.model_copy(update={"sentences": said}) if clip.file == "leader.mp4" else clip for clip in anytown()]


def test_the_words_of_the_promise_are_never_edited() -> None:
    with pytest.raises(InputRefused, match="card"):
        read_edits(json.dumps({"cards": [{"card": "promise", "lines": ["We promise less."]}]}))
    altered = PROMISE.replace("no harm", "little harm")
    edits = Edits(cards=(CardText(card="chapter", lines=(altered[:80], altered[80:])),))
    timeline = film(edits)
    assert ["Promise" in words and "locked" in words for words in timeline.unapplied] == [True]
    assert not any("little harm" in shot.text for shot in timeline.shots if isinstance(shot, CardShot))
    clips = with_promise()
    base = film(clips=clips)
    one = caption(base, "no harm")
    timeline = film(Edits(captions=(worded(one, one.was.replace("no harm", "some harm")),)), clips)
    assert ["Promise" in words and "locked" in words for words in timeline.unapplied] == [True]
    assert timeline.cues == base.cues
    other = caption(base, "this town")
    timeline = film(Edits(captions=(worded(other, other.was.replace("town", "city")),)), clips)
    assert not timeline.unapplied


def test_what_does_not_apply_any_more_is_told_and_the_film_is_still_made() -> None:
    one = caption(film(), "woodcutters")
    gone = {"clip": "f" * 64, "file": "gone.mp4"}
    edits = Edits(
        left_out=(LeftOut(**gone),),
        beats=(
            BeatCuts(
                slot="broll", cuts=(Cut(**gone, start=0, end=90), Cut(**named("broll_4.mp4"), start=300, end=420))
            ),
            BeatCuts(slot="leader", nth=9, cuts=(Cut(**named("leader.mp4")),)),
        ),
        cards=(CardText(card="quote", nth=7, lines=("Well said",)),),
        captions=(worded(one, "x").model_copy(update={"was": "nobody ever said this"}),),
    )
    timeline = film(edits)
    assert timeline.unapplied == (
        "“gone.mp4”: it is not among the footage any more",
        f"the caption of “{one.file}” at {one.start // 30 // 60}:{round(one.start / 30) % 60:02}: "
        "nobody says “nobody ever said this” there any more",
        "the beat of “broll”, “gone.mp4”: it is not among the footage any more",
        "the 9th beat of “leader”: the storyboard has no such beat",
        "the 7th quote card: the film has no such card",
    )
    assert [(shot.file, shot.start) for shot in beat(timeline, "broll").shots] == [("broll_4.mp4", 300)]
    assert timeline.edits == edits
    told = json.loads(timeline_json(timeline))
    assert told["unapplied"] == list(timeline.unapplied)
    assert read_edits(timeline_json(timeline)) == edits


def test_a_package_holds_the_edits_that_make_its_film_again() -> None:
    one = caption(film(), "woodcutters")
    edits = Edits(captions=(worded(one, one.was.upper()),), music_db=-12.5)
    timeline = film(edits)
    assert film(read_edits(timeline_json(timeline))) == timeline


def test_a_refusal_says_what_to_do() -> None:
    short = (BeatCuts(slot="leader", cuts=(Cut(**named("leader.mp4")),)),)
    every = tuple(LeftOut(clip=clip.digest, file=clip.file) for clip in anytown() if clip.file != "leader.mp4")
    with pytest.raises(InputRefused, match=r"with the edits by hand .* take back"):
        film(Edits(left_out=every, beats=short))
    long = tuple(Cut(**named("broll_4.mp4"), start=900 * n, end=900 * n + 880) for n in range(4))
    cuts = (
        BeatCuts(slot="broll", cuts=long),
        BeatCuts(slot="broll", nth=2, cuts=long),
        BeatCuts(slot="broll", nth=3, cuts=long),
    )
    with pytest.raises(InputRefused, match=r"five minutes are the most: cut \d+ s of the beats cut by hand"):
        film(Edits(beats=cuts))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("{", "no JSON"),
        ([], "edits"),
        ({"cutz": []}, "cutz"),
        ({"music_db": "-3"}, "music_db"),
        ({"music_db": 3.0}, "music_db"),
        ({"cards": [{"card": "end", "lines": ["{{ department }}"]}]}, "write the words themselves"),
        ({"cards": [{"card": "end", "lines": ["a\u0007b"]}]}, "control characters"),
        ({"cards": [{"card": "end", "lines": []}]}, "at least 1"),
        ({"cards": [{"card": "end", "lines": ["a"]}, {"card": "end", "lines": ["b"]}]}, "twice"),
        ({"beats": [{"slot": "broll", "cuts": [{"clip": "a", "file": "b", "start": 3}]}]}, "both points"),
        ({"beats": [{"slot": "broll", "cuts": [{"clip": "a", "file": "b", "start": 3, "end": 3}]}]}, "after its in"),
        ({"beats": [{"slot": "broll", "cuts": [{"clip": "a", "file": "b", "start": 1.5, "end": 3}]}]}, "integer"),
        ({"beats": [{"slot": "broll", "cuts": [{"clip": "a", "file": "b", "start": True, "end": 3}]}]}, "integer"),
        ({"beats": [{"slot": "broll", "cuts": [{"clip": "a", "file": "b"}] * 61}]}, "at most 60"),
        (
            {"captions": [{"clip": "a", "file": "b", "start": 0, "end": n, "was": "x", "words": "y"} for n in (9, 8)]},
            "two captions",
        ),
    ],
)
def test_edits_that_cannot_be_read_are_refused_in_words(data: Any, words: str) -> None:
    with pytest.raises(InputRefused, match=words):
        read_edits(data if isinstance(data, str) else json.dumps(data))


def test_edits_are_told_in_words_and_problems_before_a_film_is_planned() -> None:
    one = caption(film(), "woodcutters")
    old = Edits(music_db=-20.0, cards=(CardText(card="end", lines=("Thank you",)),))
    new = Edits(music_db=-24.0, captions=(worded(one, "cutters"),), left_out=(LeftOut(**named("broll_4.mp4")),))
    assert differences(old, new) == (
        "“broll_4.mp4”: left out",
        f"the caption of “{one.file}” at 0:{round(one.start / 30):02}: “{one.was}” reads “cutters”",
        "the music: at -20 dB → at -24 dB",
        "the end card: no longer “Thank you”",
    )
    assert differences(new, new) == ()
    assert problems(new, anytown(), AGENCY) == ()
    assert problems(new, anytown()[:1], AGENCY, STORYBOARD) != ()
    unreadable = Edits(cards=(CardText(card="end", lines=("\u0634\u0643\u0631\u0627",)),))
    assert "typeface" in problems(unreadable, anytown(), AGENCY)[0]
