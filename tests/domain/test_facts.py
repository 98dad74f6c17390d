"""How early facts must be read so that windows before a period are known."""

from datetime import date

from domain import ratios
from tests.figures import kpi, little_catalogue

MEASURES = little_catalogue().measures
SAIDI, CEMI = kpi("saidi"), kpi("cemi")
MAR = date(2026, 3, 1)


def test_windows_say_how_early_to_read():
    assert ratios.first_month_needed([CEMI, SAIDI], MAR, MEASURES) == date(2025, 4, 1)
    assert ratios.first_month_needed([SAIDI], MAR, MEASURES) == MAR
