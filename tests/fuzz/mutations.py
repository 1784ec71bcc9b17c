"""Broken and hostile documents from good ones: the same seed gives the same inputs."""

import gzip
import json
import random

NASTY_TEXT = [
    "\0", "\x01\x1f\x7f", "\ufffe\uffff", "\u202eabc\u202c", "e\u0301" * 50, "👩‍👩‍👧‍👦🏳️‍🌈", "=1+1", "+44 20 7946", "-5", "@SUM(A1)",
    "\t=1", "\r=1", "\n=1", "＝1+1", "＋1", "－1", "＠x", '"=1+1', " =1+1", "=cmd|' /C calc'!A0", '=HYPERLINK("http://x")',
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "javascript:alert(1)", "{{ 7*7 }}", "{% for x in y %}",
    "]]>", "<!--", "-->", "</style>", "</script>", "file:///etc/passwd", "//host/x", "\\\\host\\share", "'edge'", "[a]:*?/\\",
    "x" * 40_000, "x y " * 20_000, "00123", "1E5", "3-4", "12345678901234567890", "1900-01-01", "2026-02-30", "", " ", "\n\n",
]  # fmt: skip
NASTY_LITERALS = [
    "NaN",
    "Infinity",
    "1e400",
    "-0.0",
    "-0",
    "1" * 40,
    "0.30000000000000004",
    "12.10",
    "1E5",
    "nul",
    "01",
    "+1",
]
NASTY_BYTES = [
    b"\xff",
    b"\xc3",
    b"\xed\xa0\x80",
    b"\0",
    b'"',
    b"\\",
    b"\\ud800",
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"\xef\xbb\xbf",
]


def mutate(document: bytes, chance: random.Random) -> bytes:
    """Give one broken, hostile or merely odd version of a document."""
    return chance.choice([_shape, _shape, _text, _text, _bytes, _cut, _literal, _encode, _repeat])(document, chance)


def _shape(document, chance):
    """Put another JSON value, or nothing, at any place of the structure."""
    root = json.loads(document)
    holders = list(_holders(root))
    holder = chance.choice(holders)
    key = chance.choice(list(holder) if isinstance(holder, dict) else range(len(holder)))
    if chance.random() < 0.3:
        del holder[key]
    else:
        values = [None, True, 5, -1.5, "text", [], {}, [[]], [None], {"a": 1}, [{}], chance.choice(NASTY_TEXT)]
        holder[key] = chance.choice(values)
    return json.dumps(root).encode()


def _holders(value):
    if isinstance(value, dict | list):
        if value:
            yield value
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _holders(inner)


def _text(document, chance):
    """Put hostile text where text is."""
    root = json.loads(document)
    holders = [holder for holder in _holders(root) if any(isinstance(v, str) for v in _values(holder))]
    for _ in range(chance.randint(1, 5)):
        holder = chance.choice(holders)
        keys = [k for k, v in (holder.items() if isinstance(holder, dict) else enumerate(holder)) if isinstance(v, str)]
        holder[chance.choice(keys)] = chance.choice(NASTY_TEXT) * chance.randint(1, 2)
    return json.dumps(root, ensure_ascii=chance.random() < 0.5).encode("utf-8", "surrogatepass")


def _values(holder):
    return holder.values() if isinstance(holder, dict) else holder


def _bytes(document, chance):
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(document))
        document = document[:at] + chance.choice(NASTY_BYTES) + document[at + chance.randint(0, 3) :]
    return document


def _cut(document, chance):
    return document[: chance.randrange(len(document))]


def _literal(document, chance):
    at = document.find(b'"value": ', chance.randrange(len(document)))
    at = at if at >= 0 else document.find(b'"value": ')
    if at < 0:
        return document
    start = at + len(b'"value": ')
    end = min(p for p in (document.find(b"}", start), document.find(b",", start)) if p >= 0)
    return document[:start] + chance.choice(NASTY_LITERALS).encode() + document[end:]


def _encode(document, chance):
    encoding = chance.choice(["utf-16", "utf-32", "utf-8-sig", "utf-16-le", "latin-1", "gzip"])
    if encoding == "gzip":
        return gzip.compress(document)[: chance.choice([None, -5])]
    return document.decode().encode(encoding, "replace")


def _repeat(document, chance):
    return chance.choice([document * 2, document + b" \n", b" \n\t" + document, document + b"\0"])


HEADER_PARTS = [
    "../", "..\\", "/etc/passwd", "C:", "CON", "con.txt", "LPT1.", "nul", "\0", "\r\n", "\n X: y", "%00", "%0d%0a", "%2F", "''",
    "*=", "*0*=", ";", '"', "\\", "=", "\xff", "\u202e", "é", "x" * 300, " ", ".", "...", "~", "$(x)", "filename=", "%ff", "%",
    "utf-8''", "no-such-charset''", "idna''%ff", "utf-7''+AC8-", "undefined''%41",
]  # fmt: skip
TOML_PARTS = [
    b'"', b"'''", b"\\", b"[", b"]", b"=", b"\n", b"url(x)", b"</style>", b"} body {", b"\xff", b"\0", b"1e999", b"{}", b"[tokens]",
    b"a.b = 1", b"inf", b"2026-01-01", b'"\\ud800"', b'"\\u0000"', b"true", b"x" * 1000, b"[[page]]", b"server = []\n", b"[" * 2000, b"#",
]  # fmt: skip


TOML_VALUES = [
    b'""', b'"x"', b'"de_DE"', b'"A3 landscape"', b'"#fff"', b"5", b"-1", b"1e999", b"nan", b"true", b"[]", b"{}", b"2026-01-01",
    b'"</style>"', b'"url(file:///etc/passwd)"', b'"a; b { c"', b'"a\\u0000b"', b"[[1]]", b'"' + b"x" * 5000 + b'"', b'"../.."',
    b'{ "x" = ["y"] }', b'"https://host:x/"', b'"http://[::1"',
]  # fmt: skip


def mutate_header(header: str, chance: random.Random) -> str:
    """Give a Content-Disposition header that a server should not send."""
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(header) + 1)
        header = header[:at] + chance.choice(HEADER_PARTS) + header[at + chance.randint(0, 4) :]
    return header


def mutate_toml(text: bytes, chance: random.Random) -> bytes:
    """Give a file of settings that may be wrong: with other values, or other bytes."""
    if chance.random() < 0.5:
        lines = text.split(b"\n")
        for at in chance.sample([at for at, line in enumerate(lines) if b"=" in line], 2):
            lines[at] = lines[at].partition(b"=")[0] + b"= " + chance.choice(TOML_VALUES)
        return b"\n".join(lines)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(text) + 1)
        text = text[:at] + chance.choice(TOML_PARTS) + text[at + chance.randint(0, 10) :]
    return text
