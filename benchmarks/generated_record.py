"""A record as large as the UN collection, made up from a seed: as many instruments, acts and kinds of clause.

Nothing in it is true of any State; only the sizes and the mixture are those of a real collection, so that what a
rule costs here is what it costs there.
"""

import random
from collections.abc import Iterator
from datetime import date, timedelta

from tracker.law.dates import PartialDate
from tracker.law.model import Action, ActionKind, Fact, Instrument, InstrumentKind, Participant, ParticipantKind

INSTRUMENTS, STATES, ORGANIZATIONS, ACTS = 297, 200, 29, 28_712
FIRST, LAST = date(1945, 1, 1), date(2013, 7, 6)
DELAYS = ("90d", "90d", "30d", "30d", "3m", "12m", "3m+month", "month+6", "60d+month", "0d")
CONSENTS = (ActionKind.RATIFICATION, ActionKind.ACCESSION, ActionKind.ACCEPTANCE, ActionKind.SUCCESSION)


def record(seed: int = 2013) -> Iterator[Fact]:
    """The facts of the made record; the same seed gives the same record."""
    dice = random.Random(seed)
    codes = [f"S{number:03}" for number in range(STATES)] + [f"ORG-{number:02}" for number in range(ORGANIZATIONS)]
    yield from (_participant(code, dice) for code in codes)
    opened = {f"treaty-{n}": FIRST + timedelta(days=dice.randrange((LAST - FIRST).days)) for n in range(INSTRUMENTS)}
    yield from (_instrument(id, day, dice) for id, day in opened.items())
    for id, day in opened.items():
        yield from _acts(id, day, 1 + round(STATES * dice.betavariate(0.7, 1.35)), codes, dice)


def _participant(code: str, dice: random.Random) -> Participant:
    kind = ParticipantKind.STATE if code.startswith("S") else ParticipantKind.ORGANIZATION
    gone = PartialDate.of(date(1991, 12, 26)) if dice.random() < 0.03 else None
    return Participant(code=code, name=code, kind=kind, exists_to=gone)


def _instrument(id: str, opened: date, dice: random.Random) -> Instrument:
    threshold, delay = dice.choice((2, 3, 5, 10, 15, 20, 22, 35, 40, 60)), dice.choice(DELAYS)
    return Instrument(
        id=id, title=id, kind=InstrumentKind.CONVENTION, threshold=threshold, delay=delay, party_delay=delay,
        withdrawal_delay="1y", conditions=dice.choice(("", "", "", "reio=yes")), opened_on=PartialDate.of(opened),
    )  # fmt: skip


def _acts(id: str, opened: date, count: int, codes: list[str], dice: random.Random) -> Iterator[Action]:
    for code in dice.sample(codes, count):
        signed = opened + timedelta(days=dice.randrange(730))
        joined = signed + timedelta(days=round(dice.expovariate(1 / 3000)))
        if dice.random() < 0.5:
            yield Action(instrument=id, participant=code, kind=ActionKind.SIGNATURE, date=PartialDate.of(signed))
        if joined <= LAST:
            yield Action(instrument=id, participant=code, kind=dice.choice(CONSENTS), date=PartialDate.of(joined))
            if dice.random() < 0.01:
                left = PartialDate.of(joined + timedelta(days=4000))
                yield Action(instrument=id, participant=code, kind=ActionKind.WITHDRAWAL, date=left)
