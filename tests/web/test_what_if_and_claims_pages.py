"""What is still needed, what if, and was that figure true: as pages, as data, restored by their addresses."""

from urllib.parse import quote

import pytest
from lxml import html

DAY = "as_of=2026-11-01"


def test_what_is_needed_names_the_pending_instrument_and_who_could_tip_it(words, data):
    text = words(f"/needed?{DAY}")
    assert "UN Cybercrime Convention" in text
    assert "40 more needed" in text
    [nearest, row] = data(f"/api/v1/needed?{DAY}")
    assert (nearest["instrument"], nearest["remaining"]) == ("coe-224", 2)
    assert row["remaining"] == 40
    assert {each["participant"] for each in row["could_tip"]} >= {"AUS", "QAT"}
    assert "EU" not in {each["participant"] for each in row["could_tip"]}
    days = [each["days_since_signature"] or 0 for each in row["waiting"]]
    assert days == sorted(days, reverse=True)


def test_before_the_last_one_was_adopted_nothing_was_needed(words):
    assert "No treaty was awaiting entry into force on this date." in words("/needed?as_of=2021-11-01")


def test_an_address_restores_a_scenario_and_answers_it(words, data):
    question = f"{DAY}&instrument=un-cybercrime&who=signatories&on=2027-03-01"
    text = words(f"/what-if?{question}")
    assert "30 May 2027" in text
    assert "Scenario:" in text
    answer = data(f"/api/v1/what-if?{question}")
    assert answer["after"]["entry_into_force"]["date"] == "2027-05-30"
    assert answer["before"]["entry_into_force"]["date"] is None


def test_supposing_a_protocol_alone_shows_the_finding_that_appears(words):
    text = words(f"/what-if?{DAY}&instrument=untoc-tip&who=PNG&on=2027-01-01")
    assert "Papua New Guinea: party to Trafficking in Persons Protocol, not to UNTOC." in text


def test_supposing_a_withdrawal_counts_from_the_day_it_takes_effect(data):
    answer = data(f"/api/v1/what-if?{DAY}&instrument=uncac&leaving=FRA&leaving_on=2027-01-01")
    assert answer["after"]["as_of"] == "2028-01-01"
    assert answer["after"]["parties"] == answer["before"]["parties"] - 1


def test_other_terms_give_another_day(data):
    answer = data("/api/v1/what-if?as_of=2006-01-01&instrument=untoc&threshold=60")
    assert answer["after"]["entry_into_force"]["date"] == "2004-04-28"


def test_drafters_see_every_instrument_under_several_thresholds(page):
    table = page(f"/what-if?{DAY}&thresholds=30,40,60").cssselect("#drafting ~ .scroller table")[0]
    rows = {row[0].text_content().strip(): [cell.text_content().strip() for cell in row[1:]] for row in table[1]}
    assert rows["UNTOC"] == ["8 May 2003", "29 Sep 2003", "28 Apr 2004"]


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ("instrument=untoc-tip&signatories=107&parties=14", "8 Aug 2002 to 14 Aug 2002"),
        ("instrument=untoc-firearms&signatories=35&parties=2", "22 Jul 2002 to 5 Aug 2002"),
        ("instrument=untoc&signatories=141&parties=24", "no matching date"),
    ],
)
def test_a_claim_is_held_against_the_record(words, claim, verdict):
    assert verdict in words(f"/claims?{DAY}&{claim}")


@pytest.mark.parametrize(
    "question",
    [
        "/claims?instrument=untoc&parties=many",
        "/claims?instrument=untoc&parties=-4",
        "/what-if?who=nobody",
        "/what-if?who=region:Atlantis",
        "/what-if?who=USA&on=tomorrow",
        "/what-if?who=USA&on=20270301",
        "/what-if?threshold=0",
        "/what-if?organizations=perhaps",
        "/what-if?thresholds=1,2,3,4,5,6,7,8",
        "/what-if?delay=<script>",
        "/what-if?instrument=uncac&who=FRA",
    ],
)
def test_a_question_that_makes_no_sense_is_refused_in_words(client, question):
    page, answer = client.get(question), client.get("/api/v1" + question)
    assert page.status_code == answer.status_code
    assert page.status_code in (400, 404, 422)
    assert answer.json["error"]["message"]
    assert "<script>" not in page.text


