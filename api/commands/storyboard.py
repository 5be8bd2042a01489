"""`promisereel storyboard`: check a template, list the ones that come with the program, show one, compare two."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from api.coach_words import CoachOut
from api.commands.guide import guide
from api.commands.make import variables_of
from api.profile import profile_of
from kit.errors import UsageError
from pipeline.coaching import coach_folder
from pipeline.looking import (
    storyboard_differences,
    storyboard_example,
    storyboard_ids,
    storyboard_named,
    storyboard_schema,
)
from pipeline.previewing import preview_storyboard
from storyboards.storyboard import Card, Interview, Storyboard

app = typer.Typer(no_args_is_help=True, help="Check, show, compare and preview storyboards.")
app.command("guide")(guide)


@app.command("check")
def check(file: Annotated[Path, typer.Argument(metavar="FILE", help="A storyboard in YAML.")]) -> None:
    """Check a storyboard file; every mistake is named by line and field. Exits with 3 when there are any."""
    if not file.is_file():
        raise UsageError(f"There is no storyboard file {file}")
    storyboard = storyboard_named(str(file))
    sys.stdout.write(
        f"{file} is a good storyboard: {storyboard.title}, {len(storyboard.beats)} beats, "
        f"{len(storyboard.slots)} slots, about {storyboard.target_s:g} s.\n"
    )


@app.command("list")
def list_all() -> None:
    """List the storyboards that come with the program."""
    for name in storyboard_ids():
        sys.stdout.write(f"{name}: {storyboard_named(name).title}\n")


@app.command("show")
def show(name: Annotated[str, typer.Argument(metavar="ID", help="A storyboard's id, or a file.")]) -> None:
    """Show a storyboard: what to film for it, and what the film holds in order."""
    sys.stdout.write(described(storyboard_named(name)))


@app.command("diff")
def diff(
    old: Annotated[str, typer.Argument(metavar="OLD", help="A storyboard's id, or a file.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="The one that came after it.")],
) -> None:
    """Say in words what changed from one storyboard to another, a line for each change."""
    found = storyboard_differences(old, new)
    sys.stdout.write("".join(f"{one}\n" for one in found) or "Both say the same.\n")


@app.command("preview")
def preview(
    name: Annotated[str, typer.Argument(metavar="ID|FILE", help="A storyboard's id, or a file.")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where the pictures go.")],
    agency: Annotated[
        str, typer.Option("--agency", metavar="NAME", help="Department name as it stands on the cards.")
    ] = "Your Police Department",
    seal: Annotated[Path | None, typer.Option("--seal", metavar="FILE", help="The department's seal.")] = None,
    variable: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=WORDS", help="Words for a variable of the storyboard; may be repeated."),
    ] = None,
) -> None:
    """Draw a storyboard before there is footage: each card as it will stand, and a sketch of the timeline."""
    storyboard = storyboard_example(name, variables_of(variable or []))
    for path in preview_storyboard(storyboard, profile_of(agency), out, seal=seal):
        sys.stdout.write(f"{path}\n")


@app.command("coach")
def coach(
    footage: Annotated[Path, typer.Argument(metavar="DIR", help="A footage folder, however little is in it.")],
    name: Annotated[str, typer.Option("--storyboard", metavar="ID|FILE", help="Which storyboard.")] = "promise",
    agency: Annotated[
        str, typer.Option("--agency", metavar="NAME", help="Department name as it stands on the cards.")
    ] = "Your Police Department",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object, nothing else, on stdout.")] = False,
) -> None:
    """Say what to film next: for each slot of a storyboard whether a folder fills it, and with what it would."""
    if not footage.is_dir():
        raise UsageError(f"There is no footage folder {footage}")
    coached, unread = coach_folder(storyboard_named(name), footage, profile_of(agency))
    told = CoachOut.of(coached, 0)
    sys.stdout.write(f"{told.model_dump_json()}\n" if as_json else told.words())
    for one in unread:
        sys.stderr.write(f"{one.file}: {one.error}\n")


@app.command("schema")
def schema() -> None:
    """Print the storyboard language as JSON Schema, for editors that complete and check YAML."""
    json.dump(storyboard_schema(), sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")


def described(storyboard: Storyboard) -> str:
    """A storyboard for a person to read: the shot guide, then the film beat by beat."""
    lines = [f"{storyboard.title} ({storyboard.id}), about {storyboard.target_s:g} s", "", "What to film"]
    for slot in storyboard.slots:
        need = "needed" if slot.required else "optional"
        least = f", {slot.min_s:g} s at least" if slot.min_s else ""
        lines += [f"  {slot.id}: {slot.title} ({slot.takes}, {need}{least})"]
        lines += [f"    {slot.guide.film}"] if slot.guide.film else []
    lines += ["", "What the film holds"]
    for beat in storyboard.beats:
        if isinstance(beat, Card):
            words = " / ".join(beat.lines) if beat.lines else f"the Promise ({beat.variant})" * (beat.kind == "promise")
            lines.append(f"  card: {beat.kind}{': ' * bool(words)}{words}")
        else:
            most = f", {beat.max_s:g} s at most" if isinstance(beat, Interview) else ""
            lines.append(f"  {beat.beat}: {beat.slot}{most}")
    return "\n".join(lines) + "\n"
