"""What only the S3 store does: uploads by signed parts, signed downloads, and refusing whoever has no right."""

import base64
import hashlib
import time
import uuid
from typing import Any

import httpx
import pytest
from botocore.exceptions import ClientError

from kit.embedded import Embedded
from kit.errors import Conflict, NoRoom, NotFound, Outage
from kit.s3 import Part, S3Storage, content_disposition
from kit.s3_client import blamed

FIVE_MIB = 5 << 20


@pytest.fixture(scope="module")
def storage(embedded: Embedded) -> S3Storage:
    return S3Storage(embedded.s3)


@pytest.fixture
def key() -> str:
    return f"{uuid.uuid4().hex}/clip.mp4"


def _sha256(data: bytes) -> str:
    return base64.b64encode(hashlib.sha256(data).digest()).decode()


def _send(storage: S3Storage, key: str, upload: str, n: int, data: bytes, *, said: bytes | None = None) -> int:
    digest = _sha256(data if said is None else said)
    url = storage.sign_part(key, upload, n, sha256_b64=digest)
    return httpx.put(url, content=data, headers={"x-amz-checksum-sha256": digest}).status_code


def test_an_upload_in_parts_is_resumed_and_completed(storage: S3Storage, key: str) -> None:
    first, second = bytes(FIVE_MIB), b"end"
    upload = storage.create_upload(key, "video/mp4")
    assert storage.list_parts(key, upload) == []
    assert _send(storage, key, upload, 2, second) == 200
    assert _send(storage, key, upload, 1, first) == 200
    assert _send(storage, key, upload, 1, first) == 200
    parts = storage.list_parts(key, upload)
    assert [(part.n, part.size) for part in parts] == [(1, FIVE_MIB), (2, 3)]
    storage.complete_upload(key, upload, list(reversed(parts)))
    assert storage.get_bytes(key) == first + second
    with pytest.raises(NotFound):
        storage.list_parts(key, upload)


def test_parts_may_carry_their_digests_when_completed(storage: S3Storage, key: str) -> None:
    upload = storage.create_upload(key)
    _send(storage, key, upload, 1, b"one")
    parts = [part.model_copy(update={"sha256_b64": _sha256(b"one")}) for part in storage.list_parts(key, upload)]
    storage.complete_upload(key, upload, parts)
    assert storage.get_bytes(key) == b"one"


def test_a_part_that_was_damaged_on_the_way_is_refused(storage: S3Storage, key: str) -> None:
    assert storage.part_checksum == "sha256"
    upload = storage.create_upload(key)
    assert _send(storage, key, upload, 1, b"evil", said=b"good") == 400
    assert httpx.put(storage.sign_part(key, upload, 1, sha256_b64=_sha256(b"good")), content=b"good").status_code == 403
    assert storage.list_parts(key, upload) == []
    storage.abort_upload(key, upload)


@pytest.mark.parametrize(("kind", "header"), [("md5", "Content-MD5"), ("none", None)])
def test_weaker_proofs_by_setting(embedded: Embedded, key: str, kind: str, header: str | None) -> None:
    storage = S3Storage(embedded.s3.model_copy(update={"part_checksum": kind}))
    md5 = base64.b64encode(hashlib.md5(b"good").digest()).decode()
    upload = storage.create_upload(key)
    url = storage.sign_part(key, upload, 1, sha256_b64=_sha256(b"good"), md5_b64=md5)
    assert httpx.put(url, content=b"good", headers={header: md5} if header else {}).status_code == 200
    storage.complete_upload(key, upload, storage.list_parts(key, upload))
    assert storage.get_bytes(key) == b"good"


def test_other_parts_than_arrived_are_a_conflict(storage: S3Storage, key: str) -> None:
    upload = storage.create_upload(key)
    _send(storage, key, upload, 1, b"one")
    with pytest.raises(Conflict):
        storage.complete_upload(key, upload, [Part(n=1, size=3, etag='"' + "0" * 32 + '"')])
    with pytest.raises(Conflict):
        storage.complete_upload(key, upload, [])
    storage.abort_upload(key, upload)
    storage.abort_upload(key, upload)
    with pytest.raises(NotFound):
        storage.complete_upload(key, upload, [Part(n=1, size=3, etag="x")])
    assert not storage.exists(key)


def test_uploads_that_are_not_complete_are_told(storage: S3Storage, key: str) -> None:
    first, second = storage.create_upload(key), storage.create_upload(key)
    _send(storage, key, first, 1, b"one")
    told = {one.upload_id: one for one in storage.open_uploads() if one.key == key}
    assert set(told) == {first, second}
    assert all(abs(one.begun - time.time()) < 60 for one in told.values())
    storage.abort_upload(key, second)
    storage.complete_upload(key, first, storage.list_parts(key, first))
    assert [one for one in storage.open_uploads() if one.key == key] == []


def test_a_download_has_its_name(storage: S3Storage, key: str) -> None:
    storage.put_bytes(key, b"film", content_type="video/mp4")
    answer = httpx.get(storage.sign_get(key, filename='Polizei "Zürich"; 1%.mp4', expires_s=60))
    assert answer.content == b"film"
    assert answer.headers["content-type"] == "video/mp4"
    assert answer.headers["content-disposition"] == content_disposition('Polizei "Zürich"; 1%.mp4')
    inline = httpx.get(storage.sign_get(key, filename="a.mp4", inline=True), headers={"range": "bytes=1-2"})
    assert (inline.status_code, inline.content) == (206, b"il")
    assert inline.headers["content-disposition"].startswith("inline;")


