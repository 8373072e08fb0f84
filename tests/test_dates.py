"""Dates: what is accepted, what is refused and why, and how each is said."""

import calendar
import datetime as dt
import re

import pytest
from edtf import EDTFParseException, parse_edtf
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from wartimeline.dates import DateError, When, parse_when

# What is written: the first and last day it can mean, in words, in brief.
FORMS = {
    "2016-12-12": ("2016-12-12", "2016-12-12", "Monday 12 December 2016", ("12", "Dec")),
    "2016-02-29": ("2016-02-29", "2016-02-29", "Monday 29 February 2016", ("29", "Feb")),
    "2016-12": ("2016-12-01", "2016-12-31", "December 2016", ("Dec", "in the month")),
    "2015-02": ("2015-02-01", "2015-02-28", "February 2015", ("Feb", "in the month")),
    "2016": ("2016-01-01", "2016-12-31", "2016", ("2016", "in the year")),
    "0999": ("0999-01-01", "0999-12-31", "999", ("999", "in the year")),
    "2016-02-XX": ("2016-02-01", "2016-02-29", "a day in February 2016", ("Feb", "day not known")),
    "2016-12-12~": (
        "2016-12-12", "2016-12-12", "about Monday 12 December 2016", ("12", "about Dec"),
    ),
    "2016-12-12?": (
        "2016-12-12", "2016-12-12", "Monday 12 December 2016 (date uncertain)",
        ("12", "uncertain Dec"),
    ),
    "2016-12-12%": (
        "2016-12-12", "2016-12-12", "about Monday 12 December 2016 (date uncertain)",
        ("12", "about Dec"),
    ),
    "2016-11~": ("2016-11-01", "2016-11-30", "about November 2016", ("Nov", "about")),
    "2016-11?": (
        "2016-11-01", "2016-11-30", "November 2016 (date uncertain)", ("Nov", "uncertain"),
    ),
    "2016-11%": (
        "2016-11-01", "2016-11-30", "about November 2016 (date uncertain)", ("Nov", "about"),
    ),
    "2016~": ("2016-01-01", "2016-12-31", "about 2016", ("2016", "about")),
    "2016?": ("2016-01-01", "2016-12-31", "2016 (date uncertain)", ("2016", "uncertain")),
    "2016%": ("2016-01-01", "2016-12-31", "about 2016 (date uncertain)", ("2016", "about")),
    "2016-11-26/2016-11-28": (
        "2016-11-26", "2016-11-28", "26–28 November 2016", ("26–28", "Nov"),
    ),
    "2016-11-28/2016-12-03": (
        "2016-11-28", "2016-12-03", "28 November – 3 December 2016", ("28 Nov –", "3 Dec"),
    ),
    "2016-12-28/2017-01-03": (
        "2016-12-28", "2017-01-03", "28 December 2016 – 3 January 2017",
        ("28 Dec –", "3 Jan 2017"),
    ),
    "2016-11-26~/2016-11-28": (
        "2016-11-26", "2016-11-28", "about 26 November 2016 – 28 November 2016",
        ("26–28", "about Nov"),
    ),
    "2016-11-28/2016-12-03~": (
        "2016-11-28", "2016-12-03", "28 November 2016 – about 3 December 2016",
        ("28 Nov –", "about 3 Dec"),
    ),
}  # fmt: skip

# Intervals of which only the words are settled here.
WORDS = {
    "2016-11/2016-12": "November – December 2016",
    "2015-11/2016-02": "November 2015 – February 2016",
    "2015/2016": "2015 – 2016",
    "2016-12/2016-12-12": "December 2016 – 12 December 2016",
    "2016-12-XX/2017-01-XX": "a day in December 2016 – a day in January 2017",
    "2016-12~/2017-01?": "about December 2016 – January 2017 (date uncertain)",
    "2016-12-XX~": "about a day in December 2016",
}

