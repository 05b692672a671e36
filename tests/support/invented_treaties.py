"""Invented treaties of different kinds in the form of a depositary's status files, with the tables that States made.

The names of the States are those of the data that come with the program; nothing else is real. In every table the
States deposit one after the other, ten days apart, from `FIRST` on.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from tests.support.status_documents import HEADINGS, MONTHS, xml
from tracker.law.dates import in_words
from tracker.sync.mtdsg_numbers import MtdsgNumber

FIRST = date(2001, 1, 1)
ACTS = "ratification, acceptance, approval or accession"


@dataclass(frozen=True)
class InventedTreaty:
    """One treaty: what its header says of the entry into force, how many States deposited, and how the table is."""

    number: str
    title: str
    entry: str = ""
    deposits: int = 10
    names: tuple[str, ...] = ()
    parties: int | None = None
    headings: tuple[str, ...] = HEADINGS
    code: str = ""

    @property
    def path(self):
        """Where its status file is served."""
        return MtdsgNumber.of(self.number).files[0]

    def document(self, names):
        """Its status file; `names` are those of States to choose from."""
        chosen = [*self.names, *names][: self.deposits]
        rows = [(name, "", cell(deposit_day(place), self.code)) for place, name in enumerate(chosen, start=1)]
        number = len(rows) if self.parties is None else self.parties
        return xml(self.number, rows, self.headings, signatories=0, parties=number, title=self.title, entry=self.entry)


def deposit_day(nth):
    """The day of the nth deposit."""
    return FIRST + timedelta(days=10 * (nth - 1))


def cell(day, code=""):
    """A day as a table prints it."""
    return f"{day.day:2} {MONTHS[day.month - 1]}\t {day.year}{code}"


def quoting(day, article, words):
    """A header with a date that quotes its article."""
    return f'{in_words(day)}, in accordance with article {article}which reads as follows: "{words}".'


def entry(nth, days):
    """The sentence with these numbers in words."""
    event = f"the {days} day after the date of deposit of the {nth} instrument of {ACTS}"
    return f"The present Convention shall enter into force on {event}."


def after(nth, days):
    """The day that many days after the nth deposit."""
    return deposit_day(nth) + timedelta(days=days)


TREATIES = (
    InventedTreaty("XVIII-31", "Convention on Lost Umbrellas",
                   quoting(after(5, 90), "9(1)", "1. " + entry("fifth", "ninetieth")), code=" a"),
    InventedTreaty("XVIII-31-a", "Protocol on Umbrella Stands to the Convention on Lost Umbrellas",
                   quoting(after(5, 90), "7", "This Protocol shall enter into force on the ninetieth day after the "
                                              "deposit "
                           f"of the third instrument of {ACTS}, except that it shall not enter into force before the "
                           "entry into force of the Convention.")),
    InventedTreaty("XVIII-32", "Convention on Quiet Bells", quoting(after(5, 90), "9", entry("sixth", "ninetieth"))),
    InventedTreaty("XVIII-33", "Agreement on Garden Gates", f"{in_words(after(6, 30))}, in accordance with article "
                                                            f"12."),
    InventedTreaty("XVIII-34", "Convention on Slow Trains", 'see article 4 which reads as follows: "'
                   + entry("fortieth", "thirtieth") + '"'),
    InventedTreaty("XVIII-35", "Convention on Paper Boats", quoting(
        date(2001, 6, 1), "3", "This Convention shall enter into force on the first day of the month following the "
        "expiration of a period of three months after the date on which five States have expressed their consent to be "
        "bound by it.")),
    InventedTreaty("XVIII-36", "Convention on Tall Ladders", quoting(
        after(4, 30), "3", "This Convention shall enter into force on the thirtieth day after the deposit of the "
                           "fourth "
        f"instrument of {ACTS}, provided that two of the depositors make ladders.")),
    InventedTreaty("XVIII-37", "Convention on Round Tables", parties=99),
    InventedTreaty("XVIII-38", "Convention on Missing Pages"),
    InventedTreaty("XVIII-39", "Convention on Weary Servers"),
    InventedTreaty("XVIII-40", "Convention on Closed Doors"),
    InventedTreaty("XVIII-41", "Convention on Unknown Islands", quoting(
        after(4, 60), "2", entry("fourth", "sixtieth")), names=("Ruritania", "Elbonia")),
    InventedTreaty("XVIII-42", "Convention on Left Gloves", "25 September 1928."),
    InventedTreaty("XVIII-43", "Treaty on Polite Cats", quoting(
        after(7, 90), "15", f"This Treaty shall enter into force 90 days after the seventh instrument of {ACTS} has "
                            f"been "
        "deposited.")),
    InventedTreaty("XVIII-44", "Agreement on Warm Socks", quoting(
        deposit_day(2), "8", "The Agreement shall come into force immediately upon the deposit of the second "
                             "instrument "
        "of acceptance."), headings=("Participant", "Signature", "Acceptance(A), Accession(a)"), code=" A"),
    InventedTreaty("XVIII-45", "Agreement on Long Shadows", "provisionally on 1 May 2001."),
    InventedTreaty("XVIII-46", "Convention on Early Snow", quoting(
        date(2005, 1, 1), "6", "This Convention shall enter into force on the thirtieth day after the deposit of "
                               "the sixth "
        f"instrument of {ACTS}, but not before 1 January 2005.")),
    InventedTreaty("XVIII-47", "Convention on Empty Tables", deposits=0),
    InventedTreaty("XVIII-47-a", "Amendment to the Convention on Empty Tables",
                   'see article 19 which reads as follows: "The amendment shall enter into force on the thirtieth day '
                   'after the deposit of instruments of acceptance by two thirds of the Parties to the Convention."',
                   deposits=0),
    InventedTreaty("XVIII-48", "Convention on Second Helpings", quoting(
        after(8, 120), "20(1)", "1. " + entry("eighth", "one hundred and twentieth") + " 2. For each State acceding "
                                                                                       "after "
        "the deposit of the eighth instrument, the present Convention shall enter into force on the thirtieth day "
        "after "
        "the date of deposit by such State of its instrument of accession."), deposits=12),
)  # fmt: skip
BY_NUMBER = {each.number: each for each in TREATIES}
