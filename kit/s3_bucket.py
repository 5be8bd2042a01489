"""Making a bucket ready, and finding out by trial what its store can do."""

import base64
import contextlib
import hashlib
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from kit.s3_client import ChecksumKind, blamed

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import CORSRuleOutputTypeDef, CORSRuleTypeDef

CORS_RULE = "promise-reel"
"""The id of our rule among those an operator may have set."""

ABANDONED_AFTER_DAYS = 7
"""When a store clears uploads that were never completed."""


def prepare_bucket(client: "S3Client", bucket: str, *, region: str, origin: str) -> None:
    """Make the bucket when it is missing and let pages of `origin` put parts into it; other rules stay as they are.

    Raises botocore's errors.
    """
    try:
        client.head_bucket(Bucket=bucket)
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] != 404:
            raise
        _create(client, bucket, region)
    ours: CORSRuleTypeDef = {
        "ID": CORS_RULE,
        "AllowedOrigins": [origin],
        "AllowedMethods": ["PUT", "GET", "HEAD"],
        "AllowedHeaders": ["*"],
        "ExposeHeaders": ["ETag"],
        "MaxAgeSeconds": 3600,
    }
    before = _cors_rules(client, bucket)
    others: list[Any] = [rule for rule in before if rule.get("ID") != CORS_RULE]
    if [*others, ours] != before:
        client.put_bucket_cors(Bucket=bucket, CORSConfiguration={"CORSRules": [*others, ours]})


@dataclass(frozen=True)
class PartProof:
    """How a part proves itself to one store."""

    kind: ChecksumKind
    declared: bool = False
    """Whether the upload must be created with `ChecksumAlgorithm`: Amazon asks for it; SeaweedFS, which does not give
    the sums back in ListParts, could then not complete what it lists."""


def probe_part_proof(client: "S3Client", bucket: str) -> PartProof:
    """The strongest proof that the store both understands and enforces. Raises Outage when it is out of reach."""
    good, bad = b"good", b"evil"
    sha256 = {"ChecksumSHA256": base64.b64encode(hashlib.sha256(good).digest()).decode()}
    md5 = {"ContentMD5": base64.b64encode(hashlib.md5(good, usedforsecurity=False).digest()).decode()}
    place: dict[str, Any] = {"Bucket": bucket, "Key": f"checks/{uuid.uuid4().hex}"}
    with blamed(bucket):
        for proof, on_create, on_part in (
            (PartProof("sha256", declared=True), {"ChecksumAlgorithm": "SHA256"}, sha256),
            (PartProof("sha256"), {}, sha256),
            (PartProof("md5"), {}, md5),
        ):
            if _enforced(client, place, on_create=on_create, on_part=on_part, good=good, bad=bad):
                return proof
    return PartProof("none")


def _enforced(
    client: "S3Client",
    place: dict[str, Any],
    *,
    on_create: dict[str, Any],
    on_part: dict[str, Any],
    good: bytes,
    bad: bytes,
) -> bool:
    """Whether the store takes the right part, refuses a wrong one, and completes the upload."""
    try:
        upload = {**place, "UploadId": client.create_multipart_upload(**place, **on_create)["UploadId"]}
    except ClientError as error:
        return _stands(error)
    try:
        if _takes(client, upload, bad, on_part) or not _takes(client, upload, good, on_part):
            return False
        parts: Any = [
            {"PartNumber": 1, "ETag": held["ETag"], **_held_sum(held)} for held in client.list_parts(**upload)["Parts"]
        ]
        client.complete_multipart_upload(**upload, MultipartUpload={"Parts": parts})
        client.delete_object(**place)
    except ClientError as error:
        return _stands(error)
    finally:
        with contextlib.suppress(ClientError):
            client.abort_multipart_upload(**upload)
    return True


def _takes(client: "S3Client", upload: dict[str, Any], body: bytes, on_part: dict[str, Any]) -> bool:
    try:
        client.upload_part(**upload, PartNumber=1, Body=body, **on_part)
    except ClientError as error:
        return _stands(error)
    return True


def _held_sum(held: Any) -> dict[str, str]:
    return {"ChecksumSHA256": held["ChecksumSHA256"]} if "ChecksumSHA256" in held else {}


def _stands(error: ClientError) -> bool:
    """False, the store's considered answer; anything that another try might change is raised."""
    if error.response["ResponseMetadata"]["HTTPStatusCode"] not in (400, 501):
        raise error
    return False


def _create(client: "S3Client", bucket: str, region: str) -> None:
    """Amazon's first region must not be named; a store that cannot clear abandoned uploads leaves them to us."""
    where: dict[str, Any] = (
        {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
    )
    try:
        client.create_bucket(Bucket=bucket, **where)
    except ClientError as error:
        if error.response["Error"]["Code"] not in ("BucketAlreadyOwnedByYou", "BucketAlreadyExists"):
            raise
    clear_abandoned: Any = {
        "ID": CORS_RULE,
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": ABANDONED_AFTER_DAYS},
    }
    with contextlib.suppress(ClientError):
        client.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": [clear_abandoned]})


def _cors_rules(client: "S3Client", bucket: str) -> "list[CORSRuleOutputTypeDef]":
    try:
        return client.get_bucket_cors(Bucket=bucket)["CORSRules"]
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] != 404:
            raise
        return []
