"""What all tests of PDFs have: tables are large from fewer rows on."""

import pytest


@pytest.fixture(autouse=True)
def large_tables_are_small(monkeypatch):
    """Hold tables back from 100 rows on, for the sake of time: laid out for comparison, each row takes milliseconds."""
    monkeypatch.setattr("icreport.rendering.pdf.page.LARGE", 100)
