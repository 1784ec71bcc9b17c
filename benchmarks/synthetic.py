"""Makes report documents of any size: `python benchmarks/synthetic.py ROWS FILE [SET]`. Same seed, same bytes.

Two sets of data as real registers have them, so that nothing is tuned to one: `anomalies` (statuses, blanks, four
scripts, remarks of about nine words, floats, dates; 330 bytes a row) and `thickness` (many floats, exact decimals, few
texts, times, a column that is mostly blank).
"""

import json
import random
import sys

TEXTS = {
    "latin": "general depletion of the anode attachment is sound coating lost locally pitting up to depth heavy marine"
    " growth removed before reading no further action weld cap rechecked by CVI",
    "northern": "måling gjentatt etter rengjøring prüfung für größere Schäden bestätigt près de la bride à revoir",
    "greek": "διάβρωση στη βάση του σκέλους επιβεβαιώθηκε μετά τον καθαρισμό χωρίς περαιτέρω ενέργεια",
    "cyrillic": "коррозия основания опоры подтверждена после очистки дальнейших действий не требуется",
    "japanese": "陽極の 減耗は 約半分 取付は 健全 塗装の 剥離 清掃後に 再確認 済み",
}
WORDS = {script: text.split() for script, text in TEXTS.items()}
SCRIPTS = ["latin"] * 6 + ["northern", "greek", "cyrillic", "japanese"]
INSPECTORS = ["A. Nordmann", "J. Müller", "P. O'Neill", "Γ. Παπαδόπουλος", "И. Петров", "佐藤 健", None]

ANOMALY_COLUMNS = [
    "No.", "Tag", "Type", "Elevation (m)", "Found", "Status", "Depth (mm)", "Readings", "Inspector", "Remarks",
]  # fmt: skip
KINDS = ["Corrosion", "Coating breakdown", "Anode depletion", "Weld indication", "Marine growth", "Debris"]
STATUSES = ["Open", "Closed", "Closed", "Under review", None]

THICKNESS_COLUMNS = [
    "Point",
    "Line",
    "Clock",
    "Nominal",
    "t1",
    "t2",
    "t3",
    "Lowest",
    "Loss (%)",
    "At",
    "Accepted",
    "Note",
]
MOST_WORDS = 14


def anomaly(number, chance):
    words = WORDS[chance.choice(SCRIPTS)]
    remark = " ".join(chance.choices(words, k=chance.randint(4, MOST_WORDS)))
    return (
        f"AN-{number:06d}",
        f"JKT-{chance.choice('ABCD')}{chance.randint(1, 4)}-N{chance.randint(1, 99):02d}",
        chance.choice(KINDS),
        round(chance.uniform(-112, 18), 1),
        f"2026-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}",
        chance.choice(STATUSES),
        round(chance.uniform(0, 9), 2) if chance.random() < 0.8 else None,
        chance.randint(1, 40),
        chance.choice(INSPECTORS),
        f'{remark} ("{chance.randint(1, 9)} %")' if chance.random() < 0.1 else chance.choice([remark] * 9 + [None]),
    )


def thickness(number, chance):
    nominal = chance.choice([9.53, 12.7, 15.88, 19.05])
    readings = [round(nominal - chance.expovariate(2), 3) for _ in range(3)]
    lowest = min(readings)
    return (
        number + 1,
        f'{chance.choice([4, 6, 8, 12])}"-HC-{chance.randint(1, 400):04d}',
        f"{chance.randint(1, 12)}:00",
        nominal,
        *readings,
        lowest,
        (nominal - lowest) / nominal * 100,
        f"2026-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}T{chance.randint(0, 23):02d}:30:00Z",
        lowest > 0.8 * nominal,
        " ".join(chance.choices(WORDS["northern"], k=3)) if chance.random() < 0.05 else None,
    )


SETS = {
    "anomalies": ("Anomalies", "Anomaly", ANOMALY_COLUMNS, anomaly),
    "thickness": ("Wall thickness", "CML", THICKNESS_COLUMNS, thickness),
}
COLUMNS = ANOMALY_COLUMNS


def row(number, chance, values=anomaly):
    return {"sourceKey": 100_000 + number, "cells": [{"value": value} for value in values(number, chance)]}


def write(rows, path, *, seed=1, kind="anomalies"):
    caption, business_object, columns, values = SETS[kind]
    chance = random.Random(seed)
    head = {"type": "table", "caption": caption, "data": {"sourceBusinessObject": business_object}}
    head["data"]["columns"] = [{"caption": column} for column in columns]
    start = json.dumps({"name": "Synthetic", "elements": [head]}, ensure_ascii=False)[:-4]
    with open(path, "w", encoding="utf-8") as file:
        file.write(start + ', "rows": [')
        file.writelines(
            ("," if number else "") + json.dumps(row(number, chance, values), ensure_ascii=False)
            for number in range(rows)
        )
        file.write("]}}]}")
    return path


if __name__ == "__main__":
    write(int(sys.argv[1]), sys.argv[2], kind=sys.argv[3] if len(sys.argv) > 3 else "anomalies")
