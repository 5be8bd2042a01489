"""The words of the board: what waits for whom, and for how long. Pure."""

from pipeline.board import Line, Stage, Waits, stage_of, waits_for

MINUTE, HOUR, DAY, WEEK, MONTH = 60.0, 3600.0, 86400.0, 604800.0, 2629800.0
"""In seconds; a month is the twelfth part of a year."""

STAGES: dict[Stage, str] = {
    Stage.FOOTAGE: "Footage",
    Stage.MAKING: "Being made",
    Stage.REVIEW: "In review",
    Stage.APPROVED: "Approved",
    Stage.DELIVERED: "Delivered",
    Stage.FAILED: "Not made",
    Stage.STOPPED: "Stopped",
}


def span(seconds: float) -> str:
    """A time as people say it, in its largest unit of which there are two at least where it can be."""
    for unit, length, least in (
        *(("month", MONTH, 2 * MONTH), ("week", WEEK, 2 * WEEK)),
        *(("day", DAY, 1.5 * DAY), ("hour", HOUR, 1.5 * HOUR), ("minute", MINUTE, 1.5 * MINUTE)),
    ):
        if seconds >= least:
            return f"{round(seconds / length)} {unit}s"
    return "a minute"


def standing(line: Line, now: float, *, own: bool) -> str:
    """Where a line stands and what it waits for; `own` when it is told to the agency itself."""
    stage, ago = stage_of(line), span(now - line.since)
    them, theirs = ("you", "your") if own else ("the agency", "the agency’s")
    if waits_for(line) is Waits.SERVICE:
        if stage is Stage.FOOTAGE:
            return f"Being looked at: {line.clips_open} of {line.clips} {'file' if line.clips == 1 else 'files'}"
        return f"Being made, {int(line.progress * 100)} % done"
    if line.superseded:
        return "Made again since"
    if stage in (Stage.DELIVERED, Stage.STOPPED):
        return f"{STAGES[stage]} {ago} ago"
    waited = {
        Stage.FOOTAGE: f"{them} to ask for the film" if line.clips else f"{theirs} footage",
        Stage.REVIEW: _in_review(line, them, theirs),
        Stage.APPROVED: f"{them} to download the film",
        Stage.FAILED: f"{them} to mend the footage" if waits_for(line) is Waits.AGENCY else "the house to look into it",
    }
    return f"Waiting {ago} for {waited[stage]}"


def _in_review(line: Line, them: str, theirs: str) -> str:
    if line.preview:
        return f"{them} to watch the preview"
    if line.review == "draft":
        return f"{them} to send what is missing"
    return f"{theirs} approval" if line.captions_accepted else f"{theirs} review"
