"""Faults of the invented customers' equipment that nothing cut off from the line (出门故障)."""

from datetime import date

import numpy as np

from data_access.demo.events import SEASON, Event, moment
from data_access.demo.network import Network, weak_accounts
from domain.periods import months_between

PASSED_FAULTS_A_YEAR = 0.7  # of a customer whose equipment does not cut its faults off


def events(network: Network, areas_of: dict, first: date, last: date, random: np.random.Generator) -> list:
    """Faults of customers' equipment that took their line with them, from the customer's place on."""
    lines = {line.line_code: line for line in network.lines.itertuples()}
    found = []
    for account in weak_accounts(network).itertuples():
        touched = [
            area
            for area in areas_of[account.line_code]
            if area.area_code == account.area_code
            or (area.kind == "public" and area.segment >= account.segment)
        ]
        for month in months_between(first, last):
            for _ in range(random.poisson(PASSED_FAULTS_A_YEAR / 12 * SEASON[month.month - 1])):
                started, minutes = moment(month, random), random.lognormal(4.2, 0.5)
                line, cause = lines[account.line_code], "customer_equipment"
                trip = "permanent"
                found.append(Event(started, minutes, "fault", cause, line, touched, trip, is_passed=True))
    return sorted(found, key=lambda event: (event.started, event.line.line_code))
