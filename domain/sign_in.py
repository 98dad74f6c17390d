"""Who has signed in, by what the identity provider says of them (claims), and until when that holds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from domain.errors import SignInNeeded

NOT_VERIFIED = (False, "false", "False", 0, "0")


@dataclass(frozen=True)
class SignIn:
    """One sign-in; times are naive UTC.

    email: what people are known by, in small letters; '' where the provider names none, or says that it
    never checked whose it is (is_verified). shown_as: as whom the provider knows them, for their own eyes.
    """

    email: str
    shown_as: str
    at: datetime
    hours: float
    is_verified: bool = True

    @property
    def ends_at(self) -> datetime:
        return self.at + timedelta(hours=self.hours)

    def check(self, now: datetime) -> None:
        """Raises SignInNeeded where the sign-in is over."""
        if now >= self.ends_at:
            raise SignInNeeded("expired", hours=f"{self.hours:g}")


def of_claims(claims: Mapping[str, Any], hours: float) -> SignIn:
    """The sign-in that the claims speak of. Raises SignInNeeded where nobody is signed in.

    It began when the provider said who it is (`iat`, which every identity token carries); a token without
    would hold for ever, so it is none.
    """
    began = claims.get("iat")
    is_moment = isinstance(began, int | float) and not isinstance(began, bool)
    if claims.get("is_logged_in") is not True or not is_moment:
        raise SignInNeeded("not_signed_in")
    address = str(claims.get("email") or "").strip()
    is_verified = claims.get("email_verified") not in NOT_VERIFIED
    email = address.lower() if is_verified else ""
    shown_as = address or str(claims.get("name") or claims.get("sub") or "")
    at = datetime.fromtimestamp(began, UTC).replace(tzinfo=None)
    return SignIn(email, shown_as, at, hours, is_verified or not address)
