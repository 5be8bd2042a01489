"""The pages by which people come in: sign in and out, a forgotten password, a new one, and one's own account."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from api.dependencies import Caller, UseCases
from api.limits import RESET_ADDRESS, RESET_PERSON, SIGN_IN_ADDRESS, SIGN_IN_PERSON, address_of, limits_of
from api.pages.guard import OwnForm, SignedIn, page, to_public_name
from api.security import COOKIE, gate_of, keep_session
from kit.errors import Conflict, InputRefused, NotFound
from pipeline.people import SHORTEST_PASSWORD, Actor
from pipeline.service import Service

Typed = Annotated[str, Form(max_length=1000)]
BAD_CODE = "This code is not good any more. Restart Promise Reel for a new link, or paste the admin token."
BAD_PASSWORD = "E-mail address and password do not fit together. Try again, or choose a new password below."  # noqa: S105  says no password

router = APIRouter()


@router.get("/sign-in")
def sign_in_page(request: Request, service: UseCases, code: str = "", next: str = "/") -> Response:
    """Where a one-time link leads; it is used up only when the button is pressed, not by a look-ahead."""
    return to_public_name(request) or _sign_in(service, code=code, next=next)


@router.post("/sign-in", dependencies=[OwnForm])
def sign_in(
    request: Request,
    service: UseCases,
    code: Typed = "",
    email: Typed = "",
    password: Typed = "",
    next: Annotated[str, Form(max_length=2000)] = "/",
) -> Response:
    """Trade a one-time code, the admin token, or e-mail and password for a session that was not there before."""
    limits, gate, code = limits_of(request), gate_of(request), code.strip()
    limits.spend(SIGN_IN_ADDRESS, address_of(request))
    if code:
        session = gate.new_session() if gate.is_token(code) or gate.redeem(code) else None
    else:
        limits.spend(SIGN_IN_PERSON, email.strip().lower())
        session = service.entering.sign_in(email, password)
    if session is None:
        error = BAD_CODE if code else BAD_PASSWORD
        return _sign_in(service, status=401, next=next, error=error, email=email, by_code=bool(code))
    if old := request.cookies.get(COOKIE):
        service.entering.sign_out(old)
    answer = RedirectResponse(next if next.startswith("/") and not next.startswith("//") else "/", 303)
    keep_session(request, answer, session)
    return answer


@router.post("/sign-out", dependencies=[SignedIn])
def sign_out(request: Request, service: UseCases) -> Response:
    """End the session, here and on the server."""
    service.entering.sign_out(request.cookies.get(COOKIE, ""))
    answer = RedirectResponse("/sign-in", 303)
    answer.delete_cookie(COOKIE)
    return answer


@router.get("/forgotten")
def forgotten_page() -> Response:
    """Ask for a link to choose a new password."""
    return page("forgotten.html", asked=False)


@router.post("/forgotten", dependencies=[OwnForm])
def forgotten(request: Request, service: UseCases, email: Typed = "") -> Response:
    """Send the link, to whoever has the address; the answer is the same for everybody."""
    limits_of(request).spend(RESET_ADDRESS, address_of(request))
    limits_of(request).spend(RESET_PERSON, email.strip().lower())
    service.entering.ask_reset(email)
    return page("forgotten.html", asked=True)


@router.get("/password")
def password_page(service: UseCases, code: str = "") -> Response:
    """Where an invitation and a reset lead; looking does not use the link up."""
    return _password(service, code)


@router.post("/password", dependencies=[OwnForm])
def choose_password(request: Request, service: UseCases, code: Typed = "", password: Typed = "") -> Response:
    """Choose a password and be signed in."""
    limits_of(request).spend(SIGN_IN_ADDRESS, address_of(request))
    try:
        session = service.entering.choose_password(code, password)
    except InputRefused as error:
        return _password(service, code, status=422, error=str(error))
    except NotFound:
        return _password(service, code, status=404)
    answer = RedirectResponse("/", 303)
    keep_session(request, answer, session)
    return answer


@router.get("/account", dependencies=[SignedIn])
def account_page(service: UseCases, caller: Caller) -> Response:
    """Who one is here, one's password and keys."""
    return _account(service, caller)


@router.post("/account/password", dependencies=[SignedIn])
def change_password(
    request: Request, service: UseCases, caller: Caller, present: Typed = "", password: Typed = ""
) -> Response:
    """Another password; every other session of this person ends."""
    limits_of(request).spend(SIGN_IN_PERSON, caller.name)
    try:
        session = service.entering.change_password(present, password)
    except (InputRefused, Conflict) as error:
        return _account(service, caller, status=422, error=str(error))
    answer = RedirectResponse("/account", 303)
    keep_session(request, answer, session)
    return answer


@router.post("/account/keys", dependencies=[SignedIn])
def make_key(service: UseCases, caller: Caller, name: Typed = "") -> Response:
    """A key for a program, shown this once."""
    try:
        _, secret = service.entering.make_key(name)
    except (InputRefused, Conflict) as error:
        return _account(service, caller, status=422, error=str(error))
    return _account(service, caller, secret=secret)


@router.post("/account/keys/{key_id}/revoke", dependencies=[SignedIn])
def revoke_key(service: UseCases, key_id: str) -> Response:
    """Let nobody in by this key any more."""
    service.entering.revoke_key(key_id)
    return RedirectResponse("/account", 303)


def _sign_in(
    service: Service,
    *,
    code: str = "",
    next: str = "/",
    status: int = 200,
    error: str | None = None,
    email: str = "",
    by_code: bool = False,
) -> Response:
    return page(
        "sign_in.html",
        status=status,
        code=code,
        next=next,
        error=error,
        email=email,
        people=service.entering.anybody(),
        by_code=by_code,
    )


def _password(service: Service, code: str, *, status: int = 200, error: str | None = None) -> Response:
    person = service.entering.who_has_link(code)
    status = 404 if person is None else status
    return page("password.html", status=status, person=person, code=code, error=error, shortest=SHORTEST_PASSWORD)


def _account(
    service: Service, caller: Actor, *, status: int = 200, error: str | None = None, secret: str = ""
) -> Response:
    return page(
        "account.html",
        status=status,
        signed_in=True,
        error=error,
        caller=caller,
        agency=service.read_agency(caller.agency_id) if caller.agency_id else None,
        keys=[key for key in service.entering.own_keys() if key.revoked_at is None] if caller.person_id else [],
        secret=secret,
        shortest=SHORTEST_PASSWORD,
    )
