"""A view is an address under a name: a page with its filters, never figures; each sees their own there."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from domain.errors import InvalidInput

WHO_LOOKS = ("lang", "as")  # parameters of the person, not of what is looked at
# What is typed to find people, often a name or an e-mail: in no address of ours, but in older links.
TYPED: Mapping[str, tuple[str, ...]] = {"people": ("q",), "audit_log": ("who", "text")}
LONGEST_NAME, LONGEST_QUERY = 80, 2_000


@dataclass(frozen=True)
class SavedView:
    """A view as the frame lists it. org_unit_id: shared with that unit and all below; None: the viewer's own.

    is_mine: saved by the viewer; may_delete: they may remove it.
    """

    id: int
    name: str
    page: str
    query: str
    org_unit_id: int | None
    by_name: str
    is_mine: bool
    may_delete: bool

    def parameters(self) -> dict[str, str]:
        """The parameters of the address."""
        return dict(parse_qsl(self.query))


def as_query(page: str, said: Mapping[str, str]) -> str:
    """The page's parameters as an address spells them, without those of who looks, and what was typed to find
    people. Raises InvalidInput.
    """
    dropped = (*WHO_LOOKS, *TYPED.get(page, ()))
    kept = {name: value for name, value in said.items() if name not in dropped and value}
    query = urlencode(sorted(kept.items()))
    if len(query) > LONGEST_QUERY:
        raise InvalidInput("view_too_long")
    return query


def checked_name(name: str) -> str:
    """The name on one line. Raises InvalidInput for none, or one that is too long."""
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise InvalidInput("view_name", longest=LONGEST_NAME)
    return name
