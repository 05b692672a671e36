"""Grades of evidence: how good the source of a fact is, by whose publication it names.

The grade follows from the fact's `source` and `doubt` alone. Of several sources the weakest decides, since the text
does not say which part of the fact comes from which. A source of a kind that is not known here is not graded, nor is
what was inferred.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum
from functools import lru_cache

from tracker.law.model import UNVERIFIED, Fact
from tracker.messages import TranslatableText, message


class EvidenceGrade(StrEnum):
    """How good the source of a fact is, from best to worst.

    `OFFICIAL` is what the depositary, or the body whose list or decision it is, publishes itself. `OFFICIAL_SECONDARY`
    is what a State publishes about it: its law collection, its gazette, a report of its government. `REPORTED` is what
    others write: press, encyclopaedias, research data, copies on other sites. `NOT_GRADED` is a source of another kind.
    """

    OFFICIAL = "official"
    OFFICIAL_SECONDARY = "official-secondary"
    REPORTED = "reported"
    NOT_GRADED = "not-graded"
    UNVERIFIED = "unverified"

    @property
    def words(self) -> TranslatableText:
        """The grade in plain words."""
        return _WORDS[self]


_WORDS = {
    EvidenceGrade.OFFICIAL: message("depositary or official publication"),
    EvidenceGrade.OFFICIAL_SECONDARY: message("official secondary source (a State’s own publication)"),
    EvidenceGrade.REPORTED: message("reported (press, encyclopaedia, research data)"),
    EvidenceGrade.NOT_GRADED: message("source not graded"),
    EvidenceGrade.UNVERIFIED: message("unverified"),
}
_ORDER = {grade: place for place, grade in enumerate(EvidenceGrade)}

# Words by which sources name a publication. They are looked for as whole words, capitals as written.
_OFFICIAL = (
    "UN Treaty Collection", "UNTS", "UNODC", "UNODC final list", "Presidential Determination",
    "US State Department performance plan",
)  # fmt: skip
_OFFICIAL_SECONDARY = (
    "fedlex", "fedlex-assets", "Trb", "BGBl", "Bundesblatt", "Sb", "UKTS", "Austrian index of parties",
    "Brazilian Decree", "Report to Parliament", "US State Department fact sheet", "US State Department text",
)  # fmt: skip
_REPORTED = (
    "Wikipedia", "mirror", "mirrors", "copy of", "copy at", "copy prints", "CIA World Factbook", "Scorecard Diplomacy",
    "From-the-Trenches-Anti-TIP-NGOs-and-US", "igoR", "countrycode", "country_converter", "hdx-python-country",
    "country-codes", "Unicode CLDR", "Hacker News",
)  # fmt: skip
_RECALLED, _INFERRED = "recalled", "inferred"

# The sites of depositaries and of bodies whose own lists and decisions are facts here; with their subdomains.
_OFFICIAL_HOSTS = (
    "treaties.un.org",
    "unodc.org",
    "unis.unvienna.org",
    "coe.int",
    "oas.org",
    "oecd.org",
    "fatf-gafi.org",
)
_UN = ("un.org", "www.un.org")  # of the other sites of the United Nations, none is that of a depositary
_STATE_HOSTS = ("overheid.nl", "verdragen.nl", "admin.ch", "canada.ca", "irishstatutebook.ie", "state.gov")
_STATE_LABELS = frozenset({"gov", "govt", "go", "gob", "gouv", "gc", "parliament"})  # in a name: `mpu.gov.hr`
_REPORTING_HOSTS = (
    "wikisource.org", "gvnet.com", "knowyourcountry.com", "humanrights.ch", "transparency.org", "transparency.org.au",
    "oecdobserver.org", "thepeninsula.qa", "trend.az", "report.az", "vir.com.vn", "newshour.media", "ecofinagency.com",
    "abc.com.py", "ariesonline.com.ar", "neweurope.eu", "miragenews.com", "realnoevremya.ru", "sanmarinortv.sm",
    "anticor.world", "ieu-monitoring.com", "namescan.io", "complyadvantage.com", "internationalinvestment.net",
)  # fmt: skip
_REPRINTS = ("lexisnexis.at", "vlex.com", "justia.com")  # of official texts: say nothing beside what they reprint

_HOST = re.compile(r"(?<![\w./-])(?:https?://)?((?:[a-z0-9-]+\.)+[a-z]{2,})(?=[\s/),;:]|$)")
_FILE_ENDINGS = frozenset({"htm", "html", "xml", "md", "json", "txt", "pdf", "asp", "aspx", "csv", "en"})
_DECISION = "; accepted by "  # what follows is an editor's note, and no source


def grade_of(fact: Fact) -> EvidenceGrade:
    """The grade of a fact, from its source and its doubt."""
    return _grade(fact.source, fact.doubt.startswith(UNVERIFIED))


def grade_of_source(source: str) -> EvidenceGrade:
    """The grade of a source, of which nothing else is said."""
    return _grade(source, False)


def weakest(grades: Iterable[EvidenceGrade]) -> EvidenceGrade | None:
    """The worst of some grades: that of what rests on all of them; None where there are none."""
    return max(grades, key=_ORDER.__getitem__, default=None)


def weakest_grade(facts: Iterable[Fact]) -> EvidenceGrade | None:
    """The worst grade among some facts; None where there are none."""
    return weakest(grade_of(each) for each in facts)


@lru_cache(maxsize=8192)
def _grade(source: str, unverified: bool) -> EvidenceGrade:
    said = source.partition(_DECISION)[0]
    if unverified or _names(said, (_RECALLED,)):
        return EvidenceGrade.UNVERIFIED
    if said.startswith(_INFERRED):
        return EvidenceGrade.NOT_GRADED
    found = {grade for grade, names in _NAMES if _names(said, names)}
    found |= {grade for host in _hosts(said) if (grade := _grade_of_host(host))}
    if EvidenceGrade.REPORTED in found:
        return EvidenceGrade.REPORTED
    return weakest(found) or EvidenceGrade.NOT_GRADED


_NAMES = (
    (EvidenceGrade.OFFICIAL, _OFFICIAL),
    (EvidenceGrade.OFFICIAL_SECONDARY, _OFFICIAL_SECONDARY),
    (EvidenceGrade.REPORTED, _REPORTED),
)


def _names(text: str, names: tuple[str, ...]) -> bool:
    """Does the text name any of these, as whole words?"""
    return any(re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text) for name in names)


def _hosts(text: str) -> list[str]:
    """The sites that a source names, and not the files."""
    found = _HOST.findall(text)
    return [host for host in found if host.rpartition(".")[2] not in _FILE_ENDINGS]


def _grade_of_host(host: str) -> EvidenceGrade | None:
    """The grade of what a site publishes; None for a site that reprints what others publish."""
    if host in _UN or _within(host, _OFFICIAL_HOSTS):
        return EvidenceGrade.OFFICIAL
    if _within(host, _STATE_HOSTS) or _STATE_LABELS & set(host.split(".")):
        return EvidenceGrade.OFFICIAL_SECONDARY
    if _within(host, _REPORTING_HOSTS):
        return EvidenceGrade.REPORTED
    return None if _within(host, _REPRINTS) else EvidenceGrade.NOT_GRADED


def _within(host: str, hosts: tuple[str, ...]) -> bool:
    return any(host == each or host.endswith(f".{each}") for each in hosts)
