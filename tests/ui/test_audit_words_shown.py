"""What the audit log says of acts on targets, people and names, as people read it."""

import pytest

from ui import texts
from ui.audit_log import subjects, words


@pytest.fixture(autouse=True)
def _chinese():
    texts.use("zh")


@pytest.mark.parametrize(
    ("action", "subject", "said"),
    [
        ("targets.set", "saidi month 2026-10 base", "系统平均停电时间 2026-10 基础值"),
        ("targets.set", "of a later version", "of a later version"),
        ("targets.set_many", "3 targets", "3 个目标"),
        ("people.change", "person 5", "人员 5 号"),
        ("people.import", "people: 3", "共 3 人"),
        ("sign_in", "person 5", "人员 5 号"),
        ("unmask", "areas: 3", "3 个名称"),
        ("refused", "people edit_people", "人员与角色：管理人员"),
    ],
)
def test_a_subject_is_in_words(action, subject, said):
    assert subjects.subject(action, subject) == said


def test_people_whose_names_were_removed_are_told_by_number():
    assert words.value("people", ["person 5", "person 7"]) == "人员 5 号、人员 7 号"


def test_each_change_of_a_bulk_act_is_told_with_what_was_and_what_is():
    changes = [
        ["saidi month 2026-10 base", 3, {"value": 1.0, "version": 1}, {"value": 2.5, "version": 2}],
        ["saifi year 2026 full", 3, None, {"value": 4.0, "version": 1}],
    ]

    said = words.value("changes", changes)

    assert said == "、".join(
        (
            "系统平均停电时间 2026-10 基础值（值: 1 → 值: 2.5）",
            "系统平均停电频率 2026 满分值（值: 4）",
        )
    )
