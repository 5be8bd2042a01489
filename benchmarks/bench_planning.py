"""How long a film takes to plan: made-up footage of 60 clips for every shipped storyboard, and how it lands."""

import time

from agencies.agency import Agency
from editing.planning import NotEnoughFootage, plan
from ingest.clip import Clip
from storyboards.library import list_ids, load
from storyboards.storyboard import Storyboard
from tests.editing.footage_sets import footage_set

AGENCY = Agency(name="Anytown Police Department")
CLIPS, SEEDS = 60, 8


def main() -> None:
    """Print CPU seconds of planning for each storyboard, and of refusing footage whose required slots are empty."""
    print(f"{'storyboard':<20}{'footage':<12}{'films':>7}{'on target':>11}{'median s':>10}{'worst s':>9}")
    for name in list_ids():
        storyboard = load(name).as_example
        needed = {slot.id for slot in storyboard.slots if slot.required}
        for kind, barred in (("all", set[str]()), ("no required", needed)):
            spent, missed = [], []
            for seed in range(SEEDS):
                clips = [clip for clip in sixty(storyboard, seed) if clip.slot not in barred]
                began = time.process_time()
                missed += missed_by(storyboard, clips)
                spent.append(time.process_time() - began)
            landed = sum(one <= 60 for one in missed)
            figures = f"{len(missed):>7}{landed:>11}{sorted(spent)[SEEDS // 2]:>10.2f}{max(spent):>9.2f}"
            print(f"{name:<20}{kind:<12}{figures}", flush=True)


def sixty(storyboard: Storyboard, seed: int) -> list[Clip]:
    """Sixty clips out of many made-up projects."""
    return [
        clip.model_copy(update={"file": f"{n}_{clip.file}"})
        for n in range(1000 * seed, 1000 * seed + 99)
        for clip in footage_set(storyboard, n, most=CLIPS).clips
        if not clip.file.startswith("music")
    ][:CLIPS]


def missed_by(storyboard: Storyboard, clips: list[Clip]) -> list[int]:
    """Frames by which the film misses its target; nothing when there is no film."""
    try:
        return [abs(plan(storyboard, clips, AGENCY).frames - round(storyboard.target_s * 30))]
    except NotEnoughFootage:
        return []


if __name__ == "__main__":
    main()
