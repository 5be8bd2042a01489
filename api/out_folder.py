"""The folder a package is put into: ours or empty before, whole or untouched after."""

import contextlib
import hashlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

from kit.errors import Bug, Outage, UsageError

MANIFEST = "manifest.json"
SUMS = "SHA256SUMS"


def check_out(out: Path) -> None:
    """Raise UsageError when a folder may not be replaced or cannot be written."""
    if out.exists() and not out.is_dir():
        raise UsageError(f"{out} is a file; name a folder with --out")
    if out.is_dir() and any(out.iterdir()) and not (out / MANIFEST).is_file():
        raise UsageError(f"{out} holds other files; name an empty or new folder with --out")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=out.parent, prefix=".promisereel-"):
            pass
    except OSError as error:
        raise UsageError(f"{out} cannot be written ({error.strerror}); name another folder with --out") from error


@contextlib.contextmanager
def replacing(out: Path) -> Iterator[Path]:
    """A new folder to fill; it takes the place of `out` when the block ends well, else nothing has changed."""
    out = out.absolute()
    try:
        with tempfile.TemporaryDirectory(dir=out.parent, prefix=".promisereel-", ignore_cleanup_errors=True) as place:
            fresh, old = Path(place) / "new", Path(place) / "old"
            fresh.mkdir()
            yield fresh
            if out.exists():
                out.rename(old)
            fresh.rename(out)
    except OSError as error:
        raise Outage(f"{out} cannot be written: {error.strerror}") from error


def check_sums(folder: Path) -> int:
    """Compare every file with `SHA256SUMS`; how many there are. Raises Bug when one differs or is missing."""
    lines = (folder / SUMS).read_text("utf-8").splitlines()
    for line in lines:
        digest, _, name = line.partition("  ")
        path = folder / name
        if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            raise Bug(f"{name} did not arrive as it was sent")
    return len(lines)


