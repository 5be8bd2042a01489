"""Whole sentences are kept, padded with silence that belongs to nobody else."""

from editing.speech_selection import choose, length_of, runs_of, speeches_of
from tests.editing.clips import LJ, sentences, video


def test_shots_have_a_little_silence_around() -> None:
    clip = video("t.mp4", 20, sentences=sentences([(2, 4, "One."), (10, 12, "Two.")]))
    assert [(run.start, run.end) for run in runs_of(clip, speeches_of(clip))] == [(53, 132), (293, 372)]


def test_neighbours_run_on_as_one_shot() -> None:
    clip = video("t.mp4", 54, sentences=sentences(LJ))
    runs = runs_of(clip, speeches_of(clip))
    assert [(run.start, run.end) for run in runs] == [(0, 1606)]
    assert len(runs[0].words) == sum(len(text.split()) for *_, text in LJ)


def test_neighbours_that_are_cut_apart_share_the_pause() -> None:
    clip = video("t.mp4", 54, sentences=sentences(LJ))
    speeches = speeches_of(clip)
    first, second = (runs_of(clip, speeches[:2]), runs_of(clip, speeches[2:]))
    assert first[-1].end <= second[0].start


def test_whole_thoughts_are_preferred() -> None:
    clip = video("t.mp4", 54, sentences=sentences(LJ))
    speeches = speeches_of(clip)
    chosen = choose(speeches, 760)
    assert [one.number for one in chosen] == [2, 3, 4]
    assert length_of(chosen) <= 760
    assert choose(speeches, 10) == ()
    assert [one.number for one in choose(speeches, 10, at_least_one=True)] == [7]


def test_a_transcript_without_punctuation_is_parted_at_its_pauses() -> None:
    clip = video("t.mp4", 70, sentences=sentences([(0, 60, " ".join(["word"] * 100))]))
    speeches = speeches_of(clip)
    assert all(one.sentence.end_s - one.sentence.start_s <= 25 for one in speeches)
    assert sum(len(one.sentence.words) for one in speeches) == 100


def test_speech_past_the_end_of_the_picture_is_not_used() -> None:
    clip = video("t.mp4", 5, sentences=sentences([(0, 2, "In."), (4, 9, "Half out."), (8, 9, "Out.")]))
    assert [one.sentence.text for one in speeches_of(clip)] == ["In."]
