"""The theme's templates are listed as before, for what MkDocs copies, and compiled once."""

import pytest
from jinja2 import ChoiceLoader, DictLoader, Environment, FileSystemLoader
from jinja2.ext import Extension
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files
from mkdocs.theme import Theme
from vaults import write_vault

from seedbed import templates

PAGE = {"page.html": "{% include 'part.html' %}, {{ name | upper }}", "part.html": "{{ 1 + 1 }}"}


@pytest.fixture
def theme(tmp_path):
    return write_vault(tmp_path / "theme", PAGE)


@pytest.fixture
def cache(tmp_path):
    return tmp_path / "cache"


@pytest.fixture
def compiled(monkeypatch):
    """Names of the templates that Jinja has compiled."""
    names = []
    compile_one = Environment.compile

    def counted(self, source, name=None, *arguments, **keywords):
        names.append(name)
        return compile_one(self, source, name, *arguments, **keywords)

    monkeypatch.setattr(Environment, "compile", counted)
    return names


def plain(*folders, **settings):
    return Environment(loader=FileSystemLoader(folders), **settings)  # noqa: S701 -- as MkDocs does


def prepared(theme, cache, **settings):
    return templates.prepare(plain(theme, **settings), cache)


def page(environment):
    return environment.get_template("page.html").render(name="ada")


# What is listed


def test_listed_are_the_templates_of_all_folders_but_not_in_hidden_ones(tmp_path):
    own = write_vault(tmp_path / "own", {"main.html": "", ".icons/a.svg": "", "js/x.js": ""})
    base = write_vault(tmp_path / "base", {"main.html": "", "js/.hidden/y.js": "", ".z": ""})
    environment = templates.prepare(plain(own, base), None)
    assert environment.list_templates() == [".z", "js/x.js", "main.html"]


def test_what_is_not_listed_is_loaded_all_the_same(tmp_path):
    theme = write_vault(
        tmp_path, {"page.html": "{% include '.icons/a.svg' %}", ".icons/a.svg": "a"}
    )
    assert page(prepared(theme, None)) == "a"


def test_mkdocs_copies_the_same_files_of_the_theme():
    config = MkDocsConfig()
    config.load_dict({"site_name": "Notes", "theme": "material"})
    config.validate()

    def copied(environment):
        files = Files([])
        files.add_files_from_theme(environment, config)
        return [(file.src_uri, file.src_dir) for file in files]

    expected = copied(Theme("material").get_env())
    assert expected == copied(templates.prepare(Theme("material").get_env(), None))


def test_a_loader_of_another_kind_is_left_alone():
    environment = plain()
    loader = environment.loader = ChoiceLoader([DictLoader(PAGE)])
    assert templates.prepare(environment, None).loader is loader


# What is kept


def test_a_template_is_compiled_once(theme, cache, compiled):
    first = page(prepared(theme, cache))
    assert compiled == ["page.html", "part.html"]
    assert first == page(prepared(theme, cache)) == "2, ADA"
    assert compiled == ["page.html", "part.html"]


def test_without_a_cache_nothing_is_kept(theme, cache, compiled):
    assert page(prepared(theme, None)) == page(prepared(theme, None))
    assert compiled == ["page.html", "part.html"] * 2
    assert not cache.exists()


def test_a_changed_template_is_compiled_anew(theme, cache, compiled):
    page(prepared(theme, cache))
    theme.joinpath("part.html").write_text("three", encoding="utf-8")
    assert page(prepared(theme, cache)) == "three, ADA"
    assert compiled == ["page.html", "part.html", "part.html"]


def cut_short(entry):
    return entry[:-10]


def altered(entry):
    return entry[:-1] + bytes([entry[-1] ^ 1])


def emptied(_):
    return b""


@pytest.mark.parametrize("harm", [cut_short, altered, emptied])
def test_an_entry_that_is_not_as_it_was_written_is_made_again(theme, cache, harm):
    page(prepared(theme, cache))
    entries = sorted(file for file in cache.rglob("*") if file.is_file())
    whole = [entry.read_bytes() for entry in entries]
    for entry, content in zip(entries, whole, strict=True):
        entry.write_bytes(harm(content))
    assert page(prepared(theme, cache)) == "2, ADA"
    assert whole == [entry.read_bytes() for entry in entries]


SETTINGS = {"trim_blocks": True, "variable_start_string": "{{-", "autoescape": True}


@pytest.mark.parametrize("setting", SETTINGS)
def test_what_was_compiled_with_another_setting_is_not_used(theme, cache, compiled, setting):
    page(prepared(theme, cache))
    other = {setting: SETTINGS[setting]}
    expected = page(plain(theme, **other))
    del compiled[:]
    assert expected == page(prepared(theme, cache, **other))
    assert compiled == ["page.html", "part.html"]


def test_a_filter_of_the_same_name_is_another_filter(theme, cache):
    assert page(prepared(theme, cache)) == "2, ADA"
    theme.joinpath("page.html").write_text("{{ 'Ada' | upper }}", encoding="utf-8")
    assert page(prepared(theme, cache)) == "ADA"
    environment = prepared(theme, cache)
    environment.filters["upper"] = environment.filters["lower"]
    assert page(environment) == "ada"


class _Plugin(Extension):
    tags = frozenset({"nothing"})


def test_nothing_is_kept_where_a_plugin_has_added_something(theme, cache, compiled):
    def with_filter(environment):
        environment.filters["double"] = lambda text: text + text

    def with_extension(environment):
        environment.add_extension(_Plugin)

    def with_function(environment):
        environment.finalize = lambda value: value

    for change in (with_filter, with_extension, with_function):
        for _ in range(2):
            environment = prepared(theme, cache)
            change(environment)
            del compiled[:]
            assert page(environment) == "2, ADA"
            assert compiled == ["page.html", "part.html"]
    assert not cache.exists()
