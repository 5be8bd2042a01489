"""How written numbers are said in American English: each reading is a tuple of words, the likeliest first."""

import re

_ONES = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SCALES = ((10**9, "billion"), (10**6, "million"), (1000, "thousand"), (100, "hundred"))
_ORDINALS = {
    **{"one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth"},
    "twelve": "twelfth",
}

Reading = tuple[str, ...]

_LARGEST = 10**12
"""From here on a number is said digit by digit."""


def cardinal(number: int) -> Reading:
    """A whole number from 0 up, below a thousand billion: 1455 is one thousand four hundred fifty five."""
    if number < 20:
        return (_ONES[number],)
    if number < 100:
        return (_TENS[number // 10], *(cardinal(number % 10) if number % 10 else ()))
    size, name = next(scale for scale in _SCALES if number >= scale[0])
    rest = cardinal(number % size) if number % size else ()
    return (*cardinal(number // size), name, *rest)


def ordinal(number: int) -> Reading:
    """The same as a rank: 23 is twenty third."""
    *most, last = cardinal(number)
    rank = _ORDINALS.get(last) or (last[:-1] + "ieth" if last.endswith("y") else last.removesuffix("t") + "th")
    return (*most, rank)


def digits(text: str, zero: str = "zero") -> Reading:
    """One by one."""
    return tuple(zero if digit == "0" else _ONES[int(digit)] for digit in text)


def whole(text: str) -> tuple[Reading, ...]:
    """Readings of a run of digits, thousands commas allowed: as a year, in hundreds, in full, digit by digit."""
    bare = text.replace(",", "")
    if len(bare) > 1 and bare.startswith("0"):
        return digits(bare, "oh"), digits(bare), cardinal(int(bare) % _LARGEST)
    number = int(bare)
    if number >= _LARGEST:
        return digits(bare), digits(bare, "oh")
    readings = [cardinal(number)]
    if len(bare) == 4 and number % 1000:
        high, low = divmod(number, 100)
        hundreds = (*cardinal(high), "hundred", *(cardinal(low) if low else ()))
        pairs = (*cardinal(high), *(("oh",) if low < 10 else ()), *cardinal(low)) if low else hundreds
        # 1455 is a year before it is an amount; 2007 and 1,455 are said in full.
        year = low >= 10 and "," not in text
        readings = [pairs, cardinal(number), hundreds] if year else [cardinal(number), hundreds, pairs]
    if len(bare) == 3:
        ones, rest = divmod(number, 100)
        readings += [(*cardinal(ones), *(("oh",) if rest < 10 else ()), *cardinal(rest))] if rest else []
        readings.insert(0 if number in (411, 911) else len(readings), digits(bare))
    if number > 100 and number % 100:
        last = cardinal(number % 100)
        readings.append((*cardinal(number)[: -len(last)], "and", *last))
    by_digit = [digits(bare), digits(bare, "oh")] if len(bare) > 2 else []
    return tuple(dict.fromkeys([*readings, *by_digit]))


def said(text: str) -> tuple[Reading, ...]:
    """Readings of a number with its signs, lower case: $1,500  50%  3rd  10:30  2.5  1990s; empty for anything else."""
    if not text.isascii():
        return ()
    if text.startswith("$"):
        return _money(text[1:])
    if found := re.fullmatch(r"(.*\d)%", text):
        return tuple((*reading, "percent") for reading in said(found[1]))
    if found := re.fullmatch(r"(\d?\d):(\d\d)", text):
        return _time(int(found[1]), int(found[2]))
    return _counted(text)


def _money(text: str) -> tuple[Reading, ...]:
    if found := re.fullmatch(r"([\d,]*\d)(?:\.(\d\d))?", text):
        unit = "dollar" if found[1] == "1" else "dollars"
        cents = (*cardinal(int(found[2])), "cents") if found[2] and int(found[2]) else ()
        return tuple((*reading, unit, *cents) for reading in whole(found[1]))
    return tuple((*reading, "dollars") for reading in _counted(text))


def _time(hour: int, minute: int) -> tuple[Reading, ...]:
    said_hour = cardinal(hour)
    if minute == 0:
        return (*said_hour, "o'clock"), said_hour, (*said_hour, "hundred")
    return ((*said_hour, *(("oh",) if minute < 10 else ()), *cardinal(minute)),)


def _counted(text: str) -> tuple[Reading, ...]:
    if found := re.fullmatch(r"([\d,]*\d)\.(\d+)", text):
        return tuple((*reading, "point", *digits(found[2])) for reading in whole(found[1]))
    if found := re.fullmatch(r"([\d,]*\d)(?:st|nd|rd|th)", text):
        return (ordinal(int(found[1].replace(",", "")) % _LARGEST),)
    if found := re.fullmatch(r"'?(\d*0)'?s", text):
        return tuple(
            (*most, last[:-1] + "ies" if last.endswith("y") else last + "s") for *most, last in whole(found[1])
        )
    return whole(text) if re.fullmatch(r"[\d,]*\d", text) else ()
