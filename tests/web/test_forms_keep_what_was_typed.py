"""Every form answers a value that makes no sense with itself: what was typed, and what is wrong beside its field."""

import re

import pytest
from lxml import html
from werkzeug.datastructures import MultiDict

from tests.browser.test_every_page import ADDRESSES
from tests.support.builders import body, instrument, participant
from tests.web.test_review_pages import MOMENT, PASSWORD, sign_in
from tracker.accounts import users
from tracker.app import create_app
from tracker.config import Settings
from tracker.storage import repository
from tracker.web.pages.review import EXTENSION

WRONG = "no such thing \N{SNOWMAN}"
TYPED = "input:not([type=hidden]):not([type=checkbox]):not([type=radio]):not([type=search]):not([type=range]), textarea"
FREE = {"who", "article", "text", "evidence", "contact"}  # any text may be written there
BESIDE_A_CHOICE = {
    "member_at",
    "standing_at",
    "judged_at",
    "number",
}  # with nothing chosen, they ask nothing
FOR_EDITORS = ("/edit/action", "/edit/statement", "/edit/membership", "/edit/assessment", "/edit/treaty", "/add-treaty",
               "/import", "/set-targets")  # fmt: skip
FREE_FOR_EDITORS = {
    "source", "doubt", "territory", "not_counted", "note", "reason", "article", "summary", "text", "language", "role",
    "scheme", "value", "edition", "title", "short_name", "test_on", "reference", "aliases", "subject", "adopted_at",
    "depositary", "registration", "disputes",
}  # fmt: skip
SIGN_IN = {"name", "password"}  # of which nobody is told which is wrong


def forms(tree):
    """The forms of a page that are filled in by hand, the box of the search aside."""
    for form in tree.cssselect("form"):
        fields = [each for each in form.cssselect(TYPED) if each.get("name") and each.get("type") != "file"]
        if fields:
            yield form, [each.get("name") for each in fields]


def values(form):
    """What a browser would send of a form as it stands."""
    pairs = [(name, value) for name, value in form.form_values() if value]
    return [(name, value) for name, value in pairs if name != "q" or form.get("role") != "search"]


def sent(client, path, form, name, text):
    address = re.sub("#.*", "", form.get("action") or path)
    given = MultiDict([*((key, value) for key, value in values(form) if key != name), (name, text)])
    if form.get("method", "get").lower() == "get":
        return client.get(address, query_string=given)
    return client.post(address, data=given, headers={"Referer": "http://localhost/"})


def kept(field):
    """What a field holds."""
    return (field.text or "").strip("\n") if field.tag == "textarea" else field.get("value", "")


def shown_again(answer, name, text):
    """The field as the answer shows it; a test fails where it does not say what is wrong with it."""
    tree = html.fromstring(answer.text)
    found = [
        each for each in tree.cssselect(f'main [name="{name}"], header [name="{name}"]') if each.get("aria-invalid")
    ]
    assert found, f"{name}: no field is marked: {tree.text_content()[:200]}"
    [field] = found
    assert field.get("aria-invalid") == "true"
    [fault] = tree.cssselect(f"[id='{field.get('aria-describedby')}']")
    assert fault.text_content().strip()
    assert kept(field) in (text, text[: int(field.get("maxlength") or len(text))])
    return field


@pytest.fixture(scope="module")
def seen_forms():
    return set()


@pytest.mark.parametrize("path", ADDRESSES)
def test_every_form_that_asks_shows_the_fault_at_its_field(client, path, seen_forms):
    for form, names in forms(html.fromstring(client.get(path).text)):
        key = (re.sub("[?#].*", "", form.get("action") or path), tuple(names))
        if key in seen_forms or (form.get("class") == "as-of" and ("as-of",) in seen_forms):
            continue
        seen_forms |= {key, ("as-of",)} if form.get("class") == "as-of" else {key}
        for name in names:
            answer = sent(client, path, form, name, WRONG)
            if answer.status_code in (200, 302, 303):
                assert name in FREE | BESIDE_A_CHOICE, f"{path}: {name} takes anything"
                continue
            assert answer.status_code in (400, 422), f"{path}: {name}: {answer.status_code}"
            if name in FREE | BESIDE_A_CHOICE | SIGN_IN:  # another field is wrong, or the whole
                tree = html.fromstring(answer.text)
                assert tree.cssselect("main [role=alert]")
                assert name == "password" or WRONG in kept(tree.cssselect(f'main [name="{name}"]')[0])
            else:
                shown_again(answer, name, WRONG)


