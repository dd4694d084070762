"""The folder of a site: what is as it should be stays, what somebody else changed is written again, the rest goes."""

from contextlib import closing
from functools import partial

import pytest

from seedbed.folder import SiteFolder, now_on_disk
from seedbed.store import Store


@pytest.fixture
def target(tmp_path):
    return tmp_path / "site"


@pytest.fixture
def build(tmp_path, target):
    """Return what brings the folder up to date, and says which files it wrote."""

    def run(files, *, by_others=(), others=()):
        with closing(Store(tmp_path / "store.sqlite")) as store:
            since = now_on_disk(target)
            for path in by_others:
                file = target / path
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text("theirs")
            folder = SiteFolder(target, store)
            written = [
                path
                for path, content in files.items()
                if folder.put(path, content, partial(content.encode))
            ]
            folder.finish(since, others)
            store.commit()
        return written

    return run


def content(target):
    return {
        file.relative_to(target).as_posix(): file.read_text()
        for file in sorted(target.rglob("*"))
        if file.is_file()
    }


FILES = {"index.html": "home", "a/index.html": "a", "a/b/index.html": "b"}


def test_a_second_build_writes_nothing(build, target):
    assert build(FILES) == list(FILES)
    before = {path: (target / path).stat().st_mtime_ns for path in FILES}
    assert build(FILES) == []
    assert {path: (target / path).stat().st_mtime_ns for path in FILES} == before
    assert content(target) == dict(sorted(FILES.items()))


def test_only_what_is_new_is_written(build, target):
    build(FILES)
    assert build(FILES | {"a/index.html": "other", "c/index.html": "c"}) == [
        "a/index.html",
        "c/index.html",
    ]
    assert content(target)["a/index.html"] == "other"


def test_what_somebody_else_changed_or_took_away_is_written_again(build, target):
    build(FILES)
    (target / "a/index.html").write_text("minified")
    (target / "index.html").unlink()
    assert build(FILES) == ["index.html", "a/index.html"]
    assert content(target) == dict(sorted(FILES.items()))


def test_what_is_of_the_site_no_more_goes_and_its_empty_folders_too(build, target):
    build(FILES)
    build({"index.html": "home"})
    assert [each.name for each in target.iterdir()] == ["index.html"]


def test_what_others_wrote_before_goes_and_what_they_write_now_stays(build, target):
    build(FILES, by_others=["assets/old.js", "both.js"])
    build(FILES, by_others=["assets/new.js", "both.js"])
    assert set(content(target)) == {*FILES, "assets/new.js", "both.js"}


def test_folders_that_others_keep_and_hidden_files_stay(build, target):
    build(FILES, by_others=["pagefind/x", ".nojekyll", ".git/config"])
    build(FILES, others=["pagefind"])
    assert {"pagefind/x", ".nojekyll", ".git/config"} <= set(content(target))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"a/index.html": "x"}, {"a": "a file"}),
        ({"a": "a file"}, {"a/b/index.html": "x"}),
        ({"a/index.html/index.html": "x"}, {"a/index.html": "y"}),
    ],
)
def test_a_file_may_come_where_a_folder_was_and_the_other_way_round(build, target, before, after):
    build(before)
    build(after)
    assert content(target) == after


def test_two_sites_of_one_store_do_not_disturb_each_other(tmp_path):
    with closing(Store(None)) as store:
        for name in ("one", "two"):
            folder = SiteFolder(tmp_path / name, store)
            assert folder.put("index.html", "key", lambda: b"x")
            folder.finish(None)
        (tmp_path / "two" / "index.html").unlink()
        (tmp_path / "two").rmdir()
        assert not SiteFolder(tmp_path / "one", store).put("index.html", "key", lambda: b"x")
        assert len(store.kinds()) == 1
