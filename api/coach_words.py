"""What the coach says, as both doors give it: over HTTP and on the command line."""

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, Field

if TYPE_CHECKING:
    from editing.coach import Coached


class SlotOut(BaseModel):
    """How far one slot is."""

    slot: str
    title: str
    required: bool
    state: Literal["filled", "thin", "missing"]
    seconds: Annotated[float, Field(description="Seconds of its clips that can be used; 0 of photos.")]
    files: Annotated[int, Field(description="Clips or photos that can be used.")]
    next: Annotated[str, Field(description="The exact next thing to film for it; empty when it is filled.")]


class CoachOut(BaseModel):
    """How far a project's footage is."""

    ready: Annotated[bool, Field(description="Whether a film can be made of what is there.")]
    waiting: Annotated[int, Field(description="Clips that are not looked at yet, and not counted.")]
    next: Annotated[str, Field(description="The one thing to film next; empty when every slot is filled.")]
    hindrance: Annotated[str, Field(description="Why no film can be made although nothing is missing.")]
    slots: list[SlotOut]
    left_out: Annotated[list[str], Field(description="Clips that cannot be used, and why.")]
    placed: Annotated[
        list[str], Field(description="Clips that nobody gave a slot, the one that each is taken for, and why.")
    ]

    @classmethod
    def of(cls, coached: "Coached", waiting: int) -> "CoachOut":
        """The public shape of what the coach says."""
        slots = [
            SlotOut(
                slot=one.slot.id,
                title=one.slot.title,
                required=one.slot.required,
                state=one.filling,
                seconds=round(one.seconds, 1),
                files=one.files,
                next=one.next,
            )
            for one in coached.slots
        ]
        return cls(
            ready=coached.ready,
            waiting=waiting,
            next=coached.next,
            hindrance=coached.hindrance,
            slots=slots,
            left_out=list(coached.left_out),
            placed=list(coached.placed),
        )

    def words(self) -> str:
        """The same for a person to read."""
        rows = []
        for one in self.slots:
            need = "needed" if one.required else "optional"
            there = f", {one.seconds:.0f} s in {one.files}" if one.seconds else f", {one.files}"
            rows.append(f"  {one.slot} ({need}): {one.state}{there * bool(one.files)}")
            rows += [f"    {one.next}"] if one.next else []
        state = "A film can be made of this." if self.ready else self.hindrance or "There is no film in this yet."
        following = [f"Next: {self.next}"] if self.next else []
        return "\n".join([state, *following, "", *rows, *self.placed, *self.left_out]) + "\n"
