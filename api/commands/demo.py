"""`promisereel demo`: the main job through the real service, all through its API."""

import contextlib
import os
import signal
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from api.profile import profile_of
from api.telling import Teller
from kit.errors import InputRefused

DEFAULT_OUT = Path("out/demo")


def demo(
    *,
    footage: Annotated[
        Path | None, typer.Option("--footage", metavar="DIR", help="A footage folder of your own.")
    ] = None,
    agency: Annotated[str, typer.Option("--agency", metavar="NAME", help="Department name as on the cards.")] = (
        "Anytown Police Department"
    ),
    storyboard: Annotated[str, typer.Option("--storyboard", metavar="ID", help="Which storyboard.")] = "promise",
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where the package goes.")] = DEFAULT_OUT,
    data: Annotated[Path | None, typer.Option("--data", metavar="DIR", help="Keep the service's data here.")] = None,
    workers: Annotated[int | None, typer.Option("--workers", min=1, help="Steps at a time.")] = None,
) -> None:
    """Start the service, sign an agency on, send footage, make its film, approve it and download the package."""
    from api.client import Client
    from api.demonstration import AtTheApi, check_package
    from api.running import free_port, running
    from kit.settings import load_settings
    from pipeline.looking import footage_in, storyboard_named
    from pipeline.out_folder import check_out, replacing

    teller = Teller()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that being stopped cleans up as Ctrl-C does
    check_out(out)
    profile_of(agency)
    storyboard_named(storyboard)
    if footage is not None and not footage_in(footage).files:
        raise InputRefused(f"{footage} holds no footage; put clips there, or leave --footage out for sample footage")
    with contextlib.ExitStack() as stack:
        place = data or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="promisereel-demo-")))
        if footage is None:
            footage = _sample(
                teller, Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="promisereel-footage-")))
            )
        host = "127.0.0.1"
        port = free_port(host)
        settings = load_settings(
            data=place, host=host, port=port, public_origin=f"http://{host}:{port}", workers=workers or os.cpu_count()
        )
        teller.say("Starting storage, broker, workers and API…")
        service = stack.enter_context(running(settings, teller.say))
        teller.say(f"The service is at {service.address} while the demo runs.")
        client = stack.enter_context(Client(service.address, service.token))
        at_api = AtTheApi.sign_on(client, teller, agency)
        at_api.send(footage_in(footage))
        job = at_api.follow(at_api.submit(storyboard))
        job = at_api.review(job)
        with replacing(out) as folder:
            at_api.download(job, folder)
            files = check_package(folder)
    finished = job["review"] == "finished"
    sys.stdout.write(
        f"The {'film' if finished else 'draft'} and {files} files, checked against SHA256SUMS, are in {out}.\n"
    )


def _sample(teller: Teller, folder: Path) -> Path:
    from api.sample_footage import make_sample_footage

    teller.say(
        "No --footage given: making sample footage (drawings and tones). It shows the plumbing from upload to "
        "download, not the alignment of captions with a real voice."
    )
    with teller.bar("Making sample footage") as bar:
        return make_sample_footage(folder, bar.at)
