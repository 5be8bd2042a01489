"""What a worker is there for, and the queue by which each kind of step is offered. Pure."""

from collections.abc import Collection, Mapping
from enum import StrEnum

from kit.errors import UsageError
from pipeline.broker import QUEUE
from pipeline.jobs import StepKind


class WorkerRole(StrEnum):
    """A share of the work that machines may be divided by."""

    INSPECT = "inspect"
    RENDER = "render"
    PACKAGE = "package"


ROLE_OF: Mapping[StepKind, WorkerRole] = {
    StepKind.INSPECT: WorkerRole.INSPECT,
    StepKind.PLAN: WorkerRole.RENDER,
    StepKind.SEGMENT: WorkerRole.RENDER,
    StepKind.SOUND: WorkerRole.RENDER,
    StepKind.ASSEMBLE: WorkerRole.RENDER,
    StepKind.PACKAGE: WorkerRole.PACKAGE,
    StepKind.ARCHIVE: WorkerRole.PACKAGE,
}
"""Every kind has one, or nobody would do it where all workers have roles."""

ALL_ROLES = frozenset(WorkerRole)


def roles_of(words: str) -> frozenset[WorkerRole]:
    """The roles named in `inspect,render`; all of them when none is named. Raises UsageError for another word."""
    named = [word.strip() for word in words.split(",") if word.strip()]
    unknown = [word for word in named if word not in set(WorkerRole)]
    if unknown:
        raise UsageError(f"“{unknown[0]}” is no role of a worker: choose among {', '.join(WorkerRole)}.")
    return frozenset(map(WorkerRole, named)) or ALL_ROLES


def kinds_for(roles: Collection[WorkerRole]) -> frozenset[StepKind]:
    """The kinds of steps that a worker with these roles does."""
    return frozenset(kind for kind, role in ROLE_OF.items() if role in roles)


def queue_for(kind: StepKind | None) -> str:
    """Where steps of a kind are offered; None when nobody can tell the kind, which workers of all roles hear."""
    return QUEUE if kind is None else f"{QUEUE}.{ROLE_OF[kind]}"


def queues_for(roles: Collection[WorkerRole]) -> tuple[str, ...]:
    """The queues that a worker with these roles listens to."""
    own = tuple(f"{QUEUE}.{role}" for role in WorkerRole if role in roles)
    return (*own, QUEUE) if set(roles) >= ALL_ROLES else own
