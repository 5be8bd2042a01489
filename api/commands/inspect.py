"""`promisereel inspect`: one verdict a file, in plain words."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from ingest.clip import Clip, Verdict
from kit.errors import UsageError

WORDS = {
    Verdict.ACCEPTED: "accepted",
    Verdict.ACCEPTED_WITH_NOTES: "accepted, with notes",
    Verdict.REFUSED: "refused",
}


def inspect_files(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Media files to look at.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON list.")] = False,
) -> None:
    """Look at footage as the service would: one verdict a file, and why.

    Exits with 3 when any file is refused.
    """
    from pipeline.looking import inspect_file

    missing = [str(path) for path in files if not path.is_file()]
    if missing:
        raise UsageError(f"There is no such file: {', '.join(missing)}")
    clips = [(path, inspect_file(path)) for path in files]
    if as_json:
        json.dump([{**_row(clip), "file": str(path)} for path, clip in clips], sys.stdout, indent=2, ensure_ascii=False)
        sys.stdout.write("\n")
    else:
        for path, clip in clips:
            sys.stdout.write(_words(path, clip))
    refused = [(path, clip) for path, clip in clips if clip.verdict is Verdict.REFUSED]
    for path, clip in refused:
        why = clip.notes[0].message if clip.notes else "it cannot be used"
        sys.stderr.write(f"{path}: {why}\n")
    if refused:
        raise typer.Exit(3)


def _row(clip: Clip) -> dict[str, object]:
    return clip.model_dump(mode="json", exclude_none=True)


def _words(path: Path, clip: Clip) -> str:
    facts: list[str] = [clip.kind.value]
    if clip.picture:
        facts.append("{}x{}".format(*clip.picture.upright_size))
    if clip.duration_s:
        facts.append(f"{clip.duration_s:.1f} s")
    if clip.sentences:
        facts.append(f"{len(clip.sentences)} sentences")
    lines = [f"{path}: {WORDS[clip.verdict]} ({', '.join(facts)})"]
    lines += [f"  {note.message} {note.action}".rstrip() for note in clip.notes]
    return "\n".join(lines) + "\n"
