"""What changed between two versions of a storyboard, in the words of those who write them. Pure.

Slots are known by their id, beats by what they show: one that stands elsewhere has moved, one that is nearly the same
has changed.
"""

from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from kit.values import Value
from storyboards.matching import kept_in_order, pairs_of
from storyboards.saying import quoted, said, said_of, text_change
from storyboards.slots import Slot
from storyboards.storyboard import Ask, Beat, Card, Interview, Narration, Storyboard

_LISTS = {"lines": "line", "tips": "tip"}
"""Fields that hold several texts, and what one of them is called."""

_PARTS = ("slots", "beats", "variables", "asks", "schema_version")
"""Fields of a storyboard that are compared in a way of their own, or not at all."""


class Difference(NamedTuple):
    """One thing that changed."""

    about: str
    """What it is about: the film, a slot, a variable, or a beat."""
    words: str
    """What changed of it: `max 25 s → 20 s`."""

    def __str__(self) -> str:
        return f"{self.about}: {self.words}"


def differences(old: Storyboard, new: Storyboard) -> tuple[Difference, ...]:
    """Everything that makes the new storyboard another one, in its order; nothing when the two say the same."""
    renamed = _renamed(old.slots, new.slots)
    return (
        *(Difference("film", words) for words in _fields(old, new, leave=_PARTS)),
        *_variables(old.variables, new.variables),
        *_asks(old.asks, new.asks),
        *_slots(old.slots, new.slots, renamed),
        *_beats(old.beats, new.beats, renamed),
    )


def _variables(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Difference]:
    for name in sorted(old.keys() | new.keys()):
        about = f"variable {name}"
        if name not in new:
            yield Difference(about, "removed")
        elif name not in old:
            yield Difference(about, f"added, {quoted(new[name])}")
        elif old[name] != new[name]:
            yield Difference(about, text_change(old[name], new[name]))


def _asks(old: Mapping[str, Ask], new: Mapping[str, Ask]) -> Iterator[Difference]:
    for name in sorted(old.keys() | new.keys()):
        about = f"variable {name}"
        if name not in new:
            yield Difference(about, "not asked for any more")
        elif name not in old:
            yield Difference(about, f"asked for, {quoted(new[name].what)}")
        else:
            yield from (Difference(about, words) for words in _fields(old[name], new[name]))


def _renamed(old: Sequence[Slot], new: Sequence[Slot]) -> dict[str, str]:
    """Old id by new id of slots that differ in nothing else."""
    there, gone = {slot.id for slot in old}, [slot for slot in old if slot.id not in {one.id for one in new}]
    found: dict[str, str] = {}
    for slot in new:
        if slot.id in there:
            continue
        same = next((one for one in gone if one.model_copy(update={"id": slot.id}) == slot), None)
        if same:
            gone.remove(same)
            found[slot.id] = same.id
    return found


def _slots(old: Sequence[Slot], new: Sequence[Slot], renamed: Mapping[str, str]) -> Iterator[Difference]:
    at = {slot.id: i for i, slot in enumerate(old)}
    pairs = {j: at[name] for j, slot in enumerate(new) if (name := renamed.get(slot.id, slot.id)) in at}
    staying = kept_in_order(pairs)
    for j, slot in enumerate(new):
        about = f"slot {slot.id}"
        if j not in pairs:
            need = "required" if slot.required else "optional"
            yield Difference(about, f"added{_after(j, [one.id for one in new])} ({slot.takes}, {need})")
            continue
        if slot.id in renamed:
            yield Difference(f"slot {renamed[slot.id]}", f"renamed to {slot.id}")
        if j not in staying:
            yield Difference(about, f"moved, now{_after(j, [one.id for one in new])}")
        for words in _fields(old[pairs[j]], slot, leave=("id",)):
            yield Difference(about, words)
    for i, slot in enumerate(old):
        if i not in pairs.values():
            yield Difference(f"slot {slot.id}", "removed")


