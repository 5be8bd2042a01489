"""The command line: options, exit codes, and errors without traces."""

import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api import doors
from editing.edits import Edits
from ingest.analysis import Analysis
from ingest.clip import Clip, Kind, Note, Verdict
from kit.errors import Bug, Conflict, InputRefused, NotFound, Outage, UsageError
from pipeline import local, looking

runner = CliRunner()
SHORT = """\
schema: 1
id: short
title: Short
slots: [{id: leader, title: Leader, takes: interview}]
beats:
  - {beat: interview, slot: leader, max_s: 25}
  - {beat: card, kind: promise}
  - {beat: card, kind: end}
"""
PREVIEWED = [
    *("card-1-opening.png", "card-2-chapter.png", "card-3-promise.png", "card-4-promise.png", "card-5-end.png"),
    "timeline.png",
]
MAKE = ["make", "--storyboard", "promise", "--footage", "f", "--agency", "A", "--out", "o"]


def run(*args):
    """What a command did."""
    return runner.invoke(doors.app, list(args))


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


def test_make_takes_edits_from_a_file_or_from_a_package(monkeypatch, tmp_path):
    given = {}
    result = {
        "state": "draft",
        "out": "o",
        "duration_s": 121.0,
        "segments_rendered": 3,
        "segments_reused": 1,
        "notes": [],
    }
    monkeypatch.setattr(local, "run_job", lambda *_, **more: given.update(more) or result)
    plain, package = tmp_path / "edits.json", tmp_path / "timeline.json"
    plain.write_text('{"music_db": -20.0}')
    package.write_text('{"shots": [], "edits": {"music_db": -20.0}}')
    for file in (plain, package):
        assert run(*MAKE, "--edits", str(file)).exit_code == 0
        assert given["edits"] == Edits(music_db=-20.0)
    plain.write_text('{"music_db": 20.0, "cutz": []}')
    refused = run(*MAKE, "--edits", str(plain))
    assert refused.exit_code == 3
    assert "music_db" in refused.stderr
    assert "cutz" in refused.stderr
    assert run(*MAKE, "--edits", str(tmp_path / "none.json")).exit_code == 2


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
    def look(file):
        broken = file.path.stem == "bad"
        notes = (Note(code="broken", message="This file is broken.", action="Send it again."),) if broken else ()
        verdict = Verdict.REFUSED if broken else Verdict.ACCEPTED
        facts = {"digest": file.name, "size": 1, "kind": Kind.VIDEO, "analysis": Analysis(marks=("0f",))}
        return Clip(file=file.name, verdict=verdict, notes=notes, **facts)

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
    assert "analysis" not in rows[0]
    assert json.loads(run("inspect", good, "--json", "--full").stdout)[0]["analysis"]["marks"] == ["0f"]
    missing = str(tmp_path / "none.mp4")
    done = run("inspect", missing, good)
    assert done.exit_code == 2
    assert done.stderr == f"{missing}: There is no such file: check its name.\n"
    assert done.stdout == f"✓ {good}: accepted\n"
    done = run("inspect", str(tmp_path), missing)
    assert done.exit_code == 3
    assert done.stdout.splitlines() == [
        f"✗ {bad}: refused",
        "    - This file is broken. Send it again.",
        f"✓ {good}: accepted",
        "2 files: 1 accepted; 1 refused.",
    ]


def test_a_file_named_twice_is_looked_at_once_as_its_folder_describes_it(monkeypatch, tmp_path):
    seen = []

    def look(file):
        seen.append(file)
        return Clip(file=file.name, digest="same", size=1, kind=Kind.VIDEO, verdict=Verdict.ACCEPTED)

    monkeypatch.setattr(looking, "inspect_file", look)
    for name in ("a.mp4", "a.txt", "a.vtt"):
        (tmp_path / name).write_bytes(b"x")
    monkeypatch.chdir(tmp_path)
    for args in ((".", "a.mp4"), ("a.mp4", "."), ("a.mp4", f"{tmp_path}/a.mp4")):
        done = run("inspect", *args, "--json")
        assert [row["notes"] for row in json.loads(done.stdout)] == [[]]
    assert {file.transcript.name for file in seen} == {"a.vtt"}
    (tmp_path / "footage.yaml").write_text("clips: [{file: a.mp4, slot: leader}]")
    run("inspect", "a.mp4", ".")
    assert seen[-1].slot == "leader"
    assert len(seen) == 4


