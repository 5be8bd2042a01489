"""The command line: which commands there are and what they exit with (0 done, 1 failed, 2 usage, 3 input refused)."""

import sys
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from api.commands import demo, inspect, make, serve, storyboard, up
from kit.errors import PromiseReelError
from kit.version import own_version


class Doors(TyperGroup):
    """Shows each of our errors as one sentence on stderr and exits with its code."""

    def invoke(self, ctx: Any) -> Any:
        """Run the chosen command."""
        try:
            return super().invoke(ctx)
        except PromiseReelError as error:
            sys.stderr.write(f"{error}\n")
            ctx.exit(error.exit_code)
        except OSError as error:
            sys.stderr.write(f"Stopped by the machine: {error}\n")
            ctx.exit(1)
        except KeyboardInterrupt:
            sys.stderr.write("Stopped.\n")
            ctx.exit(130)


app = typer.Typer(
    name="promisereel",
    cls=Doors,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
    help="Turns a police agency's own footage into a captioned documentary that makes the Peace Officer Promise.",
)


def _show_version(wanted: bool) -> None:
    if wanted:
        sys.stdout.write(f"promisereel {own_version()}\n")
        raise typer.Exit


@app.callback()
def _common(
    _version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    pass


app.command("up")(up.up)
app.command("demo")(demo.demo)
app.command("make")(make.make)
app.command("inspect")(inspect.inspect_files)
app.add_typer(storyboard.app, name="storyboard")
app.command("worker")(serve.worker)
app.command("api")(serve.api)
