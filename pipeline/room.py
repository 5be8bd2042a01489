"""How much room a step needs on its worker's disk, worked out before it begins. Pure."""

from pipeline.jobs import Step, StepKind

FRAME_BYTES = 40_000
"""Of one frame of one film with its sound: 20 films took 13,215 to 31,463."""

SOUND_BYTES = 12_800
"""Of the sound of one frame while it is mixed: two channels of 1,600 samples, four bytes each."""


def room_for(step: Step, packed: int = 0) -> int:
    """Bytes that a step writes, beside the footage it fetches, for which room is looked for as it comes.

    A step's `frames` are weights (`flow.py`): turned back here into frames of film. `packed` are the bytes of the
    package that is zipped.
    """
    if step.kind is StepKind.SEGMENT:
        return step.frames * FRAME_BYTES
    if step.kind is StepKind.SOUND:
        return step.frames * 10 * SOUND_BYTES
    if step.kind is StepKind.ASSEMBLE:
        return 2 * step.frames * 40 * FRAME_BYTES
    if step.kind is StepKind.PACKAGE:
        return 2 * step.frames * 5 * FRAME_BYTES
    return 2 * packed if step.kind is StepKind.ARCHIVE else 0