def test_the_same_answers_come_as_json_and_csv(client):
    question = f"?{DAY}&instrument=un-cybercrime&who=QAT&on=2027-03-01"
    assert client.get(f"/what-if.csv{question}").text.splitlines()[1].startswith("QAT,Qatar,2027-03-01,")
    assert client.get(f"/what-if.json{question}").json["data"]["own_dates"][0]["participant"] == "QAT"
    assert client.get(f"/claims.csv?{DAY}&instrument=untoc-tip&signatories=107&parties=14").text.splitlines() == [
        "from,to",
        "2002-08-08,2002-08-14",
    ]
    assert client.get(f"/needed.csv?{DAY}").text.splitlines()[2].startswith("un-cybercrime,")
    assert client.get(f"/what-if?{DAY}&who={quote('group:African States')}&on=2027-01-01").status_code == 200


def beside(page, name):
    """What is said beside a field, found as a screen reader finds it."""
    [field] = page.cssselect(f"[name={name}]:not([type=hidden])")
    assert field.get("aria-invalid") == "true"
    return page.get_element_by_id(field.get("aria-describedby")).text_content(), field.get("value")


def test_every_faulty_field_is_named_at_once_beside_what_was_typed(client):
    question = f"{DAY}&instrument=uncac&who=USA&on=tomorrow&threshold=0&delay=soon&thresholds=1,x"
    answer = client.get(f"/what-if?{question}")
    assert answer.status_code == 400
    page = html.fromstring(answer.text)
    assert beside(page, "on") == ("'tomorrow' is not a day: write it like 2003-09-29.", "tomorrow")
    assert beside(page, "threshold") == ("'0' is not a whole number from 1 to 9999.", "0")
    assert page.get_element_by_id("w-delay").get("value") == "soon"
    assert page.cssselect("#w-instrument option[selected]")[0].get("value") == "uncac"
    [alert] = page.cssselect("[role=alert]")
    assert "'tomorrow' is not a day" in alert.text_content()
    assert "'0' is not a whole number" in alert.text_content()
    assert "'1,x' is not a list of thresholds" in alert.text_content()


def test_a_delay_that_is_none_is_named_beside_its_field(client):
    answer = client.get(f"/what-if?{DAY}&instrument=uncac&delay=soon")
    assert answer.status_code == 422
    assert beside(html.fromstring(answer.text), "delay")[1] == "soon"


def test_a_count_that_is_none_is_named_beside_its_field_and_programs_get_the_fields_name(client):
    page = html.fromstring(client.get("/claims?instrument=untoc&signatories=-4&parties=many").text)
    assert beside(page, "signatories") == ("'-4' is not a whole number from 0 to 9999.", "-4")
    assert beside(page, "parties") == ("'many' is not a whole number from 0 to 9999.", "many")
    error = client.get("/claims.json?instrument=untoc&signatories=-4&parties=many").json["error"]
    assert error["message"] == (
        "signatories='-4' is not a whole number from 0 to 9999. parties='many' is not a whole number from 0 to 9999."
    )


CRIME = f"{DAY}&instrument=un-cybercrime"


def test_groups_say_how_many_of_them_have_signed(page):
    options = {each.get("value"): each.text for each in page(f"/what-if?{CRIME}").cssselect("#w-many option")}
    assert options["signatories"] == "All signatories that have not ratified (74)"
    assert options["signed:body:eu"].startswith("Members: European Union (")
    number = int(options["signed:body:eu"].split("(")[1].rstrip(")"))
    answer = page(f"/what-if?{CRIME}&who=signed:body:eu&on=2027-03-01")
    assert len(answer.cssselect(".dated-groups dd a")) == number
    assert answer.cssselect("input[name=who][checked]")[0].get("value") == "signed:body:eu"


def test_a_list_with_dates_is_a_scenario_and_each_state_a_chip_that_can_be_removed(page, data):
    question = f"{CRIME}&states=Qatar 2027-01-01%0AFrance&add=Japon&on=2027-03-01"
    acts = data(f"/what-if.json?{question}")["acts"]
    days = {act["participant"]: act["date"] for act in acts}
    assert days == {"QAT": "2027-01-01", "FRA": "2027-03-01", "JPN": "2027-03-01"}
    tree = page(f"/what-if?{question}")
    assert tree.get_element_by_id("w-states").text.strip().splitlines() == ["Qatar 2027-01-01", "France", "Japan"]
    [first, *_] = tree.cssselect(".chips a")
    assert "Qatar" in first.get("aria-label")
    left = page(first.get("href")).cssselect(".chips a")
    assert [each.get("aria-label") for each in left] == ["Remove France", "Remove Japan"]


def test_deposits_are_staggered_by_days(data):
    acts = data(f"/api/v1/what-if?{CRIME}&states=France;Qatar;Japan&on=2027-03-01&every=10")["acts"]
    assert [(act["participant"], act["date"]) for act in acts] == [
        ("FRA", "2027-03-01"), ("QAT", "2027-03-11"), ("JPN", "2027-03-21"),
    ]  # fmt: skip


