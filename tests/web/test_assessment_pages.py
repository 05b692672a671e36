"""Judgements on their pages: who is on which list on a day, how lists went, what is missing, what a body misses."""

import csv
import io

import pytest

TODAY = "2026-11-22"
FIRST_FIFTEEN = {
    "Bahamas", "Cayman Islands", "Cook Islands", "Dominica", "Israel", "Lebanon", "Liechtenstein", "Marshall Islands",
    "Naoero", "Niue", "Panama", "Philippines", "Russian Federation", "Saint Kitts and Nevis",
    "Saint Vincent and the Grenadines",
}  # fmt: skip
DAYS = ["", "1989-06-01", "2003-07-01", "2199-12-31", "0001-01-01", "9999-12-31"]
SCHEMES = ["fatf-ncct", "fatf-grey", "fatf-black", "tip-tier", "greco-round", "greco-evaluation", "cicad-mem-round"]


def texts(found):
    return [" ".join(each.text_content().split()) for each in found]


def held(tree):
    return set(texts(tree.cssselect("[aria-labelledby=held] tbody th")))


@pytest.mark.parametrize("path", ["/assessments", *(f"/assessments/{scheme}" for scheme in SCHEMES)])
@pytest.mark.parametrize("day", DAYS)
def test_every_page_opens_on_any_day(page, path, day):
    assert len(page(f"{path}?as_of={day}" if day else path).cssselect("h1")) == 1


@pytest.mark.parametrize(
    ("day", "size"), [("2000-06-30", 15), ("2001-09-30", 19), ("2002-06-30", 15), ("2006-10-31", 0)]
)
def test_the_list_of_non_cooperative_countries_has_its_size_by_day(data, page, day, size):
    assert data(f"/assessments/fatf-ncct.json?as_of={day}")["size"] == size
    assert data(f"/api/v1/assessments/fatf-ncct?as_of={day}")["size"] == size
    tree = page(f"/assessments/fatf-ncct?as_of={day}")
    assert texts(tree.cssselect(".figures dd"))[0].startswith(f"{size}listed")
    assert len(held(tree)) == size


def test_the_names_on_the_list_match_and_so_do_those_that_came_and_went(page):
    assert held(page("/assessments/fatf-ncct?as_of=2000-06-30")) == FIRST_FIFTEEN
    left = {"Bahamas", "Cayman Islands", "Liechtenstein", "Panama"}
    came = {"Egypt", "Guatemala", "Hungary", "Indonesia", "Myanmar", "Nigeria", "Grenada", "Ukraine"}
    then = held(page("/assessments/fatf-ncct?as_of=2001-09-30"))
    assert then == FIRST_FIFTEEN - left | came
    assert then - held(page("/assessments/fatf-ncct?as_of=2002-06-30")) == {
        "Hungary", "Israel", "Lebanon", "Saint Kitts and Nevis",
    }  # fmt: skip


def test_an_empty_list_says_when_the_last_came_off(words):
    assert "None; the last entry was removed on 13 October 2006." in words("/assessments/fatf-ncct?as_of=2006-10-31")
    assert "Not yet begun on this date." in words("/assessments/fatf-ncct?as_of=1999-01-01")


def test_judgements_that_nobody_checked_are_marked_and_say_what_is_doubtful(page, words):
    tree = page("/assessments/fatf-ncct?as_of=2002-09-30")
    row = tree.cssselect("tr[data-row=EGY]")[0]
    assert texts(row.cssselect(".unverified")) == ["unverified"]
    assert not tree.cssselect("tr[data-row=NRU] .unverified")
    assert "recalled, not checked" in words("/assessments/fatf-ncct?as_of=2002-09-30")


