"""`promisereel inspect`: one verdict a file, in plain words."""

import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Annotated

import typer

from api.clip_words import MARKS, VERDICTS, facts_of
from api.telling import Teller
from ingest.clip import Clip, Verdict
from kit.errors import InputRefused

if TYPE_CHECKING:
    from pipeline.looking import Looked

INDENT = "    "
COLOURS = {Verdict.ACCEPTED: "green", Verdict.ACCEPTED_WITH_NOTES: "yellow", Verdict.REFUSED: "red"}


def inspect_files(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Media files, or folders of them.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON list.")] = False,
    full: Annotated[bool, typer.Option("--full", help="With --json: everything measured, second by second.")] = False,
) -> None:
    """Look at footage as the service would: one verdict a file, and why; copies of one another are told.

    Exits with 3 when any file is refused, with 2 when one is missing.
    """
    from pipeline.looking import look

    with Teller().bar("Looking at the footage", lines=False) as bar:
        found = look(files, lambda done, of, name: bar.at(done / of, name))
    if as_json:
        rows = [_row(one.clip, one.file, full=full) for one in found if one.clip]
        json.dump(rows, sys.stdout, indent=2, ensure_ascii=False)
        sys.stdout.write("\n")
    else:
        _print(found)
    code = 0
    for one in found:
        if one.error:
            sys.stderr.write(f"{one.file}: {one.error}\n")
            code = max(code, one.error.exit_code)
        elif one.clip and one.clip.verdict is Verdict.REFUSED:
            why = one.clip.notes[0].message if one.clip.notes else "It cannot be used."
            sys.stderr.write(f"{one.file}: {why}\n")
            code = max(code, InputRefused.exit_code)
    if code:
        raise typer.Exit(code)


def _row(clip: Clip, file: str, *, full: bool) -> dict[str, object]:
    """A clip as it is printed for scripts."""
    left_out = set() if full else {"analysis"}
    return clip.model_dump(mode="json", exclude_none=True, exclude=left_out) | {"file": file}


def _print(found: Sequence["Looked"]) -> None:
    """Show each file as a block: mark and verdict, what it is, and its notes with what can be done."""
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False, soft_wrap=True)
    for one in found:
        if one.clip is None:
            continue
        verdict = one.clip.verdict
        head = (
            (MARKS[verdict], COLOURS[verdict]),
            " ",
            (one.file, "bold"),
            ": ",
            (VERDICTS[verdict], COLOURS[verdict]),
        )
        console.print(Text.assemble(*head))
        notes = (f"- {note.message} {note.action}".rstrip() for note in one.clip.notes)
        for line in (facts_of(one.clip), *notes):
            width = console.width if console.is_terminal else sys.maxsize
            for part in wrap(line, width, initial_indent=INDENT, subsequent_indent=INDENT):
                console.print(Text(part))
    counts = Counter(one.clip.verdict for one in found if one.clip)
    if counts.total() > 1:
        tally = "; ".join(f"{counts[verdict]} {words}" for verdict, words in VERDICTS.items() if counts[verdict])
        console.print(f"{counts.total()} files: {tally}.")
