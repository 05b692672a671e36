"""The usual names of assessment schemes, and what each is. A scheme without an entry is called by its id."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SchemeName:
    """A scheme's usual name, what it is, and how a participant stands under it (`on the list`)."""

    name: str
    what: str = ""
    held: str = "under it"


ON_LIST = "on the list"
NAMES = {
    "fatf-ncct": SchemeName(
        "FATF list of non-cooperative countries and territories",
        "The countries and territories that the FATF named from 2000 to 2006 for rules or practices that hindered the "
        "fight against money laundering. The first list was of June 2000; the last name came off in October 2006.",
        ON_LIST,
    ),
    "fatf-ncct-countermeasures": SchemeName(
        "FATF countermeasures against non-cooperative countries",
        "Those of the non-cooperative countries against which the FATF asked its members to take further measures.",
        ON_LIST,
    ),
    "fatf-black": SchemeName(
        "FATF black list",
        "High-risk jurisdictions subject to a call for action: the FATF asks all to apply enhanced due diligence or "
        "countermeasures.",
        ON_LIST,
    ),
    "fatf-grey": SchemeName(
        "FATF grey list",
        "Jurisdictions under increased monitoring: they have committed themselves to mend strategic deficiencies "
        "within agreed times.",
        ON_LIST,
    ),
    "fatf-public-statement": SchemeName(
        "FATF public statements",
        "Jurisdictions named in the FATF's public statements for deficiencies or for too little progress, other than "
        "those under a call for action.",
        ON_LIST,
    ),
    "tip-tier": SchemeName(
        "Tiers of the Trafficking in Persons Report",
        "The tiers into which the US Department of State's yearly report places countries by their efforts against "
        "trafficking in persons. A tier holds until the next edition.",
        "in the edition",
    ),
    "greco-round": SchemeName(
        "GRECO evaluation rounds", "The themes on which GRECO evaluates its members, one round after another."
    ),
    "greco-evaluation": SchemeName(
        "GRECO evaluations", "Evaluations of single members within a round, as far as the record holds them."
    ),
    "cicad-mem-round": SchemeName(
        "CICAD Multilateral Evaluation Mechanism rounds",
        "The rounds in which the States of the Organization of American States evaluate one another's drug policies.",
    ),
}


def scheme_name(scheme: str) -> SchemeName:
    """What a scheme is called."""
    return NAMES.get(scheme) or SchemeName(scheme)
