"""Any department's name fits its cards: inside the safe area, no size too small, no word lost, none left alone."""

import os
import random
import unicodedata

import pytest

from agencies.agency import Agency
from agencies.promise import MARKS_NOTICE, promise_phrases, promise_text
from api.profile import profile_of
from editing.card_layout import fits, lay_out
from editing.timeline import CardShot
from editing.typesetting import SAFE_BOTTOM, SAFE_TOP, SAFE_WIDTH, SMALLEST, balance, fit, orphaned, unwritable, width
from kit.errors import InputRefused

NAMES = 10_000 if os.environ.get("PROMISEREEL_SOAK") else 500
WORDS = (
    *("County", "Sheriff’s", "Office", "of", "the", "Saint-Étienne", "Metropolitan", "Police", "Department", "Đà"),
    *("Nẵng", "Łódź", "&", "Sons", "№1", "D.C.", "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch"),
    *("Αθήνα", "Київ", "911", "(Unit", "7)", "“Old", "Town”", "São", "Ñuñoa", "İzmir"),
)
MARKS = "\u0300\u0301\u0303\u0323"
ODD = "漢警察🚓👮שלוםشرطةไทย한국☃"


def made_up(seed: int, odd: bool) -> str:
    """A department's name of 1 to 120 characters, now and then of the strangest kind."""
    chance = random.Random(seed)
    kind = chance.randrange(6)
    if kind == 0:
        name = "".join(chance.choice("WMilj-’.é0") for _ in range(chance.randint(1, 120)))
    elif kind == 1:
        name = "".join(chance.choice("aeioucz") + chance.choice(MARKS) for _ in range(chance.randint(1, 60)))
    else:
        name = " ".join(chance.choice(WORDS) for _ in range(chance.randint(1, 20)))
        name = name.upper() if kind == 2 else name
    if odd:
        name = name[:119]
        at = chance.randrange(len(name) + 1)
        return name[:at] + chance.choice(ODD) + name[at:]
    return name[: chance.randint(1, 120)] + " " * chance.randrange(3)


def cards(name: str, seal: str | None) -> list[CardShot]:
    """Every card that shows a department's name."""
    quote = ("We keep our word.", "Speaker One", f"Chief of Police, {name}")
    lines = {"opening": (name, "A Peace Officer Promise™ documentary"), "chapter": (name,), "quote": quote}
    lines["end"] = (name, MARKS_NOTICE, "Music by A. Composer, CC BY 4.0")
    shots = [CardShot(start=0, end=9, kind=kind, lines=said, seal=seal) for kind, said in lines.items()]
    for said in (promise_phrases(name, "members"), (promise_text(name, "members"),)):
        shots.append(CardShot(start=0, end=9, kind="promise", lines=said))
    return shots


@pytest.mark.parametrize("part", range(10))
def test_names_of_any_kind_fit_every_card(part: int) -> None:
    for seed in range(part, NAMES, 10):
        typed = made_up(seed, odd=False)
        if not typed.strip():
            continue
        assert not unwritable(unicodedata.normalize("NFC", typed))
        name = profile_of(typed).name
        for card in cards(name, "seal" if seed % 2 else None):
            rows = lay_out(card, (700, 600) if card.seal else None)
            assert fits(card), (seed, card.kind)
            assert rows[0].top >= SAFE_TOP
            assert rows[-1].top + rows[-1].height <= SAFE_BOTTOM
            texts = [row for row in rows if row.kind == "text"]
            assert all(row.size >= SMALLEST and row.wide <= SAFE_WIDTH for row in texts), (seed, card.kind)
            shown = "".join(row.text for row in texts).replace("“", "")
            wanted = "".join(card.lines).replace("“", "")
            assert _bare(shown) == _bare(wanted), (seed, card.kind)
            assert not any(unicodedata.combining(row.text[0]) for row in texts)


def _bare(text: str) -> str:
    return "".join(text.split()).replace("-", "")


@pytest.mark.parametrize("seed", range(NAMES // 10))
def test_letters_the_typeface_lacks_are_refused_at_sign_on(seed: int) -> None:
    name = made_up(seed, odd=True)
    with pytest.raises(InputRefused, match="cannot show"):
        profile_of(name)


@pytest.mark.parametrize("name", ["Quảng Ngãi", "Łódź", "Київ", "Αθήνα", "№ 1 ™ ® “a” – 5 € §"])
def test_letters_the_typeface_has_are_taken(name: str) -> None:
    assert profile_of(f"{name} ").name == name


def test_a_name_in_loose_marks_is_the_name_in_whole_letters() -> None:
    assert Agency(name="Saint-E\u0301tienne").name == "Saint-Étienne"


@pytest.mark.parametrize(
    "name", ["Anytown Metropolitan Transit and Harbour Police of X", "City and County of Police PD"]
)
def test_no_short_word_is_left_alone(name: str) -> None:
    for size in range(48, 88, 4):
        assert not orphaned(balance(name, size, 900), size)
    size, lines = fit(name, range(48, 88, 4), 1500)
    assert not orphaned(lines, size)


def test_a_small_seal_grows_to_twice_its_size_at_most() -> None:
    seal = next(row for row in lay_out(cards("X", "seal")[0], (80, 80)) if row.kind == "seal")
    assert (seal.wide, seal.height) == (160, 160)


def test_an_unbreakable_word_breaks_with_hyphens() -> None:
    size, lines = fit("W" * 120, (84, 64, 48, 36), 1500, most_lines=3)
    assert len(lines) > 1
    assert all(line.endswith("-") for line in lines[:-1])
    assert all(width(line, size) <= 1500 for line in lines)


def test_lines_are_balanced() -> None:
    lines = balance("the members of the Anytown Metropolitan Police Department and Harbour Patrol", 60, 1500)
    widths = [width(line, 60) for line in lines]
    assert len(lines) == 2
    assert min(widths) > 0.75 * max(widths)
