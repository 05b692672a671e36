"""What is left out of a statement before it is stored: who the officials are, and how to reach them.

Of a notification only lines stay that name an authority, a State or a purpose: a status page is public, but a copy of
the names, telephones and addresses in it would be a register of persons that nobody keeps up to date.
"""

from __future__ import annotations

import re

_LABEL = re.compile(
    r"^\W*(?:tel(?:ephone|\.|\b)|phone|(?:tele)?fax|mobile|cell(?:ular)?|e-?mails?|web ?site|(?:postal |mailing )?"
    r"address|p\.? ?o\.? ?box|contact|attention|attn|name of (?:the )?(?:person|official|contact)|person in charge|"
    r"title|position|focal point|office hours|working hours|time zone|street|city|postal code|zip)\b",
    re.IGNORECASE,
)
_PERSON = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Dr|Prof|Sir|Mme|H\. ?E)\b\.?\s+[A-Z]")
_CONTACT = re.compile(
    r"\b(?:tel(?:ephone)?s?\b|phones?\b|(?:tele)?fax\b|mobile\b|e-?mails?\b|p\.? ?o\.? ?box\b|address(?:es)?\s*:)"
    r"|\S+@\S+|https?://\S+|\bwww\.\S+|\+\s?\d[\d\s()/.-]{5,}|\(?\b\d{2,5}\)?[\s./-]\d{2,}[\s./-]\d{2,}",
    re.IGNORECASE,
)
_STREET = re.compile(
    r"\b(?:street|avenue|boulevard|road|rue|calle|platz|stra(?:ss|ß)e|square|floor|building|suite|lane)\b",
    re.IGNORECASE,
)
_AUTHORITY = re.compile(
    r"\b(?:ministry|department|office|authorit\w+|prosecut\w+|police|agency|court|bureau|directorate|division|attorney|"
    r"commission|service|unit|government|republic|kingdom|state|states|union|convention|protocol|agreement|article|"
    r"paragraph|languages?|english|french|spanish|extradition|legal assistance|central|interpol|accept\w*|notif\w*|"
    r"declar\w*|designat\w*|requests?|treat(?:y|ies)|law|sign|letters?)\b",
    re.IGNORECASE,
)


def without_contacts(line: str) -> str:
    """The line up to the first contact in it; empty for a line that is nothing else, or that names a person."""
    if _LABEL.match(line):
        return ""
    found = _CONTACT.search(line)
    left = line[: found.start()].rstrip(" ,;:(-–") if found else line
    if found and (street := _STREET.search(left)):
        left = left[: left.rfind(",", 0, street.start())] if "," in left[: street.start()] else ""
    return "" if _PERSON.search(left) and len(left) < 200 else left


def authority_only(line: str) -> str:
    """The line of a notification without contacts; empty unless it names an authority, a State or a purpose."""
    left = without_contacts(line)
    if _PERSON.search(left) or (_STREET.search(left) and any(char.isdigit() for char in left) and len(left) < 200):
        return ""
    return left if _AUTHORITY.search(left) else ""
