"""Comments of those who review a film, pinned to its times."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field

from api.dependencies import ActingAgency, Caller, IdempotencyKey, UseCases
from api.limits import COMMENTS, limited
from api.paging import Cursor, Limit, page_of
from api.schemas import Body, Listing, moment
from api.turns import OneTurn
from pipeline.comments import LONGEST_COMMENT, Comment, CommentState
from pipeline.people import Actor

router = APIRouter(prefix="/v1", route_class=OneTurn, tags=["Comments"])

State = Annotated[CommentState | None, Query(description="Only the open ones, or only those resolved.")]


class NewComment(Body):
    """What somebody says of one moment of a film."""

    at_s: Annotated[float, Field(ge=0, allow_inf_nan=False, description="Seconds from its beginning.", examples=[42.5])]
    text: Annotated[str, Field(min_length=1, max_length=LONGEST_COMMENT, examples=["The chief’s name is misspelt."])]
    round: Annotated[
        int | None, Field(ge=1, le=10**6, description="The job's `round` that was watched: 409 when there is a newer.")
    ] = None


class CommentOut(BaseModel):
    """A comment, and what became of it."""

    id: Annotated[str, Field(examples=["0198c0ffee00a1b2c3d4e5f6"])]
    job: str
    round: Annotated[int, Field(description="The version of the job's film that it was said of.")]
    at_s: Annotated[float, Field(description="Seconds from the film's beginning.", examples=[42.5])]
    text: Annotated[str, Field(examples=["The chief’s name is misspelt."])]
    author: Annotated[str, Field(examples=["chief@anytown.example"])]
    mine: Annotated[bool, Field(description="Whether the caller wrote it and may delete it.")]
    created: datetime
    state: CommentState
    carried: Annotated[bool, Field(description="Open still from an earlier version of the job's film.")]
    resolved: datetime | None
    resolved_by: str | None

    @classmethod
    def seen(cls, comment: Comment, caller: Actor) -> "CommentOut":
        """The public shape of a comment, as one person sees it."""
        return cls(
            id=comment.id,
            job=comment.job_id,
            round=comment.round,
            at_s=comment.at_s,
            text=comment.text,
            author=comment.author,
            mine=comment.is_by(caller),
            created=moment(comment.created_at),
            state=comment.state,
            carried=comment.carried,
            resolved=None if comment.resolved_at is None else moment(comment.resolved_at),
            resolved_by=comment.resolved_by,
        )


class CommentList(Listing):
    """Comments: of the newest film and version first, of each version in the order of the film."""

    items: list[CommentOut]


@router.post(
    "/jobs/{job_id}/comments",
    status_code=201,
    dependencies=[Depends(limited(COMMENTS))],
    operation_id="addComment",
    summary="Comment on a moment of a film",
)
def add_comment(
    job_id: str,
    body: NewComment,
    service: UseCases,
    agency: ActingAgency,
    caller: Caller,
    key: IdempotencyKey = None,
) -> CommentOut:
    """From the review on (409 before), for members and editors alike; 422 for a time that the film does not have."""
    made = service.comments.add(job_id, body.at_s, body.text, round_=body.round, agency_id=agency, idempotency_key=key)
    return CommentOut.seen(made, caller)


@router.get("/jobs/{job_id}/comments", operation_id="listComments", summary="Comments on a job's film")
def list_comments(
    job_id: str,
    service: UseCases,
    agency: ActingAgency,
    caller: Caller,
    state: State = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> CommentList:
    """Of its newest version first. What was open when changes were asked for is carried along to the next version."""
    page, following = page_of(service.comments.of_job(job_id, state=state, agency_id=agency), cursor, limit)
    return CommentList(items=[CommentOut.seen(one, caller) for one in page], next=following)


@router.get("/projects/{project_id}/comments", operation_id="projectComments", summary="Comments on a project's films")
def list_project_comments(
    project_id: str,
    service: UseCases,
    agency: ActingAgency,
    caller: Caller,
    state: State = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> CommentList:
    """Those on the newest film first."""
    page, following = page_of(service.comments.of_project(project_id, state=state, agency_id=agency), cursor, limit)
    return CommentList(items=[CommentOut.seen(one, caller) for one in page], next=following)


@router.post("/comments/{comment_id}/resolve", operation_id="resolveComment", summary="Nothing is left to do")
def resolve_comment(comment_id: str, service: UseCases, agency: ActingAgency, caller: Caller) -> CommentOut:
    """Anybody who sees the film may say so; asking again changes nothing."""
    return CommentOut.seen(service.comments.resolve(comment_id, agency_id=agency), caller)


@router.post("/comments/{comment_id}/reopen", operation_id="reopenComment", summary="Something is left to do after all")
def reopen_comment(comment_id: str, service: UseCases, agency: ActingAgency, caller: Caller) -> CommentOut:
    """An open comment stays open."""
    return CommentOut.seen(service.comments.reopen(comment_id, agency_id=agency), caller)


@router.delete("/comments/{comment_id}", status_code=204, operation_id="deleteComment", summary="Take a comment back")
def delete_comment(comment_id: str, service: UseCases, agency: ActingAgency) -> None:
    """Only its author may: 403 for others, who can resolve it."""
    service.comments.delete(comment_id, agency_id=agency)
