"""The command line: options, exit codes, and errors without traces."""

import json

import pytest
from typer.testing import CliRunner

from api import cli
from ingest.clip import Clip, Kind, Note, Verdict
from kit.errors import Bug, Conflict, InputRefused, NotFound, Outage, UsageError
from pipeline import local, looking

runner = CliRunner()
MAKE = ["make", "--storyboard", "promise", "--footage", "f", "--agency", "A", "--out", "o"]


def run(*args):
    """What a command did."""
    return runner.invoke(cli.app, list(args))


@pytest.mark.parametrize("command", ["up", "demo", "make", "inspect", "storyboard", "worker", "api"])
def test_every_command_explains_itself(command):
    done = run(command, "--help")
    assert done.exit_code == 0
    assert "Usage" in done.stdout


def test_version():
    assert run("--version").stdout.startswith("promisereel ")


@pytest.mark.parametrize(
    ("error", "code"),
    [(InputRefused, 3), (UsageError, 2), (NotFound, 2), (Conflict, 2), (Outage, 1), (Bug, 1)],
)
def test_an_error_is_one_sentence_on_stderr(monkeypatch, error, code):
    def fail(*_args, **_more):
        raise error("12 s more of community voices are needed")

    monkeypatch.setattr(local, "run_job", fail)
    done = run(*MAKE)
    assert done.exit_code == code
    assert done.stderr.splitlines()[-1] == "12 s more of community voices are needed"
    assert "Traceback" not in done.output
    assert done.stdout == ""


def test_make_prints_one_object(monkeypatch, tmp_path):
    result = {
        "state": "draft",
        "out": "o",
        "duration_s": 121.0,
        "segments_rendered": 3,
        "segments_reused": 1,
        "notes": [],
    }
    given = {}

    def make(*args, **more):
        given.update(more)
        return result

    monkeypatch.setattr(local, "run_job", make)
    done = run(*MAKE, "--json", "--films", "open", "--workers", "3", "--data", str(tmp_path), "--preview")
    assert done.exit_code == 0
    assert json.loads(done.stdout) == result
    assert (given["films"], given["workers"], given["data"], given["preview"]) == ("open", 3, tmp_path, True)
    assert "A draft of 2 min 1 s" in run(*MAKE).stdout


@pytest.mark.parametrize(
    "args", [["make"], ["make", "--films", "all"], ["nothing"], ["inspect"], ["storyboard", "show"]]
)
def test_a_wrong_call_exits_with_2(args):
    assert run(*args).exit_code == 2


def test_a_name_that_cannot_stand_on_a_card_is_refused():
    done = run("make", "--storyboard", "promise", "--footage", "f", "--agency", "x" * 121, "--out", "o")
    assert done.exit_code == 3
    assert "1 to 120" in done.stderr


def test_inspect_gives_a_verdict_a_file(monkeypatch, tmp_path):
    def look(path):
        broken = path.stem == "bad"
        notes = (Note(code="broken", message="This file is broken.", action="Send it again."),) if broken else ()
        verdict = Verdict.REFUSED if broken else Verdict.ACCEPTED
        return Clip(file=path.name, digest="0", size=1, kind=Kind.VIDEO, verdict=verdict, notes=notes)

    monkeypatch.setattr(looking, "inspect_file", look)
    for name in ("good.mp4", "bad.mp4"):
        (tmp_path / name).write_bytes(b"x")
    good, bad = str(tmp_path / "good.mp4"), str(tmp_path / "bad.mp4")
    assert run("inspect", good).exit_code == 0
    done = run("inspect", good, bad, "--json")
    assert done.exit_code == 3
    rows = json.loads(done.stdout)
    assert [(row["file"], row["verdict"]) for row in rows] == [(good, "accepted"), (bad, "refused")]
    assert rows[1]["notes"] == [{"code": "broken", "message": "This file is broken.", "action": "Send it again."}]
    assert "This file is broken." in done.stderr
    assert run("inspect", str(tmp_path / "none.mp4")).exit_code == 2


def test_storyboards_are_listed_shown_and_checked(tmp_path):
    assert "promise" in run("storyboard", "list").stdout
    shown = run("storyboard", "show", "promise").stdout
    assert "leader" in shown
    assert "needed" in shown
    broken = tmp_path / "broken.yaml"
    broken.write_text("schema: 1\nid: broken\nbeats: [\n")
    done = run("storyboard", "check", str(broken))
    assert done.exit_code == 3
    assert "broken.yaml" in done.stderr
    assert run("storyboard", "check", str(tmp_path / "none.yaml")).exit_code == 2
    assert run("storyboard", "show", "none-such").exit_code in (2, 3)


def test_a_demo_into_a_folder_that_is_not_ours_is_refused_before_anything_starts(tmp_path):
    (tmp_path / "letter.txt").write_text("mine")
    done = run("demo", "--out", str(tmp_path))
    assert done.exit_code == 2
    assert (tmp_path / "letter.txt").read_text() == "mine"


def test_a_role_without_its_addresses_says_what_to_set(monkeypatch, tmp_path):
    monkeypatch.delenv("PROMISEREEL_BROKER_URL", raising=False)
    for role in ("api", "worker"):
        done = run(role, "--data", str(tmp_path))
        assert done.exit_code == 2
        assert "PROMISEREEL_" in done.stderr
