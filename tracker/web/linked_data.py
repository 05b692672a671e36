"""Treaties, participants and the data as linked data: schema.org in the pages (JSON-LD 1.1), DCAT for catalogues.

A block of JSON-LD in a page is data: browsers run nothing in it, and the policy of the pages stays as strict as it is.
Identifiers are addresses of this site, of Wikidata where `codes.csv` has them, and of the depositary.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from flask import current_app, url_for

import tracker
from tracker.law.dates import PartialDate
from tracker.law.ledger import Ledger
from tracker.law.model import ParticipantKind
from tracker.schemas.instruments import InstrumentStatusLine
from tracker.schemas.participants import Profile

SCHEMA, WIKIDATA = "https://schema.org", "http://www.wikidata.org/entity/"
CC0 = "https://creativecommons.org/publicdomain/zero/1.0/"
_FORCE = {
    "in-force": "InForce",
    "pending": "NotInForce",
    "will-enter-into-force": "NotInForce",
    "terminated": "NotInForce",
}
_KINDS = {
    ParticipantKind.STATE: "Country",
    ParticipantKind.FORMER_STATE: "Country",
    ParticipantKind.TERRITORY: "AdministrativeArea",
}
_CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
}


def address_of(endpoint: str, **values: Any) -> str:
    """The address by which a thing is named, whatever date or language a page is asked in."""
    return f"{current_app.config['SITE']}{url_for(endpoint, **values)}"


def treaty_as_legislation(data: InstrumentStatusLine, aliases: Iterable[str]) -> dict[str, Any]:
    """A treaty as schema.org's `Legislation`."""
    names = [each for each in (data.name, *aliases) if each != data.title]
    force = _FORCE.get(data.entry_into_force.status)
    return _filled({
        "@context": SCHEMA,
        "@type": "Legislation",
        "@id": address_of("record.instrument", id=data.instrument),
        "url": address_of("record.instrument", id=data.instrument),
        "name": data.title,
        "alternateName": names,
        "legislationIdentifier": data.reference,
        "legislationType": str(data.kind),
        "legislationDate": _day(data.adopted_on),
        "legislationLegalForce": f"{SCHEMA}/{force}" if force else None,
        "sameAs": [data.url] if data.url else [],
    })  # fmt: skip


def participant_as_thing(ledger: Ledger, data: Profile) -> dict[str, Any]:
    """A participant as schema.org's `Country`, `Organization` or `AdministrativeArea`, with its codes."""
    wikidata = [each.code for each in ledger.codes(data.participant) if each.scheme == "wikidata"]
    return _filled({
        "@context": SCHEMA,
        "@type": _KINDS.get(data.kind, "Organization"),
        "@id": address_of("record.participant", code=data.participant),
        "url": address_of("record.participant", code=data.participant),
        "name": data.name,
        "alternateName": list(data.aliases),
        "identifier": data.participant,
        "sameAs": [f"{WIKIDATA}{each}" for each in wikidata],
    })  # fmt: skip


def data_as_dataset(files: Collection[str], made: date) -> dict[str, Any]:
    """All data as schema.org's `Dataset`; `files` are the names of those to download."""
    return {
        "@context": SCHEMA,
        "@type": "Dataset",
        "@id": f"{address_of('downloads.page')}#data",
        "url": address_of("downloads.page"),
        "name": "Treaty Tracker",
        "description": "Which States are bound by which treaties, since when, and why.",
        "license": CC0,
        "isAccessibleForFree": True,
        "version": tracker.__version__,
        "dateModified": made.isoformat(),
        "creator": {"@type": "Organization", "name": "Treaty Tracker", "url": address_of("record.home")},
        "distribution": [
            {"@type": "DataDownload", "name": name, "encodingFormat": _ending(name), "contentUrl": _file(name)}
            for name in files
        ],
    }


def data_as_catalogue(files: Collection[str], made: date) -> dict[str, Any]:
    """The same for catalogues of data: DCAT 3, as JSON-LD."""
    dataset = data_as_dataset(files, made)
    publisher = {"@type": "foaf:Agent", "foaf:name": "Treaty Tracker"}
    return {
        "@context": _CONTEXT,
        "@id": address_of("discovery.catalogue"),
        "@type": "dcat:Catalog",
        "dct:title": dataset["name"],
        "dct:description": dataset["description"],
        "dct:publisher": publisher,
        "dcat:dataset": {
            "@id": dataset["@id"],
            "@type": "dcat:Dataset",
            "dct:title": dataset["name"],
            "dct:description": dataset["description"],
            "dct:publisher": publisher,
            "dct:license": {"@id": CC0},
            "dct:modified": dataset["dateModified"],
            "dcat:landingPage": {"@id": dataset["url"]},
            "dcat:keyword": ["treaties", "international law", "entry into force"],
            "dcat:distribution": [_distribution(name) for name in files],
        },
    }


def _distribution(name: str) -> dict[str, Any]:
    return {
        "@type": "dcat:Distribution",
        "dct:title": name,
        "dct:license": {"@id": CC0},
        "dct:format": _ending(name),
        "dcat:downloadURL": {"@id": _file(name)},
    }


def _ending(name: str) -> str:
    return name.rpartition(".")[2]


def _file(name: str) -> str:
    return address_of("downloads.download", name=name)


def _day(day: PartialDate | None) -> str | None:
    return str(day) if day else None


def _filled(things: dict[str, Any]) -> dict[str, Any]:
    """Without what is not known."""
    return {key: value for key, value in things.items() if value}
