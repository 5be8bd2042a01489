"""Storyboards and their versions: every saved change is a new version that stays as it is; the newest is made by.

What comes with the program is a version like any other, written down when it is first asked for, and again when a newer
program ships other words, unless an editor has saved a version of his own since.
"""

import hashlib
import json
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from functools import lru_cache
from typing import NamedTuple

import sqlalchemy as sa

from kit.database import immediate
from kit.errors import Conflict, InputRefused, NotFound
from kit.values import Value
from kit.version import own_version
from pipeline import audit, idempotency
from pipeline.people import OPERATOR, Actor
from pipeline.rows import new_id
from pipeline.spoken import heard_slots
from pipeline.tables import storyboard_versions
from storyboards.diff import Difference, differences
from storyboards.library import list_ids, shipped_text
from storyboards.parse import parse
from storyboards.problem import Placed, StoryboardRefused
from storyboards.storyboard import Storyboard

LONGEST_WORD = 120
"""Characters of an author's name."""
LONGEST_NOTE = 500
"""Characters of a note."""


class Version(Value):
    """One version of a storyboard, as it was saved."""

    id: str
    storyboard: str
    number: int
    """Counts a storyboard's versions from 1."""
    title: str
    author: str
    note: str
    shipped: bool
    """Whether it came with the program."""
    text: str
    """The YAML, letter by letter."""
    created_at: float


class Checked(NamedTuple):
    """What came of checking a text that is not saved."""

    storyboard: Storyboard | None
    """None when there are problems."""
    problems: tuple[Placed, ...]
    changes: tuple[Difference, ...] = ()
    """What it would change of the newest version, if there is one."""


class Storyboards:
    """The use-cases of storyboards; versions are added and never changed."""

    def __init__(self, engine: sa.Engine, *, clock: Callable[[], float] = time.time, actor: Actor = OPERATOR) -> None:
        self._engine = engine
        self._clock = clock
        self._actor = actor

    def newest(self) -> list[Version]:
        """The newest version of every storyboard, by its id."""
        self._keep_shipped(list_ids())
        return self._newest()

    def own_slots(self) -> dict[str, bool]:
        """The slots of the house's own storyboards as they are now, and whether what fills them is heard."""
        read = (_read_once(version.text) for version in self._newest() if not version.shipped)
        return heard_slots(storyboard for storyboard in read if storyboard)

    def _newest(self) -> list[Version]:
        rows = storyboard_versions.alias("rows")
        last = sa.select(sa.func.max(rows.c.number)).where(rows.c.storyboard == storyboard_versions.c.storyboard)
        query = sa.select(storyboard_versions).where(storyboard_versions.c.number == last.scalar_subquery())
        with self._engine.connect() as connection:
            found = connection.execute(query.order_by(storyboard_versions.c.storyboard)).mappings()
            return [Version.model_validate(dict(row)) for row in found]

    def versions(self, storyboard: str) -> list[Version]:
        """All versions of a storyboard, newest first; NotFound when there is none."""
        self._keep_shipped([storyboard])
        with self._engine.connect() as connection:
            found = _versions(connection, storyboard)
        if not found:
            raise NotFound(f"There is no storyboard “{storyboard}”.")
        return found[::-1]

    def version(self, storyboard: str, number: int | None = None) -> Version:
        """One version, the newest when no number is given; NotFound when it is not there."""
        held = self.versions(storyboard)
        found = held[0] if number is None else next((one for one in held if one.number == number), None)
        if found is None:
            raise NotFound(f"The storyboard “{storyboard}” has no version {number}; its newest is {held[0].number}.")
        return found

    def current(self, storyboard: str) -> Storyboard:
        """The storyboard by which a film would be made now; NotFound."""
        text = self.version(storyboard).text
        return _read_once(text) or read_version(storyboard, text)

    def save(
        self,
        storyboard: str,
        text: str,
        *,
        author: str,
        note: str,
        based_on: int | None,
        idempotency_key: str | None = None,
    ) -> Version:
        """Save a text as the next version of a storyboard.

        `based_on` is the version that was edited, None for a storyboard that is not there yet. Raises
        StoryboardRefused (every problem with its place), InputRefused (author, note, nothing changed), Conflict when
        somebody saved another version since.
        """
        author, note = tidy(author, "the author", LONGEST_WORD), tidy(note, "the note", LONGEST_NOTE)
        spec = read_version(storyboard, text)
        self._keep_shipped([storyboard])
        now = self._clock()
        with immediate(self._engine) as connection:

            def make() -> str:
                held = _versions(connection, storyboard)
                _check_basis(storyboard, held, based_on, text)
                made = _add(connection, spec, text, held, author, note, now)
                audit.note(connection, self._actor, now, "save storyboard", "storyboard", storyboard, version=made)
                return made

            wish = json.dumps([storyboard, text, author, note, based_on])
            request = f"storyboard {hashlib.sha256(wish.encode()).hexdigest()[:40]}"
            made = idempotency.once(connection, "", idempotency_key, request, now, make=make)
            return next(version for version in _versions(connection, storyboard) if version.id == made)

    def check(self, text: str, storyboard: str | None = None) -> Checked:
        """What saving a text would find and change; nothing is saved. Without an id the text's own is meant."""
        try:
            spec = read_version(storyboard, text)
        except StoryboardRefused as refused:
            return Checked(None, refused.problems)
        try:
            before = self.version(spec.id)
            old = read_version(spec.id, before.text)
        except (NotFound, StoryboardRefused):
            return Checked(spec, ())
        return Checked(spec, (), differences(old, spec))

    def differences(
        self, storyboard: str, old: int | None, new: int | None
    ) -> tuple[Version, Version, tuple[Difference, ...]]:
        """Two versions and what changed between them, in words; by default the newest and the one before it."""
        after = self.version(storyboard, new)
        before = self.version(storyboard, max(after.number - 1, 1) if old is None else old)
        found = differences(read_version(storyboard, before.text), read_version(storyboard, after.text))
        return before, after, found

    def _keep_shipped(self, names: Iterable[str]) -> None:
        """Write down what comes with the program where it is not the newest version yet, or not any more."""
        shipped = {name: shipped_text(name) for name in names if name in list_ids()}
        with self._engine.connect() as connection:
            missing = {name: text for name, text in shipped.items() if not _is_kept(_versions(connection, name), text)}
        for name, text in missing.items():
            # Where another process writes it down at the same moment, its version is as good.
            with suppress(Conflict), immediate(self._engine) as connection:
                held = _versions(connection, name)
                if not _is_kept(held, text):
                    note = f"Comes with Promise Reel {own_version()}."
                    _add(connection, parse(text, name), text, held, "Promise Reel", note, self._clock(), shipped=True)


