"""A final clause read from the words of a treaty, as the depositary quotes them in the header of a status file.

Sentence by sentence: which one is on the entry into force, which on those that join later, which on organizations. What
was not understood is said, and a reading with anything open is not whole. Pure text; whether the date that follows
from it is the official one is asked elsewhere.

The usual thresholds and periods that fit the deposits of a treaty and its official date of entry into force.

For treaties whose clause nobody has read: candidates to be looked up in the text, never a clause. Several usually fit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache

from tracker.law.clause_text import (
    ACTS,
    DAY,
    NotUnderstood,
    Surroundings,
    day_of,
    delay_at_start,
    deposits_at_start,
    share_among,
    simplify,
)
from tracker.law.clauses import Clause, EarliestEntry
from tracker.law.dates import AnyDelay, parse_delay

USUAL_DELAYS = tuple(map(parse_delay, (
    "90d", "30d", "3m", "0d", "60d", "6m", "12m", "120d", "180d", "1m", "2m", "15d",
    "60d+month", "3m+month", "6m+month", "12m+month", "0m+month", "1m+month", "2m+month", "month+6",
)))  # fmt: skip
USUAL_THRESHOLDS = (2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 16, 18, 20, 22, 24, 25, 26, 27, 30, 35, 36, 40, 45, 50, 55, 60,
                    65, 70)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ClauseCandidate:
    """A threshold and a period with which the official date comes out, and the day of the deposit that would decide."""

    threshold: int
    delay: AnyDelay
    reached_on: date


def clause_candidates(deposits: Sequence[date], official: date) -> tuple[ClauseCandidate, ...]:
    """The candidates for a treaty with deposits on these days (one for each depositor) and that official date.

    The more usual periods come first, of one period the smaller thresholds.
    """
    days = sorted(day for day in deposits if day <= official)
    found = []
    for delay in USUAL_DELAYS:
        for day in sorted(set(days)):
            if delay.after(day) == official:
                before, by_then = sum(each < day for each in days), sum(each <= day for each in days)
                fitting = [number for number in USUAL_THRESHOLDS if before < number <= by_then]
                found += [ClauseCandidate(number, delay, day) for number in fitting]
    return tuple(found)


MAX_TEXT = 20_000  # characters of a header that are read
_ENTERS = (
    r"(?:shall|will|must)(?: first)? (?:enter|come)(?: definitively)? into (?:force|effect|operation)|"
    r"(?:shall|will) (?:become effective|take effect|become operative)|(?:enters|comes) into (?:force|effect)"
)
_ENTRY = re.compile(rf"^(?P<before>.*?)\b(?:{_ENTERS})\b(?P<rest>.*)$")
_ARTICLE = re.compile(
    r"\b(?P<what>article|section|paragraph)\s+(?P<number>(?:[IVXLC]+|\d+)(?:\.\d+)*(?:\s?\([0-9a-z]+\))*)",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[\"“”„«]\s*(?P<text>[^\"“”»]{20,})[\"“”»]")
_COLON = re.compile(r"(?:which reads? as follows|as follows|\b(?:Article|Section)\s+[\dIVXLC]+(?:\(\d+\))?)\s*:\s*"
                    r"(?P<text>.{20,})",
                    re.DOTALL)  # fmt: skip
_NUMBERED = re.compile(r"(^|[.;:]\s+)(?:\d{1,2}\.|\(?[a-z0-9]{1,2}\))\s+(?=[A-Z\"“])")
_OPEN_START = re.compile(r"(?:For|In respect of|With (?:regard|respect) to|In the case of) (?:each|any|every|an?) ")
_BETWEEN = re.compile(r"(?<=[.;])\s+(?=[A-Z\"“])")


@dataclass(frozen=True, slots=True)
class ClauseReading:
    """What a text says: the clause, its article, the sentences it was read from, and those that were not understood.

    `aside` are sentences that do not bear on the entry into force of the whole: on single provisions, on proposals.
    """

    clause: Clause
    article: str = ""
    read: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    aside: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        """Was everything understood, and does an entry into force follow from it?"""
        return self.clause.is_stated and not self.unread

    @property
    def columns(self) -> dict[str, str]:
        """The clause as the columns of `treaties.csv` have it."""
        clause = self.clause
        delays = {"delay": clause.delay, "party_delay": clause.party_delay, "withdrawal_delay": clause.withdrawal_delay}
        return {
            "threshold": str(clause.threshold or ""), "conditions": str(clause), "article": self.article,
            **{name: str(delay or "") for name, delay in delays.items()},
        }  # fmt: skip


def article_in(header: str) -> str:
    """The article on entry into force that a header names: `Art. 38(1)`; empty where it names none."""
    found = _ARTICLE.search(header[:MAX_TEXT])
    if found is None:
        return ""
    number = re.sub(r"\s", "", found["number"])
    return {"article": "Art.", "section": "Section", "paragraph": "para."}[found["what"].lower()] + f" {number}"


def quoted_in(header: str) -> str:
    """The words of the treaty that a header quotes; empty where it quotes none on entry into force."""
    header = header[:MAX_TEXT]
    quotes = [found["text"] for found in _QUOTED.finditer(header)]
    after_colon = [found["text"] for found in _COLON.finditer(header)]
    for text in (*quotes, *after_colon, header):
        if re.search(_ENTERS, text, re.IGNORECASE):
            return text.strip()
    return ""


@lru_cache(maxsize=256)
def _read(header: str, parent: str, amends: bool, bodies: tuple[tuple[str, str], ...]) -> ClauseReading | None:
    quoted = quoted_in(header)
    if not quoted:
        return None
    reader = _Reader(Surroundings(parent, amends, dict(bodies)))
    for sentence in sentences_of(quoted):
        reader.take(sentence)
    return reader.reading(article_in(header))


def read_clause(header: str, about: Surroundings | None = None) -> ClauseReading | None:
    """The clause that a header quotes; None where it quotes none. `about` is what the text may speak of."""
    about = about or Surroundings()
    bodies = tuple(sorted((about.bodies or {}).items()))
    return _read(header[:MAX_TEXT], about.parent, about.amends, bodies)


def sentences_of(text: str) -> list[str]:
    """The sentences of a quoted article, without the numbers of its paragraphs."""
    text = _NUMBERED.sub(r"\1", " ".join(text.split()))
    found: list[str] = []
    for part in filter(None, (each.strip(' "“”') for each in _BETWEEN.split(text))):
        if found and _OPEN_START.match(found[-1]) and not re.search(_ENTERS, found[-1]):
            found[-1] += f" {part}"  # a full stop where a comma is meant
        else:
            found.append(part)
    return found


# -- kinds of sentence -----------------------------------------------------------------------------

_LATER = re.compile(
    r"^(?:with regard to|in respect of|with respect to|in the case of|as regards|as to|for|in relation to)?,?\s*"
    r"(?:each|any|every|all|a|an|such|those|other|subsequent|states?|when an?y?)\b.*\b(?:state|party|parties|member|"
    r"signatory|organi[sz]ation|government|country|territor)|^thereafter\b"
)
_ORGANIZATIONS = re.compile(r"shall not be (?:counted|considered|regarded) as (?:additional|being additional)")
_JOINING = re.compile(r"\borgani[sz]ations?\b")
_PROVISION = re.compile(
    r"^(?:the provisions? of )?(?:articles?|paragraphs?|annex(?:es)?|chapters?|parts?|sections?|rules?) "
)
_OWN = re.compile(
    r"^(?:the )?(?:date (?:of|on which) )?(?:(?:the )?(?:deposit|receipt|registration)"
    r"(?: by (?:such|that|the|each) [a-z ,]{0,160}?)? of (?:its|their|such|that|the)\b(?: own)?[a-z ,']{0,60}?"
    rf"(?:instruments?|notification|action|ratification)(?: of {ACTS})?"
    r"|(?:the )?(?:date (?:on|of) which )?(?:such|that|the|its|it|each) ?[a-z ,]{0,160}?(?:has|have|is|was) ?(?:been )?"
    rf"(?:deposited|ratified|acceded|received)(?: (?:its|the|an?|such) instruments?(?: of {ACTS})?)?)"
    r"(?P<end>$|,? (?:or|but|provided|whichever|except|subject)\b.*)"
)
_LATER_OF_BOTH = re.compile(
    r"^(?:,? ?(?:or|but not before|whichever)\b[a-z ,'()0-9]*?(?:enters? into force|entry into force|entered into "
    r"force|whichever (?:is|date is|be)(?: the)? later|is the later)[a-z ,'()0-9]*)?$"
)
_AFTER_ENTRY = re.compile(
    r"(?:after|following|subsequent to) (?:(?:the|its) entry into force|the date of (?:its )?entry into force|"
    r"(?:it|(?:this|the)[a-z ]*) has (?:entered|come) into force)"
)
_CONDITIONS = re.compile(r"\b(?:at least|less|provided|condition|includ|before|until|instrument|deposit|effect)")
_SUBJECT = re.compile(r"^(?:this|the|it|such)\b[a-z -]{0,120}$")
_PREFIX = re.compile(
    r"^(?:,? ?(?:for|between|among|as between|in respect of|with respect to) (?:all|those|the|such) (?:first )?"
    r"[a-z ]{3,120}?(?:,|(?= (?:on|upon|when|after|at|as soon) )))"
)
_BUT = r"^,? ?(?:but |provided that |except that |and )*"
_BEFORE = r"(?:before|earlier than|sooner than|prior to)"
_NOT_BEFORE_DAY = re.compile(rf"{_BUT}(?:it shall )?(?:not|in no case|no)(?: enter into force)? {_BEFORE} {DAY}")
_NOT_BEFORE_OPENING = re.compile(
    rf"{_BUT}(?:not|in no case|no) {_BEFORE} (?P<delay>[a-z0-9 -]+? (?:after|following|from)) (?:the date of )?"
    r"(?:its |the )?opening for signature"
)
_NOT_BEFORE_PARENT = re.compile(
    rf"{_BUT}(?:it|this [a-z ]+?|the [a-z ]+?)? ?(?:shall )?not (?:enter into force )?{_BEFORE} (?:the )?"
    r"(?:entry into force of|(?=the)) ?the (?:convention|agreement|treaty|protocol|covenant|statute)"
    r"(?: (?:on|for|of|against) [a-z ]+)?(?: (?:enters|has entered|itself has entered) into force)?"
)
_ON_DAY = re.compile(rf"^on {DAY}")
_MET = r"(?:fulfilled|met|satisfied)"
_IF_NOT_MET = re.compile(
    r"^(?:in the event that|if|where|should) (?:this|these|the|such) (?:conditions?|requirements?) "
    rf"(?:have|has|is|are|be) not (?:been )?{_MET}(?: by (?:that|the said|this) (?:date|day))?"
)
_WHEN_MET = re.compile(
    r"^(?:the )?(?:date|day) on which (?:it|they|(?:this|these|the|those) conditions?) (?:has|have|is|are) "
    rf"(?:been )?{_MET}$"
)
_APPROVED = re.compile(
    r"(?:it (?:has been|is) )?approved by (?:an? [a-z -]+? majority (?:in|of) )?the "
    r"(?P<organ>general [a-z]+|conference of [a-z ]+?|assembly|council)(?: of the united nations)?\b(?: and)?"
)


@dataclass(slots=True)
class _Reader:
    """A reading in the making: sentences are taken one after the other."""

    about: Surroundings
    clause: Clause = field(default_factory=Clause)
    read: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    aside: list[str] = field(default_factory=list)
    organizations_join: bool = False
    organizations_said: bool = False

    def take(self, sentence: str) -> None:
        """Read a sentence into the clause, or note that it was not understood."""
        text = simplify(sentence)
        self.organizations_join |= bool(_JOINING.search(text))
        try:
            kind = self._understand(text)
        except (NotUnderstood, ValueError):
            kind = "unread"
        {"read": self.read, "unread": self.unread, "aside": self.aside}[kind].append(sentence)

    def reading(self, article: str) -> ClauseReading:
        """What was read; where organizations join and nothing is said of them, their instruments are counted."""
        clause = self.clause
        if self.organizations_join and not self.organizations_said and clause.asks_for_deposits:
            clause = replace(clause, organizations_count=True)
        return ClauseReading(clause, article, tuple(self.read), tuple(self.unread), tuple(self.aside))

    def _understand(self, text: str) -> str:
        if _ORGANIZATIONS.search(text):
            self.organizations_said = True
            return "read"
        if _IF_NOT_MET.match(text):
            return self._if_not_met(text)
        found = _ENTRY.match(text)
        if found is None and not self.clause.is_stated and not _CONDITIONS.search(text):
            return "aside"
        if "provisional" in text or found is None:
            return "unread"
        before = found["before"].strip(" ,")
        if _PROVISION.match(before):
            return "aside"
        if self.clause.is_stated and (_LATER.match(text) or _OWN.search(text)):
            return self._party(text)
        if self.clause.is_stated:
            return self._further(text)
        return self._entry(before, found["rest"].strip(" ,"))

    # -- those that join later ---------------------------------------------------------------------

    def _party(self, text: str) -> str:
        for start in _starts(text):
            phrase = delay_at_start(text[start:])
            if phrase is None or not (own := _OWN.match(phrase.rest)):
                continue
            if not _LATER_OF_BOTH.match(own["end"].strip()):
                return "unread"
            self.clause = replace(self.clause, party_delay=phrase.delay)
            if _AFTER_ENTRY.search(text[:start]) and not re.search("conditions|deposit of the", text[:start]):
                self.clause = replace(self.clause, late_after_entry=True)
            return "read"
        return "unread"

    def _further(self, text: str) -> str:
        """A second sentence on the whole: a floor, or what is not understood."""
        found = re.match(
            r"^(?:however, |provided that )?(?:this|the|it)[a-z ]{0,60}? (?=shall not enter into force)", text
        )
        rest = self._floors(text[found.end() - 1 :] if found else text)
        return "unread" if rest.strip(" ,.") else "read"

    # -- the entry into force ----------------------------------------------------------------------

    def _entry(self, before: str, rest: str) -> str:
        events = _APPROVED.search(before)
        if events:
            before = before[: events.start()].rstrip(" ,")
            before = re.sub(r"\b(?:and )?(?:if|when|once)$", "", before).strip(" ,")
        if not _SUBJECT.match(before):
            if rest or events:
                return "unread"
            rest, before = _split_inverted_sentence(before)
        if events:
            self._event(events)
            before = ""
        rest = self._parties_named(_PREFIX.sub("", rest).strip(" ,"), rest)
        if fixed := _ON_DAY.match(rest):
            return self._on_day(fixed, rest)
        phrase = delay_at_start(rest)
        if phrase is None:
            return "unread"
        return self._deposits(phrase.delay, phrase.rest)

    def _parties_named(self, rest: str, whole: str) -> str:
        if self.about.amends and re.match(r"for all (?:the )?parties", whole):
            self.clause = replace(self.clause, binds_all=True)
        return rest

    def _event(self, found: re.Match[str]) -> None:
        name = "approval-by-the-" + re.sub(r"[^a-z]+", "-", found["organ"].strip())
        self.clause = replace(self.clause, events=(name,))

    def _on_day(self, fixed: re.Match[str], rest: str) -> str:
        rest = rest[fixed.end() :].strip(" ,")
        clause = replace(self.clause, on=day_of(fixed))
        if condition := re.match(r"(?:provided that|if|on condition that) ", rest):
            told = deposits_at_start(_usual_word_order(rest[condition.end() :]), self.about)
            if told is None or told.rest.strip(" ,."):
                return "unread"
            self.clause = replace(clause, threshold=told.threshold, by=told.by, acts=told.acts)
            return "read"
        self.clause = clause
        return "unread" if rest.strip(" .") else "read"

    def _if_not_met(self, text: str) -> str:
        """What holds where the conditions of a fixed day are not met by then."""
        found = _ENTRY.match(text)
        phrase = delay_at_start(found["rest"].strip(" ,")) if found else None
        if phrase is None or not _WHEN_MET.match(phrase.rest) or self.clause.on is None:
            return "unread"
        self.clause = replace(self.clause, delay=phrase.delay)
        return "read"

    def _deposits(self, delay: AnyDelay, rest: str) -> str:
        if approved := _APPROVED.match(rest):
            self._event(approved)
            rest = rest[approved.end() :].strip(" ,")
        requirements = []
        while among := share_among(rest, self.about):
            requirements.append(among[0])
            rest = among[1]
        told = deposits_at_start(rest, self.about)
        if told is None:
            return "unread"
        requirements += [told.requirement] if told.requirement else []
        self.clause = replace(
            self.clause, threshold=told.threshold, delay=delay, by=told.by, acts=told.acts,
            requirements=tuple(requirements),
        )  # fmt: skip
        return "unread" if self._floors(told.rest).strip(" ,.") else "read"

    def _floors(self, rest: str) -> str:
        """The rest of a sentence without the days and events before which there is no entry into force."""
        if found := _NOT_BEFORE_DAY.match(rest):
            self.clause = replace(self.clause, not_before=EarliestEntry(day_of(found)))
        elif found := _NOT_BEFORE_OPENING.match(rest):
            phrase = delay_at_start(found["delay"])
            if phrase is None:
                raise NotUnderstood(found[0])
            self.clause = replace(self.clause, not_before=EarliestEntry("opening", phrase.delay))
        elif found := _NOT_BEFORE_PARENT.match(rest):
            if not self.about.parent:
                raise NotUnderstood(found[0])
            self.clause = replace(self.clause, requires=(self.about.parent,))
        return rest[found.end() :].strip() if found else rest


def _starts(text: str) -> Iterator[int]:
    """Where in a sentence on later parties its delay may begin: the last places first."""
    places = [found.start() for found in re.finditer(r"\b(?:on|upon|after|from|at|when|as from|\d+|[a-z-]+) ", text)]
    good = [place for place in places if (phrase := delay_at_start(text[place:])) and phrase.rest]
    return iter(sorted(good, key=lambda place: (not _follows_verb(text, place), place)))


def _follows_verb(text: str, place: int) -> bool:
    return bool(
        re.search(
            rf"(?:{_ENTERS})(?: for (?:it|such [a-z ]+?|that [a-z ]+?|the [a-z ]+? concerned))?,?$",
            text[:place].rstrip(),
        )
    )


def _split_inverted_sentence(before: str) -> tuple[str, str]:
    """The condition and the subject of `On the ninetieth day after ..., this Convention shall enter into force`."""
    condition, _, subject = before.rpartition(",")
    if not _SUBJECT.match(subject.strip()):
        raise NotUnderstood(before)
    return condition.strip(" ,"), subject.strip()


def _usual_word_order(text: str) -> str:
    """`at least twenty instruments of ... have been deposited by ...` as deposits are said elsewhere."""
    found = re.match(
        rf"(?:at least |not less than )?(?P<number>[a-z0-9-]+) instruments? of (?P<acts>{ACTS})"
        r"(?: of (?:this|the) [a-z]+)? have been deposited(?: by (?P<who>.+))?$", text,
    )  # fmt: skip
    if not found:
        return text
    who = found["who"] or "states"
    who = re.sub(r"\bthat are\b", "which are", who)
    return f"{found['number']} {who} have deposited their instruments of {found['acts']}"
