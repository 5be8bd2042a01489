"""The one place that starts other programs: in their own group, with limits, and never outliving us."""

import contextlib
import functools
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextvars import ContextVar
from pathlib import Path
from typing import IO

import imageio_ffmpeg

from kit.errors import Bug, NoRoom, Outage

LOG_LIMIT = 32 << 20
"""Bytes of a program's messages that are kept; hostile footage can make FFmpeg talk without end."""

_check: ContextVar[Callable[[], None] | None] = ContextVar("check", default=None)
_LAUNCHER = Path(__file__).with_name("launch.py")
_DISK_FULL = ("No space left on device", "Disk quota exceeded")
_MEMORY_SHORT = ("Cannot allocate memory", "Out of memory")


class OutOfTime(Outage):
    """A program took longer than it was given."""


@functools.cache
def FFMPEG() -> str:  # noqa: N802  reads as the constant it is
    """Path of the FFmpeg binary that the wheel carries."""
    return str(imageio_ffmpeg.get_ffmpeg_exe())


@contextlib.contextmanager
def interruptible(check: Callable[[], None]) -> Iterator[None]:
    """While the block lasts, every program that this thread waits for is stopped within a second once `check` raises.

    It is called about twice a second, and what it raises goes up.
    """
    before = _check.set(check)
    try:
        yield
    finally:
        _check.reset(before)


def _interrupt() -> None:
    if check := _check.get():
        check()


def run_ffmpeg(
    args: Sequence[str],
    *,
    timeout_s: float = 3600,
    memory_bytes: int | None = None,
    cpu_seconds: int | None = None,
    on_frame: Callable[[int], None] | None = None,
    cwd: Path | None = None,
) -> str:
    """Run FFmpeg (`args` without the binary) and return what it logged.

    `on_frame` hears the number of frames done about twice a second, in this thread; what it raises stops FFmpeg and
    goes up. Raises Outage (disk full, killed, out of time or memory) and Bug (anything else FFmpeg refuses).
    """
    progress = _FrameLines(on_frame) if on_frame else None
    extra = ["-progress", "pipe:1"] if progress else []
    with start(
        _ffmpeg_command(args, extra),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        memory_bytes=memory_bytes,
        cpu_seconds=cpu_seconds,
        cwd=cwd,
    ) as child:
        _, log = _watch(child, timeout_s, on_output=progress, max_bytes=LOG_LIMIT)
    _raise_for(child.returncode, log)
    return log


def run_ffmpeg_bytes(
    args: Sequence[str],
    *,
    timeout_s: float = 3600,
    memory_bytes: int | None = None,
    cpu_seconds: int | None = None,
    max_bytes: int = 2 << 30,
    cwd: Path | None = None,
) -> bytes:
    """Run FFmpeg and return what it wrote to its standard output (name it `pipe:1`), at most `max_bytes`.

    Raises as `run_ffmpeg`, and Bug when the output is larger.
    """
    command = _ffmpeg_command(args, [])
    code, output, log = run_program(
        command,
        timeout_s=timeout_s,
        max_bytes=max_bytes,
        memory_bytes=memory_bytes,
        cpu_seconds=cpu_seconds,
        cwd=cwd,
    )
    _raise_for(code, log)
    return output


def run_program(
    command: Sequence[str],
    *,
    timeout_s: float,
    max_bytes: int,
    memory_bytes: int | None = None,
    cpu_seconds: int | None = None,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
) -> tuple[int, bytes, str]:
    """Run a program to its end: its exit code, its standard output and its messages.

    Raises OutOfTime when it takes longer than `timeout_s`, Bug when it writes more than `max_bytes`, and Outage when it
    cannot be started.
    """
    with start(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        memory_bytes=memory_bytes,
        cpu_seconds=cpu_seconds,
        cwd=cwd,
        env=env,
    ) as child:
        output, log = _watch(child, timeout_s, on_output=None, max_bytes=max_bytes)
    return child.returncode, output, log


def run_lines(
    command: Sequence[str],
    *,
    on_line: Callable[[bytes], None],
    silence_s: float,
    memory_bytes: int,
    max_bytes: int,
    env: Mapping[str, str] | None = None,
) -> int | None:
    """Run a program that is not trusted and hand on each line it writes; its exit code, negative for a signal.

    It is killed, and None returned, when it says nothing for `silence_s` seconds, does not end within as many after its
    last word, or writes more than `max_bytes`. What `on_line` raises stops it and goes up. Raises Outage when it cannot
    be started.
    """
    rest, written, heard = b"", 0, time.monotonic()
    with start(command, stdout=subprocess.PIPE, memory_bytes=memory_bytes, env=env) as child:
        assert child.stdout
        with selectors.DefaultSelector() as pipe:
            pipe.register(child.stdout, selectors.EVENT_READ)
            while time.monotonic() - heard < silence_s:
                _interrupt()
                ended = child.poll() is not None
                if not pipe.select(min(0.5, silence_s)):
                    if ended:
                        break  # only a program that it started, and left behind, still holds the pipe
                    continue
                heard = time.monotonic()
                chunk = os.read(child.stdout.fileno(), 1 << 16)
                if not chunk:
                    break
                written += len(chunk)
                if written > max_bytes:
                    break
                *lines, rest = (rest + chunk).split(b"\n")
                for line in lines:
                    on_line(line)
        if written > max_bytes or time.monotonic() - heard >= silence_s:
            return None
        # On a busy machine a program takes its time to end after its last word.
        try:
            child.wait(silence_s)
        except subprocess.TimeoutExpired:
            return None
    return child.returncode


