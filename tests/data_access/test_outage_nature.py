"""Of which group a cause is says the version of rule set causes that is in force when the outage begins."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import select

from data_access.measures.outage_nature import in_group, rows_in_group
from data_access.tables.outages import outages
from domain.rule_sets import RuleVersion, first_version
from tests.data_access.booked import at, book, step
from tests.data_access.company import COUNTY_A1, build

FIRST = first_version("causes")
DAYS = {"before": date(2026, 1, 31), "first": date(2026, 2, 1), "after": date(2026, 5, 3)}


def version(number, valid_from, **groups):
    """The causes as they ship, some of other groups."""
    changed = {code: {**FIRST.body[code], "group": group} for code, group in groups.items()}
    return RuleVersion("causes", number, valid_from, {**FIRST.body, **changed})


BECAME_EXTERNAL = version(2, date(2026, 2, 1), cable="external")
TO_COME = version(3, date(2999, 1, 1), tree="external")


@pytest.mark.parametrize(
    ("versions", "expected"),
    [
        ((FIRST,), []),
        ((FIRST, TO_COME), []),
        ((FIRST, BECAME_EXTERNAL), ["after-cable", "first-cable"]),
        ((BECAME_EXTERNAL, TO_COME, FIRST), ["after-cable", "first-cable"]),
        ((), []),
    ],
)
def test_a_cause_is_of_the_group_that_it_had_when_the_outage_began(engine, versions, expected):
    build(engine)
    pairs = [(name, cause) for name in DAYS for cause in ("cable", "tree")]
    keys = [f"{name}-{cause}" for name, cause in pairs]
    book(
        engine,
        *(
            step(COUNTY_A1, at(DAYS[name]), 60, key=key, cause=cause)
            for key, (name, cause) in zip(keys, pairs, strict=True)
        ),
    )
    known = {"causes": versions}
    with engine.connect() as connection:
        found = connection.execute(select(outages.c.outage_key).where(in_group(known, "external"))).scalars()
        assert sorted(found) == expected

    causes = pd.Categorical([cause for _, cause in pairs])
    rows = pd.DataFrame({"cause": causes, "day": pd.to_datetime([DAYS[name] for name, _ in pairs])})
    flags = rows_in_group(known, "external", rows)
    assert sorted(np.array(keys)[flags]) == expected


def test_no_day_is_asked_where_no_version_changes_the_group():
    """Three versions, of which none touches the causes of customers."""
    known = {"causes": (FIRST, BECAME_EXTERNAL, TO_COME)}

    assert "start_day" not in str(in_group(known, "customer"))
    assert "start_day" in str(in_group(known, "external"))
