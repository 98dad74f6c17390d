"""From what the identity provider says to who it is and until when, or why nobody."""

from datetime import datetime, timedelta

import pytest

from domain import sign_in
from domain.errors import SignInNeeded

AT = datetime(2026, 11, 23, 8, 0)
SAID = {"is_logged_in": True, "iat": 1795420800, "email": "Zhou@Example.com", "sub": "7"}


def test_the_claims_say_who_and_since_when():
    signed = sign_in.of_claims(SAID, 8)

    assert (signed.email, signed.shown_as, signed.at) == ("zhou@example.com", "Zhou@Example.com", AT)
    assert signed.ends_at == datetime(2026, 11, 23, 16, 0)


@pytest.mark.parametrize(
    "claims",
    [
        {},
        {"is_logged_in": False},
        SAID | {"is_logged_in": False},
        SAID | {"is_logged_in": "yes"},
        SAID | {"iat": None},
        SAID | {"iat": "1795420800"},
        SAID | {"iat": True},
    ],
)
def test_without_a_sign_in_or_its_moment_nobody_is_signed_in(claims):
    with pytest.raises(SignInNeeded) as needed:
        sign_in.of_claims(claims, 8)

    assert needed.value.code == "not_signed_in"


def test_a_sign_in_is_over_after_its_hours():
    signed = sign_in.of_claims(SAID, 8)
    signed.check(AT + timedelta(hours=8, seconds=-1))

    with pytest.raises(SignInNeeded) as needed:
        signed.check(AT + timedelta(hours=8))

    assert (needed.value.code, needed.value.values) == ("expired", {"hours": "8"})


@pytest.mark.parametrize("said", [False, "false"])
def test_an_address_that_nobody_checked_stands_for_nobody(said):
    """Else everybody could become another by typing an address at a careless provider."""
    signed = sign_in.of_claims(SAID | {"email_verified": said}, 8)

    assert (signed.email, signed.shown_as) == ("", "Zhou@Example.com")


def test_an_address_that_was_checked_or_of_which_nothing_is_said_counts():
    assert sign_in.of_claims(SAID | {"email_verified": True}, 8).email == "zhou@example.com"


def test_without_an_address_the_name_says_as_whom():
    signed = sign_in.of_claims(SAID | {"email": None, "name": "周丁"}, 8)

    assert (signed.email, signed.shown_as) == ("", "周丁")
