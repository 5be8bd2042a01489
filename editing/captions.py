"""Captions decided from spoken words: where a cue breaks, when it comes and goes. Pure; writes nothing.

Breaks are found by dynamic programming over all words of a stretch of speech; times then follow the words, and a cue
that is fast to read borrows from the pauses and from neighbours that can spare a few frames.
"""

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from editing.line_breaks import break_price, lay_out, pieces_of
from editing.spoken_words import BY_WORDS, Block, LaidCue, SpokenWord, Times
from editing.timeline import Cue

GAP = 2
"""Frames between chained cues."""
FREE_GAP = 15
"""Frames from which a gap reads as a pause; shorter ones are chained."""
LONGEST_SAID = 195
"""Frames that the words of one cue may last."""
SHORTEST, SHORT = 25, 39
LONG, LONGEST = 180, 210
"""Frames of a cue: refused below 0.83 s, goal from 1.3 s to 6 s, refused above 7 s."""
READING_GOAL = 16.9
"""Characters a second; a breath under 17, so that clocks in milliseconds stay under it too."""
SHIFT = 5
"""Frames that a cue may start away from its first word to gain reading time."""
_LINGER, _BORROW, _PAUSE = 8, 60, 60
_NEVER = 1e9


class _Draft(NamedTuple):
    """A cue before it has its times: its lines and its words."""

    lines: tuple[str, ...]
    words: tuple[SpokenWord, ...]
    block: Block
    opens: bool

    @property
    def first(self) -> int:
        """The frame its first word begins at."""
        return self.words[0].start

    @property
    def last(self) -> int:
        """One past the frame its last word ends at."""
        return self.words[-1].end

    @property
    def made(self) -> int | None:
        """The number of the caption that a person made of its words."""
        return self.words[0].made

    @property
    def need(self) -> int:
        """Frames to read it at the goal."""
        return max(SHORTEST, math.ceil(len(" ".join(self.lines)) * 30 / READING_GOAL))


def cues_for(
    spoken: Sequence[SpokenWord], film_frames: int, cuts: Sequence[int] = (), shot_changes: Sequence[int] = ()
) -> tuple[Cue, ...]:
    """Cues for the spoken words of a film of `film_frames` frames.

    No cue crosses a frame of `cuts`; one that would hang over a shot change goes with it when it has been read by then.
    Where words are shown otherwise than they are written down, breaks and times stay those of the written words, so
    that no other cue is touched; a stretch of speech in which they do not fit so is broken anew.
    """
    return tuple(one.cue for one in lay_cues(blocks_of(spoken, film_frames, cuts), shot_changes))


def lay_cues(
    blocks: Sequence[Block], shot_changes: Sequence[int], times: Mapping[int, Times] = BY_WORDS
) -> list[LaidCue]:
    """The cues of these stretches of speech, where `times` has it with times that a person gave to captions he made.

    Whether those keep to the rules is for the caller to see.
    """
    laid, tight = _timed(blocks, shot_changes, times)
    if tight:
        shown = [_as_shown(block) if n in tight else block for n, block in enumerate(blocks)]
        laid, _ = _timed(shown, shot_changes, times)
    return [one for one in laid if one.cue.lines]


