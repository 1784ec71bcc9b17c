"""Makes report documents of any size: `python benchmarks/synthetic.py ROWS FILE`. Same seed, same bytes."""

import json
import random
import sys

KINDS = ["Corrosion", "Coating breakdown", "Anode depletion", "Weld indication", "Marine growth", "Debris"]
REMARKS = [
    "General depletion of about 55 %. Attachment is sound.",
    'Pitting up to 3.2 mm; the coating is "lost" locally.',
    "Måling gjentatt etter rengjøring & bekreftet",
    "None further.",
    None,
]
COLUMNS = ["No.", "Tag", "Type", "Elevation (m)", "Found", "Open", "Depth (mm)", "Readings", "Inspector", "Remarks"]


def row(number, chance):
    values = (
        f"AN-{number:06d}",
        f"JKT-{chance.choice('ABCD')}{chance.randint(1, 4)}-N{chance.randint(1, 99):02d}",
        chance.choice(KINDS),
        round(chance.uniform(-112, 18), 1),
        f"2026-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}",
        chance.random() < 0.4,
        round(chance.uniform(0, 9), 2),
        chance.randint(1, 40),
        chance.choice(["A. Nordmann", "J. Müller", "P. O'Neill"]),
        chance.choice(REMARKS),
    )
    return {"sourceKey": 100_000 + number, "cells": [{"value": value} for value in values]}


def write(rows, path, *, seed=1):
    chance = random.Random(seed)
    head = {"type": "table", "caption": "Anomalies", "data": {"sourceBusinessObject": "Anomaly"}}
    head["data"]["columns"] = [{"caption": caption} for caption in COLUMNS]
    start = json.dumps({"name": "Synthetic", "elements": [head]}, ensure_ascii=False)[:-4]
    with open(path, "w", encoding="utf-8") as file:
        file.write(start + ', "rows": [')
        file.writelines(
            ("," if number else "") + json.dumps(row(number, chance), ensure_ascii=False) for number in range(rows)
        )
        file.write("]}}]}")
    return path


if __name__ == "__main__":
    write(int(sys.argv[1]), sys.argv[2])
