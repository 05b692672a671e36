"""What the pages call the values of answers: statuses, kinds, roles, relations, regions, subjects, results.

The values themselves are keys of the API and stay as they are, whatever a page calls them.
"""

from __future__ import annotations

from types import MappingProxyType

from tracker.law.wording import StateName, TreatyName
from tracker.messages import TranslatableText, message
from tracker.web.language import say

STATUSES = {
    "party": message("party"),
    "contracting party": message("contracting State (not yet in force)"),
    "applies provisionally": message("provisional application"),
    "signatory": message("signed but not ratified"),
    "withdrawn": message("withdrawn"),
    "none": message("no action"),
}
GAPS = {
    "applies provisionally, not consented": message("provisional application, not ratified"),
    "signed, not consented": message("signed but not ratified"),
    "protocol without its convention": message("party to a protocol but not to its convention"),
    "convention without its protocol": message("party to the convention but not to the protocol"),
    "eligible and absent": message("eligible, no action"),
}
PARTICIPANT_KINDS = {
    "state": message("State"),
    "observer-state": message("observer State"),
    "former-state": message("former State"),
    "reio": message("regional economic integration organization"),
    "territory": message("territory"),
    "organization": message("organization"),
}
INSTRUMENT_KINDS = {
    "convention": message("convention"),
    "protocol": message("protocol"),
    "agreement": message("agreement"),
    "amendment": message("amendment"),
}
SUBJECTS = {
    "organized-crime": message("organized crime"),
    "trafficking": message("trafficking"),
    "corruption": message("corruption"),
    "drugs": message("drugs"),
    "cybercrime": message("cybercrime"),
    "money-laundering": message("money laundering"),
}
BODY_KINDS = {
    "commission": message("commission"),
    "forum": message("forum"),
    "monitoring-mechanism": message("monitoring mechanism"),
    "office": message("office"),
    "task-force": message("task force"),
}
ROLES = {"member": message("member"), "observer": message("observer"), "suspended": message("suspended")}
RELATIONS = {
    "depositary": message("depositary"),
    "secretariat": message("secretariat"),
    "governs": message("governing body"),
    "reviews-implementation": message("reviews implementation"),
    "recommends-ratification": message("recommends ratification"),
}
REGIONS: dict[str, TranslatableText] = {
    name: name
    for name in (
        message("Africa"),
        message("Americas"),
        message("Asia"),
        message("Europe"),
        message("Oceania"),
        message("Australia and New Zealand"),
        message("Central Asia"),
        message("Eastern Asia"),
        message("Eastern Europe"),
        message("Latin America and the Caribbean"),
        message("Melanesia"),
        message("Micronesia"),
        message("Northern Africa"),
        message("Northern America"),
        message("Northern Europe"),
        message("Polynesia"),
        message("South-eastern Asia"),
        message("Southern Asia"),
        message("Southern Europe"),
        message("Sub-Saharan Africa"),
        message("Western Asia"),
        message("Western Europe"),
        message("African States"),
        message("Asia-Pacific States"),
        message("Eastern European States"),
        message("Latin American and Caribbean States"),
        message("Western European and Other States"),
    )
}
LISTED = {
    "listed": message("listed"),
    "countermeasures": message("countermeasures"),
    "call-for-action": message("call for action"),
    "enhanced-due-diligence": message("enhanced due diligence"),
    "public-statement": message("public statement"),
    "increased-monitoring": message("increased monitoring"),
    "insufficient-progress-or-no-commitment": message("insufficient progress or no commitment"),
    "statement-of-concern": message("statement of concern"),
}
RESULTS = {
    "met": message("met"),
    "missed": message("missed"),
    "not yet": message("not yet due"),
    "as reported": message("as reported"),
    "differs": message("differs"),
    "not computed": message("not computed"),
    "on track": message("on track"),
    "on track by one measure only": message("on track by one measure only"),
    "behind": message("behind"),
}
FORCE = {
    "pending": message("not yet in force"),
    "will-enter-into-force": message("entry into force fixed"),
    "in-force": message("in force"),
    "undetermined": message("undetermined"),
    "terminated": message("no longer in force"),
}
SEVERITIES = {"error": message("error"), "warning": message("warning"), "note": message("note")}
STATES = {  # of subscriptions, messages, tokens and decisions
    "unconfirmed": message("awaiting confirmation"),
    "active": message("active"),
    "paused": message("paused"),
    "stopped": message("stopped"),
    "unsubscribed": message("unsubscribed"),
    "waiting": message("waiting"),
    "sent": message("delivered"),
    "failed": message("failed"),
    "revoked": message("revoked"),
    "expired": message("expired"),
    "accepted": message("accepted"),
    "rejected": message("rejected"),
}
DELIVERIES = {
    "change": message("change"),
    "correction": message("correction"),
    "digest": message("digest"),
    "countdown": message("countdown"),
    "outlook": message("outlook"),
    "confirm": message("confirmation"),
    "link": message("management link"),
    "test": message("test message"),
    "dropped": message("cancelled"),
    "settled": message("settled by a later update"),
}
USER_ROLES = {"reader": message("reader"), "editor": message("editor"), "operator": message("operator")}
MILESTONES = {
    "opened for signature": message("opening for signature"),
    "closed for signature": message("closing date for signature"),
    "threshold reached": message("threshold reached"),
    "entry into force": message("entry into force"),
}
EVENTS = {
    "opens for signature": message("opening for signature"),
    "closes for signature": message("closing date for signature"),
    "enters into force": message("entry into force"),
    "enters into force for": message("entry into force"),
    "no longer in force for": message("no longer in force"),
    "termination": message("termination"),
    "certificate": message("certificate"),
}
CODE_SCHEMES = {
    "m49": message("UN M49"),
    "cow": message("Correlates of War"),
    "cow-number": message("Correlates of War (number)"),
    "gw": message("Gleditsch-Ward"),
    "gw-number": message("Gleditsch-Ward (number)"),
    "wikidata": message("Wikidata"),
}
DEPOSITARIES: dict[str, TranslatableText] = {
    name: name
    for name in (
        message("Secretary-General of the United Nations"),
        message("Secretary General of the Council of Europe"),
        message("General Secretariat of the Organization of American States"),
        message("Secretary-General of the OECD"),
    )
}
LABELS = MappingProxyType(
    STATUSES
    | GAPS
    | PARTICIPANT_KINDS
    | INSTRUMENT_KINDS
    | SUBJECTS
    | BODY_KINDS
    | ROLES
    | RELATIONS
    | REGIONS
    | LISTED
    | RESULTS
    | FORCE
    | SEVERITIES
    | STATES
    | DELIVERIES
    | USER_ROLES
    | MILESTONES
    | DEPOSITARIES
    | EVENTS
    | CODE_SCHEMES
)


def label(value: str) -> str:
    """What a page calls a value, in the page's language; one without a name of its own is written as it is."""
    found = LABELS.get(value)
    if found or isinstance(value, TranslatableText | StateName | TreatyName):
        return say(found or value)
    return value.replace("-", " ") if value.islower() else value


def slider_words() -> dict[str, str]:
    """What the script of the date slider says, by the keys that it finds in the answer of `/timeline`."""
    words = {"today": message("today"), "act": message("actions: {n}"), "change": message("changes: {n}")}
    return {key: say(text) for key, text in (words | MILESTONES).items()}