def _timed(
    blocks: Sequence[Block], shot_changes: Sequence[int], times: Mapping[int, Times]
) -> tuple[list[LaidCue], set[int]]:
    """Cues with their times, and the blocks in which corrected words do not fit."""
    numbered = [(n, draft) for n, block in enumerate(blocks) for draft in _drafts(block)]
    drafts = [draft for _, draft in numbered]
    wishes = [times.get(draft.made, Times(None, None)) if draft.made is not None else None for draft in drafts]
    starts = [
        start if wish is None or wish.comes is None else draft.first + wish.comes
        for start, draft, wish in zip(_starts(drafts), drafts, wishes, strict=True)
    ]
    laid: list[LaidCue] = []
    tight: set[int] = set()
    for i, (n, draft) in enumerate(numbered):
        following = starts[i + 1] if i + 1 < len(drafts) else None
        wish = wishes[i]
        if wish is None or wish.goes is None:
            end = _end(draft, starts[i], following, shot_changes)
        else:
            end = _end_by_hand(draft, starts[i], draft.last + wish.goes, following, shot_changes)
        named = draft.block.words[0].speaker if draft.opens else None
        lines = _as_corrected(draft.words, draft.lines, end - starts[i])
        if lines is None:
            tight.add(n)
        cue = _cue(draft, starts[i], end, draft.lines if lines is None else lines, named)
        heard, room = (draft.first, draft.last), (draft.block.earliest, draft.block.latest)
        laid.append(LaidCue(cue, draft.made, heard, room))
    return laid, tight


def _cue(draft: _Draft, start: int, end: int, lines: tuple[str, ...], speaker: str | None) -> Cue:
    words = draft.words
    return Cue(
        start=start,
        end=end,
        lines=lines,
        speaker=speaker,
        file=words[0].file,
        source=(words[0].source[0], words[-1].source[1]),
        was=" ".join(word.said for word in words if word.said),
    )


def blocks_of(spoken: Sequence[SpokenWord], film_frames: int, cuts: Sequence[int]) -> list[Block]:
    """Stretches of words, with the frames their cues must stay within."""
    words = [piece for word in sorted(spoken, key=lambda word: word.start) for piece in _settable(word)]
    walls = sorted({0, film_frames, *(cut for cut in cuts if 0 < cut < film_frames)})
    groups: list[list[SpokenWord]] = []
    for word in words:
        last = groups[-1][-1] if groups else None
        parted = last is None or (last.voice, last.file) != (word.voice, word.file) or _pauses(last, word)
        if parted or last is None or any(last.start < wall <= word.start for wall in walls):
            groups.append([])
        groups[-1].append(word)
    blocks: list[Block] = []
    for group in groups:
        changed = bool(blocks) and blocks[-1].words[-1].voice != group[0].voice
        new = not blocks or changed
        earliest = max(wall for wall in walls if wall <= max(0, group[0].start))
        latest = min((wall for wall in walls if wall > group[-1].start), default=film_frames)
        blocks.append(Block(tuple(_with_dash(group) if changed else group), earliest, latest, new))
    return blocks


def _pauses(last: SpokenWord, word: SpokenWord) -> bool:
    """Whether a pause parts two words; a person may make one caption over it."""
    return word.start - last.end > _PAUSE and (word.made is None or word.made != last.made)


def _with_dash(group: list[SpokenWord]) -> list[SpokenWord]:
    """The words of a voice that answers another; of words shown otherwise the first that is shown has the dash."""
    dashed = [group[0].model_copy(update={"text": f"- {group[0].text}"}), *group[1:]]
    if all(word.shown is None for word in group):
        return dashed
    first = next((n for n, word in enumerate(group) if word.shown != ""), None)
    if first is None:
        return dashed
    visible = group[first].text if group[first].shown is None else group[first].shown
    return [word.model_copy(update={"shown": f"- {visible}"}) if n == first else word for n, word in enumerate(dashed)]


def _visible(word: SpokenWord) -> list[str]:
    """What is shown of a word, part by part; a dash stays with what it stands before."""
    if word.shown is None:
        return [word.text]
    dash, rest = ("- ", word.shown[2:]) if word.shown.startswith("- ") else ("", word.shown)
    parts = rest.split()
    return [dash + parts[0], *parts[1:]] if parts else []


def text_of(words: Sequence[SpokenWord]) -> list[str]:
    """The words that decide how a cue is laid out: those written down, in a caption made by hand those it shows."""
    if words[0].made is None:
        return [word.text for word in words]
    return [part for word in words for part in _visible(word)]


