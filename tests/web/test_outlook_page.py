"""The page and the API of a treaty's outlook."""

import re

import pytest

DAY = "as_of=2026-11-28"


def test_the_page_says_when_the_threshold_may_be_met_and_shows_the_table_behind_the_chart(page, words):
    text = words(f"/instruments/un-cybercrime/outlook?{DAY}")
    assert "40 deposits:" in text
    assert "Outside the model's experience" in text
    tree = page(f"/instruments/un-cybercrime/outlook?{DAY}")
    assert len(tree.xpath("//section[h2/@id='parties']//tbody/tr")) == 11
    assert tree.xpath("//path[@class='fan-wide']/@d")[0].endswith("Z")


def test_the_page_says_how_such_forecasts_held_and_the_data_have_the_numbers(words, data):
    record = data(f"/api/v1/instruments/un-cybercrime/outlook?{DAY}")["record"]
    assert record["forecasts"] == 40
    said = f"Of 40 such forecasts for similar treaties of the past, {record['held']} held"
    assert said in words(f"/instruments/un-cybercrime/outlook?{DAY}")


def test_dates_of_a_forecast_are_months_on_the_page_and_years_have_no_needless_decimals(page):
    tree = page(f"/instruments/un-cybercrime/outlook?{DAY}&lang=fr")
    dates = [cell.text_content() for cell in tree.xpath("//section[h2/@id='dates']//td")]
    assert re.fullmatch(r"[a-zéû]+\s20\d\d", dates[0])
    years = [cell.text_content() for cell in tree.xpath("//section[h2/@id='similar']//tbody//td[3]")]
    assert any("," in each for each in years)
    assert not any("." in each or ",0" in each for each in years)


def test_the_page_and_the_data_have_the_same_numbers(page, data):
    found = data(f"/api/v1/instruments/un-cybercrime/outlook?{DAY}")
    rows = page(f"/instruments/un-cybercrime/outlook?{DAY}").xpath("//section[h2/@id='parties']//tbody/tr")
    shown = [[int(cell.text) for cell in row.xpath("td")] for row in rows]
    assert shown == [[row[level] for level in ("p10", "p25", "p50", "p75", "p90")] for row in found["parties_by"]]


def test_the_data_have_what_programs_rely_on(data):
    found = data(f"/instruments/un-cybercrime/outlook.json?{DAY}&by=2030-01-01")
    assert {"instrument", "as_of", "trained_to", "parties_by", "threshold", "entry_into_force", "next"} <= found.keys()
    assert {"required", "p10", "p25", "p50", "p75", "p90", "chance_within_10_years"} <= found["threshold"].keys()
    assert {"p10", "p90"} <= found["entry_into_force"].keys()
    assert {"participant", "chance_12_months", "reasons"} <= found["next"][0].keys()
    assert "2030-01-01" in [row["day"] for row in found["parties_by"]]


def test_deposits_that_are_supposed_are_named_beside_the_outlook_without_them(page, words, data):
    address = f"/instruments/un-cybercrime/outlook?{DAY}&who=FRA&who=DEU"
    text = words(address)
    assert "If these deposited on 28 November 2026: Germany, France. Without them: as likely before as after" in text
    assert [each.get("value") for each in page(address).cssselect("form.filters input[name=who]")] == ["DEU", "FRA"]
    assert data(f"/api/v1{address}")["supposed"] == ["DEU", "FRA"]


def test_a_scenario_of_deposits_leads_to_the_outlook_with_them(page):
    (link,) = page(f"/what-if?instrument=un-cybercrime&who=FRA&who=DEU&{DAY}").xpath(
        "//a[text()='Outlook with these deposits']/@href"
    )
    assert link.startswith("/instruments/un-cybercrime/outlook?")
    assert "who=DEU&who=FRA" in link
    assert not page(f"/what-if?instrument=un-cybercrime&threshold=20&{DAY}").xpath("//a[contains(@href, '/outlook')]")


def test_the_table_can_be_had_as_csv(client):
    lines = client.get(f"/instruments/un-cybercrime/outlook.csv?{DAY}").text.splitlines()
    assert lines[0] == "day,p10,p25,p50,p75,p90"
    assert len(lines) == 12


def test_a_refusal_is_a_page_with_the_reason_and_an_error_for_programs(client, words):
    early = "as_of=1999-01-01"
    assert "it had not been opened by this date" in words(f"/instruments/untoc/outlook?{early}")
    answer = client.get(f"/api/v1/instruments/untoc/outlook?{early}")
    assert answer.status_code == 400
    assert "had not been opened" in answer.json["error"]["message"]


@pytest.mark.parametrize(("field", "value"), [("threshold", "many"), ("threshold", "0"), ("by", "soon")])
def test_a_faulty_field_is_named_and_kept(client, field, value):
    answer = client.get(f"/instruments/untoc/outlook?{DAY}&{field}={value}")
    assert answer.status_code == 400
    assert f'value="{value}"' in answer.text


def test_another_spelling_of_the_treaty_leads_to_its_page(client):
    assert client.get(f"/instruments/UNTOC/outlook?{DAY}").headers["Location"].startswith("/instruments/untoc/outlook")


def test_the_page_is_french_in_french(client):
    text = client.get(f"/instruments/un-cybercrime/outlook?{DAY}&lang=fr").text
    assert "Perspectives\N{NO-BREAK SPACE}: " in text
    assert "33 se sont vérifiées" in text
    assert "signature le 25 octobre 2025" in text
