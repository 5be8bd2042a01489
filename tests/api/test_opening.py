"""The room that an upload is promised: that of the store's disk where the store is this machine's own."""

import shutil
from collections import namedtuple
from pathlib import Path

import pytest

from api.opening import room_of_store
from kit.embedded import SEAWEED
from kit.settings import Settings

Usage = namedtuple("Usage", "total used free")


def settings(data: Path, endpoint: str | None) -> Settings:
    return Settings(data=data, s3_endpoint=endpoint, s3_access_key="A", s3_secret_key="S", least_free_gb=2)


def test_the_room_of_our_own_store_is_what_is_free_but_for_what_stays_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Path] = []

    def usage(folder: Path) -> Usage:
        asked.append(folder)
        return Usage(10**11, 0, 5 * 10**9)

    monkeypatch.setattr(shutil, "disk_usage", usage)
    (tmp_path / SEAWEED).mkdir()
    for name in ("127.0.0.1", "localhost", "[::1]"):
        assert room_of_store(settings(tmp_path, f"http://{name}:8333")) == 3 * 10**9
    assert set(asked) == {tmp_path / SEAWEED}, "the disk that the store writes to"


@pytest.mark.parametrize("endpoint", ["https://s3.example.org", "http://10.0.0.7:9000", None])
def test_nobody_knows_the_room_of_a_store_elsewhere(tmp_path: Path, endpoint: str | None) -> None:
    (tmp_path / SEAWEED).mkdir()
    assert room_of_store(settings(tmp_path, endpoint)) is None


def test_nor_of_another_store_on_this_machine(tmp_path: Path) -> None:
    assert room_of_store(settings(tmp_path, "http://127.0.0.1:9000")) is None
