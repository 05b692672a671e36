"""The environment as settings: defaults that work, and refusals that name what to mend."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from tracker import config
from tracker.config import Settings, shipped_folder
from tracker.errors import BadSettings


def test_an_empty_environment_gives_defaults_that_work():
    given = Settings.from_environment({})
    assert given.database_url == "sqlite:///tracker.db"
    assert (given.host, given.port) == ("127.0.0.1", 8000)
    assert (given.data_dir / "treaties.csv").is_file()
    assert given.static_dir.name == "static"


def test_every_process_without_a_key_draws_its_own():
    one, other = Settings.from_environment({}), Settings.from_environment({})
    assert one.secret_key != other.secret_key
    assert len(one.secret_key) >= 32


def test_variables_of_other_programs_are_none_of_our_business():
    assert Settings.from_environment({"HOME": "/", "PATH": "x", "TRACKER_TEST_POSTGRES": "y"}).port == 8000


def test_an_empty_variable_asks_for_the_default():
    assert Settings.from_environment({"TRACKER_PORT": ""}).port == 8000


def test_each_variable_sets_its_setting(tmp_path: Path):
    given = Settings.from_environment(
        {
            "TRACKER_DATABASE_URL": "postgres://someone@db/treaties",
            "TRACKER_DATA": str(tmp_path),
            "TRACKER_STATIC": str(tmp_path),
            "TRACKER_HOST": "::1",
            "TRACKER_PORT": "80",
            "TRACKER_SECRET_KEY": "sixteen or more characters",
        }
    )
    assert given == Settings(
        database_url="postgres://someone@db/treaties",
        data_dir=tmp_path,
        static_dir=tmp_path,
        host="::1",
        port=80,
        secret_key="sixteen or more characters",
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TRACKER_DATABASE_URL", "mysql://host/name"),
        ("TRACKER_DATABASE_URL", "tracker.db"),
        ("TRACKER_DATABASE_URL", "sqlite:///"),
        ("TRACKER_DATA", "/no/such/folder"),
        ("TRACKER_STATIC", "/no/such/folder"),
        ("TRACKER_HOST", "http://localhost"),
        ("TRACKER_PORT", "0"),
        ("TRACKER_PORT", "65536"),
        ("TRACKER_PORT", "-1"),
        ("TRACKER_PORT", "80.0"),
        ("TRACKER_PORT", "\u0668\u0660"),
        ("TRACKER_PORT", "9" * 5000),
        ("TRACKER_SECRET_KEY", "short"),
        ("TRACKER_DATBASE_URL", "sqlite:///x.db"),
        ("TRACKER_BASE_URL", "treaties.example"),
        ("TRACKER_BASE_URL", "ftp://treaties.example"),
        ("TRACKER_BASE_URL", "https://treaties.example/?x=1"),
        ("TRACKER_SMTP_URL", "mail.example:25"),
        ("TRACKER_SMTP_URL", "http://mail.example"),
        ("TRACKER_MAIL_FROM", "nobody"),
        ("TRACKER_MAIL_FROM", "a@b.example\r\nBcc: c@d.example"),
        ("TRACKER_MAIL_FROM", "A <a@b.example>"),
        ("TRACKER_ALLOW_PRIVATE_WEBHOOKS", "true"),
    ],
)
def test_a_value_that_makes_no_sense_is_refused_by_the_name_of_its_variable(name: str, value: str):
    with pytest.raises(BadSettings, match=name):
        Settings.from_environment({name: value})


def test_a_mistyped_variable_is_answered_with_those_that_exist():
    with pytest.raises(BadSettings, match="The settings are TRACKER_DATABASE_URL"):
        Settings.from_environment({"TRACKER_DB": "x"})


def test_no_secret_is_shown():
    with pytest.raises(BadSettings) as refused:
        Settings.from_environment({"TRACKER_DATABASE_URL": "mysql://me:hunter2@host/name"})
    assert "hunter2" not in str(refused.value)
    with pytest.raises(BadSettings) as refused:
        Settings.from_environment({"TRACKER_SECRET_KEY": "hunter2"})
    assert "hunter2" not in str(refused.value)
    shown = repr(Settings(database_url="postgresql://me:hunter2@host/name", secret_key="hunter2 hunter2 hunter2"))
    assert "hunter2" not in shown


def test_an_installed_package_prefers_the_files_it_carries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(config, "_PACKAGE", tmp_path / "tracker")
    assert shipped_folder("data") == tmp_path / "data"
    (tmp_path / "tracker" / "_shipped" / "data").mkdir(parents=True)
    assert shipped_folder("data") == tmp_path / "tracker" / "_shipped" / "data"


def test_how_the_un_treaty_collection_is_asked_can_be_set():
    given = {"TRACKER_UNTC_URL": "http://127.0.0.1:9/", "TRACKER_CONTACT": "me@example.org", "TRACKER_SYNC_HOURS": "6"}
    asked = Settings.from_environment(given)
    assert (asked.untc_url, asked.contact, asked.sync_hours) == ("http://127.0.0.1:9", "me@example.org", 6)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TRACKER_UNTC_URL", "treaties.un.org"),
        ("TRACKER_UNTC_URL", "https://treaties.un.org?x"),
        ("TRACKER_CONTACT", "two\nlines"),
        ("TRACKER_CONTACT", "é"),
        ("TRACKER_SYNC_HOURS", "0"),
        ("TRACKER_SYNC_HOURS", "169"),
        ("TRACKER_SYNC_HOURS", "daily"),
    ],
)
def test_a_way_of_asking_that_makes_no_sense_is_refused_by_name(name, value):
    with pytest.raises(BadSettings, match=name):
        Settings.from_environment({name: value})


def test_every_bad_variable_is_named_at_once_with_its_value_and_what_to_write():
    with pytest.raises(BadSettings) as refused:
        Settings.from_environment({"TRACKER_LOG": "xml", "TRACKER_PORT": "http", "TRACKER_SECRET_KEY": "hunter2"})
    assert str(refused.value).splitlines() == [
        "TRACKER_PORT=http is not a port: write a whole number from 1 to 65535.",
        (
            "TRACKER_SECRET_KEY, whose value is not shown here, is not long enough to keep a secret: "
            "give 16 or more random characters."
        ),
        "TRACKER_LOG=xml is not a form of log: write json, text, or auto (text on a terminal).",
    ]


def test_a_misspelled_setting_is_refused_in_python_as_well():
    with pytest.raises(ValidationError, match="databse_url") as refused:
        Settings(databse_url="postgresql://me:hunter2@host/name")
    assert "hunter2" not in str(refused.value)


def test_what_may_be_left_out_may_be_given_as_empty():
    given = Settings(smtp_url="", metrics_token="", hosts=())
    assert (given.smtp_url, given.metrics_token, given.hosts) == ("", "", ())
