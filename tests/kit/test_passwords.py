"""Passwords and codes: what is kept cannot be turned back, and is told apart from all else."""

from kit.codes import digest_of, new_code
from kit.passwords import hash_password, is_password

PASSWORD = "correct horse battery staple"


def test_a_digest_is_salted_argon2id_of_64_mib_and_fits_its_password_alone() -> None:
    one, other = hash_password(PASSWORD), hash_password(PASSWORD)
    assert one != other
    assert one.startswith("$argon2id$v=19$m=65536,")
    assert is_password(PASSWORD, one)
    assert not is_password(f"{PASSWORD} ", one)
    assert not is_password("nobody has this password", None)
    assert not is_password(PASSWORD, "not a digest")


def test_codes_are_long_and_never_the_same() -> None:
    codes = {new_code() for _ in range(100)}
    assert len(codes) == 100
    assert min(map(len, codes)) >= 43
    assert len({digest_of(code) for code in codes}) == 100
