"""Each benchmark still runs, on a tiny size and without its peers; what it measures is nobody's business here."""

from benchmarks import growth, importing, made, pages, serving
from benchmarks.figures import NOW, ROOT, record_at
from tracker.record.importing import import_files


def rows_of(table):
    return [line.strip("| ").split(" | ") for line in table.splitlines()[2:]]


def test_serving_measures_the_tracker_and_bare_sql(tmp_path):
    [table] = serving.run(tmp_path, seconds=1, connections=2, peers=None)
    rows = rows_of(table)
    assert {row[1] for row in rows} >= {"JSON, kept", "HTML, kept", "JSON, computed", "HTML, computed, another day"}
    assert all(row[-1] == "0" for row in rows), "every answer is one"


def test_importing_measures_each_way_in(tmp_path):
    facts = importing._some(made.record(), 50)
    rows = rows_of(importing.compared(facts, tmp_path, "", 1, None))
    assert [row[0] for row in rows] == ["tracker import, SQLite", "Core executemany, SQLite"]


def test_growth_measures_each_size(tmp_path):
    rows = list(growth.grown([250, 500], ""))
    assert [row[1] for row in rows] == [250, 500]
    assert growth.picture(rows).count("<path") == 2 + 6


def test_pages_measures_a_page(tmp_path):
    url = f"sqlite:///{tmp_path / 'record.db'}"
    with record_at(url) as engine:
        import_files(engine, [ROOT / "data"], moment=NOW)
        [row] = rows_of(pages.measured(url, ("/about",), 2))
    assert row[0] == "`/about`"
