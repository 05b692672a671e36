"""The trained model as it is shipped: coefficients by training day, and tables of participants by year.

The file holds arrays of numbers and texts only (no pickled objects) and none of the actions it was trained on. Of
each treaty of the collection it has the numbers of signatories and parties at the end of each quarter since it was
opened, to show what became of treaties like the one asked about.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tracker.outlook.context import YearContext
from tracker.outlook.histories import Days, Floats, Participants, date_of, day_number

FILE = Path(__file__).parent / "model.npz"
CURVE = 100  # quarters of each treaty's curve
UNKNOWN = 65535  # in the curves: a quarter that the collection does not reach


@dataclass(frozen=True, slots=True)
class Model:
    """Coefficients and contexts by year: those of a year know nothing later than its first of January.

    `trained_to` is the last day that the latest coefficients know. `opened` is by treaty the day of opening; `signed`
    and `joined` are by treaty and quarter since then the numbers of signatories and parties.
    """

    participants: Participants
    coefficients: dict[int, Floats]
    contexts: dict[int, YearContext]
    trained_to: date
    references: tuple[str, ...]
    opened: Days
    signed: NDArray[np.uint16]
    joined: NDArray[np.uint16]

    def trained_for(self, day: date) -> tuple[Floats, YearContext, date]:
        """The coefficients and context to use on a day, and the day to which they were trained.

        A forecast as of an earlier day knows only what was known then. Days before the first year get the first
        year's, which is said by the day of training being later than the day asked about.
        """
        if day >= self.trained_to:
            last = max(self.coefficients)
            return self.coefficients[last], self.contexts[max(self.contexts)], self.trained_to
        year = min(max(day.year, min(self.coefficients)), max(self.coefficients) - 1)
        return self.coefficients[year], self.contexts[year], date(year, 1, 1)

    def save(self, path: Path = FILE) -> None:
        """Write the model's file."""
        years, fits = sorted(self.contexts), sorted(self.coefficients)
        chapters = sorted({name for each in self.contexts.values() for name in each.by_chapter})
        known = [self.contexts[year] for year in years]
        people = self.participants
        np.savez_compressed(
            path,
            codes=np.array(people.codes), regions=np.array(people.regions), subregions=np.array(people.subregions),
            states=people.states, exists_from=people.exists_from, exists_to=people.exists_to,
            fits=np.array(fits), coefficients=np.stack([self.coefficients[year] for year in fits]),
            trained_to=np.array(day_number(self.trained_to)),
            years=np.array(years), chapters=np.array(chapters),
            propensity=np.stack([each.propensity for each in known]).astype(np.float16),
            by_chapter=np.stack([[each.chapter(name) for name in chapters] for each in known]).astype(np.float16),
            recent=np.stack([each.recent for each in known]).astype(np.float16),
            nearest=np.stack([each.nearest for each in known]).astype(np.uint8),
            chapter_rates=np.array([[each.chapter_rate(name) for name in chapters] for each in known], np.float32),
            rates=np.array([each.rate for each in known], np.float32),
            references=np.array(self.references), opened=self.opened, signed=self.signed, joined=self.joined,
        )  # fmt: skip


@lru_cache(maxsize=1)
def load_model() -> Model:
    """The shipped model; read once."""
    with np.load(FILE, allow_pickle=False) as held:
        data = {name: held[name] for name in held.files}
    codes, regions, subregions = (tuple(map(str, data[name])) for name in ("codes", "regions", "subregions"))
    people = Participants(codes, regions, subregions, data["states"], data["exists_from"], data["exists_to"])
    chapters = list(map(str, data["chapters"]))
    contexts = {
        int(year): YearContext(
            year=int(year),
            propensity=data["propensity"][row].astype(np.float32),
            by_chapter=dict(zip(chapters, data["by_chapter"][row].astype(np.float32), strict=True)),
            recent=data["recent"][row].astype(np.float32),
            nearest=data["nearest"][row].astype(np.int32),
            chapter_rates=dict(zip(chapters, map(float, data["chapter_rates"][row]), strict=True)),
            rate=float(data["rates"][row]),
        )
        for row, year in enumerate(data["years"])
    }
    fits = dict(zip(map(int, data["fits"]), data["coefficients"], strict=True))
    return Model(
        people, fits, contexts, date_of(int(data["trained_to"])), tuple(map(str, data["references"])),
        data["opened"], data["signed"], data["joined"],
    )  # fmt: skip
