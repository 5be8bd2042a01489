"""What we write to people. Pure."""

from collections.abc import Mapping, Sequence

from kit.mail import Letter

SIGNATURE = "\n\nPromise Reel\n"

FILMS: Mapping[str, tuple[str, str]] = {
    "ready": (
        "The film of {agency} is ready for review",
        "The film of {agency} is ready. Watch it, read the captions, and say what should change, or approve it:",
    ),
    "approved": (
        "The film of {agency} is approved",
        "The film of {agency} was approved. It can be downloaded and shared from now on:",
    ),
    "changes": (
        "Changes of the film of {agency}",
        "Changes of the film of {agency} were asked for, and it is made anew. Another mail comes when it is ready.",
    ),
}
"""Subject and first words of a mail about a film, by what happened."""


def invitation(to: str, agency: str | None, link: str) -> Letter:
    """To somebody who may come in from now on."""
    where = f"{agency} has been admitted to Promise Reel." if agency else "You have been invited to Promise Reel."
    return Letter(
        to=to,
        subject="Your invitation to Promise Reel",
        text=f"{where}\n\nChoose your password here within seven days:\n{link}\n\nThe link works once. If it has run "
        f"out, ask for a new one on the sign-in page under “Forgotten password”.{SIGNATURE}",
    )


def reset(to: str, link: str) -> Letter:
    """To somebody who forgot the password."""
    return Letter(
        to=to,
        subject="Choose a new password for Promise Reel",
        text=f"Choose a new password here within an hour:\n{link}\n\nThe link works once. If you did not ask for it, "
        f"do nothing: your password stays as it is.{SIGNATURE}",
    )


def declined(to: str, agency: str) -> Letter:
    """To the contact of a department that was not admitted."""
    return Letter(
        to=to,
        subject="Your request to join Promise Reel",
        text=f"We could not admit {agency} to Promise Reel. Please answer this mail if you think that is a mistake."
        f"{SIGNATURE}",
    )


def about_film(kind: str, to: str, agency: str, link: str, lines: Sequence[str]) -> Letter:
    """To those who care for a film: it is ready for review, was approved, or is changed."""
    subject, text = FILMS[kind]
    said = "".join(f"\n  {line}" for line in lines)
    return Letter(
        to=to,
        subject=subject.format(agency=agency),
        text=f"{text.format(agency=agency)}{f'{chr(10)}{said}' if said else ''}\n\n{link}{SIGNATURE}",
    )
