"""The folder a package is put into: replaced whole or left as it was, and only when it is ours to replace."""

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from delivery.package import is_package
from kit.errors import Outage, UsageError


def check_out(out: Path) -> None:
    """Raise UsageError when a folder may not be replaced or cannot be written; makes the folders above it."""
    if out.is_symlink() or (out.exists() and not out.is_dir()):
        raise UsageError(f"{out} is not a folder: name another one with --out")
    try:
        if out.is_dir() and any(out.iterdir()) and not is_package(out):
            raise UsageError(f"{out} holds other files: name a new folder, or one with a package of ours, with --out")
        out.absolute().parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=out.absolute().parent, prefix=".promisereel-"):
            pass
    except OSError as error:
        raise UsageError(f"{out} cannot be written ({error.strerror}): name another folder with --out") from error


@contextlib.contextmanager
def replacing(out: Path) -> Iterator[Path]:
    """A fresh folder to fill; it takes the place of `out` when the block ends well, else nothing has changed.

    Raises UsageError as `check_out`, Outage when the disk fails or is full.
    """
    check_out(out)
    out = out.absolute()
    place = Path(tempfile.mkdtemp(dir=out.parent, prefix=f".{out.name[:100]}.promisereel-"))
    fresh, old = place / "new", place / "old"
    try:
        fresh.mkdir(mode=0o755)
        yield fresh
        if out.exists():
            out.rename(old)
        try:
            fresh.rename(out)
        except OSError:
            if old.exists():
                old.rename(out)
            raise
    except OSError as error:
        raise Outage(f"{out} cannot be written: {error.strerror}") from error
    finally:
        shutil.rmtree(place, ignore_errors=True)
