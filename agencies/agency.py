"""The agency as a value: the name as it stands on the cards, its colours and its seal."""

import unicodedata

from pydantic import Field, field_validator

from kit.values import Value


class Colours(Value):
    """The two brand colours as `#RRGGBB`: the ground of the cards and the accent upon it."""

    ground: str = Field(default="#0B1F3A", pattern=r"^#[0-9A-Fa-f]{6}$")
    accent: str = Field(default="#C8A14B", pattern=r"^#[0-9A-Fa-f]{6}$")


class Seal(Value):
    """The picture of a seal, as it lies in storage."""

    digest: str
    """SHA-256 of its bytes."""
    key: str
    """Where it lies."""

    @property
    def file(self) -> str:
        """Its name among the files of a film; its bytes decide it, so that a card that shows another is another."""
        return f"seal-{self.digest}"


class Agency(Value):
    """A law enforcement agency that makes the Promise."""

    name: str
    """Department name exactly as it stands on the cards, 1 to 120 characters on one line."""
    colours: Colours = Colours()
    seal: Seal | None = None
    """Its seal, when it gave one."""

    @field_validator("name")
    @classmethod
    def _one_line(cls, name: str) -> str:
        tidy = unicodedata.normalize("NFC", " ".join(name.split()))
        if not 1 <= len(tidy) <= 120 or not tidy.isprintable():
            raise ValueError("give the department's name on one line, 1 to 120 characters")
        return tidy