@pytest.mark.parametrize("path", ["/", "/participants/FRA", "/matrix", "/instruments/untoc/map", "/map", "/about"])
def test_a_status_date_that_is_none_is_shown_at_its_field_on_the_page_itself(client, path):
    answer = client.get(path, query_string={"as_of": "29.9.2003"})
    assert answer.status_code == 400
    field = shown_again(answer, "as_of", "29.9.2003")
    assert field.get("id") == "as-of"
    heading = html.fromstring(client.get(path).text).cssselect("h1")[0].text_content()
    assert html.fromstring(answer.text).cssselect("h1")[0].text_content() == heading
    assert "as_of=29" not in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("name", ["member_at", "standing_at", "judged_at"])
def test_the_builder_of_queries_keeps_what_was_chosen(client, name):
    chosen = {"member_of": "greco", "standing_of": "uncac", "standing_how": "signatory", "judged_of": "fatf-grey",
              "judged_how": "assessed"}  # fmt: skip
    answer = client.get("/select", query_string={**chosen, name: "soon", "q": "region=Africa"})
    assert answer.status_code == 400
    field = shown_again(answer, name, "soon")
    assert dict(field.getparent().getparent().getparent().form_values()).items() >= chosen.items()
    assert "region=Africa" in answer.text


def test_an_article_that_is_too_long_is_shown_at_its_field(client):
    shown_again(client.get("/instruments/untoc/statements", query_string={"article": "3" * 60}), "article", "3" * 60)


def test_a_text_too_long_to_look_for_stays_in_the_box(client):
    answer = client.get("/search", query_string={"q": "x" * 120})
    assert answer.status_code == 400
    field = shown_again(answer, "q", "x" * 120)
    assert field.get("id") == "search"


def test_several_faults_are_all_named(client):
    answer = client.get("/instruments/untoc/participants?acted_from=soon&acted_to=later&as_of=x&group=GRULAC")
    assert answer.status_code == 400
    for name, text in (("acted_from", "soon"), ("acted_to", "later"), ("as_of", "x")):
        shown_again(answer, name, text)
    assert html.fromstring(answer.text).cssselect("#facet-groups input[checked]")


def test_programs_get_the_fault_alone(client):
    answer = client.get("/participants.json?as_of=soon")
    assert (answer.status_code, answer.json["error"]["code"]) == (400, "bad-question")
    assert (
        client.get("/api/v1/participants?as_of=soon").json["error"]["message"].startswith("as_of='soon' is not a day")
    )


def test_the_fault_is_said_in_the_language_of_the_page(client):
    answer = client.get("/about?as_of=demain&lang=fr")
    field = shown_again(answer, "as_of", "demain")
    fault = html.fromstring(answer.text).get_element_by_id(field.get("aria-describedby")).text_content()
    assert "n’est pas une date" in fault


@pytest.fixture
def editor(engine, database_url):
    """A browser in which an editor has signed in, over a small record."""
    facts = [instrument("pact", threshold=2, delay="90d"), participant("AAA"), body("club")]
    repository.record_facts(engine, facts, what="a test", moment=MOMENT)
    users.add_user(engine, "Ada", PASSWORD, moment=MOMENT)
    app = create_app(Settings(database_url=database_url, secret_key="a test's own key"))
    app.testing = True
    made = app.test_client()
    sign_in(made)
    yield made
    app.extensions[EXTENSION].engine.dispose()


def test_the_forms_of_editors_keep_what_was_typed_and_mark_the_field(editor):
    for path in FOR_EDITORS:
        (form, names), *_ = forms(html.fromstring(editor.get(path).text))
        for name in names:
            answer = sent(editor, path, form, name, WRONG)
            assert answer.status_code in (400, 422), f"{path}: {name}: {answer.status_code}"
            if name in FREE_FOR_EDITORS and (path, name) != ("/set-targets", "value"):
                field = html.fromstring(answer.text).cssselect(f'main [name="{name}"]')[0]
                assert kept(field) == WRONG, f"{path}: {name}"
            else:
                shown_again(answer, name, WRONG)
    (form, _), *_ = forms(html.fromstring(editor.get("/edit/action").text))
    said = html.fromstring(sent(editor, "/edit/action", form, "note", "").text).cssselect("main [role=alert]")[0]
    assert said.text_content() == "Not saved. Fill in this field. Name the source."
