"""The rules of risk lines and areas as sentences, one per rule; see rule_texts.py."""

from ui.texts import _


def templates() -> dict[str, str]:
    """Sentence by section of rule set risk; {clause[key]} is a threshold of one of its clauses."""
    return {
        "risk.RL1": _(
            "RL1 Repeated faults: {faults[operator]} {faults[faults]} faults in 12 months (level "
            "{faults[level]}), or on the frequent-outage list (level {listed[frequent_level]}) or "
            "the warning list (level {listed[warning_level]})"
        ),
        "risk.RL2": _(
            "RL2 Load: {run[operator]} {run[points]} points of {minutes_between} min in a row at "
            "{heavy[operator]} {heavy[percent]} % (heavy, level {heavy[level]}) or "
            "{overload[operator]} {overload[percent]} % (overload, level {overload[level]}) of the "
            "capacity of all transformers"
        ),
        "risk.RL3": _(
            "RL3 Low voltage: {voltage[operator]} {voltage[volts]} V for {minutes[operator]} "
            "{minutes[minutes]} min a day on {often[operator]} {often[low_days]} of {within_days} "
            "days (level {level})"
        ),
        "risk.RL4": _(
            "RL4 Unbalance of phases: {unbalance[operator]} {unbalance[percent]} % for "
            "{lasting[operator]} {lasting[hours]} hours of the month (level {level})"
        ),
        "risk.RL5": _(
            "RL5 Age: transformer {transformer[operator]} {transformer[years]} years (level "
            "{transformer[level]}), bare conductor {bare_conductor[operator]} "
            "{bare_conductor[years]} years (level {bare_conductor[level]})"
        ),
        "risk.RL6": _(
            "RL6 External damage: {faults[operator]} {faults[faults]} such faults in 12 months "
            "(level {faults[level]}), or {sites[operator]} {sites[sites]} open places of danger "
            "(level {sites[level]})"
        ),
        "risk.RL7": _(
            "RL7 Open defects: urgent {urgent[operator]} {urgent[defects]} (level {urgent[level]}), "
            "major past their limit {major_late[operator]} {major_late[defects]} (level "
            "{major_late[level]}), minor {minor[operator]} {minor[defects]} (level {minor[level]})"
        ),
        "risk.RL8": _(
            "RL8 Customers' faults passed to the grid: {passed[operator]} {passed[faults]} in 12 "
            "months (level {passed[level]}), or {no_boundary_switch[operator]} "
            "{no_boundary_switch[accounts]} accounts without boundary switch (level "
            "{no_boundary_switch[level]})"
        ),
        "risk.RL9": _(
            "RL9 Customers' equipment: old type of arrester (level {arrester[level]}), transformer "
            "{transformer[operator]} {transformer[years]} years (level {transformer[level]}), last "
            "test {last_test[operator]} {last_test[years]} years ago (level {last_test[level]})"
        ),
        "risk.RL10": _(
            "RL10 No transfer: tie points {ties[operator]} {ties[ties]} (level {ties[level]}), or "
            "ties at their limit (level {at_limit[level]})"
        ),
        "risk.score": _(
            "Expected customer-minutes: the peers weigh as much as {prior_months} months and "
            "{prior_faults} faults"
        ),
    }
