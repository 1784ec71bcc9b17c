"""Columns in the order that a click on their header brings; each list here is in that order."""

import pytest

import icreport
from icreport.model.elements import Table
from icreport.model.report import Report

# The kind of a column is that of most of its values; the last ones of a list may be of another kind.
COLUMNS = {
    "halves of the day": [
        "14/03/2026 11:59:00 PM",
        "15/03/2026 9:30:00 AM",
        "15/03/2026 12:10 PM",
        "15/03/2026 1:05 PM",
    ],
    "times of day": ["12:10 AM", "9:30 AM", "12:05 p.m.", "1:05 PM"],
    "years and numbers": ["2026-9", "2026-99", "2026-100", "2026-1000"],
    "decimals of a unit": ["9.8 mm", "12.10 mm", "12.25 mm", "12.3 mm", "12.5 mm", "n/a"],
    "numbers below zero": ["-64 m", "\u221212.5 m", "-5.5 m", "-5 m", "+3 m"],
    "thousands": ["980", "1,250", "12,000", "1,250,000"],
    "decimal commas": ["-1,05", "-0,95", "3,25", "3,5", "12,1"],
    "thousands and decimal commas": ["980,5 kg", "1.250,25 kg", "12.000,00 kg"],
    "blanks between thousands": ["980", "1\u202f250,5", "12 000", "\u2013"],
    "offsets": ["2026-03-15T11:00:00+04:00", "2026-03-15T10:00:00+02:00", "2026-03-15T09:00Z", "2026-03-15T09:30:00Z"],
    "two-digit years": ["31/12/99", "15/03/26", "1/4/26", "2/1/27"],
    "months first": ["1/30/2026", "2/1/2026", "11/2/2026"],
    "German months": ["1. Dezember 2025", "15. M\u00e4rz 2026", "2. Mai 2026"],
    "Norwegian months": ["3. des. 2025", "1. feb. 2026", "15. mai 2026", "2. okt. 2026"],
    "French months": ["15 ao\u00fbt 2025", "1 f\u00e9vr. 2026", "15 avril 2026"],
    "months of a year": ["Dec 2025", "Jan 2026", "March 2026"],
    "one that is no date": ["2025-12-31", "2026-01-02", "2026-02-01", "2026-02-01T09:00", "n/a"],
    "one that is no number": [-2, 9, 10, "n/a"],
    "endings": ["9A", "12A", "12B", "100A"],
    "tags": ["P-2", "P-10", "PSV-1"],
}


def click(page, name):
    page.get_by_role("button", name=name, exact=True).click()
    return page.locator("tbody td").all_inner_texts()


@pytest.fixture(scope="module")
def column_pages():
    """A page of each column, its values in another order than the sorted one."""

    def page_of(values, **options):
        report = Report(elements=[Table(columns=["Sorted"], rows=[(value,) for value in values])])
        return icreport.render(report, "html", **options)

    return page_of


@pytest.mark.parametrize("name", COLUMNS)
def test_a_column_sorts_by_what_its_values_mean(open_page, column_pages, name):
    values = COLUMNS[name]
    page = open_page(column_pages([*values[::-2], *values[-2::-2]]))
    click(page, "Sorted")
    cells = "[...document.querySelectorAll('tbody td')]"
    assert page.evaluate(f"{cells}.map(cell => cell.dataset.value ?? cell.textContent)") == list(map(str, values))


def test_what_is_not_of_its_columns_kind_stays_last_both_ways(open_page, column_pages):
    page = open_page(column_pages(["n/a", "2026-01-02", None, "31.12.2025", "2026-02-01"]))
    assert click(page, "Sorted") == ["31.12.2025", "2026-01-02", "2026-02-01", "n/a", ""]
    assert click(page, "Sorted") == ["2026-02-01", "2026-01-02", "31.12.2025", "n/a", ""]


def test_a_language_says_which_comes_first_where_a_column_does_not(open_page, column_pages):
    dates = ["2/3/2026", "1/4/2026"]
    assert click(open_page(column_pages(dates)), "Sorted") == ["2/3/2026", "1/4/2026"]
    assert click(open_page(column_pages(dates, locale="en-US")), "Sorted") == ["1/4/2026", "2/3/2026"]


def test_a_sort_key_is_written_only_where_text_and_order_differ(column_pages):
    assert b"data-sort" not in column_pages(["2026-01-02", "n/a", 5, "12", "P-1", "2026-100"])
    assert b"data-value" not in column_pages(["2026-01-02", "n/a", 5, "12 mm", "P-1"])
    assert b'<td data-sort="12.5">12.5 mm</td>' in column_pages(["12.5 mm", "9 mm"])
