"""Days as a record knows them: to the day, to the month, or only to the year."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.law.dates import PartialDate, in_words


@pytest.mark.parametrize(
    ("text", "first", "last", "words"),
    [
        ("2003-09-29", date(2003, 9, 29), date(2003, 9, 29), "29 September 2003"),
        ("2004-02", date(2004, 2, 1), date(2004, 2, 29), "February 2004"),
        ("2003", date(2003, 1, 1), date(2003, 12, 31), "2003"),
        ("0843-08", date(843, 8, 1), date(843, 8, 31), "August 843"),
    ],
)
def test_what_is_known_is_kept_and_never_rounded(text, first, last, words):
    partial = PartialDate.parse(text)
    assert (partial.first, partial.last, str(partial)) == (first, last, text)
    assert in_words(partial).lstrip("0") == words
    assert (partial.exact is None) == (len(text) < 10)


@pytest.mark.parametrize(
    "text",
    ["", "2003-00", "2003-10-00", "2003-13", "2003-02-30", "03-02-01", "2003-2-1", "2003-02-01T00", "٢٠٠٣", "0000"],
)
def test_what_is_no_date_is_refused(text):
    with pytest.raises(ValueError, match="is not a da"):
        PartialDate.parse(text)


@given(st.dates())
def test_every_day_is_printed_and_read_back(day):
    assert PartialDate.parse(str(PartialDate.of(day))).exact == day
