"""What stands in deploy/ names settings and commands that there are."""

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from api.doors import app
from kit.settings import Settings
from pipeline.worker_roles import WorkerRole

ROOT = Path(__file__).resolve().parents[1]
DEPLOY = ROOT / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))


def files() -> list[Path]:
    return [*sorted(DEPLOY.iterdir()), ROOT / "docs" / "deployment.md", ROOT / "docs" / "security.md"]


@pytest.mark.parametrize("path", files(), ids=lambda path: path.name)
def test_every_setting_named_is_one(path: Path) -> None:
    known = {f"PROMISEREEL_{name.upper()}" for name in Settings.model_fields}
    assert set(re.findall(r"PROMISEREEL_[A-Z0-9_]+[A-Z0-9]", path.read_text("utf-8"))) <= known


def commands() -> list[list[str]]:
    units = [line for unit in DEPLOY.glob("*.service") for line in unit.read_text("utf-8").splitlines()]
    started = [shlex.split(line)[1:] for line in units if line.startswith("ExecStart=")]
    return started + [one["command"] for one in services().values() if one.get("image") == "promise-reel"]


def services() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = COMPOSE["services"]
    return found


@pytest.mark.parametrize("command", commands(), ids=" ".join)
def test_every_command_is_one_with_options_that_it_has(command: list[str]) -> None:
    group = typer.main.get_command(app)
    name, *arguments = command
    chosen = group.commands[name]  # type: ignore[attr-defined]
    chosen.make_context(name, arguments, resilient_parsing=False)


def test_compose_has_a_worker_of_each_role_and_parts_that_depend_on_what_there_is() -> None:
    told = [one["command"] for one in services().values() if "worker" in one.get("command", ())]
    assert {words[words.index("--only") + 1] for words in told} == set(WorkerRole)
    for one in services().values():
        assert set(one.get("depends_on", ())) <= set(services())
        named = {volume.partition(":")[0] for volume in one.get("volumes", ())}
        assert {volume for volume in named if not volume.startswith(".")} <= set(COMPOSE["volumes"])
    for name in ("api", "render"):
        assert services()[name]["environment"]["PROMISEREEL_BROKER_URL"]