def read_version(storyboard: str | None, text: str) -> Storyboard:
    """The storyboard that a text describes. Raises StoryboardRefused, also when it is not saved under its own id."""
    return parse(text, f"{storyboard or 'storyboard'}.yaml", saved_as=storyboard)


@lru_cache(maxsize=64)
def _read_once(text: str) -> Storyboard | None:
    """A storyboard that was saved once; None when this program does not read it any more."""
    try:
        return parse(text, "storyboard.yaml")
    except StoryboardRefused:
        return None


def _is_kept(held: Sequence[Version], text: str) -> bool:
    """Whether a shipped text needs no version of its own: it is there, or an editor went on from the last.

    A text that is there already stays where it is, so that two programs side by side do not answer each other for ever.
    """
    return bool(held) and (any(one.text == text for one in held) or not held[-1].shipped)


def _versions(connection: sa.Connection, storyboard: str) -> list[Version]:
    """A storyboard's versions, oldest first."""
    mine = sa.select(storyboard_versions).where(storyboard_versions.c.storyboard == storyboard)
    rows = connection.execute(mine.order_by(storyboard_versions.c.number)).mappings()
    return [Version.model_validate(dict(row)) for row in rows]


def _check_basis(storyboard: str, held: Sequence[Version], based_on: int | None, text: str) -> None:
    newest = held[-1] if held else None
    if newest is None and based_on is not None:
        raise Conflict(f"There is no storyboard “{storyboard}” yet: save its first version without one it is based on.")
    if newest is None:
        return
    if based_on != newest.number:
        raise Conflict(
            f"Version {newest.number} of “{storyboard}” was saved by {newest.author} meanwhile (“{newest.note}”): "
            "look at what it changed, and save yours on top of it."
        )
    if newest.text == text:
        raise InputRefused(f"This is version {newest.number} letter by letter: there is nothing to save.")


def _add(
    connection: sa.Connection,
    spec: Storyboard,
    text: str,
    held: Sequence[Version],
    author: str,
    note: str,
    now: float,
    *,
    shipped: bool = False,
) -> str:
    """Write down the version that follows those held; its id."""
    version = Version(
        id=new_id(),
        storyboard=spec.id,
        number=held[-1].number + 1 if held else 1,
        title=spec.title,
        author=author,
        note=note,
        shipped=shipped,
        text=text,
        created_at=now,
    )
    try:
        connection.execute(sa.insert(storyboard_versions), [version.model_dump()])
    except sa.exc.IntegrityError as error:
        raise Conflict("Another version is being saved right now; ask again in a moment.") from error
    return version.id


def tidy(words: str, what: str, longest: int) -> str:
    """An author or a note on one line. Raises InputRefused for none, and for one that is too long."""
    line = " ".join(words.split())
    if not line or len(line) > longest or not line.isprintable():
        raise InputRefused(f"Give {what} in 1 to {longest} characters: versions tell who changed what, and why.")
    return line
