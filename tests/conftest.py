"""What every test may use: the folder of real footage that lies beside the repository."""

import os
from pathlib import Path

import pytest

BESIDE = Path(__file__).resolve().parents[1].parent / "shared" / "footage"


@pytest.fixture(scope="session")
def footage() -> Path:
    """The folder of real, licensed footage; PROMISEREEL_FOOTAGE names another place."""
    folder = Path(os.environ.get("PROMISEREEL_FOOTAGE", BESIDE))
    assert folder.is_dir(), f"the test footage is missing: expected it at {folder} (or set PROMISEREEL_FOOTAGE)"
    return folder
