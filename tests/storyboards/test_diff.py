"""What changed between two versions is told in words: all of it, nothing else, and nothing when nothing did."""

import random
from typing import Any

import pytest

from kit.values import Value
from storyboards.diff import differences
from storyboards.library import list_ids, load
from storyboards.matching import kept_in_order
from storyboards.slots import Guide, Slot
from storyboards.storyboard import Ask, Brand, Broll, Card, Interview, Music, Narration, Photos, Storyboard

PROMISE = load("promise")


def told(old: Storyboard, new: Storyboard) -> list[str]:
    return [str(one) for one in differences(old, new)]


def with_beats(*beats: object) -> Storyboard:
    return PROMISE.model_copy(update={"beats": tuple(beats)})


def with_slots(*slots: Slot) -> Storyboard:
    return PROMISE.model_copy(update={"slots": slots})


OPENING = Card(kind="opening", lines=("{{ department }}", "A Promise"))
LEADER = Interview(slot="leader", max_s=25)
SCENES = Broll(max_s=24)
STREET = Broll(slot="street", max_s=12)
VOICES = Card(kind="chapter", lines=("Voices of our community",))
NIGHT = Card(kind="chapter", lines=("At night",))
PLEDGE = Card(kind="promise", variant="members")


def test_a_shorter_interview_is_told_in_seconds() -> None:
    shorter = LEADER.model_copy(update={"max_s": 20.0})
    assert told(with_beats(LEADER), with_beats(shorter)) == ["interview leader: max 25 s → 20 s"]


@pytest.mark.parametrize("name", list_ids())
def test_a_storyboard_does_not_differ_from_itself(name: str) -> None:
    assert told(load(name), load(name)) == []


def test_the_film_as_a_whole() -> None:
    new = PROMISE.model_copy(
        update={
            "target_s": 150.0,
            "title": "The Promise",
            "brand": Brand(ground="#0A2240", accent="#FFFFFF"),
            "music": Music(level_db=-10, file="march.ogg", style="between"),
            "transition": "dip",
        }
    )
    assert told(PROMISE, new) == [
        "film: title “The Peace Officer Promise” → “The Promise”",
        "film: target 180 s → 150 s",
        "film: brand ground the agency's → #0A2240",
        "film: brand accent the agency's → #FFFFFF",
        "film: music file none → “march.ogg”",
        "film: music level -8 dB → -10 dB",
        "film: music style under → between",
        "film: transition cross-fade → dip",
    ]


def test_variables_that_come_and_go() -> None:
    old = PROMISE.model_copy(update={"variables": {"city": "Anytown", "credits": "", "year": "2026"}})
    new = PROMISE.model_copy(update={"variables": {"city": "Othertown", "motto": "", "year": "2026"}})
    assert told(old, new) == [
        "variable city: “Anytown” → “Othertown”",
        "variable credits: removed",
        "variable motto: added, empty",
    ]


def test_words_that_every_film_must_be_given() -> None:
    old = PROMISE.model_copy(
        update={"asks": {"date": Ask(what="The day", example="May 1"), "to": Ask(what="T", example="E")}}
    )
    new = PROMISE.model_copy(
        update={"asks": {"date": Ask(what="The day", example="May 2"), "by": Ask(what="Who", example="Us")}}
    )
    assert told(old, new) == [
        "variable by: asked for, “Who”",
        "variable date: example “May 1” → “May 2”",
        "variable to: not asked for any more",
    ]


def test_slots_that_come_go_and_change() -> None:
    leader = Slot(id="leader", title="Your leader", takes="interview", required=True)
    photos, street = Slot(id="photos", title="Photos", takes="photo"), Slot(id="street", title="Streets", takes="broll")
    changed = leader.model_copy(update={"min_s": 20.0, "max_count": 3, "required": False})
    assert told(with_slots(leader, photos), with_slots(changed, street)) == [
        "slot leader: required yes → no",
        "slot leader: min 0 s → 20 s",
        "slot leader: max count none → 3",
        "slot street: added after leader (broll, optional)",
        "slot photos: removed",
    ]


