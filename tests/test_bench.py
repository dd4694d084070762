"""The benchmarks: their vaults, what they make of what they measure, and the page that shows it."""

import json
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from vaults import build_site

import bench
import bootstrap
from benchmarks import builds, downloads, growth, plot, processes, profiles, results, tables, vaults
from benchmarks.edits import TEXT
from benchmarks.results import MB, Builds, Bytes, Edits, Memory, Part, Profile, Results, Run
from benchmarks.targets import targets
from seedbed import search

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "dev" / "performance.md"
NOTES = 40
FILES = (
    *("site", "cache", "manifest notes.json", "list of all notes"),
    "largest page of a tag",
)


def files_of(folder):
    files = (file for file in folder.rglob("*") if file.is_file())
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}


@pytest.fixture(scope="module")
def vault(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made")
    vaults.write_vault(folder, NOTES)
    return folder


@pytest.fixture(scope="module")
def built(vault):
    return build_site(vault)


def builds_of(notes):
    """Builds that take 2 s and 4 ms a note, of which plain MkDocs takes ten; noise in the first and last run."""
    cold = 2 + 0.004 * notes
    return Builds(
        notes=notes,
        cold=tuple(Run(cold + noise, cold * 1.5) for noise in (-0.5, 0.0, 3.0)),
        plain=tuple(Run(0.01 * notes + noise, None) for noise in (-0.5, 0.0, 3.0)),
        warm=tuple(Run(cold / 20, 1.0) for _ in range(3)),
        memory={
            kind: Memory(
                pss=notes * 60_000, rss=notes * 80_000, main=40 * MB, workers=0, pagefind=0
            )
            for kind in ("cold", "plain", "warm")
        },
        files=dict.fromkeys(FILES, notes * 1000),
        read={"cold": Bytes(page=60_000 - notes, fonts_and_images=0, search=90_000 + notes)},
    )


@pytest.fixture
def canned():
    return Results(
        machine={"cores": "2", "date": "2026-01-01"},
        builds=tuple(map(builds_of, (1_000, 5_000, 10_000))),
        edits=(Edits("seedbed serve", 5_000, "Chromium", {TEXT: (0.5, 0.9, 0.6)}),),
        profile=Profile(5_000, tuple(Part(f"part {n}", 1.0, 12.0 - n) for n in range(12))),
    )


# The vaults


def test_a_vault_is_the_same_each_time(vault, tmp_path):
    vaults.write_vault(tmp_path, NOTES)
    assert files_of(tmp_path) == files_of(vault)


def test_a_vault_with_another_seed_is_another(vault, tmp_path):
    vaults.write_vault(tmp_path, NOTES, seed=1)
    assert files_of(tmp_path) != files_of(vault)


def test_a_vault_has_as_many_notes_as_asked_for_and_a_front_page(vault):
    assert len(files_of(vault)) == NOTES
    assert (vault / "index.md").is_file()


def test_nothing_is_wrong_with_a_vault(built):
    assert built.diagnostics == ()


def test_a_vault_has_each_construct(vault):
    text = b"\n".join(files_of(vault).values()).decode()
    for construct in ("[[", "$$\n", "> [!", "```python", "- ", "|---|", "aliases:", "upstream:"):
        assert construct in text


def test_few_notes_are_linked_often_and_most_seldom(built):
    counts = sorted((len(found) for found in built.index.backlinks.values()), reverse=True)
    assert sum(counts[: NOTES // 4]) > sum(counts[NOTES // 4 :]) / 2
    assert counts[0] > 2 * counts[NOTES // 2]


@pytest.mark.parametrize("change", [vaults.with_word, vaults.with_heading])
def test_an_edit_changes_one_word_of_a_note(vault, change):
    source = vaults.midmost(vault).read_text(encoding="utf-8")
    before, after = source.split(" "), change(source, "Sprout").split(" ")
    changed = [new for old, new in zip(before, after, strict=True) if old != new]
    assert len(changed) == 1
    assert "Sprout" in changed[0]


def test_an_edit_can_be_edited(vault):
    source = vaults.midmost(vault).read_text(encoding="utf-8")
    assert vaults.with_word(vaults.with_word(source, "One"), "Two") == vaults.with_word(
        source, "Two"
    )


# Processes and parts


def test_the_script_hands_its_arguments_to_the_package(monkeypatch):
    ran = []
    monkeypatch.setattr(bootstrap, "prepare", lambda root, _extras: bootstrap.Environment(root))
    monkeypatch.setattr(bootstrap, "run", lambda command, *_: ran.append(command) or 0)
    assert bench.main(["--quick"]) == 0
    assert ran[0][1:] == ["-m", "benchmarks", "--quick"]


def test_a_build_but_a_warm_one_begins_with_nothing(vault, tmp_path):
    sites = builds.Sites(vault, tmp_path)
    for kind, kept in (("cold", False), ("warm", True), ("plain", False)):
        left = sites.prepare(kind) / "left"
        left.touch()
        sites.prepare(kind)
        assert (kind, left.exists()) == (kind, kept)


def test_a_note_is_looked_for_where_each_puts_it(vault, tmp_path):
    note = vault / "daily" / "Bias Term 7.md"
    assert downloads.address_of(note, vault, tmp_path) == "daily/Bias Term 7/"
    entries = [{"path": "daily/Bias Term 7.md", "uri": "daily/bias-term-7/"}]
    (tmp_path / "notes.json").write_text(json.dumps(entries), encoding="utf-8")
    assert downloads.address_of(note, vault, tmp_path) == "daily/bias-term-7/"


def test_a_failed_command_is_no_measurement(tmp_path):
    with pytest.raises(subprocess.CalledProcessError):
        processes.timed((sys.executable, "-c", "raise SystemExit(1)"), tmp_path)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not say")
def test_memory_is_that_of_a_command_and_of_what_it_starts(tmp_path):
    hold = "import time; held = b'x' * 40_000_000; time.sleep(0.6)"
    start = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {hold!r}])"
    held = processes.watched((sys.executable, "-c", start), tmp_path)
    assert held.workers > 40_000_000 > held.main
    assert held.rss >= held.pss > held.workers


def test_parts_pause_while_others_run():
    time = iter(range(100))
    watch = profiles.Stopwatch(clocks=(lambda: next(time),))
    with watch.part("outer"), watch.part("inner"), watch.part("outer"):
        pass
    assert watch.spent == {"outer": [3], "inner": [2]}


@pytest.mark.timeout(60)
def test_a_profile_names_doors_that_are_there(vault, tmp_path):
    found = profiles.measure(NOTES, vault, tmp_path / "profile")
    names = {part.name for part in found.parts}
    assert {"parsing notes", "rendering: formulas", "rendering: code", "writing files"} <= names
    assert set(profiles.DOORS) <= names
    assert all(part.cpu >= 0 for part in found.parts)


# Growth


def test_a_line_is_found_in_what_lies_on_one(canned):
    found = {line.name: line for line in growth.lines(canned)}
    assert found["cold build"].constant == pytest.approx(2)
    assert found["cold build"].at(1_000_000) == pytest.approx(4002)


def test_what_seems_to_fall_is_taken_to_stay(canned):
    page = next(line for line in growth.lines(canned) if line.name == "a reader's first page")
    assert (page.per_note, page.at(1_000_000)) == (0, pytest.approx(60_000 - 16_000 / 3))


def test_one_vault_has_no_growth(canned):
    assert growth.lines(replace(canned, builds=canned.builds[:1])) == ()


@pytest.mark.parametrize(
    ("notes", "jobs", "pages"),
    [(1000, 2, 1000), (2000, 2, 2000), (2000, 1, 1000), (10_000, 2, 2500), (10_000, 99, 10_000)],
)
def test_pagefind_holds_as_many_shards_as_there_are_processes(notes, jobs, pages):
    assert growth.at_once(notes, jobs) == pages


def test_growth_knows_how_many_shards_there_can_be():
    assert growth.MOST_SHARDS == search._MOST_SHARDS  # noqa: SLF001 -- nobody else asks


# Targets and tables


def test_targets_are_judged_by_medians(canned):
    cold, grown, memory, warm, edit = targets(canned)
    assert (cold.value, cold.is_met) == (pytest.approx(22 / 50), True)
    assert (grown.value, grown.limit) == (pytest.approx(42 / 6), pytest.approx(11))
    assert (memory.value, memory.is_met) == (600, True)
    assert (warm.value, warm.is_met) == (pytest.approx(0.05), True)
    assert (edit.value, edit.is_met) == (pytest.approx(0.6 / 22), True)


def test_a_target_that_is_missed_says_so(canned):
    slow = replace(canned.builds[1], cold=(Run(40.0, None),))
    missed = targets(replace(canned, builds=(canned.builds[0], slow, canned.builds[2])))
    assert not missed[0].is_met
    shown = list(tables.TABLES["targets"](replace(canned, builds=(slow,))))
    assert shown[1] == ("cold, 5,000 notes, of the time of plain MkDocs", "0.8", "0.45", "missed")


def test_results_outlast_being_written_down(canned, tmp_path):
    results.save(canned, tmp_path / "results.json")
    assert results.load(tmp_path / "results.json") == canned


def test_a_profile_shows_ten_parts_and_all(canned):
    rows = list(tables.TABLES["profile"](canned))
    assert rows[1] == ("part 0", "12.00 s", "15%")
    assert [row[0] for row in rows[-2:]] == ["the rest", "all, 5,000 notes"]
    assert rows[-2][1] == "3.00 s"


@pytest.mark.parametrize("name", tables.TABLES)
def test_a_table_has_as_many_cells_in_each_row(name, canned):
    for found in (canned, replace(canned, builds=(replace(canned.builds[0], memory={}, read={}),))):
        assert len({len(row) for row in tables.TABLES[name](found)}) == 1
        assert tables.plain(tables.TABLES[name](found))


@pytest.mark.parametrize("name", tables.TABLES)
def test_a_run_that_ended_early_can_be_shown(name):
    assert tables.plain(tables.TABLES[name](Results({"cores": "2"})))


def test_marked_blocks_of_a_page_are_filled_again_and_again(canned):
    text = "a\n<!-- measured: targets -->\nold\n<!-- end of measured -->\nb\n"
    filled = tables.page(text, canned)
    assert filled.startswith(
        "a\n<!-- measured: targets -->\n\n| target | measured | at most |  |\n"
    )
    assert filled.endswith("|\n\n<!-- end of measured -->\nb\n")
    assert tables.page(filled, canned) == filled


def test_the_page_shows_every_table_of_the_results_beside_it():
    text = PAGE.read_text(encoding="utf-8")
    shown = re.findall(r"<!-- measured: (\w+) -->", text)
    assert sorted(shown) == sorted(tables.TABLES)
    assert tables.page(text, results.load(PAGE.with_suffix(".json"))) == text


def test_a_plot_is_the_same_each_time(canned, tmp_path):
    for name in ("one.svg", "two.svg"):
        plot.draw(canned, tmp_path / name)
    assert (tmp_path / "one.svg").read_bytes() == (tmp_path / "two.svg").read_bytes()
    assert "plain MkDocs" in (tmp_path / "one.svg").read_text(encoding="utf-8")
