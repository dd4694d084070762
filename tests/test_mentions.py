"""Unlinked mentions: what is one, what is not, and that only what is new is looked through."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vaults import build_site, write_vault

from seedbed import mentions, vault
from seedbed.executors import Workers
from seedbed.naming import places
from seedbed.note import read_note
from seedbed.prose import Prose, prose_of
from seedbed.reading import Means
from seedbed.site import Site, SiteSettings
from seedbed.store import Store
from seedbed.text import NotePath, fold, fold_with_places

TARGET = "---\naliases: [Logistic Function, S/curve, 曲線, ロジスティック]\n---\n# The sigmoid\n"


def found_in(root, text, target=TARGET, **others):
    """Return the words by which a note with ``text`` mentions ``Sigmoid.md``."""
    files = {"Sigmoid.md": target, "N.md": text}
    write_vault(root, files | {f"{name}.md": each for name, each in others.items()})
    read = vault.read(vault.look(root))
    found = mentions.find(read, Means())
    source = read.notes[NotePath("N.md")].source
    prose = Prose(read.notes[NotePath("N.md")].prose)
    owners = found.names.owners
    return [
        source[each.start : each.end]
        for each in places(source, prose, found.names.automaton)
        if owners[each.name] == "Sigmoid.md"
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("A Sigmoid, the sigmoid; SIGMOID's.", ["Sigmoid", "the sigmoid", "SIGMOID"]),
        ("A logistic function.", ["logistic function"]),
        ("Sigmoids, sigmoidal, asigmoid, sigmoid_1, 2sigmoid", []),
        ("non-sigmoid and sigmoid-like", ["sigmoid", "sigmoid"]),
        (
            "*Sigmoid* **sigmoid** ==sigmoid== ~~sigmoid~~",
            ["Sigmoid", "sigmoid", "sigmoid", "sigmoid"],
        ),
        ("- a sigmoid\n- [ ] a sigmoid\n\n> a sigmoid\n\n1. sigmoid", ["sigmoid"] * 4),
        ("> [!note] On sigmoid\n> A sigmoid.", ["sigmoid", "sigmoid"]),
        ("| sigmoid | b |\n|---|---|\n| `x\\|y` sigmoid | *sigmoid* |", ["sigmoid"] * 3),
        ("text[^1] sigmoid\n\n[^1]: A sigmoid.", ["sigmoid", "sigmoid"]),
        ("a \\* b &amp; sigmoid \\# sigmoid", ["sigmoid", "sigmoid"]),
        ("a %%sigmoid%% sigmoid", ["sigmoid"]),
        ("a sigmoid<br>sigmoid", ["sigmoid", "sigmoid"]),
        ("曲線と sigmoid関数、ロジスティック関数。", ["曲線", "sigmoid", "ロジスティック"]),
        ("`sigmoid` ``a sigmoid`` $sigmoid$ $$sigmoid$$", []),
        ("```\nsigmoid\n```\n\n    sigmoid\n\n$$\nsigmoid\n$$", []),
        ("[[Sigmoid]] [[N|sigmoid]] [a sigmoid](N.md) [sigmoid][x]\n\n[x]: sigmoid", []),
        ("![[Sigmoid]] ![a sigmoid](x.png) #sigmoid #a/sigmoid", []),
        ("# Sigmoid\n\nSigmoid\n=======\n\n### The sigmoid", []),
        ("https://sigmoid.example/sigmoid <https://a.b/sigmoid> www.sigmoid.com", []),
        ("<!-- sigmoid --> <b>sigmoid</b> <a href='sigmoid'>sigmoid</a>\n\n<p>\nsigmoid\n</p>", []),
        ("%%\nsigmoid\n%%", []),
        ("---\nabout: a sigmoid\n---\ntext\n", []),
        ("upstream: [[N|sigmoid]]\ntags: #sigmoid\n\ntext\n", []),
        ("sigmoid:: a\n", []),
        ("```figure\nkind: x\ncaption: a sigmoid\n```", []),
        ("[sigmoid] and !sigmoid", []),
        ("a ^sigmoid\n", []),
        ("logistic\nfunction, logistic *function*", []),
        ("S/curve and curve", []),
    ],
)
def test_a_mention_is_a_name_in_prose_as_whole_words(tmp_path, text, words):
    assert found_in(tmp_path, text) == words


def test_the_longest_name_wins_whoever_has_it(tmp_path):
    text = "The logistic function family, a logistic function."
    other = "# Logistic function family"
    assert found_in(tmp_path, text, Other=other) == ["logistic function"]


def test_a_longer_name_that_is_no_whole_word_hides_nothing(tmp_path):
    assert found_in(tmp_path, "A sigmoid networks.", Other="# A sigmoid net") == ["sigmoid"]


def test_a_name_of_two_notes_is_no_mention_of_either_and_hides_what_is_in_it(tmp_path):
    twice = "# Deep sigmoid"
    assert found_in(tmp_path, "A deep sigmoid.", One=twice, Two=twice) == []


@pytest.mark.parametrize(
    ("name", "count"), [("ab", 0), ("C++", 0), ("abc", 1), ("函数", 1), ("a" * 101, 0)]
)
def test_short_and_endless_names_are_not_looked_for(tmp_path, name, count):
    assert len(found_in(tmp_path, f"An {name} here.", f"---\naliases: ['{name}']\n---\n")) == count


def test_accents_are_compared_however_they_are_typed(tmp_path):
    words = "Über Straße, CAFÉ; ein ÜBER STRASSE und Café"
    target = "---\naliases: [über straße, café]\n---\n"
    found = found_in(tmp_path, unicodedata.normalize("NFD", words), target)
    assert [unicodedata.normalize("NFC", each) for each in found] == [
        "Über Straße", "CAFÉ", "ÜBER STRASSE", "Café",
    ]  # fmt: skip
    assert found_in(tmp_path, "überstraßen Straß", target) == []


@given(st.text(st.sampled_from("aß e\u0301\u0308ﬁ—日한\u1112\u1161\u11abK\nÅ"), max_size=30))
def test_folding_with_places_folds_as_names_are(text):
    folded, places = fold_with_places(text)
    assert folded == fold(text)
    if places is not None:
        assert len(places) == len(folded) + 1
        assert places == sorted(places)
        assert places[-1] == len(text)


MARKUP = st.sampled_from(
    ("word ", "a", " ", "*", "**", "`", "$", "[[", "]]", "[", "](b)", "|", "\n", "\n\n", "> ", "- ",
     "# ", "\\", "&amp;", "%%", "==", "<b>", "</b>", "#tag ", "^[", "]", "```", "key:: ", "!", "é", "_")
)  # fmt: skip


@given(st.lists(MARKUP, max_size=25).map("".join))
def test_prose_lies_in_the_source_in_order_and_reads_as_it_stands(text):
    note = read_note(NotePath("n.md"), text)
    prose = Prose(prose_of(note.tokens, note.source))
    ends = [end for span in prose.spans() for end in (span.start, span.end)]
    assert all(0 <= end <= len(text) for end in ends)
    assert ends == sorted(ends)


def counting(monkeypatch):
    """Return what is looked through from now on."""
    seen = []
    listen = mentions.Listener.listen

    def counted(self, source, brief):
        seen.append(source)
        return listen(self, source, brief)

    monkeypatch.setattr(mentions.Listener, "listen", counted)
    return seen


def test_only_what_is_new_is_looked_through(tmp_path, monkeypatch):
    root, cache = tmp_path / "vault", tmp_path / "cache"
    write_vault(root, {"Sigmoid.md": TARGET, "A.md": "a sigmoid", "B.md": "a tanh", "C.md": "moss"})
    seen = counting(monkeypatch)

    def now():
        seen.clear()
        site = Site(root, SiteSettings(cache=cache, jobs=1))
        list(site.pages())
        site.close()
        return {
            path: [each.source for each in said] for path, said in site.ground.mentions.of.items()
        }

    assert now() == {"Sigmoid.md": ["A.md"]}
    assert len(seen) == 4
    write_vault(root, {"C.md": "a logistic function"})
    assert now() == {"Sigmoid.md": ["A.md", "C.md"]}
    assert seen == ["a logistic function"]
    write_vault(root, {"Tanh.md": "new"})
    assert now() == {"Sigmoid.md": ["A.md", "C.md"], "Tanh.md": ["B.md"]}
    assert sorted(seen) == ["a tanh", "new"]
    write_vault(root, {"Tanh.md": "---\naliases: [sigmoid]\n---\n"})
    assert now() == {"Sigmoid.md": ["C.md"], "Tanh.md": ["B.md"]}
    assert set(filter(None, seen)) == {"a sigmoid"}
    (root / "Tanh.md").unlink()
    assert now() == {"Sigmoid.md": ["A.md", "C.md"]}


def test_processes_find_the_same(tmp_path, monkeypatch):
    monkeypatch.setattr(mentions, "_FEW", 0)
    names = {f"Name {number}.md": f"See name {number + 1}." for number in range(150)}
    read = vault.read(vault.look(write_vault(tmp_path, names)))
    alone = mentions.find(read, Means())
    store = Store(None)
    with Workers(2) as workers:
        beside = mentions.find(read, Means(workers, store))
    store.close()
    assert len(alone.of) == 149
    assert beside.of == alone.of


def page_of(root, files, uri):
    built = build_site(write_vault(root, files))
    return next(page.html for page in built.pages if page.uri == uri)


def test_a_page_lists_who_mentions_it_and_links_it_nowhere(tmp_path):
    files = {
        "Sigmoid.md": TARGET,
        "A.md": "# First\n\nIntro.\n\n## Part\n\nOne. A <b>x</b> *steep* sigmoid & $x^2$, [[B|so]]. Two sigmoid.",
        "B.md": "a sigmoid and [[Sigmoid]]",
        "Private.md": "---\npublish: false\n---\na sigmoid",
    }
    html = page_of(tmp_path, files, "sigmoid/")
    assert "Unlinked mentions (1)" in html
    assert '<a href="../a/">First</a> <small>2 times</small>' in html
    assert 'href="../a/#part:~:text=A%20x%20steep-,sigmoid">Part</a>' in html
    assert "<span>A x steep <mark>sigmoid</mark> &amp; <math>" in html
    assert "</math>, so.</span>" in html
    assert "Private" not in html


def test_a_private_note_is_no_mention(tmp_path):
    files = {"Secret plan.md": "---\npublish: false\n---\n", "A.md": "the secret plan", "B.md": ""}
    built = build_site(write_vault(tmp_path, files))
    assert not any("seedbed-mentions" in page.html for page in built.pages)


def test_of_very_many_a_page_lists_some_and_their_number(tmp_path):
    files = {"Sigmoid.md": ""} | {f"N{number:02}.md": "a sigmoid" for number in range(32)}
    html = page_of(tmp_path, files, "sigmoid/")
    assert "Unlinked mentions (32)" in html
    assert html.count("<mark>sigmoid</mark>") == 30
    assert "and 2 more notes" in html


def test_a_long_sentence_is_cut_between_words(tmp_path):
    files = {"Sigmoid.md": "", "A.md": f"{'word ' * 60}sigmoid {'$x y$ ' * 60}"}
    html = page_of(tmp_path, files, "sigmoid/")
    assert "<span>… word " in html
    assert html.count("<math>") < 40
    assert "\x02" not in html
    assert html.count("…") == 2


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("As $n! = 2$ a sigmoid $k! \\cdot n$ goes. End.", "As ⟨n! = 2⟩ a [sigmoid] ⟨k! \\cdot n⟩ goes."),
        ("Gains. `f` is a sigmoid. `g` is not.", "f is a [sigmoid]."),
        ("`$x$` and `` $x$ `` are a sigmoid", "$x$ and $x$ are a [sigmoid]"),
        ("`` a`b `` a sigmoid ` c", "a`b a [sigmoid] ` c"),
        ("*$ a $* is a sigmoid", "$ a $ is a [sigmoid]"),
        ("sigmoid $x\\$$ $$y$$", "[sigmoid] ⟨x\\$⟩ ⟨y⟩"),
        ("\x02a\x03 sigmoid \x03 b \x02", "a [sigmoid] b"),
        ("Hard<br>lines, sigmoid<br />again", "Hard lines, [sigmoid] again"),
        ("他说「sigmoid。」最后", "他说「[sigmoid]。」"),
    ],
)  # fmt: skip
def test_a_mention_is_quoted_as_it_reads(tmp_path, text, shown):
    html = page_of(tmp_path, {"Sigmoid.md": "", "A.md": text}, "sigmoid/")
    quoted = re.search(r"</a> <span>(.*?)</span></li></ul>", html)[1]
    quoted = re.sub(r"<math>.*?<annotation[^>]*>(.*?)</annotation>.*?</math>", r"⟨\1⟩", quoted)
    assert re.sub("<mark>(.*?)</mark>", r"[\1]", quoted) == shown


def test_the_names_of_a_note_are_in_one_order(tmp_path):
    aliases = [f"alias {number}" for number in range(20)]
    write_vault(tmp_path, {"A.md": f"---\naliases: {aliases}\n---\n# Title\n"})
    found = mentions.find(vault.read(vault.look(tmp_path)), Means())
    assert list(found.names.owners) == ["title", *aliases]
