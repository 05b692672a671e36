"""The UN Treaty Collection's status files: fetching them, and reading what they say.

`fetch` gets a document, `parse` makes plain sightings of it, `Names` says whose act a sighting is.
Nothing here is stored, and nothing knows what the record holds: that is `record.sync`. Imports
inside point one way: values < places, cells < headings < grids < xmlfile, htmlpage < reading, and
patience < visiting < fetching.
"""

from __future__ import annotations

from tracker.record.untc.fetching import UN, Fetched, fetch
from tracker.record.untc.names import Names, resolve
from tracker.record.untc.places import Reference
from tracker.record.untc.reading import parse
from tracker.record.untc.values import Remark, Sighting, StatusFile, Tally, tally
from tracker.record.untc.visiting import Limits, Visitor

__all__ = [
    "UN",
    "Fetched",
    "Limits",
    "Names",
    "Reference",
    "Remark",
    "Sighting",
    "StatusFile",
    "Tally",
    "Visitor",
    "fetch",
    "parse",
    "resolve",
    "tally",
]
