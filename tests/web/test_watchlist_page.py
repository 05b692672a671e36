"""My treaties: what the page shows of the treaties and States that its address names."""

DAY = "as_of=2026-11-01"


def test_the_treaties_and_states_of_the_address_stand_there_with_their_status(page, words):
    address = f"/watchlist?{DAY}&instrument=untoc&instrument=un-cybercrime&participant=FRA"
    rows = page(address).cssselect("tr[data-row]")
    assert [row.get("data-row") for row in rows] == ["untoc", "un-cybercrime", "FRA"]
    text = words(address)
    assert "In force since 29 Sep 2003" in text
    assert "Open for signature until 31 Dec 2026" in text


def test_the_figures_of_a_state_are_those_of_its_own_page(page, data):
    row = page(f"/watchlist?{DAY}&participant=FRA").cssselect("tr[data-row=FRA] td.number")
    summary = next(each for each in data(f"/participants.json?{DAY}") if each["participant"] == "FRA")
    assert [cell.text_content().strip() for cell in row] == [str(summary["party"]), str(summary["signatory"])]


def test_each_row_has_its_star_and_its_alerts(page):
    tree = page("/watchlist?instrument=untoc&participant=FRA")
    stars = [each.get("data-watch") for each in tree.cssselect("main button[data-watch]")]
    assert stars == ["instrument untoc", "participant FRA"]
    assert tree.xpath("//main//a[@href='/subscribe?instrument=untoc']")
    assert tree.xpath("//main//a[@href='/subscribe?participant=FRA']")


def test_the_link_to_the_list_opens_the_same_list(page, client):
    tree = page("/watchlist?instrument=UNTOC&participant=fra&participant=FRA")
    (link,) = tree.cssselect("#list-link")
    assert link.text.endswith("/watchlist?instrument=untoc&participant=FRA")
    again = client.get(link.text[link.text.index("/watchlist") :])
    assert again.status_code == 200


def test_a_name_that_the_data_do_not_hold_is_named_and_spoils_nothing(words, page):
    address = "/watchlist?instrument=untoc&instrument=gone&participant=ZZZ"
    assert "Not in our data: gone, ZZZ." in words(address)
    assert len(page(address).cssselect("tr[data-row]")) == 1


def test_too_many_are_refused_in_the_language_of_the_page(client):
    many = "&".join(f"instrument=x{n}" for n in range(101))
    answer = client.get(f"/watchlist?lang=fr&{many}")
    assert answer.status_code == 400
    assert "Mes traités\xa0: 100 traités et États au plus." in answer.text


def test_treaties_and_states_have_a_star_beside_their_names(page):
    for address, watch in (
        ("/instruments/untoc", "instrument untoc"),
        ("/instruments/untoc/history", "instrument untoc"),
        ("/participants/FRA", "participant FRA"),
    ):
        (star,) = page(address).cssselect("button[data-watch]")
        assert star.get("data-watch") == watch


def test_the_menu_leads_to_it(page):
    assert page("/").xpath("//nav//a[@href='/watchlist']")
