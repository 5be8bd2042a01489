"""The last words before another program: limits and "die with your parent", set between fork and exec.

Run as a script (`python -I -S launch.py PARENT MEMORY CPU PROGRAM ARGS...`), never imported: a `preexec_fn` would run
Python in a forked copy of a process with threads, which can deadlock.
"""

import ctypes
import os
import resource
import sys

PR_SET_PDEATHSIG = 1
SIGKILL = 9
"""Written down, because loading `signal` for it takes as long as the rest of this."""


def main(argv: list[str]) -> None:
    """Become the program. Limits are bytes of address space and seconds of CPU; 0 means none."""
    parent, memory_bytes, cpu_seconds = (int(word) for word in argv[1:4])
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0)
        if os.getppid() != parent:  # it died before we could ask to be told
            os._exit(1)
    if memory_bytes:
        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    if cpu_seconds:
        resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 5))
    os.execv(argv[4], argv[4:])  # noqa: S606  no shell is meant


if __name__ == "__main__":
    main(sys.argv)