def test_disposition_is_one_safe_header() -> None:
    header = content_disposition('a"\r\nSet-Cookie: x\\é.mp4')
    assert "\r" not in header
    assert "\n" not in header
    assert header.startswith("attachment; filename=\"a___Set-Cookie: x__.mp4\"; filename*=UTF-8''a%22%0D%0A")


def test_tampered_links_are_refused(storage: S3Storage, key: str) -> None:
    storage.put_bytes(key, b"mine")
    storage.put_bytes(f"{key}.other", b"theirs")
    url = storage.sign_get(key, filename="a.mp4")
    assert httpx.get(url.replace("clip.mp4?", "clip.mp4.other?")).status_code == 403
    assert httpx.get(url.replace("Expires=3600", "Expires=36000")).status_code == 403
    assert httpx.get(url.partition("?")[0]).status_code == 403
    assert httpx.put(url, content=b"new").status_code == 403
    assert httpx.get(url).content == b"mine"


def test_a_link_is_good_for_one_thing_alone(storage: S3Storage, key: str) -> None:
    """For one object and method; for one part of one upload."""
    other = f"{key}.other"
    for name in (key, other):
        storage.put_bytes(name, b"theirs")
    upload, another = storage.create_upload(key), storage.create_upload(other)
    read, write = storage.sign_get(key, filename="a.mp4"), storage.sign_part(key, upload, 1)
    for method in ("PUT", "DELETE", "POST"):
        assert httpx.request(method, read, content=b"mine").is_client_error, method
    for method in ("GET", "DELETE", "POST"):
        assert httpx.request(method, write, content=b"mine").is_client_error, method
    elsewhere = (
        write.replace("clip.mp4?", "clip.mp4.other?").replace(upload, another),
        write.replace("partNumber=1", "partNumber=2"),
        write.replace(upload, another),
        read.replace(
            "response-content-disposition=", "response-content-type=text%2Fhtml&response-content-disposition="
        ),
    )
    for url in elsewhere:
        assert (
            httpx.request("GET" if "response-content-type" in url else "PUT", url, content=b"mine").status_code == 403
        )
    assert storage.list_parts(key, upload) == []
    assert [storage.get_bytes(name) for name in (key, other)] == [b"theirs"] * 2
    storage.abort_upload(key, upload)
    storage.abort_upload(other, another)


def test_links_expire(storage: S3Storage, key: str) -> None:
    storage.put_bytes(key, b"mine")
    upload = storage.create_upload(key)
    read = storage.sign_get(key, filename="a.mp4", expires_s=1)
    write = storage.sign_part(key, upload, 1, expires_s=1)
    lasting = storage.sign_get(key, filename="a.mp4", expires_s=600)
    time.sleep(2.1)
    assert httpx.get(lasting).status_code == 200
    assert httpx.get(read).status_code == 403
    assert httpx.put(write, content=b"late").status_code == 403
    storage.abort_upload(key, upload)


def test_a_wrong_secret_is_refused_without_being_shown(embedded: Embedded, key: str) -> None:
    wrong = S3Storage(embedded.s3.model_copy(update={"secret_key": "wrong-secret"}))
    with pytest.raises(Outage, match="refused us") as caught:
        wrong.put_bytes(key, b"x")
    assert "wrong-secret" not in str(caught.value) + repr(wrong.settings)
    assert httpx.get(wrong.sign_get(key, filename="a")).status_code == 403


def test_a_store_out_of_reach_is_an_outage(embedded: Embedded) -> None:
    gone = S3Storage(embedded.s3.model_copy(update={"endpoint": "http://127.0.0.1:1"}))
    with pytest.raises(Outage, match="cannot be reached"):
        gone.get_bytes("a")
    with pytest.raises(Outage):
        gone.create_upload("a")


@pytest.mark.parametrize(
    ("code", "status"), [("XMinioStorageFull", 507), ("QuotaExceeded", 403), ("InsufficientStorage", 507)]
)
def test_a_store_that_is_full_is_waited_for(code: str, status: int) -> None:
    said: Any = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}
    with pytest.raises(NoRoom, match="the store is full"), blamed("segments/a.mp4"):
        raise ClientError(said, "PutObject")


def test_pages_of_our_origin_alone_may_upload(embedded: Embedded, storage: S3Storage, key: str) -> None:
    storage.ensure_bucket(embedded.origin)
    url = storage.sign_part(key, "upload", 1)
    asks = {"Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "x-amz-checksum-sha256"}
    ours = httpx.options(url, headers={"Origin": embedded.origin, **asks})
    assert ours.headers["access-control-allow-origin"] == embedded.origin
    other = httpx.options(url, headers={"Origin": "https://elsewhere.example", **asks})
    assert "access-control-allow-origin" not in other.headers


def test_a_public_address_is_used_in_links_only(embedded: Embedded, key: str) -> None:
    storage = S3Storage(embedded.s3.model_copy(update={"public_endpoint": "https://media.example"}))
    storage.put_bytes(key, b"x")
    assert storage.sign_get(key, filename="a").startswith("https://media.example/promise-reel/")
