"""The whole package as one file: a zip whose bytes follow from its files alone. Nothing in it is compressed.

Films and pictures cannot be made smaller, and what words would save is not worth bytes that differ from one library to
the next.
"""

import re
import shutil
import unicodedata
import zipfile
from collections.abc import Sequence
from pathlib import Path

_BEGINNING = (1980, 1, 1, 0, 0, 0)
"""The earliest time a zip can tell: when it was made says nothing about what is in it."""
_READABLE = 0o100644 << 16


def archive_name(agency: str) -> str:
    """What the archive of an agency's film is called, in plain letters: `anytown-police-department.zip`."""
    plain = unicodedata.normalize("NFKD", agency).encode("ascii", "ignore").decode().lower()
    return f"{'-'.join(re.findall(r'[a-z0-9]+', plain))[:80].strip('-') or 'documentary'}.zip"


def write_archive(out: Path, files: Sequence[Path]) -> None:
    """Write files into one zip, in their order, in a folder that is called as the zip is."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for file in files:
            entry = zipfile.ZipInfo(f"{out.stem}/{file.name}", _BEGINNING)
            entry.create_system, entry.external_attr = 3, _READABLE
            entry.file_size = file.stat().st_size
            with file.open("rb") as source, archive.open(entry, "w") as target:
                shutil.copyfileobj(source, target, 1 << 20)
