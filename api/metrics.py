"""Figures as Prometheus reads them: the pipeline's out of the database, and this process's own."""

import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from pipeline.jobs import Blame, JobState, StepKind, StepState
from pipeline.metrics import BUCKETS_S, TIMED, Figures

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"

Sample = tuple[str, Mapping[str, str], float]
"""What follows the family's name, labels, value."""


class Requests:
    """Counts this process's answers, by method and status."""

    def __init__(self) -> None:
        self.answers: Counter[tuple[str, int]] = Counter()
        self.seconds = 0.0

    def note(self, method: str, status: int, seconds: float) -> None:
        """One answer that was given."""
        self.answers[method, status] += 1
        self.seconds += seconds


def exposition(figures: Figures, requests: Requests, followers: int, data: Path) -> str:
    """All figures as text; a family of which nothing is known yet shows zeros, so that alarms can name it."""
    families = [
        _family(
            "queue_age_seconds",
            "gauge",
            "How long the oldest step that waits for a worker has waited",
            (("", {"kind": kind}, figures.queue_age_s.get(kind, 0.0)) for kind in StepKind),
        ),
        _family(
            "steps",
            "gauge",
            "Steps by kind and state",
            (
                ("", {"kind": kind, "state": state}, figures.steps.get((kind, state), 0))
                for kind in StepKind
                for state in StepState
            ),
        ),
        _family("step_seconds", "histogram", "How long finished steps took", _times(figures)),
        _family(
            "steps_failed",
            "gauge",
            "Steps that failed for good and were not tried again, by who must act",
            (
                ("", {"kind": kind, "blame": blame}, figures.failed.get((kind, blame), 0))
                for kind in StepKind
                for blame in Blame
            ),
        ),
        _family(
            "step_further_attempts_total",
            "counter",
            "Claims of steps beyond one each: what was lost or tried again",
            (("", {"kind": kind}, figures.further_attempts.get(kind, 0)) for kind in StepKind),
        ),
        _family(
            "jobs",
            "gauge",
            "Jobs by state",
            (("", {"state": state}, figures.jobs.get(state, 0)) for state in JobState),
        ),
        _family(
            "http_requests_total",
            "counter",
            "Answers of this process",
            (
                ("", {"method": method, "status": str(status)}, count)
                for (method, status), count in sorted(requests.answers.items())
            ),
        ),
        _family("http_request_seconds_total", "counter", "Time to these answers", [("", {}, requests.seconds)]),
        _family("followers", "gauge", "Streams of events that are open here", [("", {}, followers)]),
        _family("disk_free_bytes", "gauge", "Room on this machine's disk", [("", {}, shutil.disk_usage(data).free)]),
    ]
    return "".join(families)


def _times(figures: Figures) -> Iterator[Sample]:
    for kind in TIMED:
        times = figures.times.get(kind)
        within = times.within if times else (0,) * len(BUCKETS_S)
        for end, count in zip(BUCKETS_S, within, strict=True):
            yield "_bucket", {"kind": kind, "le": f"{end:g}"}, count
        yield "_bucket", {"kind": kind, "le": "+Inf"}, times.count if times else 0
        yield "_sum", {"kind": kind}, times.seconds if times else 0.0
        yield "_count", {"kind": kind}, times.count if times else 0


def _family(name: str, kind: str, about: str, samples: Iterable[Sample]) -> str:
    lines = [f"# HELP promisereel_{name} {about}.", f"# TYPE promisereel_{name} {kind}"]
    for ending, labels, value in samples:
        told = ",".join(f'{label}="{text}"' for label, text in labels.items())
        lines.append(
            f"promisereel_{name}{ending}{{{told}}} {value:.10g}" if told else f"promisereel_{name} {value:.10g}"
        )
    return "\n".join(lines) + "\n"
