"""Where a machine keeps footage at hand and steps work: a bounded cache and scratch folders that never stay behind."""

import contextlib
import hashlib
import math
import os
import re
import shutil
import socket
import tempfile
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from kit.errors import NoRoom
from kit.storage import Storage

CACHE_BYTES = 40 << 30
"""Most that the cache holds, in bytes."""

WAITING = "Waiting for disk space"
"""Begins what is said of a step that finds no room."""

_TRIES = 3
_PLAIN_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,8}")


class Workspace:
    """Local disk for the processes of one machine; several may share one folder."""

    def __init__(
        self,
        root: Path,
        storage: Storage,
        *,
        cache_bytes: int = CACHE_BYTES,
        known: Mapping[str, Path] | None = None,
        least_free: int = 0,
    ) -> None:
        """`known` names objects that lie on this disk already, by key; they are used where they are.

        No scratch folder is given with fewer than `least_free` bytes of room, even when the cache is let go of.
        """
        self._scratch = root / "scratch"
        self._cache = root / "cache"
        self._storage = storage
        self._cache_bytes = cache_bytes
        self._known = known or {}
        self._least_free = least_free

    @contextlib.contextmanager
    def scratch(self, need: int = 0) -> Iterator[Path]:
        """A folder for one step that writes `need` bytes, gone afterwards in any case. NoRoom if they do not fit."""
        self._scratch.mkdir(parents=True, exist_ok=True)
        self._check_room(need)
        folder = Path(tempfile.mkdtemp(prefix=f"{os.getpid()}-", dir=self._scratch))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def media(self, key: str, name: str, scratch: Path) -> Path:
        """A local path of an object that never changes, with the ending of `name`. NotFound, Outage from storage.

        It stays until the scratch folder goes, even when the cache lets go of it meanwhile.
        """
        if key in self._known:
            return self._known[key]
        address = hashlib.sha256(key.encode()).hexdigest()
        suffix = PurePosixPath(name).suffix
        path = scratch / f"{address[:32]}{suffix.lower() if _PLAIN_SUFFIX.fullmatch(suffix) else ''}"
        cached = self._cache / address
        for attempt in range(_TRIES):
            if path.exists():
                break
            try:
                if not cached.exists():
                    self._fetch(key, cached)
                os.utime(cached)
                os.link(cached, path)
            except FileNotFoundError:
                # Another process made room between our look and our grasp.
                if attempt == _TRIES - 1:
                    self._storage.get_file(key, path)
            except FileExistsError:
                break
        return path

    def sweep(self) -> None:
        """Remove the scratch folders of processes that are no more."""
        for folder in self._scratch.glob("*-*"):
            pid = folder.name.partition("-")[0]
            if pid.isdigit() and not _alive(int(pid)):
                shutil.rmtree(folder, ignore_errors=True)

    def is_short(self) -> bool:
        """Whether the disk is so full that what can be made again should be let go of."""
        self._scratch.mkdir(parents=True, exist_ok=True)
        return shutil.disk_usage(self._scratch).free < 2 * self._least_free

    def _check_room(self, need: int) -> None:
        """See that there is room before a step begins or footage is fetched, rather than when it fails half way.

        What dead processes left and what the cache holds goes first.
        """
        short = self._short_of(need)
        if short <= 0:
            return
        self.sweep()
        self._cache.mkdir(parents=True, exist_ok=True)
        held = 0
        for path in self._cache.iterdir():
            with contextlib.suppress(FileNotFoundError):
                held += path.stat().st_size
        self._make_room(short, within=held)
        short = self._short_of(need)
        if short > 0:
            here = socket.gethostname()
            raise NoRoom(f"{WAITING}: {math.ceil(short / 1e8) / 10:.1f} GB more needed on {here}.")

    def _short_of(self, need: int) -> int:
        return need + self._least_free - shutil.disk_usage(self._scratch).free

    def _fetch(self, key: str, cached: Path) -> None:
        self._cache.mkdir(parents=True, exist_ok=True)
        size = self._storage.size(key) or 0
        self._make_room(size)
        self._check_room(size)
        incoming = self._cache / f".{uuid.uuid4().hex}"
        try:
            self._storage.get_file(key, incoming)
            incoming.replace(cached)
        finally:
            incoming.unlink(missing_ok=True)

    def _make_room(self, wanted: int, *, within: int | None = None) -> None:
        """Let go of what was used longest ago until the wanted bytes fit, within so many bytes or the cache's own."""
        most = self._cache_bytes if within is None else within
        held = []
        for path in self._cache.iterdir():
            with contextlib.suppress(FileNotFoundError):
                status = path.stat()
                held.append((status.st_mtime, status.st_size, path))
        total = sum(size for _, size, _ in held)
        for _, size, path in sorted(held):
            if total + wanted <= most:
                return
            path.unlink(missing_ok=True)
            total -= size


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
