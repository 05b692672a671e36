"""The text form of final clauses: a grammar that reads `conditions` into a `Clause` and refuses what cannot be read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from fractions import Fraction
from functools import lru_cache, reduce
from itertools import accumulate
from typing import Any

from lark import Lark, Token, Transformer, UnexpectedInput
from lark.exceptions import VisitError

from tracker.errors import BadClause
from tracker.law import clauses, conditions, dates, populations
from tracker.law.model import ActionKind, Instrument

MAX_CLAUSE_LENGTH = 2_000  # characters; the longest real clause needs a few hundred
MAX_NESTING = 12  # brackets within brackets; real clauses need three

_GRAMMAR = r"""
start: [item (";" item)*]
?item: setting | requirement
setting: "reio" "=" YES_NO                              -> reio
       | "reio" "=" population                          -> reio_as
       | "acts" "=" WORD ("|" WORD)*                    -> acts
       | "by" "=" population                            -> by
       | "requires" "=" WORD                            -> requires
       | "not-before" "=" (DATE | WORD "+" delay)       -> floor
       | "on" "=" DATE                                  -> fixed
       | "event" "=" WORD                               -> event
       | "tacit" "=" "objections" "<" FRACTION "by" DATE -> tacit
       | "any" "(" branch ("," branch)+ ")"             -> branches
       | "party-delay" "(" WORD ")" "=" delay           -> party_delay
       | "late" "=" "after-entry"                       -> late
       | "party-requires" "=" WORD                      -> party_requires
       | "binds" "=" "all"                              -> binds
       | "falls-with" "=" WORD                          -> falls_with
       | "denounced-by" "=" WORD                        -> denounced_by
       | "ceases-with" "=" membership ["+" delay]       -> ceases_with
       | "consent-lasts" "=" delay                      -> consent_lasts
       | "obligations-last" "=" delay                   -> obligations_last
       | "ends-below" "=" INT ["for" delay]             -> ends_below
       | "ends-after" "=" delay                         -> ends_after
       | "no-withdrawal-before" "=" delay               -> no_withdrawal_before
       | "withdrawal-window" "=" delay "every" delay    -> withdrawal_window
branch: "clause" "(" branch_item (";" branch_item)* ")"
?branch_item: requirement
       | "not-before" "=" (DATE | WORD "+" delay)       -> floor
       | "on" "=" DATE                                  -> fixed
       | "event" "=" WORD                               -> event
       | "delay" "=" delay                              -> own_delay
requirement: population ">=" amount                     -> at_least
       | population ">" FRACTION                        -> more_than
       | "including" "=" population                     -> including
       | "share" "(" WORD ")" MORE (FRACTION | NUMBER | INT)  -> share
       | "sum" "(" WORD ")" ">=" (NUMBER | INT)         -> total
       | "sum" "(" WORD ")" ">=" (FRACTION | (NUMBER | INT) "%") "of" "sum" "(" WORD ")" -> ratio
       | "any" "(" requirement ("," requirement)+ ")"   -> any_of
       | "all" "(" requirement ("," requirement)+ ")"   -> all_of
?population: atom | atom ("and" atom)+                  -> both
       | atom ("or" atom)+                              -> either
       | atom "except" atom                             -> without
?atom: "deposits"                                       -> everyone
       | "states"                                       -> states
       | "signatories" ["(" "on" "=" when ")"]          -> signatories
       | membership
       | "parties" "(" WORD ["," "on" "=" when] ")"     -> parties
       | "weighing" "(" WORD "," (NUMBER | INT) ")"     -> weighing
       | CODE ("|" CODE)*                               -> named
       | "(" population ")"
