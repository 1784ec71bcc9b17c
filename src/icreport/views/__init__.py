"""Views: which part of a report is shown, in which order, with which totals and marks; from report to report."""
