"""What pages are made of: templates, style, scripts and the typeface, all served by us."""

from pathlib import Path

from fastapi import FastAPI
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.staticfiles import StaticFiles

from agencies.promise import MARKS_NOTICE
from api.fonts import font_folder

HERE = Path(__file__).parent


def mount_assets(app: FastAPI) -> None:
    """Serve style, scripts and fonts under /static."""
    app.mount("/static/fonts", StaticFiles(directory=font_folder()), name="fonts")
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")


def make_templates() -> Environment:
    """The templates; everything put into them is escaped, and an unknown name is an error."""
    loader = FileSystemLoader(HERE / "templates")
    templates = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    templates.globals.update(marks_notice=MARKS_NOTICE, signed_in=False, error=None)
    return templates
