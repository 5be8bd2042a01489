"""Offering steps to workers, after the commit that made them. An offer may get lost; the reconciler repeats it."""

import logging
from collections.abc import Callable, Mapping, Sequence

from celery import Celery
from kombu.exceptions import OperationalError

from kit.errors import Outage
from pipeline.broker import TASK
from pipeline.jobs import StepKind
from pipeline.worker_roles import queue_for

Dispatch = Callable[[Sequence[str]], object]
"""Offers steps, by their ids, to whoever works; never raises because nobody listens."""

Offer = Callable[[Sequence[str]], bool]
"""A dispatch that tells whether the steps reached the broker."""

KindsOf = Callable[[Sequence[str]], Mapping[str, StepKind]]
"""Tells the kinds of steps by their ids."""

_log = logging.getLogger(__name__)


def through(app: Celery, kinds_of: KindsOf = lambda _: {}) -> Offer:
    """Offer steps through the broker of a Celery app, each where the workers of its role listen."""

    def offer(step_ids: Sequence[str]) -> bool:
        try:
            kinds = kinds_of(step_ids) if step_ids else {}
            for step_id in step_ids:
                app.send_task(TASK, args=[step_id], queue=queue_for(kinds.get(step_id)), ignore_result=True)
        except (OperationalError, OSError, Outage) as error:
            _log.warning("the broker is away, the reconciler will offer %s again: %s", step_ids[0], error)
            return False
        return True

    return offer
