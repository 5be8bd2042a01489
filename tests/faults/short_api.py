"""The API as the service starts it, by a clock that can be made to jump."""

import runpy
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import jumping_clock  # type: ignore[import-not-found]  # noqa: F401  sets the clock

if __name__ == "__main__":
    sys.argv = ["promisereel", "api"]
    runpy.run_module("api", run_name="__main__")
