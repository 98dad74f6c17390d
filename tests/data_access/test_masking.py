"""What SQL masks and what Python masks are the same, on both databases, whatever the text."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, MetaData, String, Table, insert, select

from data_access.masking import masked
from data_access.tables.grid import areas, lines
from data_access.transactions import reading_all
from domain import personal
from tests.data_access import company
from tests.data_access.company import COUNTY_A1
from tests.data_access.steps import area, write
from tests.postgres import owner_of

MARKS = Table(
    "masked_by_test",
    MetaData(),
    *(Column(kind, String(200), info={"personal": kind}) for kind in personal.KINDS),
)
TEXTS = st.one_of(
    st.none(),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30),
    st.from_regex(r"\A1[0-9]{4,12}\Z"),
    st.from_regex(r"\A[a-z张]{0,3}@[a-z]{0,3}(@x)?\Z"),
)


@pytest.fixture(scope="module")
def table(shared_engine):
    MARKS.create(owner_of(shared_engine))
    yield owner_of(shared_engine)
    MARKS.drop(owner_of(shared_engine))


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(value=TEXTS)
def test_sql_masks_as_python_does(table, value):
    with table.connect() as connection:
        connection.execute(insert(MARKS).values(dict.fromkeys(personal.KINDS, value)))
        found = connection.execute(select(*(masked(MARKS.c[kind]).label(kind) for kind in personal.KINDS)))

        assert found.one()._mapping == {kind: personal.masked(value, kind) for kind in personal.KINDS}
        connection.rollback()


def test_only_the_name_of_a_dedicated_account_is_masked(engine):
    company.build(engine)
    public = area(COUNTY_A1, "a") | {"name": "城东台区"}
    write(engine, [], areas=[public, public | {"area_code": "b", "name": "张三", "kind": "dedicated"}])
    other = areas.alias()

    with reading_all(engine) as connection:
        for one in (areas, other):
            found = connection.execute(select(masked(one.c.name)).order_by(one.c.area_code))
            assert found.scalars().all() == ["城东台区", "张**"]


def test_a_mark_is_not_lost_on_the_way_through_a_subquery(engine):
    company.build(engine)
    write(engine, [], areas=[area(COUNTY_A1, "b") | {"name": "张三", "kind": "dedicated"}])
    inner = select(areas.c.name, areas.c.kind).subquery()

    with reading_all(engine) as connection:
        assert connection.scalar(select(masked(inner.c.name))) == "张**"


def test_a_column_without_a_mark_is_itself():
    assert masked(lines.c.name) is lines.c.name