def _as_corrected(words: Sequence[SpokenWord], lines: tuple[str, ...], frames: int) -> tuple[str, ...] | None:
    """The lines of a cue with its words as a person wants them; None when they do not fit into it or its frames."""
    if all(word.shown is None for word in words):
        return lines
    parts = [part for word in words for part in _visible(word)]
    laid = lay_out(parts) if parts else ((), 0.0)
    if laid is None:
        return None
    long = len(" ".join(laid[0]))
    return laid[0] if long <= len(" ".join(lines)) or long * 30 <= READING_GOAL * frames else None


def _as_shown(block: Block) -> Block:
    """A block in which the words as they are shown are the spoken ones."""
    words: list[SpokenWord] = []
    unshown = ""
    for word in block.words:
        parts = _visible(word)
        if not parts and words:
            words[-1] = words[-1].model_copy(update={"said": f"{words[-1].said} {word.said}".strip()})
        elif not parts:
            unshown = f"{unshown} {word.said}".strip()
        else:
            whole = word.model_copy(update={"said": f"{unshown} {word.said}".strip(), "shown": None})
            words += [each for part in _parted(whole, parts) for each in _settable(part)]
            unshown = ""
    return block._replace(words=tuple(words))


def _settable(word: SpokenWord) -> list[SpokenWord]:
    """The word with tidy white space, broken into pieces when it is longer than a line."""
    text = " ".join(word.text.split())
    if not text:
        return []
    return _parted(word, pieces_of(text))


