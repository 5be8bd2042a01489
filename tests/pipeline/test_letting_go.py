"""What was agreed, done: footage, packages and zips go in their time, in plain words, and nothing else does."""

import contextlib
import os
import random
from pathlib import Path

import pytest
import sqlalchemy as sa

from kit.database import immediate, open_engine
from kit.errors import Gone, InputRefused, PromiseReelError
from pipeline.jobs import JobState, StepKind
from pipeline.keeping import DAY_S, Keep, day_of
from pipeline.projects import Details
from pipeline.review_tables import receipts, share_links
from pipeline.settling import add_event
from pipeline.tables import audit, create_tables, deliveries, job_events, jobs, uploads
from pipeline.worker import work

from ..postgres import fresh_database
from .conftest import House, built
from .place import Place
from .test_worker import work_off

KEEP = Keep()
FIRST = int(os.environ.get("PROMISEREEL_SEED", "6"))
SEEDS = range(FIRST, FIRST + (400 if os.environ.get("PROMISEREEL_SOAK") else 4))


@pytest.fixture
def place(house: House, tmp_path: Path) -> Place:
    return Place(house, tmp_path)


def test_footage_goes_half_a_year_after_the_last_work_and_says_so(place: Place) -> None:
    place.send("a.mp4", "a")
    job_id = place.approved()
    place.service.decisions.deliver(job_id, "documentary.mp4")
    [clip] = place.service.list_clips(place.house.project_id)
    assert clip.goes_at == pytest.approx(place.clock.now + KEEP.footage_s)
    place.days(KEEP.footage_s / DAY_S - 1)
    # A download moves the job's own time, and neither that of the footage nor that of the pieces.
    place.service.decisions.deliver(job_id, "documentary.mp4")
    assert len(place.keys("uploads")) == len(place.keys("inspections")) == 1
    assert not place.keys("segments") | place.keys("sound") | place.keys("looks")
    assert place.days(1.1) >= 4
    went = day_of(place.clock.now)
    assert not place.keys("uploads") | place.keys("renditions") | place.keys("inspections")
    [clip] = place.service.list_clips(place.house.project_id)
    assert clip.expired_at == place.clock.now
    for deed in (
        lambda: place.service.submit_job(place.house.project_id),
        lambda: place.service.link_rendition(clip.id, "poster.jpg"),
        lambda: place.service.describe_clip(clip.id, Details(slot="leader")),
    ):
        with pytest.raises(
            (InputRefused, Gone), match=f"was deleted on {went} as agreed; upload it again to make a new film"
        ):
            deed()
    assert place.service.packages.deliver(job_id), "the film itself is kept for longer"
    with place.house.engine.connect() as connection:
        lines = connection.execute(sa.select(audit.c.actor, audit.c.action, audit.c.object_id)).all()
    assert ("retention", "delete footage", place.house.project_id) in lines
    place.check()
    place.send("a.mp4", "a")
    place.send("b.mp4", "b")
    assert place.house.job(place.film()).state is JobState.IN_REVIEW
    place.check()


def test_footage_is_held_by_a_film_under_way_and_by_one_in_review(place: Place) -> None:
    place.send("a.mp4", "a")
    waiting = place.service.submit_job(place.house.project_id).id
    place.days(400)
    assert place.service.list_clips(place.house.project_id)[0].goes_at is None
    work_off(place.house, place.bench)
    assert place.house.job(waiting).state is JobState.IN_REVIEW, "a job that waited for long finds its footage"
    place.days(400)
    place.service.decisions.ask_changes(waiting)
    place.days(400)
    work_off(place.house, place.bench)
    assert place.house.job(waiting).state is JobState.IN_REVIEW
    place.days(KEEP.packages_s / DAY_S + 1)
    assert not list(place.storage.list(""))
    with pytest.raises(InputRefused, match="as agreed"):
        place.service.decisions.ask_changes(waiting)
    with pytest.raises(Gone, match="cannot be downloaded any more"):
        place.service.packages.to_review(waiting)
    place.service.decisions.accept_captions(waiting)
    with pytest.raises(Gone):
        place.service.decisions.approve(waiting)
    place.check()


