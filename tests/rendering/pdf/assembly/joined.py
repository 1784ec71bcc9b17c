"""Joins a document that has placeholder rows with the pages of its tables."""

from icreport.rendering.pdf.assembly.merge import numbered_shell, numbers_with, with_tables, write_joined
from icreport.rendering.pdf.painter.resources import Resources


def join(lay_out, tables, resources=None, **options):
    """Return the PDF of a document, of which `lay_out` gives the pages with some more CSS.

    `resources` are those that its drawn pages have; those of painted tables are in these.
    """
    shell = numbered_shell(lay_out, [table.placeholder for table in tables])
    pages = with_tables(shell, tables, numbers_with(tables, shell), range(len(shell.pages)))
    painted = [table.model.resources for table in tables if hasattr(table, "model")]
    return write_joined(shell, pages, tables, resources or (painted[0] if painted else Resources()), **options)
