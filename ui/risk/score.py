"""The expected customer time of an object, opened: in a sentence, and its terms in a small table."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from domain.risk_score import WINDOW_MONTHS
from ui import format as fmt
from ui.charts import table_view
from ui.texts import _


def show(terms: Mapping[str, Any] | None) -> None:
    """Why so much is expected; nothing where the object met no rule."""
    if terms is None:
        return
    st.subheader(_("What it is expected to cost"), anchor=False)
    if terms["expected_min"] is None:
        st.info(_("Unknown: its outages or those of its peers are not known for these months."))
        return
    st.markdown(sentence(terms))
    table_view.sentences(table(terms), _("Terms of the expected customer time"), "risk_terms")
    st.caption(
        _(
            "Both lean on the peers, objects of the same kind in the same city bureau, the more, the less is "
            "known of the object itself: a single bad year would else be forecast too high."
        )
    )


def sentence(terms: Mapping[str, Any]) -> str:
    """λ faults a year, m a fault, and their product."""
    text = _("**{faults}** faults a year × **{each}** a fault = **{all}** in the next 12 months.")
    return text.format(
        faults=fmt.number(terms["faults_expected"], 1),
        each=_time(terms["minutes_per_fault"]),
        all=fmt.customer_time(terms["expected_min"] * 60),
    )


def table(terms: Mapping[str, Any]) -> pd.DataFrame:
    """What is known of the object, of its peers, and what follows: by row faults and customer time."""
    observed, faults = terms["months_observed"], terms["faults_observed"]
    peers = terms["peer_faults_month"]
    own = _("{faults} in {months} months").format(faults=fmt.number(faults), months=fmt.number(observed))
    timed = _("{time} ({n} faults)").format(
        time=_time(terms["own_minutes_per_fault"]), n=fmt.number(terms["faults_timed"])
    )
    return pd.DataFrame(
        {
            _("Term"): [_("Faults λ"), _("Customer time of a fault m")],
            _("Own, at most {n} months").format(n=WINDOW_MONTHS): [own, timed],
            _("Peers"): [
                fmt.MISSING if peers is None else _("{n} a year").format(n=fmt.number(12 * peers, 1)),
                _time(terms["peer_minutes_per_fault"]),
            ],
            _("Reckoned with"): [
                _("{n} a year").format(n=fmt.number(terms["faults_expected"], 1)),
                _time(terms["minutes_per_fault"]),
            ],
        }
    )


def _time(minutes: float | None) -> str:
    return fmt.MISSING if minutes is None else fmt.customer_time(minutes * 60)
