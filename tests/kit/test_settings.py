"""Settings and secrets: where they come from, and that they stay private."""

import logging
import stat
from pathlib import Path

import pytest

from kit.errors import Outage, UsageError
from kit.logs import setup_logging
from kit.s3 import S3Settings
from kit.settings import Settings, load_secrets, load_settings


def test_defaults_lie_in_the_data_folder(tmp_path: Path) -> None:
    settings = load_settings(data=tmp_path, port=8100, host=None)
    assert settings.database_url == f"sqlite:///{tmp_path}/promisereel.db"
    assert settings.public_origin == "http://127.0.0.1:8100"
    assert settings.s3() is None
    assert settings.broker_url is None
    assert settings.workers >= 1


def test_arguments_come_before_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PROMISEREEL_PORT", "8200")
    monkeypatch.setenv("PROMISEREEL_DATA", str(tmp_path))
    assert load_settings().port == 8200
    assert load_settings(port=8300).port == 8300
    assert load_settings().data == tmp_path


def test_a_bad_value_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROMISEREEL_PORT", "many")
    with pytest.raises(UsageError, match="PROMISEREEL_PORT"):
        load_settings()


def test_half_a_store_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="SECRET_KEY"):
        load_settings(data=tmp_path, s3_endpoint="http://store:9000", s3_access_key="A").s3()


def test_a_child_gets_the_very_same_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    s3 = S3Settings(endpoint="http://127.0.0.1:9", bucket="b", access_key="A", secret_key="S", region="r")
    monkeypatch.chdir(tmp_path)
    given = load_settings(data=tmp_path, admin_token="T", whisper_model=Path("model"))
    assert given.whisper_model == tmp_path / "model"
    settings = given.with_parts(s3, "redis://:p@127.0.0.1:1/0")
    for name, value in settings.environment().items():
        monkeypatch.setenv(name, value)
    child = Settings()
    assert child == settings
    assert child.s3() == s3


def test_secrets_are_made_once_and_for_the_owner_only(tmp_path: Path) -> None:
    first = load_secrets(tmp_path / "data")
    assert load_secrets(tmp_path / "data") == first
    assert load_secrets(tmp_path / "other") != first
    path = tmp_path / "data" / "secrets.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o644)
    load_secrets(tmp_path / "data")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert first.admin_token not in repr(first)
    assert [file.name for file in (tmp_path / "data").iterdir()] == ["secrets.json"]


def test_damaged_secrets_and_unusable_folders_say_so(tmp_path: Path) -> None:
    (tmp_path / "secrets.json").write_text("{}")
    with pytest.raises(UsageError, match="damaged"):
        load_secrets(tmp_path)
    (tmp_path / "file").write_text("")
    with pytest.raises(Outage):
        load_secrets(tmp_path / "file" / "data")


def test_logs_are_lines(capsys: pytest.CaptureFixture[str]) -> None:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    try:
        setup_logging(as_json=True)
        setup_logging(as_json=True)
        logging.getLogger("promisereel").info("rendered %d", 3)
        assert capsys.readouterr().err.count('"message": "rendered 3"') == 1
        setup_logging()
        logging.getLogger("promisereel").info("plain")
        assert "promisereel: plain" in capsys.readouterr().err
    finally:
        root.handlers[:], root.level = before, level
