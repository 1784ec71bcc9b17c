"""Comparing: what became of one report in another, as a report; tables, rows and cells are paired and told apart."""
