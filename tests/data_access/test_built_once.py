"""What is built once and copied: the copy is the same in every table, and goes on as what was built would."""

import shutil

import pytest

from data_access.engine import engine_for
from tests.built_once import built_once
from tests.data_access.importing import AREAS, LINES, UNITS, dump, take


@pytest.fixture(params=["sqlite", "postgresql"])
def pair(request, tmp_path):
    """Two databases of a kind, each with all tables and nothing in them."""
    if request.param == "postgresql":
        return request.getfixturevalue("postgres_engine"), request.getfixturevalue("shared_postgres_engine")
    template = request.getfixturevalue("sqlite_template")
    return tuple(
        engine_for(f"sqlite:///{shutil.copy(template, tmp_path / f'{name}.db')}") for name in ("one", "other")
    )


def test_a_copy_is_what_was_built_and_goes_on_alike(pair, tmp_path):
    runs = []

    @built_once
    def fill(engine):
        runs.append(engine)
        take(engine, tmp_path, "units", UNITS)
        return take(engine, tmp_path, "lines", LINES)

    given = [fill(one) for one in pair]

    assert runs == [pair[0]]
    assert given[0] == given[1]
    assert dump(pair[0]) == dump(pair[1])
    assert len({take(one, tmp_path, "areas", AREAS).batch_id for one in pair}) == 1

    fill(pair[1])
    assert runs == list(pair)  # it holds units, so nothing is copied over them
