"""The shipped record: valid, sourced, and honest about its doubts."""

import csv
import re
from pathlib import Path

import pytest

from tracker.config import Settings
from tracker.storage.import_export import read_facts

DATA = Path(__file__).resolve().parent.parent / "data"
INSTRUMENTS = {
    "untoc", "untoc-tip", "untoc-som", "untoc-firearms", "uncac", "drugs-1988", "un-cybercrime", "coe-141", "coe-173",
    "coe-174", "coe-185", "coe-191", "coe-197", "coe-224", "oas-corruption", "oas-cifta", "oecd-bribery",
}  # fmt: skip


def rows(name):
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_shipped_files_are_valid_whole():
    assert len(read_facts([DATA])) > 7_000
    assert Settings().data_dir == DATA


def test_all_the_instruments_are_there():
    assert {row["id"] for row in rows("treaties")} == INSTRUMENTS


@pytest.mark.parametrize("name", sorted(path.stem for path in DATA.glob("*.csv")))
def test_every_fact_has_its_source(name):
    assert all(row["source"].strip() for row in rows(name))


def test_no_text_tells_of_anything_but_the_facts():
    words = re.compile(r"find_string|\bseed\b|see notes|snapshot|crawl|\bmemory\b", re.IGNORECASE)
    for path in DATA.glob("*.csv"):
        found = [line for line in path.read_text(encoding="utf-8").splitlines() if words.search(line)]
        assert not found, f"{path.name}: {found[0]}"


def test_what_was_recalled_and_not_checked_is_marked_unverified():
    for path in DATA.glob("*.csv"):
        for row in rows(path.stem):
            if "recalled" in row["source"]:
                assert row.get("doubt", "").startswith("unverified"), row


@pytest.mark.parametrize(
    ("treaty", "participant", "date", "doubt"),
    [
        ("uncac", "KNA", "2024", "press"),
        ("uncac", "SMR", "2025", "press"),
        ("drugs-1988", "SSD", "2023", "press"),
        ("untoc-tip", "ATG", "", "sign"),
        ("untoc-firearms", "BHS", "", "sign"),
        ("uncac", "BTN", "2022-10-27", "re-accession"),
    ],
)
def test_the_known_doubts_are_carried_as_doubts(treaty, participant, date, doubt):
    found = [r for r in rows("parties") if (r["treaty"], r["participant"]) == (treaty, participant)]
    assert any(r["date"].startswith(date) and doubt in r["doubt"].lower() for r in found), found


def test_bhutans_return_to_uncac_is_not_shipped_as_an_act():
    acts = [r["action"] for r in rows("parties") if (r["treaty"], r["participant"]) == ("uncac", "BTN")]
    assert acts.count("accession") == 0
