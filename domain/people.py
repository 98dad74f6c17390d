"""A person and the roles granted to it: what may be stored of them, and what a grant is on a day.

The person with all its grants is one thing with one version. Nobody is ever removed: a grant ends, a person
is deactivated; only a grant that has not begun may be taken back.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from domain.errors import InvalidInput, StepNotAllowed
from domain.viewer import ROLES

LONGEST_NAME, LONGEST_EMAIL = 80, 200
# What may stand before the @; masking an address relies on it.
LOCAL_PART = "abcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+/=?^_`{|}~.-"
EMAIL = re.compile(rf"[{re.escape(LOCAL_PART)}]+@[a-z0-9-]+(\.[a-z0-9-]+)+")
STATES = ("active", "ended", "never")  # by which people are looked for; never: active, and never signed in
OPEN_END = "open_end"
ROLE_WORDS = {  # how tables may spell a role; the first two are its names in Chinese and English
    "executive": ("公司领导", "executive"),
    "manager": ("单位负责人", "manager"),
    "lead": ("整改负责人", "rectification lead", "lead"),
    "area_manager": ("片区经理", "area manager", "area_manager"),
    "steward": ("数据管理员", "data steward", "steward"),
    "administrator": ("系统管理员", "administrator"),
}


@dataclass(frozen=True)
class Grant:
    """A role for a unit and all below, from a day on; valid_to is the last day, None for no end."""

    role: str
    unit_id: int
    valid_from: date
    valid_to: date | None = None

    def is_over(self, day: date) -> bool:
        """Whether it ended before the day."""
        return self.valid_to is not None and self.valid_to < day

    def is_ahead(self, day: date) -> bool:
        """Whether it begins after the day."""
        return self.valid_from > day

    def is_same(self, other: "Grant") -> bool:
        """Whether it is the other one, whatever the ends."""
        return (self.role, self.unit_id, self.valid_from) == (other.role, other.unit_id, other.valid_from)

    def overlaps(self, other: "Grant") -> bool:
        """Whether both give the same role for the same unit on some day."""
        return (
            (self.role, self.unit_id) == (other.role, other.unit_id)
            and not self.is_over(other.valid_from)
            and not other.is_over(self.valid_from)
        )


@dataclass(frozen=True)
class Person:
    """A person as an administrator sees it, with the grants for units of the administrator.

    email: masked where may_change is false. has_grant: some grant, of whatever unit, is not over.
    may_change: no grant that is not over lies outside the administrator's units.
    """

    id: int
    name: str
    name_en: str
    email: str | None
    is_active: bool
    signed_in_at: datetime | None
    version: int
    has_grant: bool
    may_change: bool
    grants: tuple[Grant, ...] = ()

    def state(self) -> str:
        """active, ended (no grant is left), or inactive (somebody switched it off)."""
        if not self.is_active:
            return "inactive"
        return "active" if self.has_grant else "ended"


def checked_name(text: str) -> str:
    """The name without blanks around it. Raises InvalidInput("person_name" | "too_long")."""
    if not text.strip():
        raise InvalidInput("person_name")
    return checked_text(text)


def checked_text(text: str) -> str:
    """The same for an English name, which may be empty. Raises InvalidInput("too_long")."""
    if len(text.strip()) > LONGEST_NAME:
        raise InvalidInput("too_long", most=LONGEST_NAME)
    return text.strip()


def checked_email(text: str) -> str | None:
    """The address in small letters, None for an empty one. Raises InvalidInput("email")."""
    small = text.strip().lower()
    if not small:
        return None
    if len(small) > LONGEST_EMAIL or not EMAIL.fullmatch(small):
        raise InvalidInput("email", value=text.strip()[:LONGEST_EMAIL])
    return small


def role_of(text: str) -> str:
    """The role that a word of either language names. Raises InvalidInput("unknown_role")."""
    for role, words in ROLE_WORDS.items():
        if text.strip().casefold() in words:
            return role
    raise InvalidInput("unknown_role", value=text.strip())


def check_complete(grant: Grant) -> None:
    """Raises InvalidInput("role_and_unit") where a form left something open."""
    if not grant.role or grant.unit_id is None or grant.valid_from is None:
        raise InvalidInput("role_and_unit")


def check_grant(grant: Grant, others: Iterable[Grant]) -> None:
    """Raises InvalidInput("unknown_role" | "period_backwards" | "grant_overlaps").

    others: the person's other grants.
    """
    if grant.role not in ROLES:
        role_of(grant.role)
    if grant.is_over(grant.valid_from):
        raise InvalidInput("period_backwards")
    for other in others:
        if grant.overlaps(other):
            raise InvalidInput("grant_overlaps", since=other.valid_from, until=other.valid_to or OPEN_END)


def earliest_end(day: date) -> date:
    """The earliest last day that may be set: who held a role on earlier days stays as it was."""
    return day - timedelta(days=1)


def check_end(grant: Grant, last_day: date | None, day: date) -> None:
    """Raises StepNotAllowed("grant_over"), InvalidInput("end_in_past" | "period_backwards")."""
    if grant.is_over(day):
        raise StepNotAllowed("grant_over")
    if last_day is None:
        return
    if last_day < grant.valid_from:
        raise InvalidInput("period_backwards")
    if last_day < earliest_end(day):
        raise InvalidInput("end_in_past", earliest=earliest_end(day))


def check_removal(grant: Grant, day: date) -> None:
    """Raises StepNotAllowed("grant_begun")."""
    if not grant.is_ahead(day):
        raise StepNotAllowed("grant_begun")
