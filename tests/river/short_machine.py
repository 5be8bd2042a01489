"""A worker as `promisereel worker …` starts it on a machine of its own, but for the length of its films."""

import runpy
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "faults"))
from short_films import ShortFilms  # type: ignore[import-not-found]  # beside this program, or on its path

import pipeline.serve

if __name__ == "__main__":
    pipeline.serve.FilmCraft = ShortFilms  # type: ignore[attr-defined,misc]  # the one that the command makes
    sys.argv = ["promisereel", "worker", *sys.argv[1:]]
    runpy.run_module("api", run_name="__main__")
