"""An output folder is replaced whole or left alone."""

from pathlib import Path

import pytest

from kit.errors import Outage, UsageError
from pipeline.out_folder import check_out, replacing


def package(out: Path, text: str) -> None:
    with replacing(out) as folder:
        (folder / "manifest.json").write_text('{"app": "promise-reel"}')
        (folder / "film").write_text(text)


def test_a_package_takes_the_place_of_one_of_ours(tmp_path: Path) -> None:
    out = tmp_path / "deep" / "out"
    package(out, "first")
    (out / "old").write_text("")
    package(out, "second")
    assert (out / "film").read_text() == "second"
    assert not (out / "old").exists()
    assert [path.name for path in out.parent.iterdir()] == ["out"]


def test_a_failure_leaves_the_old_package(tmp_path: Path) -> None:
    out = tmp_path / "out"
    package(out, "first")
    with pytest.raises(Outage), replacing(out) as folder:
        folder.joinpath("film").write_bytes(folder.read_bytes())
    assert (out / "film").read_text() == "first"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_what_is_not_ours_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    (tmp_path / "file").write_text("")
    for name in ("mine", "file", "file/below"):
        with pytest.raises(UsageError):
            check_out(tmp_path / name)
    assert (tmp_path / "mine" / "thesis.txt").exists()
