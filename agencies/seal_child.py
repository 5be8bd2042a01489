"""The part of taking in a seal that touches hostile bytes, a process: `python -m agencies.seal_child FILE`.

It ends with 0 when the picture can stand on a card, else with 3 and the reason on standard error.
"""

import sys
from pathlib import Path

from agencies.seal import read_seal
from kit.errors import InputRefused

REFUSED = 3


def main() -> int:
    """Read the seal named on the command line."""
    try:
        read_seal(Path(sys.argv[1]))
    except InputRefused as refused:
        sys.stderr.write(f"{refused}\n")
        return REFUSED
    return 0


if __name__ == "__main__":
    sys.exit(main())
