"""The Celery app: settled so that a lost worker loses no task. Tasks carry the id of a step and nothing else."""

from celery import Celery
from kombu.transport import redis, virtual

TASK = "promisereel.step"
QUEUE = "promisereel"

VISIBILITY_S = 3600
"""Seconds after which Redis and Valkey hand an unacknowledged task on; the ledger's leases are much shorter."""


class _UnderWay(redis.QoS):
    """What a worker has taken and not yet acknowledged: as many as it has processes, and no more are taken then.

    One whose acknowledgement got lost, because the broker died meanwhile, would hold its place for good, and a worker
    with all places held would never hear anything again. The broker offers it once more later, which does no harm.
    """

    def ack(self, delivery_tag: str) -> None:
        try:
            super().ack(delivery_tag)
        finally:
            virtual.QoS.ack(self, delivery_tag)

    def reject(self, delivery_tag: str, requeue: bool = False) -> None:
        try:
            super().reject(delivery_tag, requeue=requeue)
        finally:
            virtual.QoS.ack(self, delivery_tag)


class _Channel(redis.Channel):
    QoS = _UnderWay


class Transport(redis.Transport):
    """Redis and Valkey, without a worker that goes deaf when they are started again."""

    Channel = _Channel


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
        broker_transport=Transport,
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
