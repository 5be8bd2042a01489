"""Where the typeface lies, for the pages and for labels on sample footage."""

from importlib.util import find_spec
from pathlib import Path

from kit.errors import Bug


def font_folder() -> Path:
    """The folder of Open Sans's static files. Raises Bug when the package is not installed."""
    spec = find_spec("ttf_opensans")
    if spec is None or spec.origin is None:
        raise Bug("the package ttf-opensans is not installed: install the requirements again")
    return Path(spec.origin).parent / "ttf"
