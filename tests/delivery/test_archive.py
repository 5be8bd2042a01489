"""The whole package in one zip: the same bytes for the same files, whenever and wherever it is made."""

import os
import zipfile
from pathlib import Path

import pytest

from delivery.archive import archive_name, write_archive


@pytest.mark.parametrize(
    ("agency", "name"),
    [
        ("Anytown Police Department", "anytown-police-department.zip"),
        ("  Cañon City P.D. & Sheriff’s Office ", "canon-city-p-d-sheriffs-office.zip"),
        ("../../etc/passwd", "etc-passwd.zip"),
        ("警察", "documentary.zip"),
        ("a" * 79 + " bc", "a" * 79 + ".zip"),
    ],
)
def test_an_archive_is_called_as_its_agency_in_plain_letters(agency: str, name: str) -> None:
    assert archive_name(agency) == name


def test_the_same_files_make_the_same_zip_and_are_kept_as_they_are(tmp_path: Path) -> None:
    made = []
    for number, when in enumerate((10**9, 2 * 10**9)):
        folder = tmp_path / str(number)
        folder.mkdir()
        files = [folder / "documentary.mp4", folder / "captions.vtt"]
        for file in files:
            file.write_bytes(file.name.encode() * 1000)
            os.utime(file, (when, when))
            file.chmod(0o600 if number else 0o644)
        made.append(folder / "anytown.zip")
        write_archive(made[-1], files)
    assert made[0].read_bytes() == made[1].read_bytes()
    with zipfile.ZipFile(made[0]) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["anytown/documentary.mp4", "anytown/captions.vtt"]
        assert {one.compress_type for one in archive.infolist()} == {zipfile.ZIP_STORED}
        assert archive.read("anytown/captions.vtt") == b"captions.vtt" * 1000
