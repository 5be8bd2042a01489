"""The whole service as children of one process."""

from pathlib import Path

import pytest

from api import running as service
from api.running import free_port, running
from kit.errors import Outage
from kit.settings import load_settings


def test_an_api_that_cannot_start_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "MOST_STARTS", 2)
    nobody = f"127.0.0.1:{free_port('127.0.0.1')}"
    settings = load_settings(
        data=tmp_path,
        port=free_port("127.0.0.1"),
        database_url=f"postgresql+psycopg://somebody@{nobody}/films",
        broker_url=f"redis://{nobody}/0",
        s3_endpoint=f"http://{nobody}",
        s3_access_key="key",
        s3_secret_key="secret",
    )
    said: list[str] = []
    with (
        pytest.raises(Outage, match=r"the API did not start: .*the database did not answer"),
        running(settings, said.append),
    ):
        pass
    assert [words for words in said if words.startswith("The api ended")]
