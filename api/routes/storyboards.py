"""Storyboards: which there are, their versions, what changed, and new ones; for the house's editors."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query
from fastapi.responses import Response

from api.dependencies import IdempotencyKey, UseCases
from api.paging import Cursor, Limit, page_of
from api.security import only
from api.storyboard_schemas import (
    ChangeOut,
    CheckOut,
    DiffOut,
    NewVersion,
    VersionList,
    VersionOut,
    VersionText,
    WantedCheck,
)
from api.turns import OneTurn
from pipeline.people import Role

EDITORS = Depends(only(Role.EDITOR, Role.ADMINISTRATOR))
YAML = "application/yaml"
StoryboardId = Annotated[str, Path(pattern=r"^[a-z][a-z0-9-]*$", max_length=64)]
Number = Annotated[int, Path(ge=1, le=10**6, description="The version's number.")]
Compared = Annotated[int | None, Query(ge=1, le=10**6)]

router = APIRouter(prefix="/v1", route_class=OneTurn, tags=["Storyboards"])


@router.get("/storyboards", operation_id="listStoryboards", summary="Storyboards")
def list_storyboards(service: UseCases, cursor: Cursor = None, limit: Limit = 50) -> VersionList:
    """The newest version of each, of those that come with the program and of the house's own."""
    page, following = page_of(service.storyboards.newest(), cursor, limit)
    return VersionList(items=[VersionOut.of(version) for version in page], next=following)


@router.post(
    "/storyboards/check",
    dependencies=[EDITORS],
    operation_id="checkStoryboard",
    summary="Check a storyboard without saving it",
)
def check_storyboard(body: WantedCheck, service: UseCases) -> CheckOut:
    """Every problem with its line, column and field, or what saving it would change."""
    return CheckOut.of(service.storyboards.check(body.text, body.storyboard))


@router.get("/storyboards/{storyboard}/versions", operation_id="listVersions", summary="A storyboard's versions")
def list_versions(storyboard: StoryboardId, service: UseCases, cursor: Cursor = None, limit: Limit = 50) -> VersionList:
    """Newest first."""
    page, following = page_of(service.storyboards.versions(storyboard), cursor, limit)
    return VersionList(items=[VersionOut.of(version) for version in page], next=following)


@router.post(
    "/storyboards/{storyboard}/versions",
    status_code=201,
    dependencies=[EDITORS],
    operation_id="saveVersion",
    summary="Save a new version",
)
def save_version(
    storyboard: StoryboardId, body: NewVersion, service: UseCases, key: IdempotencyKey = None
) -> VersionOut:
    """Versions are never changed: jobs keep to the one they were made by, new jobs take the newest.

    422 with each problem's line, column and field; 409 when `based_on` is not the newest version any more.
    """
    saved = service.storyboards.save(
        storyboard, body.text, author=body.author, note=body.note, based_on=body.based_on, idempotency_key=key
    )
    return VersionOut.of(saved)


@router.get("/storyboards/{storyboard}/versions/{number}", operation_id="getVersion", summary="One version")
def read_version(storyboard: StoryboardId, number: Number, service: UseCases) -> VersionText:
    """Who saved it, when and why, with its YAML."""
    return VersionText.whole(service.storyboards.version(storyboard, number))


@router.get(
    "/storyboards/{storyboard}/versions/{number}/yaml",
    operation_id="getVersionYaml",
    summary="One version as a file",
    response_class=Response,
    response_description="The storyboard's file",
    responses={200: {"content": {YAML: {}}}},
)
def read_yaml(storyboard: StoryboardId, number: Number, service: UseCases) -> Response:
    """The YAML, letter by letter."""
    version = service.storyboards.version(storyboard, number)
    name = f'attachment; filename="{storyboard}-{version.number}.yaml"'
    return Response(version.text, headers={"Content-Disposition": name}, media_type=YAML)


@router.get("/storyboards/{storyboard}/diff", operation_id="diffVersions", summary="What changed, in words")
def read_diff(storyboard: StoryboardId, service: UseCases, old: Compared = None, new: Compared = None) -> DiffOut:
    """Between two versions; by default between the newest and the one before it."""
    before, after, changes = service.storyboards.differences(storyboard, old, new)
    return DiffOut(old=VersionOut.of(before), new=VersionOut.of(after), changes=list(map(ChangeOut.of, changes)))
