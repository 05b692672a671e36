"""What the page of a body shows beyond its answer: its gap by instrument, its members through time, its schemes.

A body that recommends an instrument and reviews it too has one gap there, not two.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tracker.law.answers.plain import Plain
from tracker.web import Asked
from tracker.web.schemes import called
from tracker.web.steps import steps

WATCHING = ("recommends-ratification", "reviews-implementation", "governs")  # the strongest claim first


def around(asked: Asked, data: Plain) -> dict[str, Any]:
    """What the template needs beside the answer."""
    instruments = _by_instrument(data["mandates"])
    others = data["other_members"]
    day = asked.day.isoformat()
    watched = sorted((each for each in instruments if each["watched"]), key=lambda each: -len(each["not_party"]))
    return {
        "watched": watched,
        "missing": len({who["participant"] for each in watched for who in each["not_party"]}),
        "kept": [each for each in instruments if not each["watched"]],
        "past": [each for each in others if each["to"] and each["to"] <= day],
        "coming": [each for each in others if not (each["to"] and each["to"] <= day)],
        "chart": steps(data["history"], asked.day) if len(data["history"]) > 1 else None,
        "called": called,
        "number": len(asked.ledger.members(data["body"])),
        "roles": _by_role(data["members"]),
    }


def _by_role(members: Sequence[Plain]) -> dict[str, list[Plain]]:
    """Who holds which role, members first; a suspended member stands among the suspended alone."""
    suspended = {each["participant"] for each in members if each["role"] == "suspended"}
    found: dict[str, list[Plain]] = {"member": []}
    for each in members:
        if each["role"] != "member" or each["participant"] not in suspended:
            found.setdefault(each["role"], []).append(each)
    return {role: held for role, held in found.items() if held}


def _by_instrument(mandates: Sequence[Plain]) -> list[Plain]:
    """One row for each instrument: every relation to it with its basis, and who of the members is missing there."""
    found: dict[str, list[Plain]] = {}
    for each in mandates:
        found.setdefault(each["instrument"], []).append(each)
    return [_together(several) for several in found.values()]


def _together(several: list[Plain]) -> Plain:
    order = {relation: place for place, relation in enumerate(WATCHING)}
    ranked = sorted(several, key=lambda each: order.get(each["relation"], len(order)))
    same = ("instrument", "instrument_name", "to_come", "members", "consented", "undated", "not_party")
    return {
        **{key: ranked[0][key] for key in same},
        "watched": any(each["relation"] in WATCHING for each in several),
        "claims": [{key: each[key] for key in ("relation", "basis", "source", "doubt")} for each in ranked],
    }
