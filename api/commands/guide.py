"""`promisereel storyboard guide`: the shot guide as a page to print."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from kit.errors import UsageError
from pipeline.looking import storyboard_named


def guide(
    name: Annotated[str, typer.Argument(metavar="ID", help="A storyboard's id, or a file.")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE.html", help="Where the page goes.")],
) -> None:
    """Write the shot guide as one HTML page to read or print; it needs no other file."""
    from api.pages.shot_guide import shot_guide

    page = shot_guide(storyboard_named(name))
    try:
        out.write_text(page, "utf-8")
    except OSError as error:
        raise UsageError(f"{out} cannot be written ({error.strerror}): name another file with --out") from None
    sys.stdout.write(f"The shot guide is in {out}.\n")
