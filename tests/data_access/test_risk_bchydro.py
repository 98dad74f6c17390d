"""A real file: municipalities of BC Hydro's outages of 2024 as areas at risk, worked out by pandas alone."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from data_access import org_units, risk_with_items
from data_access.imports import run
from data_access.kpi_refresh import refresh
from data_access.risk_lines import Filters
from tests.data_access import bchydro
from tests.data_access.importing import administrator

DECEMBER = date(2024, 12, 1)
OBSERVED = pd.period_range("2023-11", "2024-12", freq="M")  # the file begins within October
YEAR = OBSERVED[2:]
ARRANGED = {
    "Planned work being done on our equipment", "Line work", "Pole replacement", "Transformer replacement",
    "Work being done on our equipment",
}  # fmt: skip
EXTERNAL = {
    "Fire", "Industrial accident", "Motor vehicle accident", "Object on our wires", "Vandalism",
    "Wire dug up", "equipment contact",
}  # fmt: skip
PRIOR_MONTHS, PRIOR_FAULTS = 12, 5


@pytest.fixture
def listed(sqlite_engine, tmp_path, monkeypatch) -> pd.DataFrame:
    """The list of risk at the end of December, of all units, by area."""
    monkeypatch.setenv("COMPANY_TIMEZONE", bchydro.ZONE)
    once = tmp_path / "municipalities.csv"
    pd.read_csv(bchydro.FILE).drop_duplicates("municipality").to_csv(once, index=False)
    viewer, areas = administrator(sqlite_engine), bchydro.mapping("bchydro_areas")
    assert run.import_file(sqlite_engine, viewer, "areas", once, areas).new == 297
    outages = bchydro.mapping("bchydro_outages")
    by_place = replace(outages, columns={**outages.columns, "area_code": areas.columns["area_code"]})
    run.import_file(sqlite_engine, administrator(sqlite_engine), "outages", bchydro.FILE, by_place)
    refresh(sqlite_engine)
    scope = org_units.whole_company(sqlite_engine)
    found = risk_with_items.listed(
        sqlite_engine, scope, scope.roots[0], DECEMBER, Filters(), None, 1, date(2025, 1, 1), size=1_000
    )
    return found.objects.set_index("object_code").sort_index()


def faults() -> pd.DataFrame:
    """Sustained faults of the file, one row per outage and municipality: its month and customer-minutes."""
    rows = pd.read_csv(bchydro.FILE, parse_dates=["dateOff", "dateOn"])
    long = bchydro.mapping("bchydro_areas").columns["area_code"].values
    rows["area"] = rows["municipality"].replace(dict(long))
    rows["minutes"] = (rows["dateOn"] - rows["dateOff"]).dt.total_seconds() / 60
    rows["month"] = rows["dateOff"].dt.tz_convert(bchydro.ZONE).dt.tz_localize(None).dt.to_period("M")
    rows = rows.sort_values(["dateOff", "dateOn"], kind="stable")
    of_outage = rows.groupby("id")
    rows["first_cause"], rows["month"] = (
        of_outage["cause"].transform("first"),
        of_outage["month"].transform("first"),
    )
    lasting = rows[(rows["minutes"] > 3) & ~rows["first_cause"].isin(ARRANGED)].copy()
    lasting["lost"] = lasting["numCustomersOut"] * lasting["minutes"]
    lasting["is_external"] = lasting["first_cause"].isin(EXTERNAL)
    keep = {name: (name, "first") for name in ("month", "is_external")}
    return lasting.groupby(["id", "area"], as_index=False).agg(lost=("lost", "sum"), **keep)


def expected(known: pd.DataFrame) -> pd.DataFrame:
    """Customer-minutes of the next 12 months by area, leaning on those of its region."""
    homes = pd.read_csv(bchydro.FILE).drop_duplicates("municipality").set_index("municipality")["regionName"]
    homes = homes.rename(index=dict(bchydro.mapping("bchydro_areas").columns["area_code"].values))
    observed = known[known["month"].isin(OBSERVED)]
    mine = observed.groupby("area").agg(faults=("id", "size"), lost=("lost", "sum"))
    mine = mine.reindex(homes.index, fill_value=0).assign(region=homes)
    peers = mine.groupby("region").agg(
        faults=("faults", "sum"), lost=("lost", "sum"), size=("faults", "size")
    )
    peers = peers.loc[mine["region"]].set_index(mine.index)
    a_month = peers["faults"] / (peers["size"] * len(OBSERVED))
    a_year = 12 * (PRIOR_MONTHS * a_month + mine["faults"]) / (PRIOR_MONTHS + len(OBSERVED))
    each = (mine["lost"] + PRIOR_FAULTS * peers["lost"] / peers["faults"]) / (mine["faults"] + PRIOR_FAULTS)
    return a_year * each


@pytest.mark.sample_data
def test_municipalities_are_listed_by_their_faults_with_the_customer_minutes_that_they_are_expected_to_cost(
    listed,
):
    """The costs also of those that come on it otherwise than by three faults."""
    known = faults()
    of_year = known[known["month"].isin(YEAR)].groupby("area").agg(n=("id", "size"), e=("is_external", "sum"))

    often = listed[listed["faults_12m"] >= 3]
    wanted = of_year.loc[of_year["n"] >= 3, "n"]
    assert len(wanted) > 200
    assert often["faults_12m"].to_dict() == wanted.to_dict()
    assert often["rules"].str.contains(";RL1;").all()
    assert set(listed.index[listed["rules"].str.contains(";RL6;")]) == set(of_year.index[of_year["e"] >= 2])
    costs = expected(known).loc[listed.index]
    assert listed["expected_min"].astype(float).tolist() == pytest.approx(costs.tolist(), abs=0.51)
