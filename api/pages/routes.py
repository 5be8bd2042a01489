"""The pages of agencies' work: sign on, send footage, follow, review, download."""

import secrets
from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Annotated

from fastapi import APIRouter, Depends, File, Form, Query, Request, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.clip_words import facts_of
from api.dependencies import Caller, UseCases
from api.limits import DOWNLOADS, limited
from api.pages import words
from api.pages.board import pictures_of
from api.pages.film import film_page
from api.pages.guard import SignedIn, page, to_public_name
from api.pages.shot_guide import shot_guide, style_policy
from api.profile import profile_of
from api.security import only
from kit.errors import Conflict, InputRefused, NotFound
from pipeline.comments import LONGEST_COMMENT
from pipeline.cuts import Reader
from pipeline.jobs import GIVEN, JobState, Priority
from pipeline.keeping import told_of_footage
from pipeline.people import Role
from pipeline.service import Service

STORYBOARD = "promise"
TEXTS = {"captions.vtt": "text/vtt", "descriptions.vtt": "text/vtt", "transcript.txt": "text/plain"}
WORD = "word-"
"""Begins the names of the fields in which a film's own words are typed."""
CAPTION = "caption-"
"""Begins the names of the fields in which captions are corrected."""

router = APIRouter()


ADMINISTRATORS = Depends(only(Role.ADMINISTRATOR))
Picture = Annotated[UploadFile | None, File()]
ChosenId = Annotated[str, Form(alias="storyboard", pattern=r"^[a-z][a-z0-9-]*$", max_length=64)]
AnId = Annotated[str, Query(pattern=r"^[0-9a-f]*$", max_length=64)]
StoryboardId = Annotated[str, Query(pattern=r"^([a-z][a-z0-9-]*)?$", max_length=64)]


async def words_typed(request: Request) -> dict[str, str]:
    """What a person typed for the variables of a storyboard."""
    form = await request.form()
    typed = {name: value.strip() for name, value in form.items() if isinstance(value, str)}
    return {name.removeprefix(WORD): value for name, value in typed.items() if name.startswith(WORD)}


async def captions_typed(request: Request) -> dict[int, str]:
    """The captions of a film as a person left them, by number."""
    form = await request.form()
    typed = {name.removeprefix(CAPTION): value for name, value in form.items() if isinstance(value, str)}
    return {int(number): value for number, value in typed.items() if number.isascii() and number.isdigit()}


@router.get("/", dependencies=[SignedIn])
def home(request: Request, service: UseCases, caller: Caller) -> Response:
    """The agencies that one may act for, with their projects and films."""
    rows = [
        (agency, [(project, service.list_jobs(project.id)) for project in service.list_projects(agency.id)])
        for agency in service.list_agencies()
        if caller.sees(agency.id)
    ]
    administers = caller.role is Role.ADMINISTRATOR
    return to_public_name(request) or page(
        "home.html",
        signed_in=True,
        agencies=rows,
        pictures=pictures_of(service),
        administers=administers,
        waiting=len(service.accounts.applications("waiting")) if administers else 0,
        tone=words.tone,
        short=words.short,
    )


@router.get("/agencies/new", dependencies=[SignedIn, ADMINISTRATORS])
def sign_on_page() -> Response:
    """The form to sign an agency on."""
    return page("sign_on.html", signed_in=True, name="")


@router.post("/agencies", dependencies=[SignedIn, ADMINISTRATORS])
def sign_on(service: UseCases, name: Annotated[str, Form()] = "", seal: Picture = None) -> Response:
    """Sign an agency on, with its seal if it gave one, and begin its project."""
    try:
        profile = profile_of(name)
        if seal and seal.filename:
            profile = profile.model_copy(update={"seal": service.seals.keep(seal.file.read())})
        agency = service.create_agency(profile)
    except InputRefused as error:
        return page("sign_on.html", status=422, signed_in=True, name=name, error=str(error))
    return _begun(service, agency.id)


@router.post("/agencies/{agency_id}/projects", dependencies=[SignedIn])
def begin_project(agency_id: str, service: UseCases) -> Response:
    """Begin the documentary of an agency that has none, as one has that was admitted."""
    return _begun(service, agency_id)


def _begun(service: Service, agency_id: str) -> Response:
    project = service.create_project(agency_id, "Our documentary")
    return RedirectResponse(f"/agencies/{agency_id}/projects/{project.id}", 303)


@router.get("/agencies/{agency_id}/projects/{project_id}", dependencies=[SignedIn])
def footage_page(
    request: Request, agency_id: str, project_id: str, service: UseCases, storyboard: StoryboardId = ""
) -> Response:
    """Choose the film and files, send them, see what we think of them, and make the film."""
    return to_public_name(request) or _footage(service, agency_id, project_id, storyboard)