@pytest.mark.parametrize(
    ("day", "edition", "counts"),
    [
        ("2001-12-31", "2001", {"Tier 1": 12, "Tier 2": 47, "Tier 3": 23}),
        ("2015-12-31", "2015", {"Tier 1": 31, "Tier 2": 89, "Tier 2 Watch List": 44, "Tier 3": 23}),
    ],
)
def test_the_tiers_of_an_edition_are_counted(data, page, day, edition, counts):
    found = next(e for e in data(f"/assessments/tip-tier.json?as_of={day}")["editions"] if e["edition"] == edition)
    assert found["counts"] == counts
    tree = page(f"/assessments/tip-tier?as_of={day}")
    row = texts(tree.cssselect(f"tr[data-row='{edition}'] td"))
    assert [cell for cell in row if cell.isdecimal()][: len(counts)] == [str(n) for _, n in sorted(counts.items())]
    shown = texts(tree.cssselect("summary"))
    assert [text for text in shown if text.startswith("Tier 1")] == [f"Tier 1 ({counts['Tier 1']})"]


def test_what_the_record_lacks_of_an_edition_is_shown_as_missing(page, words):
    row = texts(page(f"/assessments/tip-tier?as_of={TODAY}").cssselect("tr[data-row='2017'] td"))
    assert row[4:6] == ["not in our data", "not in our data"]
    assert "62 known" in row[7]
    text = words(f"/assessments/tip-tier?as_of={TODAY}")
    assert "Edition 2025: entries not in our data for Tier 1, Tier 2" in text
    assert "incomplete: 2015, 2016, 2017, 2018, 2019, 2025" in words(f"/assessments?as_of={TODAY}")


def test_the_course_of_a_list_is_drawn_and_described(page):
    tree = page(f"/assessments/fatf-ncct?as_of={TODAY}")
    assert tree.cssselect("svg.chart path.curve")[0].get("d").startswith("M")
    rows = tree.cssselect("[aria-labelledby=course] tbody tr")
    assert [row.get("data-row") for row in rows][-3:] == ["2001-09-07", "2001-06-22", "2000-06-22"]
    assert texts(rows[-2])[:3] == [
        "22 Jun 2001", "17", "Egypt, Guatemala, Hungary, Indonesia, Myanmar, Nigeria",
    ]  # fmt: skip


def test_a_course_with_parts_missing_is_drawn_broken(page):
    chart = page(f"/assessments/tip-tier?as_of={TODAY}").cssselect("svg.chart")[0]
    assert chart.cssselect("path.loose")
    assert chart.cssselect("rect[fill='url(#lacking)']")


def test_rounds_of_evaluation_are_listed_with_the_one_that_runs(page):
    rows = page("/assessments/greco-round?as_of=2002-09-30").cssselect("[aria-labelledby=rounds] tbody tr")
    assert [(row.get("data-row"), texts(row)[3]) for row in rows][:2] == [("I", "current"), ("II", "not yet begun")]
    assert len(page("/assessments/cicad-mem-round").cssselect("[aria-labelledby=rounds] tbody tr")) == 8


def test_a_list_is_there_as_csv(client):
    rows = list(csv.DictReader(io.StringIO(client.get("/assessments/fatf-ncct.csv?as_of=2000-06-30").text)))
    assert {row["name"] for row in rows} == FIRST_FIFTEEN
    assert {row["value"] for row in rows} == {"listed"}


def test_an_unknown_scheme_is_not_found_and_other_spellings_lead_to_the_proper_one(client):
    assert client.get("/assessments/lost").status_code == 404
    assert "No scheme named 'lost'" in client.get("/api/v1/assessments/lost").json["error"]["message"]
    for given, proper in (("/assessments/FATF-NCCT.json", "/assessments/fatf-ncct.json"),
                          ("/api/v1/assessments/TIP-Tier", "/api/v1/assessments/tip-tier")):  # fmt: skip
        answer = client.get(given)
        assert (answer.status_code, answer.headers["Location"]) == (308, proper)


# -- participants ------------------------------------------------------------------------------------


def test_a_participants_assessments_are_listed_through_time(page):
    rows = page(f"/participants/UKR?as_of={TODAY}").cssselect("tr[data-scheme=tip-tier]")
    cells = [texts(row.cssselect("td")) for row in rows]
    assert cells[0][0] == "not in our data: Tier 1, Tier 2"
    assert [row[3] for row in cells][:3] == ["2025", "2020–2024", "2016–2019"]
    assert cells[-1][0].startswith("Tier 2")
    listed = page(f"/participants/UKR?as_of={TODAY}").cssselect("tr[data-scheme=fatf-ncct] td")
    assert texts(listed)[1:3] == ["7 Sep 2001", "27 Feb 2004"]


