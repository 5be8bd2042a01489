"""What stands before pages: whoever is not signed in is led to the sign-in page; and how a page is answered."""

from typing import Any
from urllib.parse import quote, urlsplit

from fastapi import Depends, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.pages.assets import make_templates
from api.security import let_in, require_same_origin, signed_in

LOCAL_NAMES = frozenset({"localhost", "127.0.0.1"})

templates = make_templates()


def require_page_session(request: Request) -> None:
    """Send whoever is not signed in to the sign-in page; the page's own forms alone may change something."""
    actor = signed_in(request)
    if actor is None:
        here = request.url.path if request.method == "GET" else "/"
        raise HTTPException(303, "Sign in first", {"Location": f"/sign-in?next={quote(here)}"})
    require_same_origin(request)
    let_in(request, actor)


SignedIn = Depends(require_page_session)
OwnForm = Depends(require_same_origin)


def page(template: str, /, *, status: int = 200, **values: Any) -> HTMLResponse:
    """A template filled in."""
    return HTMLResponse(templates.get_template(template).render(**values), status)


def to_public_name(request: Request) -> Response | None:
    """On this machine the page has two names, but storage lets only one of them send footage: lead there."""
    public = urlsplit(request.app.state.settings.public_origin)
    asked = request.url.hostname
    if {asked, public.hostname} == LOCAL_NAMES:
        here = request.url.replace(scheme=public.scheme, netloc=public.netloc)
        return RedirectResponse(str(here), 307)
    return None