membership: "members" "(" WORD ["," "on" "=" when] ")" -> members
!amount: INT | FRACTION | "all"
!when: DATE | WORD
delay: DELAY | SUCCESSIVE | YEARLY | YEAR_END
YES_NO: "yes" | "no"
MORE: ">=" | ">"
DATE.5: /[0-9]{4}-[0-9]{2}-[0-9]{2}/
DELAY.4: /[0-9]+[dmy](\+month)?|month\+[0-9]+/
SUCCESSIVE.4: /[0-9]+[dmy]\+[0-9]+[dmy]/
YEARLY.4: /on\([0-9]{2}-[0-9]{2},by=[0-9]{2}-[0-9]{2}\)/
YEAR_END.4: /end\([0-9]+\)/
FRACTION.3: /[0-9]+\/[0-9]+/
NUMBER.3: /[0-9]+\.[0-9]+/
INT.2: /[0-9]+/
CODE: /[A-Z][A-Z0-9-]*/
WORD: /[a-z][a-z0-9-]*/
%ignore /[ \t]+/
"""

_MANY = ("requirements", "requires", "party_delays", "events", "denounced_by")  # what may be said more than once


def _fraction(token: Token) -> Fraction:
    if "/" in token and not int(token.split("/")[1]):
        raise BadClause(f"'{token}' divides by zero.")
    return Fraction(str(token))


def _less_than_all(token: Token) -> Fraction:
    if (part := _part(token)) == 1:
        raise BadClause(f"'>{token}' requires more than all. Write '>=all'.")
    return part


def _share(token: Token, written: str) -> Fraction:
    """A part of a whole, written in percent or as a fraction."""
    part = _fraction(token) if "/" in token else Fraction(str(token)) / 100
    if not 0 < part <= 1:
        raise BadClause(f"{written} is not a share. Write 1 to 100, or a fraction.")
    return part


def _kind(token: Token) -> ActionKind:
    try:
        kind = ActionKind(str(token))
    except ValueError:
        consenting = [kind.value for kind in ActionKind if kind.consents]
        raise BadClause(f"'{token}' is not a treaty action. Write one of {', '.join(consenting)}.") from None
    if not kind.consents:
        raise BadClause(f"{kind.words} does not express consent to be bound. Write an action that does.")
    return kind


def _anchor(token: Token) -> Any:
    if str(token) not in populations.ANCHORS:
        raise BadClause(f"'{token}' is not a starting point. Write one of {', '.join(populations.ANCHORS)}.")
    return str(token)


def _part(token: Token) -> Fraction:
    if not 0 < (part := _fraction(token)) <= 1:
        raise BadClause(f"'{token}' is not a share. Write a fraction such as 2/3.")
    return part


def _date(token: Token) -> date:
    try:
        return date.fromisoformat(str(token))
    except ValueError:
        raise BadClause(f"'{token}' is not a date in the calendar. Write a date such as 2003-09-29.") from None


class _Reader(Transformer[Token, Any]):
    """Each rule of the grammar, as the value it stands for or as a (setting, value) pair."""

    def start(self, items: list[Any]) -> list[Any]:
        return [item for item in items if item is not None]

    # settings
    def reio(self, parts: list[Token]) -> Any:
        return ("organizations_count", parts[0] == "yes")

    def reio_as(self, parts: list[Any]) -> Any:
        return ("organizations_as", parts[0])

    def event(self, parts: list[Token]) -> Any:
        return ("events", str(parts[0]))

    def tacit(self, parts: list[Token]) -> Any:
        return ("tacit", clauses.TacitAcceptance(_part(parts[0]), _date(parts[1])))

    def branches(self, parts: list[Any]) -> Any:
        return ("branches", tuple(parts))

    def branch(self, items: list[Any]) -> Any:
        clause = clauses.Clause(**_collect_settings("any(...)", items))
        if clause.delay is None and not clause.is_fixed:
            raise BadClause("A clause within any(...) needs its own waiting period. Write delay=0d for none.")
        return clause

    def own_delay(self, parts: list[Any]) -> Any:
        return ("delay", parts[0])

    def acts(self, parts: list[Token]) -> Any:
        return ("acts", tuple(_kind(token) for token in parts))

    def by(self, parts: list[Any]) -> Any:
        return ("by", parts[0])

    def requires(self, parts: list[Token]) -> Any:
        return ("requires", str(parts[0]))

    def floor(self, parts: list[Any]) -> Any:
        if len(parts) == 1:
            return ("not_before", clauses.EarliestEntry(_date(parts[0])))
        return ("not_before", clauses.EarliestEntry(_anchor(parts[0]), parts[1]))

    def fixed(self, parts: list[Token]) -> Any:
        return ("on", _date(parts[0]))

    def party_delay(self, parts: list[Any]) -> Any:
        return ("party_delays", ("reio" if parts[0] == "reio" else _kind(parts[0]), parts[1]))

    def late(self, _: list[Token]) -> Any:
        return ("late_after_entry", True)

    def binds(self, _: list[Token]) -> Any:
        return ("binds_all", True)

    def falls_with(self, parts: list[Token]) -> Any:
        return ("falls_with", str(parts[0]))

    def denounced_by(self, parts: list[Token]) -> Any:
        return ("denounced_by", str(parts[0]))

    def ceases_with(self, parts: list[Any]) -> Any:
        return ("ceases_with", clauses.CeasesWith(*parts))

    def consent_lasts(self, parts: list[Any]) -> Any:
        return ("consent_lasts", parts[0])

    def obligations_last(self, parts: list[Any]) -> Any:
        return ("obligations_last", parts[0])

    def party_requires(self, parts: list[Token]) -> Any:
        return ("party_requires", str(parts[0]))

    def ends_below(self, parts: list[Any]) -> Any:
        if not (parties := int(parts[0])):
            raise BadClause("'ends-below=0' never ends. Write 1 or more.")
        return ("ends_below", clauses.EndsBelow(parties, parts[1]))

    def ends_after(self, parts: list[Any]) -> Any:
        return ("ends_after", parts[0])

    def no_withdrawal_before(self, parts: list[Any]) -> Any:
        return ("no_withdrawal_before", parts[0])

    def withdrawal_window(self, parts: list[Any]) -> Any:
        return ("withdrawal_window", clauses.WithdrawalWindow(*parts))

    # requirements
    def at_least(self, parts: list[Any]) -> Any:
        return conditions.AtLeast(*parts)

    def more_than(self, parts: list[Any]) -> Any:
        return conditions.MoreThan(parts[0], _less_than_all(parts[1]))

    def including(self, parts: list[Any]) -> Any:
        return conditions.AtLeast(parts[0], Fraction(1))

    def share(self, parts: list[Token]) -> Any:
        part = _share(parts[2], f"share({parts[0]}){parts[1]}{parts[2]}")
        if parts[1] == ">" and part == 1:
            raise BadClause(f"share({parts[0]})>{parts[2]} is more than the whole. Write '>=' for the whole.")
        return conditions.Share(str(parts[0]), part, parts[1] == ">")

    def ratio(self, parts: list[Token]) -> Any:
        part = _share(parts[1], f"sum({parts[0]})>={parts[1]}")
        return conditions.Ratio(str(parts[0]), part, str(parts[2]))

    def total(self, parts: list[Token]) -> Any:
        return conditions.Total(str(parts[0]), Fraction(str(parts[1])))

    def any_of(self, parts: list[Any]) -> Any:
        return conditions.AnyOf(tuple(parts))

    def all_of(self, parts: list[Any]) -> Any:
        return conditions.AllOf(tuple(parts))

    def amount(self, parts: list[Token]) -> Any:
        if parts[0] == "all":
            return Fraction(1)
        if "/" not in parts[0]:
            if not int(parts[0]):
                raise BadClause("'>=0' requires nothing. Write 1 or more.")
            return int(parts[0])
        return _part(parts[0])

    # populations
    def everyone(self, _: list[Token]) -> Any:
        return populations.Everyone()

    def states(self, _: list[Token]) -> Any:
        return populations.States()

    def signatories(self, parts: list[Any]) -> Any:
        return populations.Signatories(parts[0])

    def named(self, parts: list[Token]) -> Any:
        codes = tuple(map(str, parts))
        if len(set(codes)) < len(codes):
            raise BadClause(f"'{'|'.join(codes)}' repeats a participant. Remove one.")
        return populations.NamedParticipants(codes)

    def members(self, parts: list[Any]) -> Any:
        return populations.MembersOf(str(parts[0]), parts[1])

    def parties(self, parts: list[Any]) -> Any:
        return populations.PartiesTo(str(parts[0]), parts[1])

    def weighing(self, parts: list[Token]) -> Any:
        return populations.Weighing(str(parts[0]), Fraction(str(parts[1])))

    def both(self, parts: list[Any]) -> Any:
        return reduce(populations.Both, parts)

    def either(self, parts: list[Any]) -> Any:
        return reduce(populations.Either, parts)

    def without(self, parts: list[Any]) -> Any:
        return populations.Except(*parts)

    def when(self, parts: list[Token]) -> Any:
        return _date(parts[0]) if parts[0].type == "DATE" else _anchor(parts[0])

    def delay(self, parts: list[Token]) -> Any:
        return dates.parse_delay(str(parts[0]))


_PARSER = Lark(_GRAMMAR, parser="earley", lexer="dynamic", maybe_placeholders=True)


@lru_cache(maxsize=4096)
def parse_clause(
    text: str, *, threshold: int | None = None, delay: str = "", party_delay: str = "", withdrawal_delay: str = ""
) -> clauses.Clause:
    """The clause these columns of `treaties.csv` state; BadClause, pointing at the place, if they cannot be read."""
    stated = _settings(text)
    clause = clauses.Clause(
        threshold=threshold,
        delay=dates.parse_delay(delay) if delay else None,
        party_delay=dates.parse_delay(party_delay) if party_delay else None,
        withdrawal_delay=dates.parse_delay(withdrawal_delay) if withdrawal_delay else None,
    )
    clause = replace(clause, **stated)
    if clause.branches and (threshold or delay):
        raise BadClause(
            "Clauses within any(...) have their own thresholds and waiting periods. Leave threshold and delay empty."
        )
    if clause.is_stated and clause.delay is None and not (clause.is_fixed or clause.branches):
        raise BadClause("A threshold or requirement needs a waiting period. Write the delay (0d for none).")
    return clause


def clause_of(instrument: Instrument) -> clauses.Clause:
    """The final clauses of an instrument; BadClause if its terms cannot be read."""
    return parse_clause(
        instrument.conditions,
        threshold=instrument.threshold,
        delay=instrument.delay,
        party_delay=instrument.party_delay,
        withdrawal_delay=instrument.withdrawal_delay,
    )


def _settings(text: str) -> dict[str, Any]:
    if len(text) > MAX_CLAUSE_LENGTH:
        raise BadClause(f"The conditions are {len(text)} characters long. Write at most {MAX_CLAUSE_LENGTH}.")
    if _depth(text) > MAX_NESTING:
        raise BadClause(f"The conditions have more than {MAX_NESTING} nested brackets. Write fewer.")
    return _collect_settings(text, _read(text))


def _collect_settings(text: str, items: Iterable[Any]) -> dict[str, Any]:
    """The settings by name; BadClause for one that is said twice, or that another one contradicts."""
    stated: dict[str, Any] = dict.fromkeys(_MANY, ())
    for item in items:
        name, value = item if isinstance(item, tuple) else ("requirements", item)
        if name not in _MANY and name in stated:
            raise BadClause(f"'{text}' repeats a setting ({name.replace('_', '-')}). Remove one.")
        stated[name] = (*stated[name], value) if name in _MANY else value
    if stated.get("organizations_count") is not None and stated.get("organizations_as"):
        raise BadClause(f"'{text}' repeats a setting (reio). Remove one.")
    if stated.get("branches") and (stated["requirements"] or stated["events"]):
        raise BadClause(f"'{text}' has requirements beside any(clause(...), ...). Write them in each clause.")
    return stated


def _depth(text: str) -> int:
    steps = ({"(": 1, ")": -1}.get(character, 0) for character in text)
    return max(accumulate(steps), default=0)


def _read(text: str) -> list[Any]:
    try:
        return _Reader().transform(_PARSER.parse(text))  # type: ignore[no-any-return]
    except UnexpectedInput as trouble:
        raise BadClause(_point_out(text, trouble)) from None
    except VisitError as trouble:
        if isinstance(trouble.orig_exc, BadClause):
            raise trouble.orig_exc from None
        raise


def _point_out(text: str, trouble: UnexpectedInput) -> str:
    place = trouble.pos_in_stream if trouble.pos_in_stream is not None and trouble.pos_in_stream >= 0 else len(text)
    seen = f"before '{text[place : place + 20]}'" if place < len(text) else "at the end"
    return f"The conditions cannot be read {seen} (character {place + 1} of '{text[:200]}')."
