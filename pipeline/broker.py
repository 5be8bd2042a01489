"""The Celery app: settled so that a lost worker loses no task. Tasks carry the id of a step and nothing else."""

from celery import Celery

TASK = "promisereel.step"
QUEUE = "promisereel"

VISIBILITY_S = 3600
"""Seconds after which Redis and Valkey hand an unacknowledged task on; the ledger's leases are much shorter."""


def make_app(broker_url: str, *, visibility_s: int = VISIBILITY_S) -> Celery:
    """A Celery app on a Redis or Valkey broker (`redis://…`), without a result store: the database holds results."""
    app = Celery("promisereel", broker=broker_url)
    app.conf.update(
        task_default_queue=QUEUE,
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        task_ignore_result=True,
        worker_prefetch_multiplier=1,
        worker_max_tasks_per_child=200,
        worker_hijack_root_logger=False,
        worker_send_task_events=False,
        worker_enable_remote_control=False,
        broker_connection_retry_on_startup=True,
        broker_transport_options={
            "visibility_timeout": visibility_s,
            "unacked_restore_interval": 2,
            "unacked_restore_throttle": 1,
            "socket_connect_timeout": 5,
            "socket_timeout": 30,
            "socket_keepalive": True,
        },
        # Whoever enqueues must not hang on a broker that is away: the reconciler offers the step again.
        task_publish_retry_policy={"max_retries": 1, "interval_start": 0.1, "interval_step": 0.1, "interval_max": 0.2},
        accept_content=["json"],
        task_serializer="json",
        enable_utc=True,
    )
    return app
