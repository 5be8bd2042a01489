"""What holds for every plan, whatever footage it is made of."""

from functools import cache
from itertools import pairwise, product

from agencies.agency import Agency
from agencies.promise import MARKS_NOTICE, is_intact
from editing.stretches import CUT_MARGIN, FLASH_MARGIN, flashes_of
from editing.timeline import CardShot, Timeline, VideoShot
from ingest.clip import Clip
from storyboards.library import load

AGENCY = Agency(name="Anytown Police Department")


def check(timeline: Timeline, clips: list[Clip]) -> None:
    """Everything that holds for every plan."""
    by_name = {clip.file: clip for clip in clips}
    assert 3600 <= timeline.frames <= 9000
    assert timeline.shots[0].start == 0
    assert timeline.shots[-1].end == timeline.frames
    assert all(a.end == b.start for a, b in pairwise(timeline.shots))
    assert all(frames >= 30 for frames in seen_at_a_stretch(timeline))
    assert all(shot.why for shot in timeline.shots if not isinstance(shot, CardShot))
    check_sources(timeline, by_name)
    check_speech(timeline, by_name)
    check_captions(timeline)
    check_cutting(timeline, by_name)
    texts = [shot.text for shot in timeline.shots if isinstance(shot, CardShot)]
    assert any(is_intact(text, AGENCY.name) for text in texts)
    assert any(MARKS_NOTICE in text for text in texts)


def seen_at_a_stretch(timeline: Timeline) -> list[int]:
    """Frames of each shot; parts of one take that follow each other, as they do around damping, are one shot."""
    lengths: list[int] = []
    before = None
    for shot in timeline.shots:
        frames = shot.end - shot.start
        if isinstance(shot, VideoShot) and before == (shot.file, shot.source_start):
            lengths[-1] += frames
        else:
            lengths.append(frames)
        before = (shot.file, shot.source_start + frames) if isinstance(shot, VideoShot) else None
    return lengths


@cache
def scene_slots(storyboard: str) -> frozenset[str]:
    """Slots of a shipped storyboard that take silent scenes."""
    return frozenset(slot.id for slot in load(storyboard).slots if slot.takes == "broll")


def check_sources(timeline: Timeline, by_name: dict[str, Clip]) -> None:
    taken: dict[str, list[tuple[int, int]]] = {}
    check_broll(timeline, by_name)
    for shot, following in zip(timeline.shots, [*timeline.shots[1:], None], strict=True):
        if following and following.transition.kind != "cut":
            assert min(shot.end - shot.start, following.end - following.start) >= 2 * following.transition.frames
        if not isinstance(shot, VideoShot):
            continue
        end = shot.source_start + shot.end - shot.start
        dissolved = following.transition.frames if following and following.transition.kind == "dissolve" else 0
        assert shot.source_start >= 0
        assert end + dissolved <= by_name[shot.file].frames
        taken.setdefault(shot.file, []).append((shot.source_start, end))
    for spans in taken.values():
        assert all(a[1] <= b[0] for a, b in pairwise(sorted(spans))), "a source range is shown twice"
    assert timeline.shots[0].transition.kind == "cut"


