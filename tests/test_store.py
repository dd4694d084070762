"""The store of earlier builds: what is wrong with it costs time, never a build or a byte."""

import sqlite3
from contextlib import closing

import pytest

from seedbed.store import Store

ROW = ("a", "key", b"small", b"large")


@pytest.fixture
def file(tmp_path):
    return tmp_path / "cache" / "site.sqlite"


def kept(file, made_by=""):
    """Return what a new store finds in ``file``."""
    with closing(Store(file, made_by)) as store:
        return store.small("page"), store.large("page", "a")


def fill(file, made_by=""):
    with closing(Store(file, made_by)) as store:
        store.put("page", [ROW, ("b", "", b"", b"")])
        store.drop("page", ["b"])
        store.commit()


def test_what_is_committed_is_there_another_day(file):
    fill(file)
    assert kept(file) == ({"a": ("key", b"small")}, b"large")


def test_what_is_not_committed_is_forgotten(file):
    with closing(Store(file)) as store:
        store.put("page", [ROW])
    assert kept(file) == ({}, None)


def test_an_entry_replaces_the_one_of_its_name(file):
    fill(file)
    with closing(Store(file)) as store:
        store.put("page", [("a", "other", b"x", b"y")])
        store.commit()
    assert kept(file) == ({"a": ("other", b"x")}, b"y")


def test_other_settings_or_other_code_empty_it(file, monkeypatch):
    fill(file, "these")
    assert kept(file, "those") == ({}, None)
    fill(file, "these")
    monkeypatch.setattr("seedbed.store._own_version", lambda: "tomorrow's")
    assert kept(file, "these") == ({}, None)


@pytest.mark.parametrize("content", [b"no database", b"SQLite format 3\0" + b"x" * 5000, b""])
def test_a_broken_file_is_replaced(file, content):
    file.parent.mkdir()
    file.write_bytes(content)
    assert kept(file) == ({}, None)
    fill(file)
    assert kept(file)[1] == b"large"


def test_an_entry_that_has_been_damaged_is_none(file):
    fill(file)
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE entries SET small = x'00000000ff', large = x''")
    assert kept(file) == ({}, None)


def test_while_another_build_writes_one_does_without(file, monkeypatch):
    monkeypatch.setattr("seedbed.store._WAIT", 0.05)
    fill(file)
    with closing(Store(file)):
        assert kept(file) == ({}, None)
        fill(file)
    assert kept(file)[1] == b"large"


def test_where_nothing_can_be_written_nothing_is_kept(tmp_path):
    (tmp_path / "cache").write_text("a file where a folder should be")
    fill(tmp_path / "cache" / "site.sqlite")
    assert kept(tmp_path / "cache" / "site.sqlite") == ({}, None)


def test_a_store_without_a_file_leaves_nothing():
    with closing(Store(None)) as store:
        store.put("page", [ROW])
        store.commit()
        assert store.kinds() == ("page",)
        folder = store._folder.name  # noqa: SLF001 -- the only way to see that it goes
    with pytest.raises(FileNotFoundError), open(folder):  # noqa: PTH123
        pass
