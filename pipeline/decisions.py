"""What people decide of jobs: accept the captions, approve, ask for changes, cancel, try again, let one go first."""

import time
from collections.abc import Callable, Mapping

import sqlalchemy as sa

from kit.database import immediate
from kit.timing import clock
from pipeline import audit, flow, records
from pipeline.comments import open_comments
from pipeline.dispatch import Dispatch
from pipeline.edits import pin, pinned_number
from pipeline.flow import Action
from pipeline.jobs import Job, Priority
from pipeline.keeping import check_kept
from pipeline.notices import NoticeKind, give_notice
from pipeline.people import OPERATOR, Actor
from pipeline.receipts import keep_receipt
from pipeline.rows import read_job, read_steps
from pipeline.settling import add_event, apply_change, settle_job

TOLD: Mapping[Action, NoticeKind] = {Action.APPROVE: "approved", Action.ASK_CHANGES: "changes"}
"""Decisions that are told by mail to those who care for the film."""


class Decisions:
    """Each one transaction; steps that come of it are offered after the commit. NotFound for another agency's job."""

    def __init__(
        self,
        engine: sa.Engine,
        dispatch: Dispatch,
        *,
        clock: Callable[[], float] = time.time,
        actor: Actor = OPERATOR,
    ) -> None:
        self._engine = engine
        self._dispatch = dispatch
        self._clock = clock
        self._actor = actor

    def accept_captions(self, job_id: str, *, agency_id: str | None = None) -> Job:
        """A person read the captions of a film in review and accepts them; Conflict in any other state."""
        return self._decide(job_id, Action.ACCEPT_CAPTIONS, agency_id)

    def approve(self, job_id: str, *, agency_id: str | None = None) -> Job:
        """Let a film leave; Conflict when it is a draft, a preview, or its captions are not accepted."""
        return self._decide(job_id, Action.APPROVE, agency_id)

    def ask_changes(self, job_id: str, *, edits_version: int | None = None, agency_id: str | None = None) -> Job:
        """Plan a film in review again, with what was said of its clips since and with the project's newest edits.

        `edits_version` names another version of them, 0 none. Conflict in any other state, InputRefused.
        """
        return self._decide(job_id, Action.ASK_CHANGES, agency_id, edits_version)

    def deliver(self, job_id: str, what: str, *, agency_id: str | None = None) -> Job:
        """Mark an approved film delivered, with a receipt for `what` of it is had; Conflict before its approval."""
        return self._decide(job_id, Action.DELIVER, agency_id, had=what)

    def cancel(self, job_id: str, *, agency_id: str | None = None) -> Job:
        """Stop a job for good; Conflict when it has ended."""
        return self._decide(job_id, Action.CANCEL, agency_id)

    def retry(self, job_id: str, *, agency_id: str | None = None) -> Job:
        """Try a failed job again from where it failed; Conflict in any other state."""
        return self._decide(job_id, Action.RETRY, agency_id)

    def prioritise(self, job_id: str, priority: Priority, *, agency_id: str | None = None) -> Job:
        """Let a job go before or after others of its agency; NotFound."""
        with immediate(self._engine) as connection:
            job = read_job(connection, job_id, lock=True, agency_id=agency_id)
            records.set_priority(connection, job_id, priority)
            audit.note(
                connection, self._actor, self._clock(), "prioritise", "job", job_id, job.agency_id, priority=priority
            )
            return read_job(connection, job_id)

    def _decide(
        self,
        job_id: str,
        action: Action,
        agency_id: str | None,
        edits_version: int | None = None,
        had: str | None = None,
    ) -> Job:
        now = self._clock()
        with immediate(self._engine) as connection:
            job = read_job(connection, job_id, lock=True, agency_id=agency_id)
            change = flow.decide(job, action, read_steps(connection, job_id))
            again = action is Action.RETRY
            if action in (Action.ASK_CHANGES, Action.RETRY):
                records.hold_project(connection, job.project_id)
                records.check_footage(connection, job.project_id)
            if action is Action.APPROVE:
                check_kept(records.list_packages(connection, job_id)[:1])
            made = records.inspect_again(connection, job.project_id, now) if again else []
            made += apply_change(connection, job, change, now)
            made += settle_job(connection, job_id, now) if again else []
            if action is Action.ASK_CHANGES:
                pin(connection, job_id, pinned_number(connection, job.project_id, edits_version))
            details = {}
            if action in TOLD:
                asked = open_comments(connection, job_id) if action is Action.ASK_CHANGES else []
                lines = [f"{clock(one.at_s)}  {one.text} ({one.author})" for one in asked]
                give_notice(connection, job, TOLD[action], now, but=self._actor.person_id, lines=lines)
                details = {"comments": len(asked)} if action is Action.ASK_CHANGES else {}
            audit.note(connection, self._actor, now, action.value, "job", job_id, job.agency_id, **details)
            if had is not None:
                keep_receipt(connection, job, "download", had, self._actor.name, now)
            if action is Action.ACCEPT_CAPTIONS:
                add_event(connection, job, "captions", {"accepted": True}, now)
            decided = read_job(connection, job_id)
        self._dispatch(made)
        return decided