def test_a_package_is_kept_while_a_link_of_it_holds_and_then_is_gone_for_all(place: Place) -> None:
    place.send("a.mp4", "a")
    job_id = place.approved()
    [package] = place.service.packages.of_job(job_id)
    assert package.goes_at == pytest.approx(place.clock.now + KEEP.packages_s)
    place.days(KEEP.packages_s / DAY_S - 10)
    revoked, _ = place.service.shares.make(job_id, 90)
    place.service.shares.revoke(revoked.id)
    link, token = place.service.shares.make(job_id, 30)
    [package] = place.service.packages.of_job(job_id)
    assert package.goes_at == link.expires_at
    place.days(29)
    assert place.service.shares.show(token).size
    place.days(1.1)
    assert not place.keys("packages")
    [package] = place.service.packages.of_job(job_id)
    assert package.expired_at == place.clock.now
    assert package.files, "what there was is still told"
    for deed in (place.service.packages.deliver, place.service.packages.archive, place.service.shares.make):
        with pytest.raises(Gone, match=f"deleted on {day_of(place.clock.now)} as agreed"):
            deed(job_id)
    with pytest.raises(Gone):
        place.service.packages.text(job_id, "manifest.json")
    with pytest.raises(Gone, match="expired"):
        place.service.shares.show(token)
    place.check()
    place.days(KEEP.links_s / DAY_S + 1)
    assert not place.service.shares.of_job(job_id)
    assert [one.by for one in place.service.shares.receipts(job_id)] == [f"shared link {link.number}"]


def test_a_zip_goes_early_and_is_made_again_when_asked_for(place: Place) -> None:
    place.send("a.mp4", "a")
    job_id = place.approved()
    place.days(KEEP.archives_s / DAY_S + 1)
    assert not place.keys("archives")
    with pytest.raises(PromiseReelError, match="ask again in a minute"):
        place.service.packages.archive(job_id)
    assert place.days(1) == 0, "what a worker is about to do is left alone"
    work_off(place.house, place.bench)
    assert place.keys("archives") == {place.service.packages.archive(job_id).file.key}


def test_previews_and_what_was_made_anew_go_after_a_month(place: Place) -> None:
    place.send("a.mp4", "a")
    preview = place.film(preview=True)
    film = place.film()
    place.send("a.mp4", "another")
    place.service.decisions.ask_changes(film)
    work_off(place.house, place.bench)
    assert len(place.keys("uploads")) == 2
    place.days(KEEP.previews_s / DAY_S - 1)
    assert {key.split("/")[1] for key in place.keys("packages")} == {preview, film}
    place.days(2)
    newest, oldest = place.service.packages.of_job(film)
    assert place.keys("packages") == {file.key for file in newest.files}
    assert oldest.expired_at
    assert len(place.keys("uploads")) == 1, "the file that another took the place of goes with the pieces"
    place.check()


def test_a_failed_film_whose_pieces_went_is_planned_anew(place: Place) -> None:
    place.send("a.mp4", "a")
    job = place.service.submit_job(place.house.project_id)
    while place.house.job(job.id).state is not JobState.ASSEMBLING:
        step = place.house.ledger.claim_next("w", place.house.project_id)
        assert step
        work(place.house.ledger, place.bench, step)
    with immediate(place.house.engine) as connection:
        connection.exec_driver_sql("UPDATE steps SET attempts = 9 WHERE state = 'ready'")
    step = place.house.ledger.claim_next("w", place.house.project_id)
    assert step
    place.house.ledger.fail(step, RuntimeError("It stumbled."))
    assert place.house.job(job.id).state is JobState.FAILED
    place.days(KEEP.pieces_s / DAY_S + 1)
    assert not place.keys("contexts") | place.keys("segments")
    place.service.decisions.retry(job.id)
    work_off(place.house, place.bench)
    again = place.house.job(job.id)
    assert (again.state, again.round, again.pieces_expired_at) == (JobState.IN_REVIEW, 2, None)
    place.check()


