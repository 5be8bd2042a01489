"""Samples at an even step that doubles as a clip grows, so that their number stays bounded."""

from typing import Generic, TypeVar

T = TypeVar("T")


class EvenSamples(Generic[T]):
    """Samples of frames 0, step, 2 step, ...; beyond `most` (even) every second one goes, the step doubles."""

    def __init__(self, step: int, most: int) -> None:
        self.step = step
        self._most = most
        self._kept: list[T] = []

    def wants(self, frame: int) -> bool:
        """Whether this frame is to be sampled."""
        return frame % self.step == 0

    def add(self, sample: T) -> None:
        """Keep the sample of a wanted frame."""
        if len(self._kept) == self._most:
            self._kept = self._kept[::2]
            self.step *= 2
        self._kept.append(sample)

    @property
    def kept(self) -> tuple[T, ...]:
        """The samples, in order, `step` frames apart."""
        return tuple(self._kept)