def test_a_slot_with_another_name_is_renamed_and_its_beats_are_the_same() -> None:
    old = Slot(id="officers", title="Officers speaking", takes="interview")
    new = old.model_copy(update={"id": "patrol"})
    before = with_slots(old).model_copy(update={"beats": (Interview(slot="officers"),)})
    after = with_slots(new).model_copy(update={"beats": (Interview(slot="patrol", max_s=40),)})
    assert told(before, after) == ["slot officers: renamed to patrol", "interview patrol: max 60 s → 40 s"]


def test_a_slot_that_stands_elsewhere_has_moved() -> None:
    one, two, three = (Slot(id=name, title=name, takes="broll") for name in ("one", "two", "three"))
    assert told(with_slots(one, two, three), with_slots(three, one, two)) == ["slot three: moved, now first"]


def test_a_guide_is_told_by_the_words_that_changed() -> None:
    words = "Your chief or sheriff, seated, in a quiet room, looking just beside the camera. One to two minutes."
    old = Slot(id="leader", title="L", takes="interview", guide=Guide(film=words, tips=("Hold it level.", "Wait.")))
    guide = Guide(film=words.replace("quiet room", "calm office"), tips=("Hold it level.", "Smile.", "Wait."))
    new = old.model_copy(update={"guide": guide})
    assert told(with_slots(old), with_slots(new)) == [
        "slot leader: what to film “… seated, in a quiet room, looking just beside …” → "
        "“… seated, in a calm office, looking just beside …”",
        "slot leader: tip 2 added, “Smile.”",
    ]


def test_beats_that_are_added_and_removed() -> None:
    assert told(with_beats(OPENING, LEADER, PLEDGE), with_beats(OPENING, LEADER, STREET, PLEDGE)) == [
        "b-roll street: added after interview leader (12 s at most)"
    ]
    assert told(with_beats(OPENING, LEADER, PLEDGE), with_beats(OPENING, PLEDGE)) == ["interview leader: removed"]
    assert told(with_beats(LEADER), with_beats(VOICES, LEADER)) == [
        "chapter card: added first, “Voices of our community”"
    ]


def test_a_beat_that_moved_is_one_line() -> None:
    old, new = with_beats(OPENING, LEADER, SCENES, VOICES, PLEDGE), with_beats(OPENING, SCENES, VOICES, PLEDGE, LEADER)
    assert told(old, new) == ["interview leader: moved, now after Promise card"]


def test_a_beat_may_move_and_change() -> None:
    longer = LEADER.model_copy(update={"max_s": 40.0})
    assert told(with_beats(LEADER, OPENING, SCENES), with_beats(OPENING, SCENES, longer)) == [
        "interview leader: moved, now after b-roll",
        "interview leader: max 25 s → 40 s",
    ]


def test_the_words_of_a_card() -> None:
    new = OPENING.model_copy(update={"lines": ("{{ department }}", "Our Promise", "2026")})
    assert told(with_beats(OPENING), with_beats(new)) == [
        "opening card: line 2 “A Promise” → “Our Promise”",
        "opening card: line 3 added, “2026”",
    ]


def test_several_of_a_kind_are_numbered() -> None:
    longer = SCENES.model_copy(update={"max_s": 30.0})
    assert told(with_beats(SCENES, LEADER, SCENES), with_beats(SCENES, LEADER, longer)) == ["b-roll 2: max 24 s → 30 s"]


def test_chapter_cards_are_told_apart_by_their_words() -> None:
    old, new = with_beats(VOICES, LEADER, SCENES, NIGHT), with_beats(NIGHT, LEADER, SCENES, VOICES)
    assert told(old, new) == [
        "chapter card 1: moved, now first",
        "chapter card 2: moved, now after b-roll",
    ]


def test_what_is_said_of_a_beat() -> None:
    new = Interview(
        slot="leader", max_s=25, when="slot leader is filled", transition="cut", music="low", lower_third=False
    )
    assert told(with_beats(LEADER), with_beats(new)) == [
        "interview leader: condition none → “slot leader is filled”",
        "interview leader: transition as the film → cut",
        "interview leader: music full → low",
        "interview leader: lower third yes → no",
    ]


def test_numbers_that_differ_little_are_told_in_full() -> None:
    one, other = (with_beats(LEADER.model_copy(update={"max_s": most})) for most in (25.0, 25.0000001))
    assert told(one, other) == ["interview leader: max 25 s → 25.0000001 s"]


