"""Sections of the reliability page: each is given frames and shows them; the page fetches."""