def _beats(old: Sequence[Beat], new: Sequence[Beat], renamed: Mapping[str, str]) -> Iterator[Difference]:
    names_then, names = _names(old), _names(new)
    back = [_renamed_in(beat, renamed) for beat in new]
    pairs = pairs_of(old, back)
    staying = kept_in_order(pairs)
    for j, beat in enumerate(back):
        if j not in pairs:
            yield Difference(names[j], f"added{_after(j, names)}{_in_short(beat)}")
            continue
        if j not in staying:
            yield Difference(names[j], f"moved, now{_after(j, names)}")
        for words in _fields(old[pairs[j]], beat):
            yield Difference(names[j], words)
    for i in range(len(old)):
        if i not in pairs.values():
            yield Difference(names_then[i], "removed")


def _renamed_in(beat: Beat, renamed: Mapping[str, str]) -> Beat:
    """The beat with the ids that its slots had before."""
    named = {field: renamed[name] for field in ("slot", "voice") if (name := getattr(beat, field, "")) in renamed}
    return beat.model_copy(update=named) if named else beat


def _names(beats: Sequence[Beat]) -> list[str]:
    """What each beat is called, with its number where there are several of a kind."""
    plain = [_name(beat) for beat in beats]
    return [f"{name} {plain[: i + 1].count(name)}" if plain.count(name) > 1 else name for i, name in enumerate(plain)]


def _name(beat: Beat) -> str:
    if isinstance(beat, Card):
        return "Promise card" if beat.kind == "promise" else f"{beat.kind} card"
    if isinstance(beat, Interview):
        return f"interview {beat.slot}"
    kind = "b-roll" if beat.beat == "broll" else beat.beat
    usual = {"broll": "broll", "photos": "photos", "narration": "narration"}[beat.beat]
    slot = beat.voice if isinstance(beat, Narration) else beat.slot
    return kind if slot == usual else f"{kind} {slot}"


def _in_short(beat: Beat) -> str:
    """What an added beat says or how long it is, in a few words."""
    if isinstance(beat, Card):
        return f", {quoted(' / '.join(beat.lines))}" if beat.lines else ""
    if beat.beat == "photos":
        return f" ({beat.max_count} at most)"
    return f" ({said('max_s', beat.max_s)} at most)"


def _after(position: int, names: Sequence[str]) -> str:
    return f" after {names[position - 1]}" if position else " first"


def _fields(old: Value | None, new: Value | None, *, leave: Sequence[str] = (), within: str = "") -> Iterator[str]:
    """What differs between two values of one kind, field by field, in words."""
    kind = type(new or old)
    for name in kind.model_fields if issubclass(kind, Value) else ():
        if name in leave:
            continue
        was, now = getattr(old, name, None), getattr(new, name, None)
        if was == now:
            continue
        if isinstance(was, Value) or isinstance(now, Value):
            yield from _fields(was, now, within="" if name == "guide" else f"{name} ")
        elif name in _LISTS:
            yield from _texts(_LISTS[name], was or (), now or ())
        elif isinstance(was, str) and isinstance(now, str) and was and now and said_of(name).free:
            yield f"{within}{said_of(name).words} {text_change(was, now)}"
        else:
            yield f"{within}{said_of(name).words} {said(name, was)} → {said(name, now)}"


def _texts(one: str, old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    """What differs between two lists of texts, by their numbers in the new list, of removed ones in the old."""
    for kind, i, i_end, j, j_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        changed = min(i_end - i, j_end - j)
        for n in range(changed):
            yield f"{one} {j + n + 1} {text_change(old[i + n], new[j + n])}"
        for n in range(i + changed, i_end):
            yield f"{one} {n + 1} removed, {quoted(old[n])}"
        for n in range(j + changed, j_end):
            yield f"{one} {n + 1} added, {quoted(new[n])}"
