"""Sections of the detail page of one KPI: each is given frames and shows them; the page fetches."""
