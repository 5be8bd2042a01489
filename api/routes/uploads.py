"""Footage on its way: the API signs and records, the sender puts each part straight into storage."""

from fastapi import APIRouter, Depends

from api.dependencies import ActingAgency, IdempotencyKey, UseCases
from api.limits import SIGN_PARTS, limited
from api.schemas import HeldPart, NewUpload, SignedPart, SignedParts, UploadOut, UploadWithParts, WantedParts
from api.turns import OneTurn

router = APIRouter(prefix="/v1/uploads", route_class=OneTurn, tags=["Uploads"])


@router.post("", status_code=201, operation_id="createUpload", summary="Begin an upload")
def create_upload(body: NewUpload, service: UseCases, agency: ActingAgency, key: IdempotencyKey = None) -> UploadOut:
    """Cut the file into parts of `part_size` bytes (the last is shorter) and have them signed.

    The same Idempotency-Key gives the same upload, so sending it again resumes. A transcript (.srt, .vtt, .txt) is
    sent the same way and goes with the clip of the same name.
    """
    upload = service.uploads.create(
        body.project,
        body.name,
        body.size,
        media_type=body.type,
        details=body.details,
        agency_id=agency,
        idempotency_key=key,
    )
    return UploadOut.of(upload, service.uploads.checksum)


@router.get("/{upload_id}", operation_id="getUpload", summary="An upload and the parts that arrived")
def read_upload(upload_id: str, service: UseCases, agency: ActingAgency) -> UploadWithParts:
    """All that a sender needs to go on after a break."""
    upload = service.uploads.read(upload_id, agency_id=agency)
    parts = service.uploads.parts(upload_id, agency_id=agency)
    known = UploadOut.of(upload, service.uploads.checksum)
    return UploadWithParts(**known.model_dump(), parts=[HeldPart(n=part.n, size=part.size) for part in parts])


@router.post(
    "/{upload_id}/parts",
    dependencies=[Depends(limited(SIGN_PARTS))],
    operation_id="signParts",
    summary="Have parts signed",
)
def sign_parts(upload_id: str, body: WantedParts, service: UseCases, agency: ActingAgency) -> SignedParts:
    """Links to PUT parts to, good for an hour, at most 20 a call. Send the given headers with each part.

    422 for a part without the digest that the upload's `checksum` asks for.
    """
    by_md5 = service.uploads.checksum == "md5"
    wanted = [(part.n, part.md5 if by_md5 else part.sha256) for part in body]
    links = service.uploads.sign_parts(upload_id, wanted, agency_id=agency)
    return SignedParts(parts=[SignedPart.of(link) for link in links])


@router.post("/{upload_id}/complete", operation_id="completeUpload", summary="Complete an upload")
def complete_upload(upload_id: str, service: UseCases, agency: ActingAgency) -> UploadOut:
    """Count and sizes are compared (bytes were, part by part, as they came); then the file is looked at.

    Completing twice is harmless.
    """
    return UploadOut.of(service.uploads.complete(upload_id, agency_id=agency), service.uploads.checksum)


@router.delete("/{upload_id}", status_code=204, operation_id="abortUpload", summary="Give an upload up")
def abort_upload(upload_id: str, service: UseCases, agency: ActingAgency) -> None:
    """Frees the parts that arrived."""
    service.uploads.abort(upload_id, agency_id=agency)
