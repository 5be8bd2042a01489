"""Offering steps to workers, after the commit that made them. An offer may get lost; the reconciler repeats it."""

import logging
from collections.abc import Callable, Sequence

from celery import Celery
from kombu.exceptions import OperationalError

from pipeline.broker import QUEUE, TASK

Dispatch = Callable[[Sequence[str]], None]
"""Offers steps, by their ids, to whoever works; never raises because nobody listens."""

_log = logging.getLogger(__name__)


def through(app: Celery) -> Dispatch:
    """Offer steps through the broker of a Celery app."""

    def offer(step_ids: Sequence[str]) -> None:
        for step_id in step_ids:
            try:
                app.send_task(TASK, args=[step_id], queue=QUEUE, ignore_result=True)
            except (OperationalError, OSError) as error:
                _log.warning("the broker is away, the reconciler will offer %s again: %s", step_id, error)
                return

    return offer
