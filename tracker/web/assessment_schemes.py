"""The usual names of assessment schemes, and what each is. A scheme without an entry is called by its id."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.messages import message


@dataclass(frozen=True, slots=True)
class SchemeName:
    """A scheme's usual name, what it is, and how a participant stands under it (`listed`)."""

    name: str
    what: str = ""
    held: str = message("included")


ON_LIST = message("listed")
NAMES = {
    "fatf-ncct": SchemeName(
        message("FATF: non-cooperative countries and territories (NCCT)"),
        message(
            "Countries and territories named by the FATF from 2000 to 2006 for rules or practices that hindered the "
            "fight against money laundering. First list: June 2000; last entry removed: October 2006."
        ),
        ON_LIST,
    ),
    "fatf-ncct-countermeasures": SchemeName(
        message("FATF: countermeasures against non-cooperative countries"),
        message("Non-cooperative countries against which the FATF asked its members to take further measures."),
        ON_LIST,
    ),
    "fatf-black": SchemeName(
        message("FATF: high-risk jurisdictions subject to a call for action (“black list”)"),
        message("The FATF calls on its members to apply enhanced due diligence or countermeasures."),
        ON_LIST,
    ),
    "fatf-grey": SchemeName(
        message("FATF: jurisdictions under increased monitoring (“grey list”)"),
        message("Jurisdictions committed to resolve strategic deficiencies within agreed timeframes."),
        ON_LIST,
    ),
    "fatf-public-statement": SchemeName(
        message("FATF: public statements"),
        message(
            "Jurisdictions named in public statements of the FATF for deficiencies or insufficient progress, other "
            "than those under a call for action."
        ),
        ON_LIST,
    ),
    "tip-tier": SchemeName(
        message("Trafficking in Persons Report: tiers"),
        message(
            "Tiers in which the yearly report of the US Department of State places countries by their efforts against "
            "trafficking in persons. A tier is shown until the next edition."
        ),
        message("in the edition"),
    ),
    "greco-round": SchemeName(
        message("GRECO: evaluation rounds"), message("The themes on which GRECO evaluates its members, by round.")
    ),
    "greco-evaluation": SchemeName(
        message("GRECO: evaluations"), message("Evaluations of members within a round, where in our data.")
    ),
    "cicad-mem-round": SchemeName(
        message("CICAD: Multilateral Evaluation Mechanism (MEM), rounds"),
        message(
            "Rounds in which member States of the Organization of American States evaluate the drug policies of one "
            "another."
        ),
    ),
}


def scheme_name(scheme: str) -> SchemeName:
    """What a scheme is called."""
    return NAMES.get(scheme) or SchemeName(scheme)
