"""Makes reports with one large table of random columns, such as registers and inspections have."""

import random
from functools import partial

from icreport import Report, Row, Table

WORDS = [
    "general",
    "corrosion",
    "of",
    "the",
    "riser",
    "clamp",
    "found",
    "during",
    "close",
    "visual",
    "inspection",
    "see",
    "photo",
    "A-12/3",
    "no",
    "further",
    "action",
]
NAMES = ["A. Nordmann", "Jörg Müller", "Ελένη Παπαδοπούλου", "Пётр Иванов", "田中太郎", "محمد علي", "Zoë Ångström"]
VOCABULARIES = [
    ["Open", "Closed"],
    ["Critical", "Major", "Minor", "Observation"],
    ["Pass", "Fail", "N/A"],
    ["Accepted", "Rejected", "Pending", "Monitor"],
    ["OK", "Overdue"],
    ["Good", "Moderate", "Severe"],
]


def _words(chance, most):
    return " ".join(chance.choices(WORDS, k=chance.randint(1, most)))


def _vocabulary(chance):
    words = chance.choice(VOCABULARIES)
    return [*words, None, ""] if chance.random() < 0.5 else words


def _status(chance, words, number):
    return chance.choice(words)


MIXED = [1, 2.5, "text", True, None, "2026-01-02", -3, "N/A"]
KINDS = {
    "identifier": lambda chance: lambda n: f"AN-{n:06}",
    "tag": lambda chance: lambda n: f"JKT-{chance.choice('ABCD')}{chance.randint(1, 4)}-N{chance.randint(1, 99):02}",
    "number": lambda chance: lambda n: round(chance.uniform(-2000, 2000), chance.randint(0, 3)),
    "integer": lambda chance: lambda n: chance.randint(0, 40),
    "date": lambda chance: lambda n: f"2026-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}",
    "time": lambda chance: lambda n: f"2026-03-04T{chance.randint(0, 23):02}:{chance.randint(0, 59):02}:00",
    "status": lambda chance: partial(_status, chance, _vocabulary(chance)),
    "text": lambda chance: lambda n: _words(chance, 9),
    "memo": lambda chance: lambda n: "\n".join(_words(chance, 8) for _ in range(chance.randint(0, 3))),
    "boolean": lambda chance: lambda n: chance.random() < 0.5,
    "name": lambda chance: lambda n: chance.choice(NAMES),
    "sparse": lambda chance: lambda n: _words(chance, 3) if chance.random() < 0.02 else None,
    "mixed": lambda chance: lambda n: chance.choice(MIXED),
    "blank": lambda chance: lambda n: None,
}


def ordinary_report(seed, rows=305, columns=None):
    """Make a report and the options to render it with; all follows from the seed."""
    chance = random.Random(seed)
    width = columns or chance.choice([2, 3, 4, 5, 6, 8, 10, 12, 16, 24, 60])
    kinds = chance.choices(list(KINDS), k=width)
    makers = [KINDS[kind](chance) for kind in kinds]
    keyed = chance.random() < 0.6
    listed = [
        Row(tuple(make(n) for make in makers), 1000 + n if keyed and chance.random() < 0.95 else None)
        for n in range(rows)
    ]
    shape = chance.random()
    table = Table(
        caption="Register",
        columns=[] if shape < 0.1 else [f"{kind.title()} {n}" for n, kind in enumerate(kinds)],
        categories=[f"Leg {n}" for n in range(rows)] if shape > 0.9 else [],
        rows=listed,
        source_business_object="Anomaly",
    )
    options = {"theme": chance.choice(["house", "compact", "formal"])}
    if chance.random() < 0.3:
        options["locale"] = chance.choice(["de", "nb", "en_GB", "fr", "ar", "he"])
    if keyed and chance.random() < 0.5:
        options["link"] = "https://host/#/{sourceBusinessObject}/{sourceKey}"
    return Report(name=f"Seed {seed}", elements=[table]), options