CALENDAR = "'{}' is not a calendar date"
FORM = (
    "'{}' is not a date of a form used here "
    "(2016-12-12, 2016-12, 2016, 2016-12-XX, each with ~ or ?, or two joined by /)"
)
OPEN = "an interval must have a start and an end"
BACKWARD = "'{}' ends before it starts"
REFUSED = {
    "2016-02-30": CALENDAR,
    "2015-02-29": CALENDAR,
    "2016-12-00": CALENDAR,
    "0000-01-01": CALENDAR,
    "2016-00": CALENDAR,
    "2016-13": CALENDAR,
    "2016-13-XX": CALENDAR,
    "2016-02-30~": CALENDAR,
    "2016-04-31?": CALENDAR,
    "": OPEN,
    "..": OPEN,
    "/": OPEN,
    "2016/": OPEN,
    "/2016": OPEN,
    "2016/..": OPEN,
    "../2016": OPEN,
    "2017/2016": BACKWARD,
    "2016-12-12/2016-12-11": BACKWARD,
    "2016-12-12/2016-12": BACKWARD,
    "2016/2017/2018": "'{}' is not a date or an interval of two dates",
    "2016-12-12T10:00:00Z": FORM,
    "[2016,2017]": FORM,
    "{2016,2017}": FORM,
    "201X": FORM,
    "2016-XX": FORM,
    "2016-XX-12": FORM,
    "2016-12-1X": FORM,
    "2016-12-xx": FORM,
    "2016-1-1": FORM,
    "16-12-12": FORM,
    "20161212": FORM,
    "2016-W05": FORM,
    "-2016": FORM,
    "Y12016": FORM,
    "?2016": FORM,
    "2016~-12": FORM,
    "2016-12-12~?": FORM,
    "12 December 2016": FORM,
    "unknown": FORM,
    " 2016": FORM,
    "2016-12-12\n": FORM,
    "٢٠١٦": FORM,
}

DAYS = st.dates(min_value=dt.date(1000, 1, 1))


@st.composite
def moments(draw: st.DrawFn) -> str:
    """Write a date of any single form."""
    day = draw(DAYS)
    form = draw(st.sampled_from(["%Y-%m-%d", "%Y-%m-XX", "%Y-%m", "%Y"]))
    mark = draw(st.sampled_from(["", "~", "?", "%"]))
    return day.strftime(form) + mark


@st.composite
def near_dates(draw: st.DrawFn) -> str:
    """Write what looks like a date and may be none."""
    year, month, day = (draw(st.integers(0, most)) for most in (9999, 19, 39))
    form = draw(st.sampled_from(["{:04}", "{:04}-{:02}", "{:04}-{:02}-XX", "{:04}-{:02}-{:02}"]))
    text = form.format(year, month, day) + draw(st.sampled_from(["", "~", "?", "%", "/2016", "/"]))
    # Two kinds that crash have tests of their own.
    assume("0000" not in text and "-02-29" not in text)
    return text


def first_day(text: str) -> dt.date:
    return parse_when(text).earliest


WHENS = moments() | st.tuples(moments(), moments()).map(
    lambda ends: "/".join(sorted(ends, key=first_day))
)


def read_words(words: str) -> tuple[dt.date, dt.date]:
    """Read back what a plain day or interval of days is called; what is left out is shared."""
    found = re.fullmatch(
        r"(?:(?P<weekday>\w+day) )?"
        r"(?P<first>\d+)(?: (?P<first_month>\w+))?(?: (?P<first_year>\d+))?"
        r"(?: ?– ?(?P<last>\d+) (?P<month>\w+) (?P<year>\d+))?",
        words,
    )
    assert found, words
    month, year = found["month"] or found["first_month"], found["year"] or found["first_year"]
    months = list(calendar.month_name)
    first = dt.date(
        int(found["first_year"] or year),
        months.index(found["first_month"] or month),
        int(found["first"]),
    )
    last = dt.date(int(year), months.index(month), int(found["last"] or found["first"]))
    assert found["weekday"] in {None, calendar.day_name[first.weekday()]}
    return first, last


@pytest.mark.parametrize("text", FORMS)
def test_a_date_has_a_first_and_a_last_day(text: str) -> None:
    when = parse_when(text)
    assert (str(when.earliest), str(when.latest)) == FORMS[text][:2]


@pytest.mark.parametrize("text", [*FORMS, *WORDS])
def test_a_date_is_said_in_words(text: str) -> None:
    words = FORMS[text][2] if text in FORMS else WORDS[text]
    assert parse_when(text).in_words() == words


@pytest.mark.parametrize("text", FORMS)
def test_a_date_has_a_brief_label(text: str) -> None:
    assert parse_when(text).in_brief() == FORMS[text][3]


@pytest.mark.parametrize("text", REFUSED)
def test_what_cannot_be_shown_is_refused_with_the_reason(text: str) -> None:
    with pytest.raises(DateError) as error:
        parse_when(text)
    assert str(error.value) == REFUSED[text].format(text)