def check_broll(timeline: Timeline, by_name: dict[str, Clip]) -> None:
    """Whatever is seen of a scene, dissolves included, lies in one shot of the camera, clear of flashes and black."""
    for shot, following in zip(timeline.shots, [*timeline.shots[1:], None], strict=True):
        if not isinstance(shot, VideoShot) or shot.slot not in scene_slots(timeline.storyboard):
            continue
        dissolved = following.transition.frames if following and following.transition.kind == "dissolve" else 0
        seen = range(shot.source_start, shot.source_start + shot.end - shot.start + dissolved)
        told = by_name[shot.file].analysis
        if not told or not told.picture:
            continue
        assert not any(seen.start - CUT_MARGIN < cut < seen.stop + CUT_MARGIN for cut in told.shots[1:])
        assert all(
            seen.stop <= one.start - FLASH_MARGIN or one.end + FLASH_MARGIN <= seen.start for one in told.flashes
        )
        assert all(told.picture.black[frame // 30] < 0.8 for frame in seen if frame // 30 < len(told.picture.black))


def check_speech(timeline: Timeline, by_name: dict[str, Clip]) -> None:
    for one in timeline.sounds:
        clip = by_name[one.file]
        first, last = one.source_start, one.source_start + one.end - one.start
        for sentence in clip.sentences:
            for word in sentence.words:
                inside = first < word.end_s * 30 - 1 and word.start_s * 30 + 1 < last
                whole = first <= word.start_s * 30 + 1 and word.end_s * 30 <= last + 1
                assert whole or not inside, "a word is cut"
            kept = [first <= w.start_s * 30 + 1 and w.end_s * 30 <= last + 1 for w in sentence.words]
            assert all(kept) or not any(kept) or sentence.end_s - sentence.start_s > 25, "a sentence is cut"
    names = [third.name for third in timeline.lower_thirds]
    assert len(names) == len(set(names))
    assert all(120 <= third.end - third.start <= 180 for third in timeline.lower_thirds)


def check_cutting(timeline: Timeline, by_name: dict[str, Clip]) -> None:
    """Pictures that leave a speaker come back in sync, for the times that the craft gives, and never hide his name."""
    talking = [one for one in timeline.sounds if one.role == "speech"]
    for one in talking:
        assert one.fade_out <= 20
    for shot in timeline.shots:
        if not isinstance(shot, VideoShot) or shot.slot in scene_slots(timeline.storyboard):
            continue
        heard = [one for one in talking if one.start <= shot.start and shot.end <= one.end and one.file == shot.file]
        assert len(heard) == 1, "a speaker is seen and not heard"
        assert shot.source_start - heard[0].source_start == shot.start - heard[0].start, "lips are out of sync"
        flashes = [f for f in flashes_of(by_name[shot.file]) if f[0] < shot.source_start + shot.end - shot.start]
        shown = [flash for flash in flashes if flash[1] > shot.source_start]
        assert list(shot.damped) == shown
        assert not shown or any(f"“{shot.file}” flashes at " in note for note in timeline.notes)
    for third in timeline.lower_thirds:
        over = [s for s in timeline.shots if s.start < third.end and third.start < s.end]
        assert {by_name[s.file].speaker_name for s in over if isinstance(s, VideoShot)} == {third.name}
    check_inserts(timeline, by_name)


def check_inserts(timeline: Timeline, by_name: dict[str, Clip]) -> None:
    scenes = [
        shot for shot in timeline.shots if isinstance(shot, VideoShot) and shot.slot in scene_slots(timeline.storyboard)
    ]
    talks: list[tuple[str, int, int]] = []
    for one in timeline.sounds:
        if one.role == "speech" and talks and talks[-1][0] == one.file and talks[-1][2] == one.start:
            talks[-1] = (one.file, talks[-1][1], one.end - one.fade_out)
        elif one.role == "speech":
            talks.append((one.file, one.start, one.end - one.fade_out))
    for (file, start, end), scene in product(talks, scenes):
        if scene.end <= start or end <= scene.start:
            continue
        if scene.start < start:
            assert 6 <= scene.end - start <= 15, "a J cut is half a second at most"
        elif not flashes_of(by_name[file]):
            assert 75 <= scene.end - scene.start <= 150
            assert scene.start >= start + 60
            assert scene.end <= end - 60
        else:
            assert scene.end <= end


def check_captions(timeline: Timeline) -> None:
    cards = [(shot.start, shot.end) for shot in timeline.shots if isinstance(shot, CardShot) and not shot.voiced]
    for cue in timeline.cues:
        assert 0 <= cue.start < cue.end <= timeline.frames
        assert all(cue.end <= a or b <= cue.start for a, b in cards), "a caption covers a card"
    assert all(b.start - a.end >= 2 for a, b in pairwise(timeline.cues))
