"""Whose colours a film wears: the agency's, unless its storyboard has its own. Pure."""

from agencies.agency import Agency, Colours
from storyboards.storyboard import Storyboard


def in_brand(agency: Agency, storyboard: Storyboard) -> Agency:
    """The agency as this storyboard's films show it."""
    if storyboard.brand is None:
        return agency
    colours = Colours(ground=storyboard.brand.ground, accent=storyboard.brand.accent)
    return agency.model_copy(update={"colours": colours})
