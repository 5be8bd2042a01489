"""The store behind an S3 API: objects, multipart uploads that a browser fills, and links that expire.

The only module that knows boto3.
"""

import contextlib
import os
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from boto3.s3.transfer import TransferConfig

from kit.errors import Conflict, NotFound, Outage
from kit.s3_bucket import PartProof, prepare_bucket, probe_part_proof
from kit.s3_client import ChecksumKind, S3Settings, blamed, connect
from kit.storage import OCTETS, OpenUpload, Stored, check_by_use, check_key
from kit.values import Value

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import CompletedPartTypeDef, PartTypeDef

__all__ = ["ChecksumKind", "Part", "S3Settings", "S3Storage", "content_disposition"]

_TRANSFER = TransferConfig(multipart_threshold=64 << 20, multipart_chunksize=32 << 20, max_concurrency=4)


class Part(Value):
    """One part of a multipart upload, as the store holds it."""

    n: int
    """1 to 10,000."""
    size: int
    """Bytes."""
    etag: str
    sha256_b64: str | None = None


class S3Storage:
    """A bucket; safe to share between threads, and in a forked child it opens its own connections."""

    def __init__(self, settings: S3Settings) -> None:
        self.settings = settings
        self._clients: dict[tuple[int, str | None], S3Client] = {}
        self._proof: PartProof | None = None

    # ---- objects

    def put_file(self, key: str, path: Path, *, content_type: str = OCTETS, filename: str | None = None) -> None:
        """As in `Storage`; large files go in parts, several at a time."""
        if not path.is_file():
            raise NotFound("the file to be stored is not there")
        with blamed(key):
            self._client.upload_file(
                str(path), self._bucket, check_key(key), ExtraArgs=_headers(content_type, filename), Config=_TRANSFER
            )

    def put_bytes(self, key: str, data: bytes, *, content_type: str = OCTETS, filename: str | None = None) -> None:
        """As in `Storage`."""
        with blamed(key):
            self._client.put_object(
                Bucket=self._bucket, Key=check_key(key), Body=data, **_headers(content_type, filename)
            )

    def get_file(self, key: str, path: Path) -> None:
        """As in `Storage`."""
        with blamed(key):
            path.parent.mkdir(parents=True, exist_ok=True)
            self._client.download_file(self._bucket, check_key(key), str(path), Config=_TRANSFER)

    def get_bytes(self, key: str) -> bytes:
        """As in `Storage`."""
        with blamed(key):
            return self._client.get_object(Bucket=self._bucket, Key=check_key(key))["Body"].read()

    def exists(self, key: str) -> bool:
        """As in `Storage`."""
        return self.size(key) is not None

    def size(self, key: str) -> int | None:
        """As in `Storage`."""
        try:
            with blamed(key):
                return self._client.head_object(Bucket=self._bucket, Key=check_key(key))["ContentLength"]
        except NotFound:
            return None

    def delete(self, keys: Iterable[str]) -> None:
        """As in `Storage`."""
        left = iter(keys)
        while some := [check_key(key) for key in islice(left, 1000)]:
            with blamed(some[0]):
                answer = self._client.delete_objects(
                    Bucket=self._bucket, Delete={"Objects": [{"Key": key} for key in some], "Quiet": True}
                )
            if answer.get("Errors"):
                raise Outage(f"storage could not remove {answer['Errors'][0].get('Key')}")

    def check(self) -> None:
        """As in `Storage`."""
        check_by_use(self)

    # ---- uploads that a browser fills

    def create_upload(self, key: str, content_type: str = OCTETS, *, filename: str | None = None) -> str:
        """Begin a multipart upload; returns its id."""
        algorithm: dict[str, Any] = {"ChecksumAlgorithm": "SHA256"} if self._part_proof.declared else {}
        with blamed(key):
            answer = self._client.create_multipart_upload(
                Bucket=self._bucket, Key=check_key(key), **_headers(content_type, filename), **algorithm
            )
        return answer["UploadId"]

    def sign_part(
        self,
        key: str,
        upload_id: str,
        n: int,
        *,
        sha256_b64: str | None = None,
        md5_b64: str | None = None,
        expires_s: int = 3600,
    ) -> str:
        """A link to PUT one part to, for `expires_s` seconds.

        When `part_checksum` is "sha256" (or "md5") and the digest is given, the sender must send it as the header
        `x-amz-checksum-sha256` (or `Content-MD5`), and the store refuses other bytes.
        """
        params: dict[str, Any] = {"Bucket": self._bucket, "Key": check_key(key), "UploadId": upload_id, "PartNumber": n}
        if self.part_checksum == "sha256" and sha256_b64:
            params["ChecksumSHA256"] = sha256_b64
        elif self.part_checksum == "md5" and md5_b64:
            params["ContentMD5"] = md5_b64
        return self._public_client.generate_presigned_url("upload_part", Params=params, ExpiresIn=expires_s)

    def list_parts(self, key: str, upload_id: str) -> list[Part]:
        """The parts that have arrived, in order. Raises NotFound when the upload was completed or given up."""
        latest: dict[int, PartTypeDef] = {}
        with blamed(key):
            pages = self._client.get_paginator("list_parts").paginate(
                Bucket=self._bucket, Key=check_key(key), UploadId=upload_id
            )
            for page in pages:
                for held in page.get("Parts", []):
                    other = latest.get(held["PartNumber"])  # SeaweedFS lists a part once for each time it was sent
                    if other is None or held["LastModified"] >= other["LastModified"]:
                        latest[held["PartNumber"]] = held
        return [
            Part(n=n, size=held["Size"], etag=held["ETag"], sha256_b64=held.get("ChecksumSHA256"))
            for n, held in sorted(latest.items())
        ]

    def complete_upload(self, key: str, upload_id: str, parts: Sequence[Part]) -> None:
        """Make the object of its parts. Raises Conflict when the store holds other parts, NotFound as `list_parts`."""
        if not parts:
            raise Conflict("the upload has no parts yet")
        declared = self._part_proof.declared
        with blamed(key):
            self._client.complete_multipart_upload(
                Bucket=self._bucket,
                Key=check_key(key),
                UploadId=upload_id,
                MultipartUpload={
                    "Parts": [_completed(part, declared=declared) for part in sorted(parts, key=lambda part: part.n)]
                },
            )

    def open_uploads(self) -> Iterator[OpenUpload]:
        """As in `Storage`."""
        with blamed(self._bucket):
            for page in self._client.get_paginator("list_multipart_uploads").paginate(Bucket=self._bucket):
                for one in page.get("Uploads", []):
                    begun = one["Initiated"].timestamp()
                    yield OpenUpload(key=one["Key"], upload_id=one["UploadId"], begun=begun)

    def abort_upload(self, key: str, upload_id: str) -> None:
        """As in `Storage`."""
        with contextlib.suppress(NotFound), blamed(key):
            self._client.abort_multipart_upload(Bucket=self._bucket, Key=check_key(key), UploadId=upload_id)

    def sign_get(self, key: str, *, filename: str, expires_s: int = 3600, inline: bool = False) -> str:
        """A link to download (or, `inline`, to show) an object under a name, for `expires_s` seconds."""
        params = {
            "Bucket": self._bucket,
            "Key": check_key(key),
            "ResponseContentDisposition": content_disposition(filename, inline=inline),
        }
        return self._public_client.generate_presigned_url("get_object", Params=params, ExpiresIn=expires_s)

    @property
    def part_checksum(self) -> ChecksumKind:
        """How parts prove themselves here: as the settings say, else as a small trial upload shows (once)."""
        return self._part_proof.kind

    def ensure_bucket(self, origin: str) -> None:
        """Make the bucket when it is missing and let pages of `origin` (`https://host`) upload to it."""
        with blamed(self._bucket):
            prepare_bucket(self._client, self._bucket, region=self.settings.region, origin=origin)

    def list(self, prefix: str) -> Iterator[str]:
        """As in `Storage`."""
        yield from (found.key for found in self.stored(prefix))

    def stored(self, prefix: str) -> Iterator[Stored]:
        """As in `Storage`."""
        with blamed(prefix):
            for page in self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix):
                for found in page.get("Contents", []):
                    modified = found["LastModified"].timestamp()
                    yield Stored(key=found["Key"], size=found["Size"], modified=modified)

    # ---- connections

    @property
    def _part_proof(self) -> PartProof:
        if self._proof is None:
            wish = self.settings.part_checksum
            self._proof = PartProof(wish) if wish in ("md5", "none") else probe_part_proof(self._client, self._bucket)
        return self._proof

    @property
    def _bucket(self) -> str:
        return self.settings.bucket

    @property
    def _client(self) -> "S3Client":
        return self._connected(self.settings.endpoint)

    @property
    def _public_client(self) -> "S3Client":
        return self._connected(self.settings.public_endpoint or self.settings.endpoint)

    def _connected(self, endpoint: str | None) -> "S3Client":
        """One client for each process and address: sockets must not be shared across a fork."""
        place = (os.getpid(), endpoint)
        if place not in self._clients:
            self._clients[place] = connect(self.settings, endpoint)  # twice at worst: each works
        return self._clients[place]


def _completed(part: Part, *, declared: bool) -> "CompletedPartTypeDef":
    if declared and part.sha256_b64:
        return {"PartNumber": part.n, "ETag": part.etag, "ChecksumSHA256": part.sha256_b64}
    return {"PartNumber": part.n, "ETag": part.etag}


def _headers(content_type: str, filename: str | None) -> dict[str, Any]:
    named = {"ContentDisposition": content_disposition(filename)} if filename else {}
    return {"ContentType": content_type, **named}


def content_disposition(filename: str, *, inline: bool = False) -> str:
    """The header by RFC 6266: an ASCII name for old readers, the true one beside it."""
    kind = "inline" if inline else "attachment"
    plain = "".join(c if c.isascii() and c.isprintable() and c not in '"\\%;' else "_" for c in filename)
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='')}"
