"""What the long runs write under `out/`, for people and programs to read."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

OUT = Path(__file__).parents[1] / "out"


def begin(name: str) -> None:
    """Take away the summary of an older run, so that a run which ends early is not told by it."""
    (OUT / f"{name}.json").unlink(missing_ok=True)


def keep(name: str, told: Mapping[str, Any]) -> None:
    """Write one summary, in place of the last."""
    OUT.mkdir(exist_ok=True)
    (OUT / f"{name}.json").write_text(json.dumps(told, indent=2))


def keep_on(name: str, database: str, told: Mapping[str, Any], *, sums: Sequence[str], **more: Any) -> None:
    """Write down how a run on one database went, beside that on the other; before them the sums of both.

    What is summed are numbers, or counts by name.
    """
    file = OUT / f"{name}.json"
    before = json.loads(file.read_text()) if file.exists() else {}
    on = {**before.get("on", {}), database: told}
    keep(name, {**more, **{one: added([run[one] for run in on.values()]) for one in sums}, "on": on})


def added(values: Sequence[Any]) -> Any:
    """The sum of numbers, or of counts by name."""
    if isinstance(values[0], dict):
        return dict(sum((Counter(counts) for counts in values), Counter()))
    return sum(values)
