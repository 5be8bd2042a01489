"""Prints the OpenAPI document of the API as it stands; the types of the pages' client are made from it."""

import json
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from api.app import create_app
from kit.database import open_engine
from kit.settings import Settings
from kit.storage import FolderStorage
from pipeline.service import Service

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data=Path(folder), admin_token="nobody-signs-in-here")  # noqa: S106  nothing is served
        service = Service(open_engine("sqlite://"), FolderStorage(Path(folder)), lambda _ids: None)  # type: ignore[arg-type]  # nothing is stored
        sys.stdout.write(json.dumps(create_app(settings, service).openapi()))
