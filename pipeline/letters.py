"""What we write to people. Pure."""

from kit.mail import Letter

SIGNATURE = "\n\nPromise Reel\n"


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