def test_the_longest_run_in_order_stays() -> None:
    assert kept_in_order({0: 4, 1: 0, 2: 1, 3: 2, 4: 3}) == {1, 2, 3, 4}
    assert kept_in_order({}) == frozenset()


def other(value: Any, name: str, rng: random.Random) -> Any:
    """Another value of the same kind as a field's."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + rng.choice([1, 2, 0.5])
    if isinstance(value, tuple):
        return (*value, "one more") if rng.random() < 0.5 or not value else value[1:]
    choices = {"when": ["slot leader is filled", "variable city is set"], "portrait": ["blur", "crop", "bars"]}
    return rng.choice([one for one in choices.get(name, ["one", "two", "three"]) if one != value])


FIELDS = [
    (kind, name)
    for kind in (Storyboard, Slot, Guide, Music, Brand, Card, Interview, Broll, Photos, Narration)
    for name in kind.model_fields
    if name not in ("schema_version", "variables", "asks", "slots", "beats", "beat", "guide", "kind", "brand")
]


@pytest.mark.parametrize(("kind", "name"), FIELDS, ids=lambda one: getattr(one, "__name__", one))
def test_every_field_is_told(kind: type[Value], name: str) -> None:
    """A field that the language gains later is told too."""
    if (kind, name) in ((Storyboard, "music"), (Slot, "id"), *((one, "slot") for one in (Interview, Broll, Photos))):
        return  # told by their parts, or as another slot or beat: see the tests above
    rng = random.Random(name)
    samples: dict[type[Value], Any] = {
        Storyboard: PROMISE,
        Slot: PROMISE.slots[0],
        Card: OPENING,
        Interview: LEADER,
        Broll: SCENES,
        Photos: Photos(),
        Narration: Narration(),
        Guide: Guide(),
        Music: Music(),
        Brand: Brand(ground="#000000", accent="#FFFFFF"),
    }
    was = samples[kind]
    now = was.model_copy(update={name: other(getattr(was, name), name, rng)})

    def holding(value: Any) -> Storyboard:
        if isinstance(value, Storyboard):
            return value
        if isinstance(value, Music | Brand):
            return PROMISE.model_copy(update={type(value).__name__.lower(): value})
        if isinstance(value, Guide):
            return with_slots(PROMISE.slots[0].model_copy(update={"guide": value}))
        return with_slots(value) if isinstance(value, Slot) else with_beats(value)

    expected = 2 if (kind, name) == (Narration, "voice") else 1
    assert len(told(holding(was), holding(now))) == expected
    assert len(told(holding(now), holding(was))) == expected


def scrambled(storyboard: Storyboard, rng: random.Random) -> Storyboard:
    """The storyboard with some beats and slots moved, dropped, doubled and changed."""
    beats, slots = list(storyboard.beats), list(storyboard.slots)
    both: tuple[list[Any], ...] = (beats, slots)
    for rows in both:
        for _ in range(rng.randrange(4)):
            move = rng.choice(["drop", "swap", "change"])
            at = rng.randrange(len(rows))
            if move == "drop" and len(rows) > 1:
                rows.pop(at)
            elif move == "swap":
                rows.insert(rng.randrange(len(rows)), rows.pop(at))
            else:
                field = rng.choice([name for name in ("max_s", "min_s", "lines") if hasattr(rows[at], name)] or ["x"])
                if field != "x":
                    value = other(getattr(rows[at], field) or 0 * (field == "lines"), field, rng)
                    rows[at] = rows[at].model_copy(update={field: value if field != "lines" else ("x", str(at))})
    if rng.random() < 0.3:
        beats.insert(rng.randrange(len(beats)), rng.choice(beats))
    return storyboard.model_copy(update={"beats": tuple(beats), "slots": tuple(slots)})


@pytest.mark.parametrize("seed", range(200))
def test_any_two_differ_in_words_exactly_when_they_differ(seed: int) -> None:
    rng = random.Random(seed)
    one, two = scrambled(PROMISE, rng), scrambled(PROMISE, rng)
    assert bool(told(one, two)) == (one != two)
    assert bool(told(two, one)) == (one != two)
    for line in told(one, two):
        assert "\n" not in line
        assert len(line) < 400
    before, after = (
        [sum(word in line for line in told(*pair)) for word in (": added", ": removed")]
        for pair in ((one, two), (two, one))
    )
    assert before == after[::-1], "what one way adds, the other way removes"
