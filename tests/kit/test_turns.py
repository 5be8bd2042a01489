"""Turns: in the order of asking, and whoever gives up waiting holds nobody up."""

import threading
import time

from kit.turns import Turns


def in_line(turns: Turns, count: int) -> None:
    """Until so many wait."""
    deadline = time.monotonic() + 30
    while len(turns._waiting) != count:
        assert time.monotonic() < deadline
        time.sleep(0.001)


def test_whoever_asks_first_is_next() -> None:
    turns = Turns()
    order: list[int] = []

    def take(number: int) -> None:
        assert turns.acquire(30)
        order.append(number)
        turns.release()

    assert turns.acquire(1)
    threads = [threading.Thread(target=take, args=(number,)) for number in range(10)]
    for number, thread in enumerate(threads, start=1):
        thread.start()
        in_line(turns, number)
    turns.release()
    for thread in threads:
        thread.join(30)
    assert order == list(range(10))


def test_whoever_gives_up_holds_nobody_up() -> None:
    turns = Turns()
    assert turns.acquire(1)
    assert not turns.acquire(0.01)
    taken: list[bool] = []
    other = threading.Thread(target=lambda: taken.append(turns.acquire(30)))
    other.start()
    in_line(turns, 1)
    turns.release()
    other.join(30)
    assert taken == [True]
    assert not turns.acquire(0.01), "the other holds it still"
    turns.release()
    assert turns.acquire(1)


def test_it_is_one_at_a_time() -> None:
    turns = Turns()
    inside = 0
    most = 0

    def enter() -> None:
        nonlocal inside, most
        for _ in range(200):
            assert turns.acquire(30)
            inside += 1
            most = max(most, inside)
            inside -= 1
            turns.release()

    threads = [threading.Thread(target=enter) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert (inside, most) == (0, 1)
