"""What pages are made of: templates, the typeface, and the scripts and styles that were built from `web/`."""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from agencies.promise import MARKS_NOTICE
from api.fonts import font_folder
from kit.errors import Outage

HERE = Path(__file__).parent
BUILT = HERE / "built"
"""Made by `web/build.py`; never committed."""
AT = "/static/built/"
DAY_S = 24 * 3600
YEAR_S = 365 * DAY_S
NOT_BUILT = "The pages' scripts and styles are not built: run `make setup`, or `python web/build.py`."


class Kept(StaticFiles):
    """Files that browsers keep for so many seconds."""

    def __init__(self, directory: Path, *, seconds: int, **options: Any) -> None:
        super().__init__(directory=directory, **options)
        self._kept = f"public, max-age={seconds}{', immutable' if seconds >= YEAR_S else ''}"

    async def get_response(self, path: str, scope: Scope) -> Response:
        """A file, or what tells that it has not changed."""
        answer = await super().get_response(path, scope)
        if answer.status_code in (200, 206, 304):
            answer.headers["Cache-Control"] = self._kept
        return answer


def mount_assets(app: FastAPI) -> None:
    """Serve scripts, styles and fonts under /static; what was built is named by its content and kept for good."""
    app.mount(AT.rstrip("/"), Kept(BUILT, seconds=YEAR_S, check_dir=False), name="built")
    app.mount("/static/fonts", Kept(font_folder(), seconds=DAY_S), name="fonts")
    app.mount("/static", Kept(HERE / "static", seconds=DAY_S), name="static")


def tags_of(entry: str) -> Markup:
    """The tags that bring an entry of `web/src` into a page: its styles, its script and what that imports.

    Raises Outage when nothing was built, or too long ago to hold it.
    """
    return _tags(_manifest(BUILT / "manifest.json"), f"src/{entry}")


def make_templates() -> Environment:
    """The templates; everything put into them is escaped, and an unknown name is an error."""
    loader = FileSystemLoader(HERE / "templates")
    templates = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    templates.globals.update(marks_notice=MARKS_NOTICE, signed_in=False, error=None, built=tags_of)
    return templates


@cache
def _manifest(path: Path) -> Mapping[str, Mapping[str, Any]]:
    try:
        read: dict[str, dict[str, Any]] = json.loads(path.read_text("utf-8"))
    except FileNotFoundError as error:
        raise Outage(NOT_BUILT) from error
    return read


def _tags(manifest: Mapping[str, Mapping[str, Any]], entry: str) -> Markup:
    chunks = list(dict.fromkeys(_imports(manifest, entry)))
    styles = dict.fromkeys(style for name in chunks for style in manifest[name].get("css", ()))
    first, *others = (manifest[name]["file"] for name in chunks)
    if first.endswith(".css"):
        styles[first] = None
    tags = [Markup('<link rel="stylesheet" href="{}">').format(AT + style) for style in styles]
    if first.endswith(".js"):
        tags += [Markup('<link rel="modulepreload" href="{}">').format(AT + file) for file in others]
        tags.append(Markup('<script type="module" src="{}"></script>').format(AT + first))
    return Markup("\n").join(tags)


def _imports(manifest: Mapping[str, Mapping[str, Any]], name: str) -> Iterator[str]:
    """A chunk and all that it imports, itself first. Outage for one that was not built."""
    if name not in manifest:
        raise Outage(NOT_BUILT)
    yield name
    for imported in manifest[name].get("imports", ()):
        yield from _imports(manifest, imported)
