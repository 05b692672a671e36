"""What attackers write into every field there is, and what no answer may do: break, leak, run or lead elsewhere."""

import re
from pathlib import Path
from urllib.parse import urlsplit

from tests.support.builders import acceded, body, instrument, judged, member, participant, ratified, signed
from tracker.web import security

EVIL = {
    "sql": "' OR '1'='1' UNION SELECT password FROM editors--",
    "script": "<script>alert(1)</script>\"'>&",
    "template": "{{7777*1111}}${7777*1111}<%=7777*1111%>",
    "header": "x\r\nSet-Cookie: evil=1\r\n\r\n<script>alert(1)</script>",
    "up": "../../../../etc/passwd",
    "nul": "a\0b",
    "long": "A" * 3500,
    "number": "9" * 400,
    "negative": "-1",
    "float": "1e999",
    "unicode": "\u202e\ud7ff\U0010ffff\u0000",
    "link": "//evil.example/x",
    "script link": "javascript:alert(1)",
    "brackets": "(" * 1500,
    "format": "%s%n{0.__class__}",
}
ROOT = Path(__file__).parents[2]
LEAKS = ("Traceback", "sqlalchemy", "sqlite3", "psycopg", f"{ROOT}/", "site-packages", "root:x:", "8640247", "$argon2")
UNESCAPED = ("<script>alert", "<%=", "<img src=x")
KNOWN = {
    "code": "FRA",
    "name": "record.zip",
    "filename": "style.css",
    "number": "1",
    "id": "untoc",
    "kind": "action",
    "one": "FRA",
    "other": "ITA",
}
SMALL = [participant("FRA"), participant("ITA"), instrument("untoc", threshold=2, delay="90d"), body("greco"),
         member("greco", "FRA", "1999-05-01"), signed("FRA", "untoc", "2000-12-12"),
         ratified("FRA", "untoc", "2002-10-29"), acceded("ITA", "untoc", "2003-01-01"),
         judged("grey", "ITA", "listed", "2001")]  # fmt: skip


def reading(app):
    """One address of every rule that is read, its parts filled in with `{}`."""
    for rule in app.url_map.iter_rules():
        if "GET" in rule.methods:
            yield rule, re.sub(r"<any\(([^)]*)\)[^>]*>", _first, rule.rule)


def _first(found):
    return found[1].split(",")[0].strip(" '\"")


def filled(path):
    """An address of a rule about something that is there."""
    first = f"{path}/".removeprefix("/api/v1").split("/")[1]
    known = KNOWN | {"id": {"bodies": "greco", "assessments": "grey"}.get(first, "untoc")}
    return re.sub(r"<(?:[^<>]*:)?([^<>:]+)>", lambda found: known.get(found[1], "untoc"), path)


def seen(answer, address):
    """That an answer is none of a program that broke, or that hands on what it was given."""
    assert answer.status_code < 500 or urlsplit(address).path in ("/health", "/ready"), (
        f"{address[:200]}: {answer.status_code}"
    )
    assert "Set-Cookie" not in answer.headers or "evil" not in answer.headers["Set-Cookie"]
    text = answer.get_data().decode("utf-8", "replace")
    for leak in LEAKS:
        assert leak not in text, f"{address[:200]} leaks {leak}"
    if answer.mimetype in ("text/html", "image/svg+xml"):
        for raw in UNESCAPED:
            assert raw not in text, f"{address[:200]} echoes {raw}"
    elsewhere = urlsplit(answer.headers.get("Location", "/"))
    assert elsewhere.netloc in ("", "localhost"), f"{address[:200]} leads to {elsewhere.netloc}"
    for name, value in security.HEADERS.items():
        assert answer.headers.get(name) == value or answer.headers.get(name), f"{address[:80]} has no {name}"
