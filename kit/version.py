"""Which version of the program this is."""

from importlib.metadata import PackageNotFoundError, version

APP = "promise-reel"
"""The program's name among installed packages."""


def own_version() -> str:
    """The installed version, or `source` when it runs from sources that were never installed."""
    try:
        return version(APP)
    except PackageNotFoundError:
        return "source"
