"""JSON to elements: sources, text, a cursor over it, rows, the document."""