def test_inspect_tells_what_files_are_and_which_are_copies(footage, tmp_path):
    for name in ("b.mpg", "a.mpg"):
        shutil.copy(footage / "a_speech" / "grid_bbaf2n_bin-blue-at-f-two-now.mpg", tmp_path / name)
    (tmp_path / "a.txt").write_text("bin blue at F two now")
    done = run("inspect", str(tmp_path))
    assert done.exit_code == 0
    assert done.stderr == ""
    said = done.stdout.splitlines()
    assert re.fullmatch(r"    288p, 25 fps, 0:03, (mono|stereo) −\d+ LUFS, 1 sentence", said[1])
    assert said[-2].startswith(f"    - This is the same file as “{tmp_path / 'a.mpg'}”; it is used once.")
    heads = [line for line in said if not line.startswith(" ")]
    assert heads[:2] == [f"! {tmp_path / name}: accepted, with notes" for name in ("a.mpg", "b.mpg")]


@pytest.fixture
def looking_on(footage, tmp_path):
    """Starts a look at many minutes of work, to be stopped from outside."""
    camera = footage / "b_broll" / "surveillance_people_768x432_10fps_139s.mp4"
    clips = [tmp_path / f"{n}.mp4" for n in range(60)]
    for clip in clips:
        clip.symlink_to(camera)
    command = [sys.executable, "-m", "api", "inspect", *map(str, clips)]
    started = []

    def start():
        # Tests that run in the background are deaf to Ctrl-C, and what they start would be, too.
        before = signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            started.append(subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True))
        finally:
            signal.signal(signal.SIGINT, before)
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()


def test_ctrl_c_stops_looking_at_once(looking_on):
    process = looking_on()
    children = Path(f"/proc/{process.pid}/task")
    while not any(len((task / "children").read_text().split()) for task in children.iterdir()):
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    assert process.wait(60) == 130
    assert process.stderr.read() == "Stopped.\n"


@pytest.mark.parametrize("seed", range(40 if os.environ.get("PROMISEREEL_SOAK") else 3))
def test_ctrl_c_is_heard_at_any_moment(looking_on, seed):
    process = looking_on()
    time.sleep(random.Random(seed).uniform(0.05, 2.5))
    process.send_signal(signal.SIGINT)
    # In its very first moments Python itself answers, by the signal.
    assert process.wait(60) in (130, 1, -signal.SIGINT)


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


def test_what_changed_between_two_storyboards_is_said_in_words(tmp_path):
    (tmp_path / "old.yaml").write_text(SHORT)
    (tmp_path / "new.yaml").write_text(SHORT.replace("max_s: 25", "max_s: 20"))
    done = run("storyboard", "diff", str(tmp_path / "old.yaml"), str(tmp_path / "new.yaml"))
    assert done.stdout == "interview leader: max 25 s → 20 s\n"
    assert run("storyboard", "diff", "promise", "promise").stdout == "Both say the same.\n"
    (tmp_path / "new.yaml").write_text("id: [")
    assert run("storyboard", "diff", "promise", str(tmp_path / "new.yaml")).exit_code == 3


def test_a_storyboard_is_previewed_before_there_is_footage(tmp_path):
    out = tmp_path / "preview"
    given = ("--agency", "Anytown Police Department", "--set", "credits=Music by the band.")
    done = run("storyboard", "preview", "promise", "--out", str(out), *given)
    assert done.exit_code == 0
    assert done.stdout.splitlines() == [str(out / name) for name in PREVIEWED]
    assert sorted(path.name for path in out.iterdir()) == sorted(PREVIEWED)
    assert run("storyboard", "preview", "promise", "--out", str(out), "--set", "no=x").exit_code == 3
    (tmp_path / "file").write_text("mine")
    assert run("storyboard", "preview", "promise", "--out", str(tmp_path / "file")).exit_code == 1


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


def test_a_speech_model_that_is_not_there_stops_before_any_work(monkeypatch, tmp_path):
    (tmp_path / "clip.mp4").write_bytes(b"x")
    monkeypatch.setenv("PROMISEREEL_WHISPER_MODEL", str(tmp_path / "none"))
    monkeypatch.setenv("PROMISEREEL_DATA", str(tmp_path / "data"))
    make = ("--footage", str(tmp_path), "--agency", "A", "--out", str(tmp_path / "out"))
    for command in (("up",), ("make", "--storyboard", "promise", *make)):
        done = run(*command)
        assert done.exit_code == 2
        assert "PROMISEREEL_WHISPER_MODEL names" in done.stderr
