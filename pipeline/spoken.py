"""Whether a person said that a clip is to be heard: a machine cannot tell a speech from a crowd."""

from collections.abc import Iterable, Mapping
from functools import cache
from threading import Lock
from types import MappingProxyType
from typing import Protocol

from storyboards.library import list_ids, load
from storyboards.storyboard import Storyboard

_ONCE = Lock()
"""Several threads ask for the same at the same moment, and it takes a while."""


class Described(Protocol):
    """What a person may say of a file that decides whether it is heard."""

    @property
    def slot(self) -> str | None:
        """The slot it was assigned to."""

    @property
    def speaker_name(self) -> str | None:
        """Who speaks in it."""


def is_spoken(said: Described, own: Mapping[str, bool] = MappingProxyType({})) -> bool:
    """Whether the slot takes speech; where no storyboard knows the slot, whether a speaker is named.

    `own` says of the slots of the house's own storyboards whether what fills them is heard.
    """
    with _ONCE:
        shipped = _slots()
    heard = {**own, **shipped}.get(said.slot or "")
    return said.speaker_name is not None if heard is None else heard


def heard_slots(storyboards: Iterable[Storyboard]) -> dict[str, bool]:
    """Every slot of some storyboards, and whether what fills it is heard."""
    slots = [slot for storyboard in storyboards for slot in storyboard.slots]
    return {slot.id: slot.takes in ("interview", "narration") for slot in slots}


@cache
def _slots() -> dict[str, bool]:
    """The slots of the storyboards that come with the program."""
    return heard_slots(map(load, list_ids()))
