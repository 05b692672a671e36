"""Windows that tests lend to one another: each begins as a new one, and what a page complains of last is heard too."""

import pytest

STORED = "localStorage.setItem('left', '1'); document.cookie = 'left=1'; 'done'"
LEFT = "[localStorage.length, document.cookie]"
FROM_CACHE = "performance.getEntriesByType('resource').filter((each) => !each.transferSize).map((each) => each.name)"
MEDIA = "matchMedia('print, (prefers-color-scheme: dark)').matches"


def test_a_window_that_was_used_begins_as_a_new_one(windows, server):
    with windows.lend([], viewport={"width": 360, "height": 740}, color_scheme="dark") as page:
        page.goto(f"{server}/about")
        assert page.evaluate(f"{STORED}, {LEFT}") == [1, "left=1"]
        page.route("**/claims", lambda route: route.abort())
        page.emulate_media(media="print")
    with windows.lend([]) as again:
        assert again is page
        assert again.url == "about:blank"
        assert again.goto(f"{server}/claims").status == 200
        assert again.evaluate(LEFT) == [0, ""]
        assert again.evaluate(FROM_CACHE) == []
        assert again.evaluate(f"[innerWidth, {MEDIA}]") == [1440, False]


def test_two_windows_at_a_time_are_two_and_kinds_are_not_confused(windows, server):
    with windows.lend([]) as one, windows.lend([]) as other, windows.lend([], java_script_enabled=False) as bare:
        assert len({one, other, bare}) == 3
        bare.goto(f"{server}/about")
        assert bare.locator("noscript").count() == bare.locator("noscript:visible").count()


def test_what_a_page_complains_of_last_is_heard_and_the_next_one_hears_nothing_of_it(windows, server):
    first, second = [], []
    with windows.lend([("console", lambda message: first.append(message.text))]) as page:
        page.goto(f"{server}/about")
        page.evaluate("setTimeout(() => console.error('at last')), 'begun'")
    with windows.lend([("console", lambda message: second.append(message.text))]) as page:
        page.goto(f"{server}/about")
        page.evaluate("console.error('anew')")
    assert (first, second) == (["at last"], ["anew"])


def test_a_window_in_which_something_went_wrong_is_not_used_again(windows):
    with pytest.raises(ZeroDivisionError), windows.lend([]) as broken:
        1 / 0  # noqa: B018
    assert broken.is_closed()
    with windows.lend([]) as page:
        assert page is not broken
