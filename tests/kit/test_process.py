"""Programs that are started end with us, keep their limits, and blame the right side."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from kit.errors import Bug, Outage
from kit.process import LOG_LIMIT, OutOfTime, run_ffmpeg, run_ffmpeg_bytes, run_lines, run_program, spawn, stop

PICTURE = ["-f", "lavfi", "-i", "testsrc2=size=64x48:rate=30:duration=2"]
ENDLESS = ["-f", "lavfi", "-re", "-i", "testsrc2=size=64x48:rate=30", "-f", "null", "-"]


def test_frames_are_told_and_the_log_is_returned(tmp_path: Path) -> None:
    seen: list[int] = []
    log = run_ffmpeg([*PICTURE, "-c:v", "libx264", str(tmp_path / "a b'#.mp4")], on_frame=seen.append)
    assert seen[-1] == 60
    assert "libx264" in log
    assert (tmp_path / "a b'#.mp4").stat().st_size > 0


def test_bytes_come_from_the_standard_output() -> None:
    data = run_ffmpeg_bytes([*PICTURE, "-frames:v", "2", "-f", "rawvideo", "-pix_fmt", "gray", "pipe:1"])
    assert len(data) == 2 * 64 * 48


@pytest.fixture
def slow_to_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks whether `LATE` has ended is put aside until it has, as on a machine with too much to do."""
    poll = subprocess.Popen.poll

    def late(child: subprocess.Popen[bytes]) -> int | None:
        # Other threads ask of programs that go on until the tests end.
        return child.wait() if LATE[-1] in child.args else poll(child)  # type: ignore[operator]  # lists, all of ours

    monkeypatch.setattr(subprocess.Popen, "poll", late)


LATE = [sys.executable, "-c", "import sys, time; time.sleep(1.2); print('said'); sys.stderr.write('logged')"]


@pytest.mark.usefixtures("slow_to_ask")
def test_last_words_are_heard_however_busy_the_machine_is() -> None:
    assert run_program(LATE, timeout_s=60, max_bytes=1000) == (0, b"said\n", "logged")


@pytest.mark.usefixtures("slow_to_ask")
def test_last_lines_are_heard_however_busy_the_machine_is() -> None:
    lines: list[bytes] = []
    assert run_lines(LATE, on_line=lines.append, silence_s=60, memory_bytes=1 << 30, max_bytes=1000) == 0
    assert lines == [b"said"]


def test_more_output_than_expected_is_stopped() -> None:
    with pytest.raises(Bug, match="more than"):
        run_ffmpeg_bytes([*PICTURE, "-f", "rawvideo", "-pix_fmt", "gray", "pipe:1"], max_bytes=1000)


def test_a_bad_graph_is_our_fault_and_says_why() -> None:
    with pytest.raises(Bug, match="nosuchfilter"):
        run_ffmpeg([*PICTURE, "-vf", "nosuchfilter", "-f", "null", "-"])


def test_a_full_disk_is_an_outage() -> None:
    with pytest.raises(Outage, match="disk is full"):
        run_ffmpeg([*PICTURE, "-f", "mpegts", "/dev/full"])


def test_time_runs_out() -> None:
    began = time.monotonic()
    with pytest.raises(Outage, match="stopped after"):
        run_ffmpeg(ENDLESS, timeout_s=0.3)
    assert time.monotonic() - began < 60


def test_memory_is_limited() -> None:
    with pytest.raises((Outage, Bug)):
        run_ffmpeg(
            ["-f", "lavfi", "-i", "color=size=8192x8192:rate=1:duration=3", "-f", "null", "-"], memory_bytes=200 << 20
        )


def test_what_the_callback_raises_stops_ffmpeg() -> None:
    def cancelled(_frame: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_ffmpeg(ENDLESS, on_frame=cancelled)


def test_ffmpeg_killed_from_outside_is_an_outage() -> None:
    def children() -> set[int]:
        return set(map(int, Path(f"/proc/self/task/{threading.get_native_id()}/children").read_text().split()))

    # The database of other tests is a child as well, and lives on.
    before = children()

    def kill_child(_frame: int) -> None:
        for pid in children() - before:
            os.kill(pid, signal.SIGKILL)

    with pytest.raises(Outage, match="killed"):
        run_ffmpeg(ENDLESS, on_frame=kill_child)


def test_a_child_dies_with_its_parent(tmp_path: Path) -> None:
    program = "import time; from kit.process import spawn; print(spawn(['/bin/sleep', '600']).pid, flush=True)"
    program += "; time.sleep(600)"
    parent = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, cwd=Path.cwd())
    assert parent.stdout
    pid = int(parent.stdout.readline())
    time.sleep(0.3)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 60
    while _alive(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _alive(pid)


def test_stop_kills_what_does_not_listen() -> None:
    child = spawn(["/bin/sh", "-c", "trap '' TERM; echo ready; sleep 600 & wait; sleep 600"], stdout=subprocess.PIPE)
    assert child.stdout
    with child.stdout:
        assert child.stdout.readline() == b"ready\n"
    stop(child, grace_s=0.3)
    assert child.returncode == -signal.SIGKILL


def test_a_missing_program_ends_with_an_error() -> None:
    child = spawn(["/nonexistent/program"])
    assert child.wait(60) != 0


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def run_python(code: str, *, timeout_s: float = 300, **limits: Any) -> tuple[int, bytes, str]:
    return run_program([sys.executable, "-c", code], timeout_s=timeout_s, max_bytes=1 << 20, **limits)


def test_a_program_that_never_stops_talking_is_stopped() -> None:
    with pytest.raises(Bug, match="wrote more"):
        run_python("while True: print('x' * 65536)")


def test_endless_messages_are_kept_in_part() -> None:
    _, _, log = run_program(
        [sys.executable, "-c", "import os\nfor n in range(40): os.write(2, bytes(1 << 20))"], timeout_s=300, max_bytes=1
    )
    assert len(log) <= LOG_LIMIT


def test_a_program_that_ignores_the_request_to_end_is_killed() -> None:
    began = time.monotonic()
    with pytest.raises(OutOfTime):
        run_python("import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)", timeout_s=0.5)
    assert time.monotonic() - began < 60


def test_what_a_program_leaves_behind_ends_with_it(tmp_path: Path) -> None:
    told = tmp_path / "pid"
    code = (
        "import os, time\n"
        "left = os.fork()\n"
        f"if left: open({str(told)!r}, 'w').write(str(left)); os._exit(0)\n"
        "time.sleep(600)"
    )
    began = time.monotonic()
    assert run_python(code)[0] == 0
    assert time.monotonic() - began < 60
    for _ in range(1200):
        state = Path(f"/proc/{told.read_text()}/stat")
        if not state.exists() or state.read_text().rsplit(")", 1)[1].split()[0] == "Z":
            return
        time.sleep(0.05)
    pytest.fail("it still runs")


def test_a_program_that_eats_memory_fails_alone() -> None:
    code, output, log = run_python("held = bytearray(1 << 30)", memory_bytes=500 << 20)
    assert code == 1
    assert output == b""
    assert "MemoryError" in log


def test_a_program_that_goes_on_after_its_last_word_is_ended_in_silence() -> None:
    said: list[bytes] = []
    code = "import os, time; print('done', flush=True); os.close(1); time.sleep(100)"
    command = [sys.executable, "-I", "-S", "-c", code]
    assert run_lines(command, on_line=said.append, silence_s=1.0, memory_bytes=1 << 30, max_bytes=100) is None
    assert said == [b"done"]
