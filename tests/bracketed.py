"""A report without a Latin letter, and a theme that says each message in brackets."""

import json
import re

from icreport import Paragraph, Report, Section, Table
from icreport.words import known_messages

# All texts of the report are Greek, and so are the dates: whatever is Latin is a word of ours.
ROWS = [("Α1", "Ανοικτό", 4.5, "2026-08-14"), ("Α1", None, "—", None), ("Β2", "Κλειστό", 1234.5, "2024-01-31")]
NAMES = ["Θέση", "Κατάσταση", "Βάθος", "Ημέρα"]
VIEW = {
    "document": {
        "client": "Πελάτης",
        "project": "Έργο",
        "number": "12-3",
        "revision": "2",
        "status": "Τελικό",
        "classification": "Δημόσιο",
        "revisions": [{"revision": "1", "date": "2026-01-02", "description": "Αρχή"}],
        "approvals": [{"role": "Μηχανικός", "name": "Α. Β.", "date": "2026-01-02"}],
    },
    "table": [
        {
            "match": "Όλα",
            "group_by": "Θέση",
            "limit": 9,
            "where": [
                {"column": "Κατάσταση", "not_in": ["Α", "Β", "Γ", "Δ", "Ε", "Ζ"]},
                {"column": "Βάθος", "not": {"between": [-2, -1]}},
                {"column": "Κατάσταση", "not": {"contains": "ω", "starts_with": "ψ", "matches": "χ"}},
                {"column": "Βάθος", "not": {"above": 5000, "below": 6000}},
                {"column": "Βάθος", "not": {"at_least": 5000, "at_most": 6000}},
                {"column": "Ημέρα", "not": {"older_than": "90 years", "newer_than": "9 weeks"}},
                {"column": "Θέση", "blank": False},
                {"column": "Θέση", "not_equals": "Ω"},
            ],
            "column": {"Βάθος": {"total": "min", "mark": [{"above": 2, "look": "bad"}]}, "Ημέρα": {"total": "count"}},
        },
        *[
            {"match": f"Μέρος {number}", "where": [asked]}
            for number, asked in enumerate(
                [
                    {"column": "Κατάσταση", "in": ["Κλειστό", ""]},
                    {"column": "Βάθος", "between": [1, 9]},
                    {"column": "Κατάσταση", "contains": "ν", "starts_with": "Α", "matches": "."},
                    {"column": "Βάθος", "at_least": 1, "above": 0, "below": 1000, "at_most": 999},
                    {"column": "Ημέρα", "older_than": "3 months", "newer_than": "90 years"},
                    {"column": "Ημέρα", "older_than": 100000},
                    {"column": "Κατάσταση", "blank": True},
                    {"column": "Κατάσταση", "not": {"equals": "Κλειστό"}},
                ]
            )
        ],
        {"match": "Δύο", "limit": 2},
    ],
    "summary": [
        {"of": "Όλα", "rows": ["Θέση", "Κατάσταση"], "columns": "Ημέρα", "totals": True},
        {"of": "Όλα", "rows": ["Κατάσταση"], "caption": "Πόσα"},
        {"of": "Όλα", "rows": ["Κατάσταση"], "value": {"mean": "Βάθος"}, "totals": True, "caption": "Μέσος"},
    ],
}


def report():
    tables = [
        Table(caption=name, columns=NAMES, rows=ROWS) for name in ("Όλα", "Δύο", *[f"Μέρος {n}" for n in range(8)])
    ]
    wide = Table(caption="Πλατύς", columns=[f"Στήλη {n}" for n in range(60)], rows=[["λέξη λέξη"] * 60])
    return Report(
        elements=[
            Section(caption="Αρχή"),
            Paragraph(text="Κείμενο."),
            *tables,
            Table(columns=["Α"], rows=[]),
            Table(rows=[("Α", 1), ("Β", True)]),
            wide,
        ]
    )


def bracketing(folder):
    """Make a theme that says each message in brackets."""
    said = "".join(
        f"{json.dumps(one, ensure_ascii=False)} = {json.dumps(f'⟦{one}⟧', ensure_ascii=False)}\n"
        for one in known_messages()
    )
    (folder / "theme.toml").write_text(
        f'locale = "el"\nextends = "formal"\norganisation = "Εταιρεία"\n[words]\n{said}', "utf-8"
    )
    return str(folder)


def outside(text):
    """What of a text is neither in brackets nor without Latin letters."""
    before = None
    while text != before:
        before, text = text, re.sub(r"⟦[^⟦⟧]*⟧", " ", text)
    return [word for word in text.split() if re.search("[A-Za-z⟦⟧]", word)]
