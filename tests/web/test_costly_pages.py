"""The list of costly pages is held to what pages cost, on the shipped data and without the cache."""

from itertools import count
from time import process_time

import pytest

from tracker.web import rate_limits

GIVEN = {"id": "untoc", "code": "FRA"}  # of addresses with a part to fill in
TREATY = "/instruments/untoc"
TIMES_ONE_TREATY = 2  # what a page that is not on the list may cost, measured by the page of one treaty
DAYS = (f"20{number // 300:02}-{number // 25 % 12 + 1:02}-{number % 25 + 1:02}" for number in count(3_000))


def pages(app):
    """The endpoints that anybody may ask, each with an address."""
    for rule in app.url_map.iter_rules():
        local = rule.endpoint.startswith(("static", "health.", "api_reference."))  # served once, or to this machine
        if "GET" in rule.methods and not local and rule.arguments <= GIVEN.keys():
            yield rule.endpoint, rule.build({name: GIVEN[name] for name in rule.arguments})[1]


def cost(client, path, tries=2):
    """Seconds of CPU for an answer that is not in the cache: the least of some tries."""
    found = []
    for _ in range(tries):
        begun = process_time()
        client.get(f"{path}?as_of={next(DAYS)}")
        found.append(process_time() - begun)
    return min(found)


def stays_dear(client, path):
    """Whether a page that seemed costly still does, tried in turn with the page of one treaty: machines have pauses."""
    turns = [(cost(client, path, 1), cost(client, TREATY, 1)) for _ in range(5)]
    return min(page for page, _ in turns) > TIMES_ONE_TREATY * min(treaty for _, treaty in turns)


@pytest.mark.slow
def test_what_costs_more_than_the_page_of_one_treaty_is_on_the_list_of_costly_pages(app):
    client = app.test_client()
    client.get("/about")
    addresses = dict(pages(app))
    measure = cost(client, TREATY)
    costs = {endpoint: cost(client, path) for endpoint, path in addresses.items()}
    dear = {endpoint for endpoint, seconds in costs.items() if seconds > TIMES_ONE_TREATY * measure}
    assert {"record.about", "record.home"} <= costs.keys()
    unlisted = {each for each in dear - rate_limits.EXPENSIVE_ENDPOINTS if stays_dear(client, addresses[each])}
    assert unlisted == set()
    assert costs["matrix.page"] > costs["record.about"]


@pytest.mark.parametrize("path", ["/map", "/participants", "/network", "/findings", "/timeline", "/data"])
def test_pages_that_cross_all_the_data_count_as_costly(app, path):
    endpoint, _ = app.url_map.bind("localhost").match(path)
    assert endpoint in rate_limits.EXPENSIVE_ENDPOINTS


@pytest.mark.parametrize("form", ["csv", "docx", "xlsx"])
def test_a_file_made_of_a_table_counts_as_costly(app, form):
    with app.test_request_context(f"/instruments/untoc/participants.{form}"):
        assert rate_limits._is_costly()
    with app.test_request_context("/instruments/untoc/participants"):
        assert not rate_limits._is_costly()


@pytest.mark.parametrize(("path", "requests"), [
    ("/network/frames?date=2003-01-01&date=2003-01-02", 1), ("/network/frames", 1), ("/matrix?date=1&date=2&date=3", 1),
    ("/network/frames?" + "&".join(f"date=2003-01-{day:02}" for day in range(1, 14)), 4),
])  # fmt: skip
def test_many_frames_of_the_network_count_as_several_requests(app, path, requests):
    with app.test_request_context(path):
        assert rate_limits._cost() == requests


def test_frames_of_the_network_count_as_played_and_its_page_does_not(app):
    played = {"/network/frames": True, "/network/drawing": True, "/network": False, "/matrix": False}
    for path, expected in played.items():
        with app.test_request_context(path):
            assert rate_limits._is_played() == expected


def test_drawings_that_the_slider_asks_for_have_an_allowance_between_the_two():
    most = [int(each.split()[0]) for each in (rate_limits.COSTLY, rate_limits.PLAYED, rate_limits.READING)]
    assert most == sorted(set(most))
