"""A record that programs may write to: a token of every scope, and acts held in it for them to decide about.

Which scope an operation needs is read in its description, as a program's author would.
"""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime

from tracker.accounts import api_tokens
from tracker.accounts.api_tokens import Scope
from tracker.law.dates import PartialDate
from tracker.law.model import ActionKind
from tracker.storage.audit_log import Actor
from tracker.storage.database import write_transaction
from tracker.sync import review_queue
from tracker.sync.review_queue import Discrepancy, Proposal

CHIEF = Actor(name="a test", role="operator")
INSTRUMENT = "untoc"
ENDED = ("FRA", "ITA", "NER")  # whose consent the file would seem to end


@dataclass(frozen=True)
class TokenSet:
    """The secret of a token of each scope, the numbers of the acts that are held, the ids of the targets set so far."""

    secrets: dict[Scope, str]
    numbers: tuple[int, ...]
    targets: list[str] = field(default_factory=list)

    @classmethod
    def create(cls, engine, acts):
        """Create the tokens and hold so many acts: most of unknown names, some that only end what is there."""
        now = datetime.now(UTC)
        secrets = {
            each: api_tokens.create_token(engine, f"to {each}", each, actor=CHIEF, moment=now)[1] for each in Scope
        }
        with write_transaction(engine) as connection:
            kept = review_queue.hold_discrepancies(
                connection, INSTRUMENT, [_doubt(number) for number in range(acts)], now
            )
        return cls(secrets, tuple(each.id for each in kept))

    def header(self, scope):
        """The header with the token of a scope; none for no scope."""
        return {"Authorization": f"Bearer {self.secrets[scope]}"} if scope else {}

    def notice(self, answer):
        """Remember a target that an answer says was set, so that it can be taken back."""
        if answer.status_code == 201:
            self.targets.append(answer.json()["data"]["id"])


def needed(described):
    """The scope that an operation of the document needs; None where anyone may ask."""
    found = re.search(r"Needs the scope `(\w+)`", described["description"])
    assert bool(found) == bool(described["security"]), described["operationId"]
    return Scope(found[1]) if found else None


def too_small(scope):
    """The next smaller scope."""
    return list(Scope)[list(Scope).index(scope) - 1]


def opens(scope, wanted):
    """Does a token of the scope, or none, open what needs the other, or nothing?"""
    return wanted is None or (scope is not None and list(Scope).index(scope) >= list(Scope).index(wanted))


def _doubt(number):
    ends = number % 4 == 3
    code = ENDED[number // 4 % len(ENDED)] if ends else ""
    return Discrepancy(
        proposal=Proposal.END if ends else Proposal.RECORD, instrument=INSTRUMENT, participant=code,
        name=f"{code or 'Beeland'} {number}", kind=ActionKind.ACCESSION,
        date=PartialDate.parse(f"200{number % 8 + 1}-0{number % 9 + 1}-11"), reason="a test holds it back",
    )  # fmt: skip
