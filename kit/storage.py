"""Where files are kept, under keys such as `segments/1f3a.mp4`: what every store can do, and the store in a folder.

Keys are relative paths in plain form; content types and download names are kept where the store can keep them.
"""

import contextlib
import errno
import os
import shutil
import uuid
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Protocol

from kit.errors import Bug, NoRoom, NotFound, Outage
from kit.values import Value

OCTETS = "application/octet-stream"
_INCOMING = ".incoming"


class Stored(Value):
    """One object as its store lists it."""

    key: str
    size: int
    """Bytes."""
    modified: float
    """When it was written last, in seconds since 1970, by the store's clock."""


class OpenUpload(Value):
    """An upload in parts that was begun and neither completed nor given up."""

    key: str
    upload_id: str
    begun: float
    """In seconds since 1970, by the store's clock."""


class Storage(Protocol):
    """What both stores promise. Every method raises Outage when the store cannot be reached or is full."""

    def put_file(self, key: str, path: Path, *, content_type: str = OCTETS, filename: str | None = None) -> None:
        """Store a file, whole or not at all, in place of what was there; nobody writes into that file any more."""

    def put_bytes(self, key: str, data: bytes, *, content_type: str = OCTETS, filename: str | None = None) -> None:
        """Store bytes, whole or not at all, in place of what was there."""

    def get_file(self, key: str, path: Path) -> None:
        """Put an object at a local path, whole or not at all, to be read and not written into. Raises NotFound."""

    def get_bytes(self, key: str) -> bytes:
        """A (small) object. Raises NotFound."""

    def exists(self, key: str) -> bool:
        """Whether there is an object of this key."""

    def size(self, key: str) -> int | None:
        """Bytes of an object, None when there is none."""

    def list(self, prefix: str) -> Iterator[str]:
        """Every key that begins with the prefix, sorted."""

    def stored(self, prefix: str) -> Iterator[Stored]:
        """Every object whose key begins with the prefix, in the order of keys, with its size and age."""

    def delete(self, keys: Iterable[str]) -> None:
        """Remove objects; those that are not there are no error."""

    def open_uploads(self) -> Iterator[OpenUpload]:
        """Every upload in parts that nobody completed or gave up yet, also those of large files that we store."""

    def abort_upload(self, key: str, upload_id: str) -> None:
        """Give an upload in parts up and free what it holds; one that is gone already is no error."""

    def check(self) -> None:
        """Put an object, get it back and remove it. Raises Outage when that does not work."""


class FolderStorage:
    """A store in a local folder; several processes may use it at once."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put_file(self, key: str, path: Path, *, content_type: str = OCTETS, filename: str | None = None) -> None:  # noqa: ARG002  a folder keeps no headers
        """As in `Storage`."""
        with self._incoming(key) as incoming:
            _again(path, incoming)
            os.utime(incoming)

    def put_bytes(self, key: str, data: bytes, *, content_type: str = OCTETS, filename: str | None = None) -> None:  # noqa: ARG002  a folder keeps no headers
        """As in `Storage`."""
        with self._incoming(key) as incoming:
            incoming.write_bytes(data)

    def get_file(self, key: str, path: Path) -> None:
        """As in `Storage`."""
        source = self._path(key)
        partial = path.with_name(f".{uuid.uuid4().hex}.partial")
        with _blamed(key):
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                _again(source, partial)
                partial.replace(path)
            finally:
                partial.unlink(missing_ok=True)

    def get_bytes(self, key: str) -> bytes:
        """As in `Storage`."""
        with _blamed(key):
            return self._path(key).read_bytes()

    def exists(self, key: str) -> bool:
        """As in `Storage`."""
        return self._path(key).is_file()

    def size(self, key: str) -> int | None:
        """As in `Storage`."""
        path = self._path(key)
        return path.stat().st_size if path.is_file() else None

    def list(self, prefix: str) -> Iterator[str]:
        """As in `Storage`."""
        folder = prefix.rpartition("/")[0]
        top = self._path(folder) if folder else self.root
        found = (path.relative_to(self.root).as_posix() for path in top.rglob("*") if path.is_file())
        yield from sorted(key for key in found if key.startswith(prefix) and not key.startswith(f"{_INCOMING}/"))

    def stored(self, prefix: str) -> Iterator[Stored]:
        """As in `Storage`."""
        for key in self.list(prefix):
            with contextlib.suppress(FileNotFoundError):  # removed by another meanwhile
                status = self._path(key).stat()
                yield Stored(key=key, size=status.st_size, modified=status.st_mtime)

    def delete(self, keys: Iterable[str]) -> None:
        """As in `Storage`."""
        for key in keys:
            with _blamed(key):
                self._path(key).unlink(missing_ok=True)

    def open_uploads(self) -> Iterator[OpenUpload]:
        """As in `Storage`; a folder takes whole files alone."""
        return iter(())

    def abort_upload(self, key: str, upload_id: str) -> None:
        """As in `Storage`."""

    def check(self) -> None:
        """As in `Storage`."""
        check_by_use(self)

    def _path(self, key: str) -> Path:
        path = self.root / check_key(key)
        if not path.resolve().is_relative_to(self.root.resolve()):
            raise Bug(f"the key {key!r} leaves the storage folder")
        return path

    @contextlib.contextmanager
    def _incoming(self, key: str) -> Iterator[Path]:
        """A path to write to, on the same disk; it takes its place under the key when the block ends well."""
        target = self._path(key)
        incoming = self.root / _INCOMING / uuid.uuid4().hex
        with _blamed(key, missing="the file to be stored is not there"):
            incoming.parent.mkdir(parents=True, exist_ok=True)
            try:
                yield incoming
                with incoming.open("rb") as written:
                    os.fsync(written.fileno())  # a rename may outlive a crash that the content does not
                target.parent.mkdir(parents=True, exist_ok=True)
                incoming.replace(target)
            finally:
                incoming.unlink(missing_ok=True)


def check_key(key: str) -> str:
    """The key itself when it is plain: relative, no empty, `.` or `..` part. Raises Bug otherwise."""
    parts = key.split("/")
    plain = all(part not in ("", ".", "..") for part in parts) and parts[0] != _INCOMING
    if not plain or "\\" in key or "\0" in key or len(key.encode()) > 1024:
        raise Bug(f"{key!r} is not a key that storage can hold")
    return key


def check_by_use(storage: Storage) -> None:
    """Put, get and remove one small object. Raises Outage when what comes back differs."""
    key, data = f"checks/{uuid.uuid4().hex}", uuid.uuid4().bytes
    storage.put_bytes(key, data)
    if storage.get_bytes(key) != data:
        raise Outage("storage gave back other bytes than it was given")
    storage.delete([key])


def _again(source: Path, target: Path) -> None:
    """The same file at another place: a second name for it where the disk knows such, else a copy."""
    try:
        os.link(source.resolve(), target)
    except OSError:
        shutil.copyfile(source, target)


@contextlib.contextmanager
def _blamed(key: str, missing: str | None = None) -> Iterator[None]:
    """Turn what the operating system says into whose turn it is."""
    try:
        yield
    except (FileNotFoundError, IsADirectoryError) as error:
        raise NotFound(missing or f"storage holds no {key}") from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise NoRoom("the disk is full: free some space and try again") from error
        raise Outage(f"storage failed on {key}: {error.strerror}") from error
