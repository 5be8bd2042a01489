"""The search keeps order, leaves out what is not said, and stays small."""

from collections.abc import Sequence

import numpy as np
import pytest

import ingest.viterbi
from ingest.acoustics import STATES
from ingest.viterbi import Cue, Search, chain

SOUNDS = 8
PAUSE, GAP = SOUNDS * STATES, SOUNDS * STATES + 1

Text = list[list[list[int]]]


def spoken(text: Text, at: Sequence[int | None], length: int) -> np.ndarray:
    """Evidence of a sound in which sentences are said from the given readings on, 4 readings to a state."""
    found = np.full((length, GAP + 1), -8.0, np.float32)
    found[:, GAP] = found[:, PAUSE] = 0.0
    for said, begin in zip(text, at, strict=True):
        if begin is not None:
            states = [sound * STATES + part for word in said for sound in word for part in range(STATES)]
            rows = begin + np.arange(4 * len(states))
            found[rows] = -8.0
            found[rows, np.repeat(states, 4)] = 0.0
    return found


def searched(text: Text, evidence: np.ndarray, cues: list[Cue | None] | None = None) -> Search:
    search = Search(chain(text, PAUSE, GAP), cues or [None] * len(text))
    for moment in evidence:
        search.step(moment)
    return search


def texts(count: int, seed: int = 3) -> Text:
    rng = np.random.default_rng(seed)
    return [[rng.integers(SOUNDS, size=4).tolist() for _ in range(3)] for _ in range(count)]


STEP = 200
"""Readings from one sentence to the next; each lasts 144."""


def test_every_sentence_is_found_where_it_is_said() -> None:
    text = texts(5)
    at = [30 + STEP * n for n in range(5)]
    assert [(n, start) for n, start, _ in reversed(searched(text, spoken(text, at, 1100)).best())] == list(
        enumerate(at)
    )


def test_what_is_not_said_is_left_out() -> None:
    text = texts(4)
    at = [30, None, 30 + STEP, None]
    found = searched(text, spoken(text, at, 500)).best()
    assert [(n, start, end - start) for n, start, end in reversed(found)] == [(0, 30, 144), (2, 30 + STEP, 144)]


def test_a_text_without_sounds_takes_no_time() -> None:
    text: Text = [[[]], texts(1)[0], []]
    assert searched(text, spoken(text, [None, 20, None], 200)).best() == [(1, 20, 164)]


@pytest.mark.parametrize("cued", [0, 1])
def test_a_cue_tells_which_of_two_like_moments_is_meant(cued: int) -> None:
    text: Text = [[[0, 1, 2, 3]]]
    moments = [100, 100 + STEP]
    evidence = spoken([text[0], text[0]], moments, 600)
    assert searched(text, evidence, [Cue(moments[cued] / 100, 20.0)]).best()[0][1] == moments[cued]


def test_a_long_text_is_placed_although_only_what_may_win_is_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest.viterbi, "_FEW", 0)
    monkeypatch.setattr(ingest.viterbi, "_BEAM", 1000.0)
    text = texts(20)
    at = [None if n % 9 == 4 else 30 + STEP * n for n in range(20)]
    search = searched(text, spoken(text, at, STEP * 20 + 100))
    assert [(n, start) for n, start, _ in reversed(search.best())] == [
        (n, start) for n, start in enumerate(at) if start
    ]
    assert search.followed.start > 0


def test_what_no_way_leads_to_is_forgotten_and_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    text = texts(8)
    evidence = spoken(text, [30 + STEP * n for n in range(8)], STEP * 8 + 1000)
    evidence += np.random.default_rng(4).normal(0, 1.5, evidence.shape).astype(np.float32)
    small = searched(text, evidence)
    monkeypatch.setattr(ingest.viterbi, "_REMEMBERED", 10**6)
    large = searched(text, evidence)
    assert small.best() == large.best()
    assert small.remembered < large.remembered / 4