@router.post("/agencies/{agency_id}/projects/{project_id}/seal", dependencies=[SignedIn])
def give_seal(
    agency_id: str, project_id: str, service: UseCases, seal: Picture = None, storyboard: ChosenId = STORYBOARD
) -> Response:
    """Take in another seal for the agency's next films."""
    service.read_project(project_id, agency_id=agency_id)
    try:
        service.seals.give(agency_id, seal.file.read() if seal else b"")
    except InputRefused as error:
        return _footage(service, agency_id, project_id, storyboard, status=422, error=str(error))
    return RedirectResponse(f"/agencies/{agency_id}/projects/{project_id}?storyboard={storyboard}", 303)


@router.get("/storyboards/{storyboard_id}/guide", dependencies=[SignedIn])
def guide_page(storyboard_id: str, service: UseCases, agency: AnId = "", project: AnId = "") -> Response:
    """The shot guide of a storyboard, to print, with a way back to where footage is sent."""
    back = f"/agencies/{agency}/projects/{project}?storyboard={storyboard_id}" if agency and project else "/"
    page = shot_guide(service.storyboards.current(storyboard_id), back)
    return HTMLResponse(page, headers={"Content-Security-Policy": style_policy()})


@router.post("/agencies/{agency_id}/projects/{project_id}/jobs", dependencies=[SignedIn])
def make_film(
    agency_id: str,
    project_id: str,
    service: UseCases,
    typed: Annotated[dict[str, str], Depends(words_typed)],
    once: Annotated[str, Form()] = "",
    storyboard: ChosenId = STORYBOARD,
) -> Response:
    """Ask for the film; pressing twice makes one."""
    try:
        job = service.submit_job(
            project_id, storyboard, variables=typed, agency_id=agency_id, idempotency_key=once or None
        )
    except (InputRefused, Conflict) as error:
        return _footage(service, agency_id, project_id, storyboard, typed, status=422, error=str(error))
    return RedirectResponse(f"/agencies/{agency_id}/jobs/{job.id}", 303)


@router.get("/agencies/{agency_id}/jobs/{job_id}", dependencies=[SignedIn])
def job_page(request: Request, agency_id: str, job_id: str, service: UseCases) -> Response:
    """Follow the job, review the film, download it."""
    return to_public_name(request) or film_page(service, agency_id, service.job_view(job_id, agency_id=agency_id))


@router.post("/agencies/{agency_id}/jobs/{job_id}/corrections", dependencies=[SignedIn])
def correct_captions(
    agency_id: str,
    job_id: str,
    service: UseCases,
    caller: Caller,
    typed: Annotated[dict[int, str], Depends(captions_typed)],
    round_: Annotated[int, Form(alias="round", ge=1)],
    based_on: Annotated[int, Form(ge=0)],
) -> Response:
    """Take in captions that a person corrected, and make the pieces of the film anew that carry them."""
    try:
        reader = Reader(round_, based_on, caller.name, "Captions corrected in review.")
        service.cuts.correct_captions(job_id, typed, reader, agency_id=agency_id)
        service.decisions.ask_changes(job_id, agency_id=agency_id)
    except (InputRefused, Conflict) as error:
        view = service.job_view(job_id, agency_id=agency_id)
        status = 409 if isinstance(error, Conflict) else 422
        return film_page(service, agency_id, view, typed, status=status, error=str(error))
    return RedirectResponse(f"/agencies/{agency_id}/jobs/{job_id}", 303)


@router.post("/agencies/{agency_id}/jobs/{job_id}/changes", dependencies=[SignedIn])
def ask_for_changes(
    agency_id: str,
    job_id: str,
    service: UseCases,
    round_: Annotated[int, Form(alias="round", ge=1)],
    said: Annotated[str, Form(max_length=2 * LONGEST_COMMENT)] = "",
) -> Response:
    """Have the film made again; its open comments go along, and a sentence as one more of them."""
    view = service.job_view(job_id, agency_id=agency_id)
    try:
        if view.job.round != round_:
            raise Conflict("This film was made anew since you watched it: look at the new one first.")
        if view.state is JobState.IN_REVIEW and said.strip():
            service.comments.add(job_id, 0.0, said, round_=round_, agency_id=agency_id)
        elif not service.comments.of_job(job_id, state="open", agency_id=agency_id):
            raise InputRefused("Say in a sentence what shall be changed, or pin a comment to the moment.")
        service.decisions.ask_changes(job_id, agency_id=agency_id)
    except (InputRefused, Conflict) as error:
        status = 409 if isinstance(error, Conflict) else 422
        return film_page(service, agency_id, view, said=said, status=status, error=str(error))
    return RedirectResponse(f"/agencies/{agency_id}/jobs/{job_id}", 303)


