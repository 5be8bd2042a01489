"""The way in from the command line; Ctrl-C ends it from the first moment on, with one word and no trace."""

import sys

from kit.interrupt import listen


def main() -> None:
    """Entry point of `promisereel`."""
    try:
        listen()
        # All that is loaded here takes about a second, in which a person may change his mind.
        from api.doors import app

        app()
    except KeyboardInterrupt:
        sys.stderr.write("Stopped.\n")
        sys.exit(130)
