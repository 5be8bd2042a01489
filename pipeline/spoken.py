"""Whether a person said that a clip is to be heard: a machine cannot tell a speech from a crowd."""

from functools import cache
from typing import Protocol

from storyboards.library import list_ids, load


class Described(Protocol):
    """What a person may say of a file that decides whether it is heard."""

    @property
    def slot(self) -> str | None:
        """The slot it was assigned to."""

    @property
    def speaker_name(self) -> str | None:
        """Who speaks in it."""


def is_spoken(said: Described) -> bool:
    """Whether the slot takes speech; where no storyboard of the program knows the slot, whether a speaker is named."""
    heard = _slots().get(said.slot or "")
    return said.speaker_name is not None if heard is None else heard


@cache
def _slots() -> dict[str, bool]:
    """Every slot of the storyboards that come with the program, and whether what fills it is heard."""
    slots = [slot for storyboard in map(load, list_ids()) for slot in storyboard.slots]
    return {slot.id: slot.takes in ("interview", "narration") for slot in slots}
