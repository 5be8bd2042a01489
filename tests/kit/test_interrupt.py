"""Ctrl-C is noted even where its exception gets lost."""

import os
import subprocess
import sys
from pathlib import Path

LOSES = """
import os, signal, sys
from kit.interrupt import listen, raise_if_heard

class Late:
    def __del__(self):
        os.kill(os.getpid(), signal.SIGINT)
        sum(range(100))

signal.signal(signal.SIGINT, {before})
listen()
raise_if_heard()
Late()
print("goes on")
raise_if_heard()
print("is deaf")
"""


def told(before: str) -> tuple[int, str]:
    """How a program ends that is sent a Ctrl-C in a destructor, and what it prints."""
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])}
    command = [sys.executable, "-c", LOSES.format(before=before)]
    done = subprocess.run(command, check=False, env=env, capture_output=True, text=True)
    return done.returncode, done.stdout


def test_a_ctrl_c_that_a_destructor_swallows_is_heard_at_the_next_wait() -> None:
    code, printed = told("signal.default_int_handler")
    assert code != 0
    assert printed == "goes on\n"


def test_a_ctrl_c_that_is_ignored_stays_so() -> None:
    assert told("signal.SIG_IGN") == (0, "goes on\nis deaf\n")