@router.post("/agencies/{agency_id}/jobs/{job_id}/{decision}", dependencies=[SignedIn])
def decide(agency_id: str, job_id: str, decision: str, service: UseCases) -> Response:
    """Accept the captions, approve, cancel, try again, or let it go before the agency's other films."""
    deeds: dict[str, Callable[..., object]] = {
        "captions": service.decisions.accept_captions,
        "approve": service.decisions.approve,
        "cancel": service.decisions.cancel,
        "retry": service.decisions.retry,
        "first": partial(service.decisions.prioritise, priority=Priority.HIGH),
        "in-line": partial(service.decisions.prioritise, priority=Priority.NORMAL),
    }
    if decision not in deeds:
        raise NotFound("There is no such page")
    try:
        deeds[decision](job_id, agency_id=agency_id)
    except (InputRefused, Conflict) as error:
        view = service.job_view(job_id, agency_id=agency_id)
        status = 409 if isinstance(error, Conflict) else 422
        return film_page(service, agency_id, view, status=status, error=str(error))
    return RedirectResponse(f"/agencies/{agency_id}/jobs/{job_id}", 303)


@router.get("/agencies/{agency_id}/jobs/{job_id}/files/{name}", dependencies=[SignedIn, Depends(limited(DOWNLOADS))])
def open_file(agency_id: str, job_id: str, name: str, service: UseCases, download: bool = False) -> Response:
    """Lead on to a fresh expiring link: to look at while in review, to keep once approved."""
    state = service.job_view(job_id, agency_id=agency_id).state
    keep = download and state in GIVEN
    if keep and name.endswith(".zip"):
        return RedirectResponse(service.packages.archive(job_id, agency_id=agency_id).url, 302)
    if keep:
        links = service.packages.deliver(job_id, name, agency_id=agency_id)
    else:
        links = service.packages.to_review(job_id, agency_id=agency_id)
    link = next((link for link in links if link.file.name == name), None)
    if link is None:
        raise NotFound("This package has no such file")
    return RedirectResponse(link.url, 302)


@router.get("/agencies/{agency_id}/jobs/{job_id}/text/{name}", dependencies=[SignedIn])
def read_text(agency_id: str, job_id: str, name: str, service: UseCases) -> Response:
    """Captions and transcript from our own origin, where a player may load them."""
    if name not in TEXTS:
        raise NotFound("There is no such page")
    return Response(service.packages.text(job_id, name, agency_id=agency_id), media_type=TEXTS[name])


def _footage(
    service: Service,
    agency_id: str,
    project_id: str,
    chosen: str = "",
    typed: Mapping[str, str] = MappingProxyType({}),
    *,
    status: int = 200,
    error: str | None = None,
) -> Response:
    agency = service.read_agency(agency_id)
    project = service.read_project(project_id, agency_id=agency_id)
    clips = service.list_clips(project_id, agency_id=agency_id)
    jobs = service.list_jobs(project_id, agency_id=agency_id)
    chosen = chosen or (jobs[-1].storyboard if jobs else STORYBOARD)
    storyboard = service.storyboards.current(chosen)
    here_still = [clip for clip in clips if not clip.expired_at]
    ready = all(clip.clip or clip.failed for clip in here_still)
    # While clips are looked at the page asks again and again: planning each time would be for nothing.
    coached = service.coach(project_id, chosen, agency_id=agency_id)[0] if here_still and ready else None
    return page(
        "footage.html",
        status=status,
        signed_in=True,
        error=error,
        agency=agency,
        project=project,
        storyboard=storyboard,
        films=[(one.storyboard, one.title) for one in service.storyboards.newest()],
        typed={**storyboard.variables, **typed},
        label_of=words.label_of,
        length_of=words.length_of,
        clips=clips,
        here_still=here_still,
        told_of=told_of_footage,
        kept=told_of_footage(here_still[0]) if here_still else "",
        ready=ready,
        here=f"/agencies/{agency_id}/projects/{project_id}",
        next=coached.next if coached else "",
        hindrance=coached.hindrance if coached else "",
        enough=coached is None or coached.ready,
        coached={one.slot.id: one for one in coached.slots} if coached else {},
        jobs=jobs,
        once=secrets.token_urlsafe(16),
        place_of=lambda record: words.place_in(storyboard, record),
        facts_of=facts_of,
        notes_of=partial(words.notes_of, storyboard),
        standing_of=partial(words.standing_of, storyboard),
        pictures=pictures_of(service, agency_id),
        sending={"agency": agency_id, "project": project_id, "uses": words.uses_of(storyboard)},
        uses_of=lambda record: words.uses_for(storyboard, record),
        tone=words.tone,
        short=words.short,
    )