def test_later_judgements_are_left_out(page):
    assert not page("/participants/UKR?as_of=2001-09-06").cssselect("tr[data-scheme=fatf-ncct]")
    (row,) = page("/participants/UKR?as_of=2002-01-01").cssselect("tr[data-scheme=fatf-ncct]")
    assert "strong" in {each.tag for each in row.iter()}, "what holds on the day stands out"


# -- bodies ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "day", "members"),
    [("greco", "2002-09-30", 34), ("greco", TODAY, 48), ("fatf", "2002-09-30", 31), ("fatf", TODAY, 39),
     ("cicad", "2002-09-30", 34), ("cicad", TODAY, 33)],
)  # fmt: skip
def test_a_body_shows_its_members_on_the_day(page, data, body, day, members):
    tree = page(f"/bodies/{body}?as_of={day}")
    facts = dict(zip(texts(tree.cssselect(".facts dt")), texts(tree.cssselect(".facts dd")), strict=True))
    assert next(value for name, value in facts.items() if name.startswith("Members")) == str(members)
    assert len(tree.cssselect("ul.members")[0]) == members
    history = data(f"/bodies/{body}.json?as_of={day}")["history"]
    assert not history or history[-1]["size"] == members


def test_the_gap_of_a_body_stands_first_and_names_who_is_missing(page, words):
    tree = page(f"/bodies/greco?as_of={TODAY}")
    instruments = tree.cssselect("article.monitored-instrument")
    missing = {row.get("data-row"): texts(row.cssselect("li a")) for row in instruments}
    assert missing["coe-173"] == ["Kazakhstan", "United States of America"]
    assert tree.cssselect("h2")[0].get("id") == "gap"
    assert "17 members Not party to at least one of these treaties as at 22 November 2026." in words(
        f"/bodies/fatf?as_of={TODAY}"
    )


def test_the_recommended_conventions_of_the_fatf_tell_basis_and_who_lacks_them(page):
    tree = page("/bodies/fatf?as_of=2002-09-30")
    rows = {row.get("data-row"): row for row in tree.cssselect("article.monitored-instrument")}
    assert {"drugs-1988", "untoc", "uncac"} <= set(rows)
    assert "FATF Recommendation 36" in rows["untoc"].text_content()
    assert "Not yet adopted on this date." in rows["uncac"].text_content()
    untoc = rows["untoc"].text_content()
    assert "Parties: " in untoc
    assert "Japan" in untoc
    assert not page(f"/bodies/fatf?as_of={TODAY}").cssselect("article.monitored-instrument[data-row=untoc] li")


def test_a_body_leads_to_its_parent_children_schemes_and_the_query(page):
    links = [a.get("href") for a in page("/bodies/cicad").cssselect("main a")]
    assert {"/bodies/oas", "/bodies/cicad-mem"} <= set(links)
    assert "/assessments/cicad-mem-round" in [a.get("href") for a in page("/bodies/cicad-mem").cssselect("main a")]
    greco = [a.get("href") for a in page("/bodies/greco").cssselect("main a")]
    assert "/select?q=member%3Dgreco;not-party%3Dcoe-173" in greco


def test_members_are_listed_through_time(page):
    rows = page(f"/bodies/greco?as_of={TODAY}").cssselect("[aria-labelledby=course] tbody tr")
    joined = {row.get("data-row"): texts(row)[2] for row in rows}
    assert joined["2020-01-01"] == "Kazakhstan"
    assert page(f"/bodies/greco?as_of={TODAY}").cssselect("svg.chart")


def test_a_suspended_member_is_not_counted_among_the_members(page):
    tree = page(f"/bodies/fatf?as_of={TODAY}")
    assert "Russian Federation" not in " ".join(texts(tree.cssselect("ul.members")[0]))
    assert "Suspended members 1" in texts(tree.cssselect("h3"))
