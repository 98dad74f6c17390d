"""What may be stored of people and their grants, and what a table of them says."""

from datetime import date, datetime

import pytest

from domain import error_texts, people, people_table
from domain.errors import InvalidInput, StepNotAllowed
from domain.people import ROLE_WORDS, Grant, Person
from domain.viewer import ROLES
from ui import shell, texts

DAY = date(2026, 11, 24)
LONG = Grant("manager", 1, date(2026, 1, 1))
UNITS = {"P": 1, "C1": 2}


def _person(**values):
    given = {"name": "周甲", "name_en": "", "email": "z@example.com", "is_active": True, "signed_in_at": None}
    given |= {"version": 1, "has_grant": True, "may_change": True, "grants": (LONG,)}
    return Person(7, **given | values)


def _code(function, *values):
    with pytest.raises((InvalidInput, StepNotAllowed)) as caught:
        function(*values)
    return caught.value.code


@pytest.mark.parametrize(
    ("text", "stored"),
    [("  Zhou.Jia@Example.COM ", "zhou.jia@example.com"), ("", None), ("o'neil+x@a-b.co", "o'neil+x@a-b.co")],
)
def test_an_e_mail_is_kept_in_small_letters(text, stored):
    assert people.checked_email(text) == stored


@pytest.mark.parametrize(
    "text", ["z", "z@", "@example.com", "z@example", "z z@example.com", "周@example.com"]
)
def test_what_is_no_e_mail_is_refused(text):
    """Masking relies on what may stand before the @."""
    assert _code(people.checked_email, text) == "email"


def test_a_name_is_needed_and_has_an_end():
    assert people.checked_name(" 周甲 ") == "周甲"
    assert _code(people.checked_name, "  ") == "person_name"
    assert _code(people.checked_name, "x" * 81) == "too_long"


def test_every_role_has_its_words_as_pages_say_them():
    assert set(ROLE_WORDS) == set(ROLES)
    for number, language in enumerate(("zh", "en")):
        texts.use(language)
        assert {role: words[number] for role, words in ROLE_WORDS.items()} == {
            role: shell.role_name(role) for role in ROLES
        }
        said = error_texts.sentence(InvalidInput("unknown_role", value="x"), language)
        assert all(words[number] in said for words in ROLE_WORDS.values())
    texts.use("zh")


@pytest.mark.parametrize("text", ["单位负责人", "Manager", " manager "])
def test_a_role_is_known_by_its_words_in_both_languages(text):
    assert people.role_of(text) == "manager"


@pytest.mark.parametrize(
    ("grant", "code"),
    [
        (Grant("boss", 1, DAY), "unknown_role"),
        (Grant("manager", 2, DAY, date(2026, 11, 23)), "period_backwards"),
        (Grant("manager", 1, DAY), "grant_overlaps"),
        (Grant("manager", 1, date(2025, 1, 1), date(2026, 1, 1)), "grant_overlaps"),
    ],
)
def test_a_grant_that_cannot_be_is_refused(grant, code):
    assert _code(people.check_grant, grant, [LONG]) == code


@pytest.mark.parametrize(
    "grant",
    [
        Grant("manager", 2, DAY),
        Grant("lead", 1, DAY),
        Grant("manager", 1, date(2025, 1, 1), date(2025, 12, 31)),
    ],
    ids=["another unit", "another role", "up to the day before"],
)
def test_the_same_role_elsewhere_or_before_is_no_overlap(grant):
    people.check_grant(grant, [LONG])


def test_a_form_that_was_left_open_is_told():
    assert _code(people.check_complete, Grant("", None, DAY)) == "role_and_unit"


def test_an_end_changes_nothing_of_the_past():
    """Yesterday ends it at once; who held it before stays as it was."""
    people.check_end(LONG, date(2026, 11, 23), DAY)
    people.check_end(LONG, None, DAY)
    assert _code(people.check_end, LONG, date(2026, 11, 22), DAY) == "end_in_past"
    assert _code(people.check_end, LONG, date(2025, 12, 31), DAY) == "period_backwards"
    over = Grant("manager", 1, date(2026, 1, 1), date(2026, 11, 23))
    assert _code(people.check_end, over, None, DAY) == "grant_over"


def test_only_a_grant_that_has_not_begun_is_taken_back():
    people.check_removal(Grant("manager", 1, date(2026, 11, 25)), DAY)
    assert _code(people.check_removal, Grant("manager", 1, DAY), DAY) == "grant_begun"


