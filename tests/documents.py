"""Report documents for property tests: any order of keys, unknown fields, unusual rows, any values."""

import json
import random

from hypothesis import strategies as st

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
numbers = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
scalars = st.none() | st.booleans() | numbers | text
values = st.recursive(scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3))
unknown = st.dictionaries(text.map("x".__add__), values, max_size=2)


@st.composite
def objects(draw, required, optional=None):
    """A JSON object with the required fields, some of the optional and some unknown ones, in any order."""
    fields = {name: draw(value) for name, value in required.items()}
    fields |= {name: draw(value) for name, value in (optional or {}).items() if draw(st.booleans())}
    fields |= draw(unknown) if draw(st.integers(0, 4)) == 0 else {}
    if draw(st.booleans()):
        fields = dict(draw(st.permutations(list(fields.items()))))
    return fields


captions = st.none() | text
columns = st.lists(objects({"caption": captions}), max_size=4)
cells = st.fixed_dictionaries({"value": values}) | objects({}, {"value": values}) | st.none()
rows = st.fixed_dictionaries(
    {"sourceKey": st.integers(), "cells": st.lists(st.fixed_dictionaries({"value": scalars}), max_size=4)}
) | objects({}, {"sourceKey": scalars, "cells": st.lists(cells, max_size=4)})
data = objects(
    {"rows": st.lists(rows, max_size=8)},
    {"columns": columns, "categories": columns, "sourceBusinessObject": captions},
)
elements = (
    objects({"type": st.just("table"), "data": data}, {"caption": captions})
    | objects({"type": st.just("paragraph"), "data": objects({"text": st.lists(objects({"value": scalars}))})})
    | objects({"type": st.just("section")}, {"caption": captions, "data": values})
    | objects({"type": st.sampled_from(["chart", "gauge"])}, {"caption": captions, "data": values | data})
)
documents = objects({"elements": st.lists(elements, max_size=4)}, {"name": captions})


def serialise(document, seed):
    """Write a document as some server might: any indent, escapes or not."""
    chance = random.Random(seed)
    separators = chance.choice([(",", ":"), (", ", ": "), (" ,\t", " :\r\n")])
    return json.dumps(
        document,
        indent=chance.choice([None, None, 0, 2]),
        separators=separators,
        ensure_ascii=chance.choice([True, False]),
    )
