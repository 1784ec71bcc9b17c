"""Paints the mass of a large table's rows as PDF pages, the way WeasyPrint would lay them out.

WeasyPrint lays out a probe of the table (`probe`); what is learned there places every further row without it: cells are
broken into lines (`breaking`, `cells`), rows into pages (`paging`), pages become content streams (`content`), and the
streams join a document that WeasyPrint wrote (`joining`).
"""
