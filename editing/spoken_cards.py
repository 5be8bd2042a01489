"""Cards with a voice over them: standing as long as it lasts, the Promise coming up breath by breath with it. Pure."""

from collections.abc import Sequence

from agencies.promise import promise_text
from agencies.spoken_promise import spoken_promises
from editing.card_timing import PlannedCard
from editing.narration import BESIDE
from editing.speech_selection import Run
from kit.timing import nearest_frame

_AHEAD = 5
"""Frames that a phrase comes up before its first word."""


def with_voice(cards: Sequence[PlannedCard], heard: Sequence[Run], agency: str) -> tuple[PlannedCard, ...]:
    """The cards of one beat with a voice over the first, which stands as long as it; without a voice as they are."""
    if not heard or not cards:
        return tuple(cards)
    frames = max(cards[0].frames, sum(run.frames for run in heard) + 2 * BESIDE)
    reveal = _in_step(cards[0], heard, agency) or cards[0].reveal
    return (cards[0]._replace(frames=frames, reveal=reveal, voiced=True), *cards[1:])


def _in_step(card: PlannedCard, heard: Sequence[Run], agency: str) -> tuple[int, ...]:
    """When each phrase of the Promise comes up with the words; nothing where they are not those of the card."""
    said: list[str] = []
    starts: list[int] = []
    at = BESIDE
    for run in heard:
        said += [word.text for word, _ in run.words]
        starts += [at + nearest_frame(word.start_s) - run.start for word, _ in run.words]
        at += run.frames
    whole = " ".join(card.lines)
    for spoken in spoken_promises(said, agency):
        same = not spoken.differences and promise_text(agency, spoken.variant) == whole
        if same and spoken.end - spoken.start == len(whole.split()):
            firsts = [len(" ".join(card.lines[:n]).split()) for n in range(len(card.lines))]
            return tuple(max(n, starts[spoken.start + first] - _AHEAD) for n, first in enumerate(firsts))
    return ()