def test_the_end_that_is_wrong_is_the_one_that_is_named() -> None:
    with pytest.raises(DateError, match="'2016-02-30' is not a calendar date"):
        parse_when("2016-02-01/2016-02-30")


@pytest.mark.parametrize(
    ("text", "is_day"),
    [
        ("2016-12-12", True),
        ("2016-12", False),
        ("2016-12-XX", False),
        ("2016", False),
        ("2016-12-12/2016-12-13", False),
    ],
)
def test_only_one_known_day_is_a_day(text: str, *, is_day: bool) -> None:
    assert parse_when(text).is_day is is_day


@pytest.mark.parametrize("text", ["0000", "0000-12-XX", "2015-02-29~", "2015-02-29?/2016"])
def test_a_day_or_year_that_never_was_is_no_calendar_date(text: str) -> None:
    with pytest.raises(DateError):
        parse_when(text)


@pytest.mark.parametrize("text", ["2016-21", "2016-22", "2016-23", "2016-24", "2016-21/2016-22"])
def test_a_season_is_refused_as_there_are_no_words_for_it(text: str) -> None:
    with pytest.raises(DateError):
        parse_when(text)


@pytest.mark.parametrize(
    "text", ["2016-12-XX~", "2016-12-XX?", "2016-11-26?/2016-11-28", "2016-11?/2016-12"]
)
def test_a_brief_label_keeps_the_doubt(text: str) -> None:
    label = " ".join(parse_when(text).in_brief())
    assert "about" in label or "uncertain" in label


@pytest.mark.parametrize("text", ["2016-11-26/2016-12", "2016-11-26/2017"])
def test_a_brief_label_names_the_month_of_the_first_day(text: str) -> None:
    assert parse_when(text).in_brief()[0] == "26 Nov –"


def test_dates_are_compared_by_first_and_then_by_last_day() -> None:
    texts = ["2016-12-12", "2016", "2016-01", "2015-12-31/2016-12-31", "2016-01-01"]
    ordered = ["2015-12-31/2016-12-31", "2016-01-01", "2016-01", "2016", "2016-12-12"]
    assert sorted(map(parse_when, texts)) == list(map(parse_when, ordered))  # type: ignore[type-var]


@given(WHENS)
@settings(max_examples=40, deadline=None)
def test_a_range_contains_its_ends(text: str) -> None:
    when = parse_when(text)
    assert when.earliest == when.start.earliest <= when.start.latest
    assert when.earliest <= when.end.earliest <= when.end.latest == when.latest


@given(WHENS)
@settings(max_examples=40, deadline=None)
def test_a_date_is_shown_as_it_was_written_and_reads_back_the_same(text: str) -> None:
    when = parse_when(text)
    assert str(when) == text
    assert parse_when(str(when)) == when


@given(DAYS)
@settings(deadline=None)
def test_the_words_of_a_day_read_back_as_that_day(day: dt.date) -> None:
    assert read_words(parse_when(str(day)).in_words()) == (day, day)


@given(DAYS, st.integers(1, 800))
@settings(deadline=None)
def test_the_words_of_an_interval_of_days_read_back_as_its_ends(day: dt.date, length: int) -> None:
    assume(day.year < dt.MAXYEAR - 3)
    last = day + dt.timedelta(days=length)
    assert read_words(parse_when(f"{day}/{last}").in_words()) == (day, last)


@given(st.text() | near_dates())
@settings(max_examples=80, deadline=None)
def test_any_text_is_a_date_or_a_date_error(text: str) -> None:
    try:
        when = parse_when(text)
    except DateError:
        return
    assert isinstance(when, When)
    assert when.in_words()
    assert all(when.in_brief())


@given(moments() | near_dates())
@settings(max_examples=100, deadline=None)
def test_a_date_means_what_the_edtf_library_says_it_means(text: str) -> None:
    try:
        ours = parse_when(text)
    except DateError:
        assume("/" not in text)
        with pytest.raises((EDTFParseException, ValueError)):
            dt.date(*parse_edtf(text).lower_strict()[:3])
        return
    if "/" not in text:
        theirs = parse_edtf(text)
        assert ours.earliest == dt.date(*theirs.lower_strict()[:3])
        assert ours.latest == dt.date(*theirs.upper_strict()[:3])
