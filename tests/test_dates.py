"""How properties say when a note was written."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vaults import build_site, write_vault

from seedbed.dates import Dates, dates_of, read_date
from seedbed.history import UNKNOWN, History
from seedbed.properties import read_block

EAST = timezone(timedelta(hours=9))
DAY = datetime(2024, 5, 3)  # noqa: DTZ001 -- as notes say it
COMMITTED = History({"A.md": ("2019-01-01T00:00:00+00:00", "2019-02-01T00:00:00+00:00")})


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (date(2024, 5, 3), DAY),
        (datetime(2024, 5, 3, 23, 59, tzinfo=EAST), DAY.replace(hour=23, minute=59)),
        ("2024-05-03", DAY),
        ("2024/5/3", DAY),
        ("2024.05.03", DAY),
        ("2024-05-03T07:08", DAY.replace(hour=7, minute=8)),
        ("2024-05-03 07:08:09.5+02:00", DAY.replace(hour=7, minute=8, second=9)),
        ("2024-05-03T07:08:09Z", DAY.replace(hour=7, minute=8, second=9)),
        ("Friday, May 3rd 2024, 12:08:09 am", DAY.replace(minute=8, second=9)),
        ("Fri, May 3rd 2024, 1:08 PM", DAY.replace(hour=13, minute=8)),
        ("3 May 2024", DAY),
        ("3. September, 2024", DAY.replace(month=9)),
        ("3rd Sept. 2024", DAY.replace(month=9)),
        ("May 3, 2024", DAY),
        ("[[2024-05-03]]", DAY),
        ([["2024-05-03"]], DAY),
        ([date(2024, 5, 3), "else"], DAY),
        ("  2024-05-03 ", DAY),
        ("2024-13-03", None),
        ("2024-02-30", None),
        ("2024-05-03 25:00", None),
        ("24-05-03", None),
        ("202405", None),
        ("0000-01-01", None),
        ("3 Mai 2024", None),
        ("{{date}}", None),
        ("", None),
        ([], None),
        (20240503, None),
        (True, None),
        (None, None),
        ({"a": 1}, None),
    ],
    ids=repr,
)
def test_a_value_is_a_moment_or_none(written, read):
    assert read_date(written) == read


@given(st.text() | st.from_regex(r"\d{1,5}[-/. ]\w{1,9}[-/. ]\d{1,5}[T ]?[\d:]*"))
def test_no_text_does_harm(text):
    found = read_date(text)
    assert found is None or found.tzinfo is None


@given(
    st.datetimes(timezones=st.just(UTC) | st.none()).map(lambda each: each.replace(microsecond=0))
)
def test_what_iso_writes_is_read(moment):
    assert read_date(moment.isoformat()) == moment.replace(tzinfo=None)


@pytest.mark.parametrize(
    "name",
    [
        *("created", "Created", "date created", "date-created", "date_created", "created-date"),
        *("created_at", "createdAt", "creation date", "date"),
    ],
)
def test_a_note_may_call_it_created(name):
    written = read_block(f"---\n{name}: 2024-05-03\n---\n").values
    assert dates_of("A.md", written, None, UNKNOWN) == Dates(DAY, None)


@pytest.mark.parametrize(
    "name",
    [
        *("updated", "modified", "last-modified", "Last Modified", "lastmod", "date modified"),
        *("date-updated", "updated_at", "modified-date", "last_updated", "last-update"),
    ],
)
def test_a_note_may_call_it_updated(name):
    written = read_block(f"---\n{name}: 2024-05-03\n---\n").values
    assert dates_of("A.md", written, None, UNKNOWN) == Dates(None, DAY)


@pytest.mark.parametrize(
    ("written", "history", "found"),
    [
        ({"date": "2020-01-01", "created": DAY}, COMMITTED, (2024, 2019)),
        ({"created": "soon", "date": DAY}, COMMITTED, (2024, 2019)),
        ({"created": "soon"}, COMMITTED, (2019, 2019)),
        ({"updated": DAY}, COMMITTED, (2019, 2024)),
        ({}, COMMITTED, (2019, 2019)),
        ({}, History(COMMITTED.commits, frozenset({"A.md"})), (2019, 2001)),
        ({"updated": DAY}, History(COMMITTED.commits, frozenset({"A.md"})), (2019, 2024)),
        ({}, History(without_git=True), (None, 2001)),
        ({"created": DAY}, History(without_git=True), (2024, 2001)),
        ({}, UNKNOWN, (None, None)),
    ],
)
def test_a_property_comes_before_git_and_git_before_the_file(written, history, found):
    changed = datetime(2001, 6, 1, tzinfo=UTC).timestamp()
    dates = dates_of("A.md", written, (1, changed, int(changed * 1e9)), history)
    assert found == tuple(each and each.year for each in (dates.created, dates.updated))


def test_a_file_system_that_knows_says_when_a_file_was_made():
    stamp = (1, 86400.0 * 365, 86400 * 10**9 * 400)
    assert dates_of("A.md", {}, stamp, History(without_git=True)) == Dates(
        datetime(1971, 1, 1),  # noqa: DTZ001
        datetime(1971, 2, 5),  # noqa: DTZ001
    )


def test_a_file_is_made_anew_when_it_is_cloned():
    stamp = (1, 86400.0 * 365, 86400 * 10**9 * 400)
    edited = History({"A.md": (None, None)}, frozenset({"A.md"}))
    assert dates_of("A.md", {}, stamp, edited).created is None
    assert dates_of("A.md", {}, stamp, History({}, frozenset({"A.md"}))).created is not None


def test_the_search_does_not_find_what_a_header_says(tmp_path):
    note = "---\nmaturity: sapling\ncreated: 2022-05-03\n---\n" + "word " * 200
    (page,) = (
        page for page in build_site(write_vault(tmp_path, {"A.md": note})).pages if page.source
    )
    shown = [word in page.html for word in ("sapling", "3 May 2022", "1 min")]
    assert (shown, [word in page.own_html for word in ("sapling", "2022", " min")]) == (
        [True] * 3,
        [False] * 3,
    )