def test_objects_that_no_row_knows_go_after_a_day_and_what_is_asked_for_again_stays(place: Place) -> None:
    place.send("a.mp4", "a")
    place.film()
    strays = [f"{folder}/nobody/x" for folder in ("uploads", "renditions", "packages", "joined", "seals", "checks")]
    strays += ["segments/nobody.mp4", "sound/nobody.m4a", "looks/v1/nobody.npz", "contexts/n.json", "archives/n/1/1/x"]
    strays += ["inspections/nobody.json"]
    held = set(place.storage.list(""))
    for key in strays:
        place.storage.put_bytes(key, b"stray")
    assert place.days(0.9) == 0
    assert place.days(0.2) == len(strays)
    assert set(place.storage.list("")) == held
    # A file sent again after its clip is gone finds what was found out, and the sweep sees that it is wanted.
    with immediate(place.house.engine) as connection:
        connection.execute(sa.update(uploads).values(expired_at=1.0))
        connection.exec_driver_sql("UPDATE clips SET expired_at = 1")
        connection.exec_driver_sql("UPDATE jobs SET pieces_expired_at = 1")
    listed = place.storage.stored

    def ask_meanwhile(prefix: str):  # type: ignore[no-untyped-def]
        found = list(listed(prefix))
        if prefix == "uploads/":
            place.send("a.mp4", "a")
            work_off(place.house, place.bench)
            # By the test's clock: a moment ago.
            for path in (place.storage.root / "inspections").iterdir():
                os.utime(path, (place.clock.now, place.clock.now))
        return iter(found)

    place.storage.stored = ask_meanwhile  # type: ignore[method-assign]
    place.retention.sweep()
    place.storage.stored = listed  # type: ignore[method-assign]
    assert place.craft.inspected == ["a.mp4"]
    assert len(place.keys("renditions")) == 2
    place.check()


def test_what_was_half_swept_is_made_anew(place: Place) -> None:
    place.send("a.mp4", "a")
    work_off(place.house, place.bench)
    place.storage.delete([key for key in place.keys("renditions") if key.endswith("poster.jpg")])
    place.send("a.mp4", "a")
    work_off(place.house, place.bench)
    assert place.craft.inspected == ["a.mp4", "a.mp4"]
    assert {key.rpartition("/")[2] for key in place.keys("renditions")} == {"poster.jpg", "proxy.mp4"}
    place.check()


def test_rows_that_are_over_are_forgotten_and_the_board_still_knows(place: Place) -> None:
    place.send("a.mp4", "a")
    job_id = place.approved()
    place.service.decisions.deliver(job_id, "documentary.mp4")
    project = place.service.create_project(place.house.agency_id, "Another", idempotency_key="k")
    with immediate(place.house.engine) as connection:
        job = place.house.job(job_id)
        add_event(connection, job, "progress", {"progress": 0.5}, place.clock.now)
    place.days(KEEP.events_s / DAY_S + 1)
    with place.house.engine.connect() as connection:
        kinds = set(connection.scalars(sa.select(job_events.c.kind)))
        left = [
            connection.scalar(sa.select(sa.func.count()).select_from(sa.text(name)))
            for name in ("idempotency_keys", "webhook_posts", "notices", "sessions", "one_time_links")
        ]
    assert kinds == {"state", "captions"}
    assert left == [0] * 5
    assert {line.id for line in place.service.board.lines()} == {job_id, project.id}
    assert place.service.shares.receipts(job_id)


def test_a_films_newest_link_is_kept_so_that_numbers_go_on(place: Place) -> None:
    place.send("a.mp4", "a")
    job_id = place.approved()
    for _ in range(3):
        _, token = place.service.shares.make(job_id, 1)
        place.service.shares.show(token)
    place.days(KEEP.links_s / DAY_S + 2)
    assert [link.number for link in place.service.shares.of_job(job_id)] == [3]
    link, _ = place.service.shares.make(job_id, 1)
    assert link.number == 4
    with place.house.engine.connect() as connection:
        assert connection.scalar(sa.select(sa.func.count()).where(receipts.c.link_id.is_(None))) == 2
        assert connection.scalar(sa.select(sa.func.count()).select_from(share_links)) == 2


