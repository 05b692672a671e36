"""All that a ledger has, in its order and with the moments that facts do not compare, to compare two ledgers."""

from collections.abc import Iterable
from typing import Any

from tracker.law.ledger import Ledger
from tracker.law.model import Fact


def contents(ledger: Ledger) -> dict[str, Any]:
    """Everything that the ledger has and looks up, put in order where it is put in order when asked."""
    acts = ledger._acts
    return {
        "facts": {fact.__name__: _with_moments(each) for fact, each in ledger._others.items() if each},
        "look-ups": ledger._reference,
        "order": [list(getattr(ledger._reference, name)) for name in ("participants", "instruments", "bodies")],
        "acts": {key: _with_moments((*each.acts, *each.undated)) for key, each in acts.by_instrument.items()},
        "days": {key: [act.counts_from for act in each.acts] for key, each in acts.by_instrument.items()},
        "acts of": {key: _with_moments((*each.acts, *each.undated)) for key, each in acts.by_participant.items()},
    }


def _with_moments(facts: Iterable[Fact]) -> list[tuple[Fact, object, object]]:
    return [(fact, fact.recorded_at, fact.retracted_at) for fact in facts]
