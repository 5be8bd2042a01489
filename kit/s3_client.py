"""A connection to an S3 store, and what its errors mean."""

import contextlib
import errno
from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

import boto3
from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from pydantic import Field

from kit.address import is_on_this_machine
from kit.errors import Bug, Conflict, NoRoom, NotFound, Outage
from kit.values import Value

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

ChecksumKind = Literal["sha256", "md5", "none"]
"""How a part proves itself on the way: by a signed SHA-256 header, a signed MD5 header, or not."""

MOST_CONNECTIONS = 40
"""To the store, of one process."""

_GONE = {"NoSuchKey", "NoSuchUpload", "404", "NotFound"}
_OTHER_PARTS = {"InvalidPart", "InvalidPartOrder", "EntityTooSmall"}
_FULL = {"QuotaExceeded", "XMinioStorageFull", "XMinioAdminBucketQuotaExceeded"}
"""Of Ceph and MinIO, whose statuses differ; others answer 507."""
_OUR_KEYS = {"AccessDenied", "403", "InvalidAccessKeyId", "SignatureDoesNotMatch", "NoSuchBucket"}


class S3Settings(Value):
    """Where a bucket is and the keys that open it."""

    endpoint: str | None = None
    """`http://host:port`; None is Amazon's own."""
    public_endpoint: str | None = None
    """How browsers reach the same store, when they must use another name."""
    bucket: str
    access_key: str
    secret_key: str = Field(repr=False)
    region: str = "us-east-1"
    part_checksum: ChecksumKind | None = None
    """None: found out by a trial upload."""


def connect(settings: S3Settings, endpoint: str | None) -> "S3Client":
    """A boto3 client; nothing is sent yet."""
    session = boto3.session.Session(
        aws_access_key_id=settings.access_key,
        aws_secret_access_key=settings.secret_key,
        region_name=settings.region,
    )
    config = Config(
        signature_version="s3v4",
        s3={"addressing_style": "path" if endpoint else "auto"},
        # As many threads as serve requests; beyond these each would open a connection anew.
        max_pool_connections=MOST_CONNECTIONS,
        retries={"mode": "standard", "max_attempts": 4},
        connect_timeout=5,
        read_timeout=60,
        # checksums nobody asked for would be signed into links, and the browser would not send them
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        proxies={} if is_on_this_machine(endpoint or "") else None,
    )
    return session.client("s3", endpoint_url=endpoint, config=config)


@contextlib.contextmanager
def blamed(key: str) -> Iterator[None]:
    """Turn what boto3 and the disk say into whose turn it is."""
    try:
        yield
    except ClientError as error:
        _raise_for(error, key)
    except (BotoCoreError, Boto3Error) as error:
        raise Outage(f"storage cannot be reached: {error}") from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise NoRoom("the disk is full: free some space and try again") from error
        raise Outage(f"storage failed on {key}: {error.strerror}") from error


def _raise_for(error: ClientError, key: str) -> None:
    code = error.response.get("Error", {}).get("Code", "")
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 500)
    if code in _GONE:
        raise NotFound(f"storage holds no {key}") from error
    if code in _OTHER_PARTS:
        raise Conflict("the parts that arrived are not those of the file: send them again") from error
    if code in _FULL or status == 507:
        raise NoRoom("the store is full: make room in it and try again") from error
    if code in _OUR_KEYS:
        raise Outage(f"storage refused us ({code}): check its address, bucket and keys") from error
    if status >= 500 or status in (408, 429) or code in ("RequestTimeout", "SlowDown"):
        raise Outage(f"storage answered {code} for {key}") from error
    raise Bug(f"storage refused {key}: {error}") from error