def _parted(word: SpokenWord, parts: Sequence[str]) -> list[SpokenWord]:
    """The word as so many parts that share its time."""
    if len(parts) == 1:
        return [word.model_copy(update={"text": parts[0]})]
    span, rest = max(word.end - word.start, len(parts)), {"said": "", "shown": word.shown and ""}
    edges = [word.start + span * i // len(parts) for i in range(len(parts) + 1)]
    return [
        word.model_copy(update={"text": part, "start": a, "end": b, **(rest if n else {})})
        for n, (part, (a, b)) in enumerate(zip(parts, pairwise(edges), strict=True))
    ]


def _drafts(block: Block) -> list[_Draft]:
    """The cheapest way to break a block into cues."""
    words = block.words
    best: list[tuple[float, int, tuple[str, ...]]] = [(0.0, 0, ())]
    for end in range(1, len(words) + 1):
        choice: tuple[float, int, tuple[str, ...]] = (_NEVER * 10, end - 1, (words[end - 1].text,))
        for begin in range(end - 1, -1, -1):
            if words[begin].made != words[end - 1].made:
                break
            if _parts_made(words, begin, end):
                continue
            priced = _price(block, begin, end)
            if priced is None:
                break
            lines, price = priced
            if best[begin][0] + price < choice[0]:
                choice = (best[begin][0] + price, begin, lines)
        best.append(choice)
    found, at = [], len(words)
    while at:
        _, begin, lines = best[at]
        opens = begin == 0 and block.changed
        found.append(_Draft(lines, words[begin:at], block, opens))
        at = begin
    return found[::-1]


def _parts_made(words: Sequence[SpokenWord], begin: int, end: int) -> bool:
    """Whether a cue of words[begin:end] would have only a part of a caption that a person made."""
    made = words[begin].made
    beside = [words[n].made for n in (begin - 1, end) if 0 <= n < len(words)]
    return made is not None and made in beside


def _price(block: Block, begin: int, end: int) -> tuple[tuple[str, ...], float] | None:
    """Lines and price of one cue of words[begin:end]; None when it is too much for a cue."""
    words = block.words[begin:end]
    laid = lay_out(text_of(words))
    spoken = words[-1].end - words[0].start
    if laid is None or (spoken > LONGEST_SAID and len(words) > 1):
        return None
    lines, price = laid
    limit = min(block.words[end].start - GAP if end < len(block.words) else block.latest, words[-1].end + _BORROW)
    room = max(1, limit - words[0].start)
    over = len(" ".join(lines)) * 30 / room - READING_GOAL
    price += 4.0 + 3.0 * max(0.0, over) + 60.0 * max(0.0, over - 3.0)
    price += 0.8 * max(0, SHORT - room) + 20.0 * max(0, SHORTEST - room) + max(0, spoken - LONG)
    for one, other in pairwise(words):
        price += 0.4 * max(0, other.start - one.end - 12) + 6.0 * (one.sentence != other.sentence)
    if end < len(block.words):
        following = block.words[end]
        parting = break_price(words[-1].text, following.text)
        price += min(parting, 1.0) if following.sentence != words[-1].sentence else parting
    return lines, price


def _starts(drafts: list[_Draft]) -> list[int]:
    """When each cue starts: with its first word, or up to SHIFT frames off where reading time is short."""
    starts = [max(draft.first, draft.block.earliest) for draft in drafts]
    for i in range(1, len(starts)):
        starts[i] = max(starts[i], starts[i - 1] + GAP + 1)
    for _ in range(12):
        for i, draft in enumerate(drafts):
            lack = draft.need - (_room_end(drafts, starts, i) - starts[i])
            if lack <= 0:
                continue
            lack -= _lead_in(drafts, starts, i, lack)
            if lack > 0:
                _hold_back_next(drafts, starts, i, lack)
    return starts


def _room_end(drafts: list[_Draft], starts: list[int], i: int) -> int:
    """The frame a cue may last to at most."""
    end = min(drafts[i].block.latest, drafts[i].last + _BORROW, starts[i] + LONGEST)
    return min(end, starts[i + 1] - GAP) if i + 1 < len(starts) else end


def _lead_in(drafts: list[_Draft], starts: list[int], i: int, lack: int) -> int:
    """Let a cue come a little before its word, where the cue before can spare it; frames gained."""
    lowest = max(drafts[i].first - SHIFT, drafts[i].block.earliest)
    if i:
        lowest = max(lowest, starts[i - 1] + drafts[i - 1].need + GAP)
    gained = max(0, min(lack, starts[i] - lowest))
    starts[i] -= gained
    return gained


def _hold_back_next(drafts: list[_Draft], starts: list[int], i: int, lack: int) -> None:
    """Let the next cue come a little after its word, where it can spare it."""
    if i + 1 == len(starts) or _room_end(drafts, starts, i) != starts[i + 1] - GAP:
        return
    spare = _room_end(drafts, starts, i + 1) - starts[i + 1] - drafts[i + 1].need
    late = drafts[i + 1].first + SHIFT - starts[i + 1]
    starts[i + 1] += max(0, min(lack, spare, late))


def _end(draft: _Draft, start: int, following: int | None, shot_changes: Sequence[int]) -> int:
    """When a cue goes: a moment after its last word, later when reading needs it, chained over short gaps."""
    latest = min(draft.block.latest, start + LONGEST)
    wanted = max(draft.last + _LINGER, start + max(draft.need, SHORT))
    end = min(latest, max(draft.last, min(wanted, draft.last + _BORROW)))
    if following is not None and following - end < FREE_GAP:
        end = min(latest, following - GAP)
    else:
        read = max(draft.last, start + max(draft.need, SHORT))
        end = next((change for change in shot_changes if read <= change < end), end)
    return max(end, start + 1)


def _end_by_hand(draft: _Draft, start: int, end: int, following: int | None, shot_changes: Sequence[int]) -> int:
    """When a cue goes that a person gave a time: with a shot that ends just before, chained over short gaps."""
    if following is not None and 0 <= following - GAP - end < FREE_GAP - GAP:
        return following - GAP
    earliest = max(start + draft.need, end - _LINGER)
    latest = end if following is None else min(end, following - FREE_GAP + 1)
    return next((change for change in shot_changes if earliest <= change < latest), end)
