"""Workers by role: every kind of step has one, offers go where it listens, and a worker claims what is its own."""

import pytest

from kit.errors import Outage, UsageError
from pipeline.broker import QUEUE
from pipeline.celery_worker import do_step
from pipeline.dispatch import KindsOf, Offer, through
from pipeline.jobs import StepKind
from pipeline.worker_roles import ALL_ROLES, ROLE_OF, WorkerRole, kinds_for, queue_for, queues_for, roles_of

from .conftest import House


class Sent:
    """Stands for a Celery app; keeps what is offered, and where."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.offers: list[tuple[str, str]] = []

    def send_task(self, _name: str, args: list[str], queue: str, ignore_result: bool) -> None:
        if self.error:
            raise self.error
        self.offers.append((args[0], queue))


def offer_to(sent: Sent, kinds_of: KindsOf) -> Offer:
    """Offers through what stands for the app."""
    return through(sent, kinds_of)  # type: ignore[arg-type]  # no more is asked of the app than to send


def test_every_kind_has_a_role_and_every_role_a_queue_that_is_heard() -> None:
    assert set(ROLE_OF) == set(StepKind)
    assert kinds_for(ALL_ROLES) == set(StepKind)
    for kind, role in ROLE_OF.items():
        assert queue_for(kind) in queues_for({role})
        assert queue_for(kind) in queues_for(ALL_ROLES)
        assert [other for other in WorkerRole if queue_for(kind) in queues_for({other})] == [role]
    assert queue_for(None) == QUEUE
    assert QUEUE in queues_for(ALL_ROLES)


@pytest.mark.parametrize(
    ("words", "roles"),
    [("", ALL_ROLES), (" , ", ALL_ROLES), ("inspect", {"inspect"}), ("render, package", {"render", "package"})],
)
def test_roles_are_named_in_words(words: str, roles: set[str]) -> None:
    assert roles_of(words) == roles


def test_another_word_is_refused() -> None:
    with pytest.raises(UsageError, match="“cook” is no role of a worker: choose among inspect, render, package"):
        roles_of("inspect,cook")


def test_a_step_is_offered_where_its_role_listens(house: House) -> None:
    (plan,) = house.steps(house.submit())
    sent = Sent()
    assert offer_to(sent, house.ledger.kinds_of)([plan.id, "gone"])
    assert sent.offers == [(plan.id, f"{QUEUE}.render"), ("gone", QUEUE)]
    assert not offer_to(Sent(OSError("away")), house.ledger.kinds_of)([plan.id])

    def away(_: object) -> dict[str, StepKind]:
        raise Outage("away")

    assert not offer_to(sent, away)([plan.id])
    assert len(sent.offers) == 2


def test_a_worker_claims_what_is_of_its_role_alone(house: House) -> None:
    house.submit()
    assert house.ledger.claim_fairest("inspector", kinds_for({WorkerRole.INSPECT, WorkerRole.PACKAGE})) is None
    held = house.ledger.claim_fairest("renderer", kinds_for({WorkerRole.RENDER}))
    assert held
    assert held.kind is StepKind.PLAN


@pytest.mark.parametrize(("heard", "again"), [("inspect", ["offered"]), ("render", [])])
def test_an_offer_of_another_role_is_made_again(
    house: House, monkeypatch: pytest.MonkeyPatch, heard: str, again: list[str]
) -> None:
    """Who hears one queue alone must not miss a step because a worker of all roles took another on its offer."""
    house.submit()
    monkeypatch.setattr("pipeline.celery_worker.work", lambda *_, **__: type("Ended", (), {"made": ()})())
    offers: list[str] = []
    do_step("offered", house.ledger, None, offers.extend, heard=f"{QUEUE}.{heard}")  # type: ignore[arg-type]
    assert offers == again
