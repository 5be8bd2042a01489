"""The page for what went wrong."""

from collections.abc import Mapping

from fastapi.responses import HTMLResponse, Response

from api.pages.assets import make_templates

TITLES = {
    404: "There is no such page",
    403: "This is not allowed",
    409: "That is not possible now",
    503: "One moment, please",
}

templates = make_templates()


def wrong_page(status: int, phrase: str, detail: str, headers: Mapping[str, str] | None = None) -> Response:
    """An error as a page that says what to do."""
    title = TITLES.get(status, phrase)
    text = templates.get_template("wrong.html").render(title=title, detail=detail)
    return HTMLResponse(text, status, dict(headers or {}))