@contextlib.contextmanager
def start(
    command: Sequence[str],
    *,
    stdout: int | IO[bytes] = subprocess.DEVNULL,
    stderr: int | IO[bytes] = subprocess.DEVNULL,
    memory_bytes: int | None = None,
    cpu_seconds: int | None = None,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
) -> Iterator[subprocess.Popen[bytes]]:
    """A running program for as long as the block lasts; its whole group is killed on the way out."""
    child = spawn(
        command, stdout=stdout, stderr=stderr, memory_bytes=memory_bytes, cpu_seconds=cpu_seconds, cwd=cwd, env=env
    )
    try:
        yield child
    finally:
        stop(child, grace_s=0)
        # What it started may have outlived it; this soon after its end nobody else has its number.
        _kill_group(child)
        for pipe in (child.stdout, child.stderr):
            if pipe:
                pipe.close()


def spawn(
    command: Sequence[str],
    *,
    stdout: int | IO[bytes] = subprocess.DEVNULL,
    stderr: int | IO[bytes] = subprocess.DEVNULL,
    memory_bytes: int | None = None,
    cpu_seconds: int | None = None,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
) -> subprocess.Popen[bytes]:
    """Start a program (`command[0]` is a full path) in its own process group; the caller stops it.

    On Linux it is killed when the *thread* that called this ends, so call it from a thread that outlives the program.
    """
    limits = [str(os.getpid()), str(memory_bytes or 0), str(cpu_seconds or 0)]
    try:
        return subprocess.Popen(
            [sys.executable, "-I", "-S", str(_LAUNCHER), *limits, *command],
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
            cwd=cwd,
            env=None if env is None else dict(env),
            start_new_session=True,
        )
    except OSError as error:
        raise Outage(f"could not start {Path(command[0]).name}: {error.strerror}") from error


def stop(child: subprocess.Popen[bytes], *, grace_s: float) -> None:
    """End a program and its whole group: asked first (SIGTERM), killed after `grace_s` seconds."""
    if child.poll() is None and grace_s > 0:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(grace_s)
    if child.poll() is None:
        _kill_group(child)
        child.wait()


def _kill_group(child: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)


class _FrameLines:
    """Turns FFmpeg's `frame=N` progress lines, cut anywhere by the pipe, into calls."""

    def __init__(self, on_frame: Callable[[int], None]) -> None:
        self._on_frame = on_frame
        self._rest = b""

    def __call__(self, chunk: bytes) -> None:
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        for line in lines:
            key, _, value = line.partition(b"=")
            if key == b"frame" and value.strip().isdigit():
                self._on_frame(int(value))


def _ffmpeg_command(args: Sequence[str], extra: Sequence[str]) -> list[str]:
    return [FFMPEG(), "-hide_banner", "-nostdin", "-nostats", "-y", *extra, *args]


def _watch(
    child: subprocess.Popen[bytes],
    timeout_s: float,
    *,
    on_output: Callable[[bytes], None] | None,
    max_bytes: int,
) -> tuple[bytes, str]:
    """Read both pipes until the program ends: its output (or nothing, when a callback takes it) and its log."""
    deadline = time.monotonic() + timeout_s
    output, log = bytearray(), bytearray()
    assert child.stdout
    assert child.stderr
    with selectors.DefaultSelector() as open_pipes:
        open_pipes.register(child.stdout, selectors.EVENT_READ)
        open_pipes.register(child.stderr, selectors.EVENT_READ)
        while open_pipes.get_map():
            _interrupt()
            if time.monotonic() > deadline:
                raise OutOfTime(f"the program was stopped after {timeout_s:g} seconds without finishing")
            # Asked before the pipes are: what a program says last, right before it ends, would else be missed.
            ended = child.poll() is not None
            ready = open_pipes.select(0.5)
            if not ready and ended:
                break  # only a program that it started, and left behind, still holds the pipes
            for key, _ in ready:
                chunk = os.read(key.fd, 1 << 16)
                if not chunk:
                    open_pipes.unregister(key.fileobj)
                elif key.fileobj is child.stderr:
                    log += chunk
                    del log[:-LOG_LIMIT]
                elif on_output:
                    on_output(chunk)
                else:
                    output += chunk
                    if len(output) > max_bytes:
                        raise Bug(f"the program wrote more than the {max_bytes} bytes that were expected")
    try:
        child.wait(max(1.0, deadline - time.monotonic()))
    except subprocess.TimeoutExpired as error:
        raise OutOfTime(f"the program was stopped after {timeout_s:g} seconds without finishing") from error
    return bytes(output), log.decode("utf-8", "replace")


def _raise_for(code: int, log: str) -> None:
    """Blame a failure: the machine's (worth another try) or ours."""
    if code == 0:
        return
    told = [line.strip() for line in log.splitlines() if line.strip() and not line.startswith("[libx26")]  # statistics
    last = " | ".join(told[-6:])
    if any(sign in log for sign in _DISK_FULL):
        raise NoRoom("the disk is full: free some space and try again")
    if any(sign in log for sign in _MEMORY_SHORT):
        raise Outage(f"FFmpeg ran out of memory ({last})")
    if code in (-signal.SIGKILL, -signal.SIGTERM) or "received signal" in log:
        raise Outage("FFmpeg was killed from outside, perhaps because memory was short")
    if code == -signal.SIGXCPU:
        raise Outage("FFmpeg used up the processor time it was given")
    raise Bug(f"FFmpeg failed with code {code}: {last}")
