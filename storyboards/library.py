"""Finding a storyboard: by the id of a template that comes with the program, or by the path of a file."""

from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from pathlib import Path

from kit.errors import InputRefused, UsageError
from storyboards.nodes import MAX_CHARACTERS
from storyboards.parse import parse
from storyboards.storyboard import Storyboard
from storyboards.variables import with_values


def list_ids() -> tuple[str, ...]:
    """Ids of the templates that come with the program."""
    folder = files("storyboards") / "templates"
    return tuple(sorted(one.name.removesuffix(".yaml") for one in folder.iterdir() if one.name.endswith(".yaml")))


def shipped_text(name: str) -> str:
    """The YAML of a template that comes with the program."""
    return (files("storyboards") / "templates" / f"{name}.yaml").read_text("utf-8")


def load(id_or_path: str) -> Storyboard:
    """The storyboard of an id or a file.

    Raises UsageError when there is none of that name, InputRefused when the file has problems.
    """
    if id_or_path in list_ids():
        return _shipped(id_or_path)
    path = Path(id_or_path)
    try:
        found = path.is_file()
    except (OSError, ValueError):
        found = False
    if found:
        return parse(_read(path), str(path))
    if path.suffix in (".yaml", ".yml"):
        raise UsageError(f"there is no storyboard file “{id_or_path}”")
    close = get_close_matches(id_or_path, list_ids(), n=1)
    hint = f"did you mean “{close[0]}”?" if close else f"there are: {', '.join(list_ids())}"
    raise UsageError(f"there is no storyboard “{id_or_path}”: {hint}")


@cache
def _shipped(name: str) -> Storyboard:
    return parse(shipped_text(name), f"{name}.yaml")


def fill_in(storyboard: Storyboard, values: Mapping[str, str]) -> Storyboard:
    """The storyboard with the words that one film gives for its variables.

    Raises InputRefused for unknown names, and for words that it asks for and nobody gave, all at once.
    """
    asked = {name: f"{ask.what.rstrip('.')}, such as “{ask.example}”" for name, ask in storyboard.asks.items()}
    return storyboard.model_copy(update={"variables": with_values(storyboard.variables, values, asked)})


def _read(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(4 * MAX_CHARACTERS + 4)
        return data.decode("utf-8-sig")
    except OSError as error:
        raise InputRefused(f"{path}: the storyboard cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise InputRefused(f"{path}:1: the storyboard is not UTF-8 text: save it as UTF-8") from None
