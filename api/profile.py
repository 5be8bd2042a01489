"""An agency's profile from what a person typed."""

from pydantic import ValidationError

from agencies.agency import Agency, Colours
from editing.typesetting import WRITABLE, unwritable
from kit.errors import InputRefused


def profile_of(name: str, colours: Colours | None = None) -> Agency:
    """An agency's profile. Raises InputRefused when the name cannot stand on a card."""
    try:
        agency = Agency(name=name, colours=colours or Colours())
    except ValidationError as error:
        raise InputRefused("Give the department's name on one line, 1 to 120 characters.") from error
    if strange := unwritable(agency.name):
        raise InputRefused(f"Our films cannot show “{strange}” in the department's name: {WRITABLE}.")
    return agency
