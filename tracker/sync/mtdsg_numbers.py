"""MTDSG numbers (XVIII-12-a), and the addresses of the UN Treaty Collection's documents about them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote

from tracker.errors import BadQuestion
from tracker.messages import message

_ONES = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")
_CHAPTERS = [tens + ones for tens in ("", "X", "XX") for ones in _ONES][1:]
_LAST_OF_VOLUME_I = 12
_FORM = re.compile(r"([IVX]+)(?:-([A-Z]))?-(\d{1,3})(?:-([0-9]{0,3}[A-Za-z]?))?", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class MtdsgNumber:
    """An MTDSG number: chapter in Roman numerals, section, number, part; the last three in their printed case."""

    chapter: str
    section: str
    number: str
    part: str

    @staticmethod
    def of(text: str) -> MtdsgNumber:
        """The reference written as `VI-19`, `XVIII-12-a` or `XI-B-16`; BadQuestion for anything else."""
        found = _FORM.fullmatch(text.strip())
        chapter = found[1].upper() if found else ""
        if not found or chapter not in _CHAPTERS or found[4] == "":
            raise BadQuestion(
                message("'{text}' is not a number of the UN Treaty Collection: write VI-19 or XVIII-12-a.", text=text)
            )
        return MtdsgNumber(chapter, (found[2] or "").upper(), str(int(found[3])), (found[4] or "").lower())

    @staticmethod
    def chapters() -> tuple[str, ...]:
        """The chapters, in their order."""
        return tuple(_CHAPTERS)

    def __str__(self) -> str:
        return "-".join(piece for piece in (self.chapter, self.section, self.number, self.part) if piece)

    @property
    def chapter_number(self) -> int:
        """The chapter as a number: 18 for XVIII."""
        return _CHAPTERS.index(self.chapter) + 1

    @property
    def files(self) -> tuple[str, ...]:
        """The paths under which the XML status file may be kept, the usual one first."""
        volume = "I" if self.chapter_number <= _LAST_OF_VOLUME_I else "II"
        folder = quote(f"/doc/Publication/MTDSG/Volume {volume}/Chapter {self.chapter}/")
        return tuple(f"{folder}{name}.en.xml" for name in (str(self), str(self).lower()))

    @property
    def page(self) -> str:
        """The path and query of the HTML page with the same content."""
        return f"/Pages/ViewDetails.aspx?src=TREATY&mtdsg_no={self}&chapter={self.chapter_number}&clang=_en"

    def is_also(self, chapter: str, number: str, part: str) -> bool:
        """Is this what a document means that prints these of itself?

        The chapter may have its section, `XI-A`; without one it says nothing of it, and empty it says nothing.
        """
        return (
            chapter.upper() in ("", self.chapter, f"{self.chapter}-{self.section}")
            and number.strip().lstrip("0") == self.number
            and re.sub(r"\W", "", part).lower() == self.part
        )