def test_the_state_of_a_person():
    assert _person().state() == "active"
    assert _person(has_grant=False).state() == "ended"
    assert _person(is_active=False, signed_in_at=datetime(2026, 1, 1)).state() == "inactive"


HEADER = "姓名\t英文名\t邮箱\t角色\t单位编码\t生效日期\t截止日期\n"


def _plan(*lines, known=None, units=UNITS, is_everything=True):
    table = people_table.rows(HEADER + "\n".join(lines))
    return people_table.planned(table, known or {}, units, DAY, is_everything)


def _wrong(*lines, **options):
    return [
        (one.row, column, error.code) for one in _plan(*lines, **options) for column, error in one.problems
    ]


def test_a_table_adds_a_person_once_and_every_role():
    plan = _plan(
        "李乙\tLi Yi\tLi.Yi@example.com\t单位负责人\tP\t2026/1/5\t2026年12月31日",
        "李乙\t\tli.yi@example.com\tlead\tC1",
    )

    assert [one.acts for one in plan] == [("add", "give"), ("give",)]
    assert plan[0].grant == Grant("manager", 1, date(2026, 1, 5), date(2026, 12, 31))
    assert plan[1].grant == Grant("lead", 2, DAY)
    assert [(one.row, one.name, one.name_en, one.email) for one in plan] == [
        (2, "李乙", "Li Yi", "li.yi@example.com"),
        (3, "李乙", "Li Yi", "li.yi@example.com"),
    ]


def test_a_table_that_says_what_is_stored_does_nothing():
    """Without a first day the running role is meant, not one more from today."""
    known = {"z@example.com": _person()}

    assert [one.acts for one in _plan("周甲\t\tz@example.com\tmanager\tP", known=known)] == [()]


def test_a_table_renames_and_ends():
    known = {"z@example.com": _person()}
    (one,) = _plan("周乙\t\tz@example.com\tmanager\tP\t\t2026-12-31", known=known)

    assert one.acts == ("change", "end")
    assert (one.before, one.grant) == (LONG, Grant("manager", 1, date(2026, 1, 1), date(2026, 12, 31)))


@pytest.mark.parametrize(
    ("line", "column", "code"),
    [
        ("\t\tx@example.com\tmanager\tP", "name", "person_name"),
        ("李乙\t\t\tmanager\tP", "email", "cell_needed"),
        ("李乙\t\tx@\tmanager\tP", "email", "email"),
        ("李乙\t\tx@example.com\tboss\tP", "role", "unknown_role"),
        ("李乙\t\tx@example.com\tmanager\tX9", "unit", "unknown_unit_named"),
        ("李乙\t\tx@example.com\tmanager\t", "unit", "cell_needed"),
        ("李乙\t\tx@example.com\tmanager\tP\t2026-02-30", "valid_from", "date"),
        ("李乙\t\tx@example.com\tmanager\tP\t2026-02-01\t2026-01-01", "valid_to", "period_backwards"),
        ("周甲\t\tz@example.com\tmanager\tP\t2026-06-01", "valid_from", "grant_overlaps"),
        ("周甲\t\tz@example.com\tmanager\tP\t\t2026-02-01", "valid_to", "end_in_past"),
        ("周乙\t\tother@example.com\tmanager\tP", "email", "email_taken"),
        ("吴丙\t\tleft@example.com\tmanager\tP", "email", "person_inactive"),
        ("郑丁\t\twide@example.com\tlead\tP", "name", "person_of_other_units"),
    ],
)
def test_what_is_wrong_is_named_by_row_and_column(line, column, code):
    known = {
        "z@example.com": _person(),
        "other@example.com": None,
        "left@example.com": _person(name="吴丙", is_active=False),
        "wide@example.com": _person(name="郑甲", may_change=False),
    }

    assert _wrong("赵甲\t\tok@example.com\tmanager\tC1", line, known=known) == [(3, column, code)]
    assert _plan(line, known=known)[0].acts == ()


def test_one_e_mail_has_one_name_in_a_table():
    lines = ("李乙\t\tx@example.com\tmanager\tP", "李丙\t\tx@example.com\tlead\tP")

    assert _wrong(*lines, known={"x@example.com": _person(name="李甲")}) == [(3, "name", "name_differs")]
    assert _wrong(*lines) == [(3, "name", "name_differs")]


def test_only_where_everything_is_administered_may_somebody_be_without_a_role():
    line = "李乙\t\tx@example.com\t\t"

    assert [one.acts for one in _plan(line)] == [("add",)]
    assert _wrong(line, is_everything=False) == [(2, "role", "first_role")]
