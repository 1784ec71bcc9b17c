"""The page that HTML and PDF have in common: elements, rows, the looks of columns."""
