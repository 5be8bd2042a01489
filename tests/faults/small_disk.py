"""A disk of an installation's own that can be filled up: an image in a file, mounted where the data lies."""

import contextlib
import errno
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

SIZE = 8 << 30
"""Bytes; of the image only what is written takes room."""

BALLAST = "ballast"


@contextlib.contextmanager
def small_disk(at: Path) -> Iterator[bool]:
    """Mount one for as long as the block lasts; False where this machine does not allow it (it takes root)."""
    at.mkdir()
    image = at.with_suffix(".img")
    with image.open("wb") as file:
        file.truncate(SIZE)
    mounted = os.geteuid() == 0 and all(
        run(*command)
        for command in (
            ("mkfs.ext4", "-q", "-m", "0", "-E", "lazy_itable_init=1,nodiscard", str(image)),
            ("mount", "-o", "loop", str(image), str(at)),
        )
    )
    try:
        yield mounted
    finally:
        if mounted:
            # What was killed a moment ago may still hold a file.
            assert run("umount", str(at)) or run("umount", "--lazy", str(at))
        image.unlink()


def keep_full(disk: Path, seconds: float) -> None:
    """Leave no room on a disk for so long, whatever is let go of there meanwhile."""
    ballast = disk / BALLAST
    until = time.monotonic() + seconds
    try:
        with ballast.open("wb") as file:
            while time.monotonic() < until:
                take(file.fileno(), shutil.disk_usage(disk).free)
                time.sleep(0.05)
    finally:
        ballast.unlink()


def take(file: int, size: int) -> None:
    """Let a file grow by so many bytes, or as many as there are."""
    while size >= 1:
        try:
            os.posix_fallocate(file, os.fstat(file).st_size, size)
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise
            size //= 2


def run(*command: str) -> bool:
    with contextlib.suppress(FileNotFoundError):
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    return False