def test_a_sweep_on_postgresql(postgresql: sa.URL, tmp_path: Path) -> None:
    """The same statements, where rows are locked one by one."""
    with fresh_database(postgresql, "sweep") as url:
        engine = open_engine(url.render_as_string(hide_password=False))
        create_tables(engine)
        with built(str(url), engine) as house:
            place = Place(house, tmp_path)
            place.send("a.mp4", "a")
            job_id = place.approved()
            place.send("a.mp4", "another")
            work_off(house, place.bench)
            place.service.shares.make(job_id, 1)
            place.days(40)
            assert place.keys("packages")
            assert not place.keys("archives") | place.keys("segments")
            place.days(200)
            assert not place.keys("uploads") | place.keys("renditions")
            place.check()
            place.days(1000)
            assert not list(place.storage.list(""))
            assert not place.service.shares.of_job(job_id)


@pytest.mark.parametrize("seed", SEEDS)
def test_whatever_happens_no_row_points_at_nothing_and_nothing_is_left_over(place: Place, seed: int) -> None:
    """Random histories: files sent, films asked for, half made, decided on, shared; and weeks that go by."""
    chance = random.Random(seed)
    place.send("a.mp4", "a")
    made: list[str] = []

    def some() -> str:
        return chance.choice(made) if made else place.film()

    deeds = {
        "send": lambda: place.send(chance.choice(("a.mp4", "b.mp4", "a.srt")), chance.choice("abc")),
        "submit": lambda: made.append(place.service.submit_job(place.house.project_id).id),
        "film": lambda: made.append(place.film(preview=chance.random() < 0.3)),
        "work": lambda: work_off(place.house, place.bench),
        "step": lambda: _one_step(place),
        "captions": lambda: place.service.decisions.accept_captions(some()),
        "approve": lambda: place.service.decisions.approve(some()),
        "changes": lambda: place.service.decisions.ask_changes(some()),
        "cancel": lambda: place.service.decisions.cancel(some()),
        "retry": lambda: place.service.decisions.retry(some()),
        "share": lambda: place.service.shares.make(some(), 30),
        "deliver": lambda: place.service.packages.deliver(some()),
        "zip": lambda: place.service.packages.archive(some()),
        "days": lambda: place.days(chance.choice((0.5, 2, 31, 100, 200))),
        "room": place.retention.make_room,
    }
    for _ in range(25):
        # What does not fit now is refused; what must be true all the same is looked at below.
        with contextlib.suppress(PromiseReelError):
            deeds[chance.choice(sorted(deeds))]()
        place.check()
        broken = [job for job in place.service.list_jobs(place.house.project_id) if job.blame == "bug"]
        assert not broken, broken
    work_off(place.house, place.bench)
    with immediate(place.house.engine) as connection:
        stopped = jobs.c.state.not_in(("in_review", "approved", "delivered", "failed", "cancelled"))
        connection.execute(sa.update(jobs).where(stopped).values(state=JobState.CANCELLED))
        connection.exec_driver_sql("UPDATE steps SET state = 'cancelled' WHERE state IN ('ready', 'running')")
    for _ in range(3):
        place.days(1000)
    assert not list(place.storage.list(""))
    with place.house.engine.connect() as connection:
        kept = connection.scalars(sa.select(deliveries.c.id).where(deliveries.c.expired_at.is_(None))).all()
    assert not kept


def _one_step(place: Place) -> None:
    step = place.house.ledger.claim_next("w", place.house.project_id)
    if step and step.kind is not StepKind.INSPECT:
        work(place.house.ledger, place.bench, step)
    elif step:
        place.house.ledger.release(step)
