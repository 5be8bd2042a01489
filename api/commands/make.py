"""`promisereel make`: the same steps in this process, no service: for editors and benchmarks."""

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.profile import profile_of
from api.telling import Teller
from kit.errors import UsageError
from kit.logs import setup_logging

if TYPE_CHECKING:
    from editing.edits import Edits


class WhichFilms(StrEnum):
    """What `--films` takes."""

    OPEN = "open"
    BOTH = "both"


def make(
    *,
    footage: Annotated[Path, typer.Option("--footage", metavar="DIR", help="The footage folder.")],
    agency: Annotated[str, typer.Option("--agency", metavar="NAME", help="Department name as it stands on the cards.")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where the package goes.")],
    seal: Annotated[
        Path | None, typer.Option("--seal", metavar="FILE", help="The department's seal, a PNG or JPEG.")
    ] = None,
    storyboard: Annotated[str, typer.Option("--storyboard", metavar="ID|FILE", help="Which storyboard.")] = "promise",
    variable: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=WORDS", help="Words for a variable of the storyboard; may be repeated."),
    ] = None,
    edits: Annotated[
        Path | None,
        typer.Option("--edits", metavar="FILE", help="Decisions by hand: their JSON, or a package's timeline.json."),
    ] = None,
    preview: Annotated[
        bool, typer.Option("--preview", help="A quick small film with captions and report only.")
    ] = False,
    films: Annotated[WhichFilms, typer.Option("--films", help="open: captions on the picture; both: without, too.")] = (
        WhichFilms.BOTH
    ),
    workers: Annotated[int | None, typer.Option("--workers", min=1, help="Steps at a time.")] = None,
    data: Annotated[
        Path | None, typer.Option("--data", metavar="DIR", help="Where finished segments are kept.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object, nothing else, on stdout.")] = False,
) -> None:
    """Make a film of a footage folder, here and now."""
    from editing.edits import NO_EDITS
    from kit.settings import load_settings
    from pipeline.local import run_job

    setup_logging(level="ERROR")  # what stops a film is told once, as the error
    settings = load_settings(data=data, workers=workers)
    profile = profile_of(agency)
    with Teller().bar("Making the film") as bar:
        result = run_job(
            footage,
            storyboard,
            profile,
            out,
            data=settings.data,
            films=films.value,
            preview=preview,
            workers=settings.workers,
            seal=seal,
            whisper_model=settings.whisper_model,
            variables=variables_of(variable or []),
            edits=edits_in(edits) if edits else NO_EDITS,
            on_progress=lambda view: bar.at(view.progress, view.state.replace("_", " ")),
        )
    if as_json:
        json.dump(result, sys.stdout, ensure_ascii=False)
        sys.stdout.write("\n")
    else:
        sys.stdout.write(summary(result))


def edits_in(file: Path) -> "Edits":
    """The edits of a file. Raises UsageError when it cannot be read, InputRefused for what it says."""
    from editing.edits import LARGEST_FILE, read_edits

    try:
        if file.stat().st_size > LARGEST_FILE:
            raise UsageError(f"{file} is too large to hold edits: {LARGEST_FILE >> 20} MiB are the most")
        return read_edits(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"the edits in {file} cannot be read: {error}") from error


def variables_of(given: list[str]) -> dict[str, str]:
    """What `--set NAME=WORDS` says. Raises UsageError for anything else."""
    odd = next((one for one in given if "=" not in one), None)
    if odd is not None:
        raise UsageError(f"--set takes NAME=WORDS, such as --set city=Anytown; it was given “{odd}”")
    return {name.strip(): words for name, _, words in (one.partition("=") for one in given)}


def summary(result: dict[str, Any]) -> str:
    """What was made, for a person."""
    minutes, seconds = divmod(round(result["duration_s"]), 60)
    what = "A finished film" if result["state"] == "finished" else "A draft"
    lines = [
        f"{what} of {minutes} min {seconds} s is in {result['out']}.",
        f"{result['segments_rendered']} segments rendered, {result['segments_reused']} found finished.",
        *result["notes"],
    ]
    return "\n".join(lines) + "\n"