def test_an_unknown_name_is_asked_about_at_its_field_with_a_link_that_mends_it(client, page):
    answer = client.get(f"/what-if?{CRIME}&states=France%0ANigerai&on=2027-03-01")
    assert answer.status_code == 400
    tree = html.fromstring(answer.text)
    field = tree.get_element_by_id("w-states")
    assert field.get("aria-invalid") == "true"
    assert field.text.strip() == "France\nNigerai"
    assert "did you mean Nigeria" in tree.get_element_by_id(field.get("aria-describedby")).text_content()
    [mend, *_] = [each for each in tree.cssselect(".mends a") if each.text == "Replace Nigerai with Nigeria"]
    assert [each.get("aria-label") for each in page(mend.get("href")).cssselect(".chips a")] == [
        "Remove France", "Remove Nigeria",
    ]  # fmt: skip


def test_a_date_of_a_list_that_is_none_is_said_at_the_list(client):
    answer = client.get(f"/what-if?{CRIME}&states=France 2027-02-31")
    assert answer.status_code == 400
    assert html.fromstring(answer.text).get_element_by_id("w-states").get("aria-invalid") == "true"


def test_parties_in_a_list_are_left_out_and_named(words):
    text = words(f"/what-if?{DAY}&instrument=coe-185&states=France%0AIreland&on=2027-03-01")
    assert "Already parties, left out: France." in text


def test_what_would_still_be_missing_names_who_would_do_and_when(words, data):
    question = f"{CRIME}&states=Qatar;France&on=2027-03-01"
    missing = data(f"/what-if.json?{question}")["missing"]
    assert (missing["remaining"], missing["earliest"]) == (38, "2027-05-30")
    text = words(f"/what-if?{question}")
    assert "Not in force: 38 more deposits are needed." in text
    assert "38 more deposits on 1 March 2027 by any of these" in text
    assert data(f"/what-if.json?{CRIME}&who=signatories&on=2027-03-01")["missing"] is None


def test_a_scenario_is_drawn_with_its_threshold_and_the_same_as_a_table(page):
    tree = page(f"/what-if?{DAY}&instrument=un-cybercrime&who=signatories&on=2027-01-01&every=7")
    [chart] = tree.cssselect("figure.scenario-picture svg.chart")
    said = chart.get("aria-label")
    assert "threshold reached: 8 October 2027" in said
    assert "entry into force: 6 January 2028" in said
    assert chart.cssselect(".threshold-words")[0].text == "threshold: 40 deposits"
    rows = tree.cssselect("figure.scenario-picture + details tbody tr")
    assert rows[39][0].text_content() == "1 Oct 2027"  # the deposit of the European Union, which is not counted
    assert [int(row[3].text_content()) for row in rows[:3]] == [1, 2, 3]


def test_what_is_past_is_not_drawn_as_supposed(page):
    assert not page("/what-if?as_of=2006-01-01&instrument=untoc&threshold=60").cssselect("figure.scenario-picture")


def test_two_scenarios_stand_side_by_side(page):
    one = page(f"/what-if?{CRIME}&who=signatories&on=2027-03-01")
    [link] = one.cssselect("a.button[href*=beside]")
    kept = page(link.get("href"))
    assert "Scenario A is kept" in kept.text_content()
    assert kept.cssselect("input[name=beside]")[0].get("value")
    both = page(f"{link.get('href')}&states=France%0AQatar&on=2027-03-01")
    rows = [row[0].text_content() for row in both.cssselect("#answer ~ .scroller tbody tr")]
    assert rows == ["Current", "Scenario A", "Scenario B"]
    dates = [row[-1].text_content().split("  ")[0] for row in both.cssselect("#answer ~ .scroller tbody tr")]
    assert "30 May 2027" in dates[1]
    assert "not yet in force" in dates[2]


def test_the_address_to_share_restores_the_scenario(page):
    tree = page(f"/what-if?{CRIME}&states=Qatar&add=France&on=2027-03-01")
    address = tree.get_element_by_id("address").text.strip()
    again = page(address[address.index("/what-if") :])
    assert again.get_element_by_id("w-states").text.strip() == "Qatar\nFrance"


def test_a_scenario_beside_that_makes_no_sense_is_left_out(page):
    tree = page(f"/what-if?{CRIME}&who=signatories&on=2027-03-01&beside=instrument%3Dnothing")
    assert [row[0].text_content() for row in tree.cssselect("#answer ~ .scroller tbody tr")] == ["Current", "Scenario"]
