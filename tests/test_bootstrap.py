"""The scripts that set up `.venv`, build the site and run the checks."""

import importlib.util
import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

import bootstrap
from bootstrap import ROOT, Environment, Need, SetupError, Stamp


def load(script: str) -> ModuleType:
    """Load a script under a name of its own: the standard library has a `test` as well."""
    name = f"seedbed_{script}_script"
    spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{script}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


build = load("build")
checks = load("test")


# The set-up of .venv


@pytest.fixture
def project(tmp_path):
    """A project of which nothing is set up."""
    (tmp_path / "scripts").mkdir()
    (tmp_path / "scripts/constraints.txt").write_text("mkdocs==1.6.1\n")
    (tmp_path / "pyproject.toml").write_text(
        '[build-system]\nrequires = ["setuptools"]\n'
        '[project]\ndependencies = ["mkdocs"]\n'
        '[project.optional-dependencies]\ntest = ["pytest"]\n'
    )
    return tmp_path


@pytest.fixture
def pretended(monkeypatch):
    """Replace the two slow steps of a set-up; returns the list of those that were taken."""
    taken = []

    def create(folder):
        taken.append("create")
        interpreter = Environment(folder.parent).python
        interpreter.parent.mkdir(parents=True)
        interpreter.touch()

    def install(_environment, extras):
        taken.append(("install", *extras))

    monkeypatch.setattr(bootstrap, "create_environment", create)
    monkeypatch.setattr(bootstrap, "install", install)
    return taken


def need_now(project: Path, *extras: str) -> Need:
    return bootstrap.need(Environment(project), bootstrap.wanted_stamp(project, extras))


def test_a_fresh_project_needs_an_environment(project):
    assert need_now(project) is Need.CREATE


def test_a_second_run_sets_up_nothing(project, pretended):
    bootstrap.prepare(project)
    bootstrap.prepare(project)
    assert pretended == ["create", ("install",)]


@pytest.mark.usefixtures("pretended")
def test_an_environment_with_more_than_is_wanted_will_do(project):
    bootstrap.prepare(project, ["test"])
    assert need_now(project) is Need.NOTHING


def test_extras_are_added_to_the_environment_that_is_there(project, pretended):
    bootstrap.prepare(project)
    bootstrap.prepare(project, ["test"])
    assert pretended == ["create", ("install",), ("install", "test")]


@pytest.mark.parametrize("name", ["pyproject.toml", "scripts/constraints.txt"])
def test_a_change_of_what_is_pinned_installs_again_with_the_extras_of_before(
    project, pretended, name
):
    bootstrap.prepare(project, ["test"])
    with (project / name).open("a") as file:
        file.write("# a change\n")
    bootstrap.prepare(project)
    assert pretended == ["create", ("install", "test"), ("install", "test")]


@pytest.mark.usefixtures("pretended")
def test_line_endings_of_a_checkout_change_nothing(project):
    bootstrap.prepare(project)
    constraints = project / "scripts/constraints.txt"
    constraints.write_bytes(constraints.read_bytes().replace(b"\n", b"\r\n"))
    assert need_now(project) is Need.NOTHING


@pytest.mark.usefixtures("pretended")
@pytest.mark.parametrize(
    "change", [{"python": "3.10"}, {"place": "/elsewhere"}, {"finished": False}], ids=str
)
def test_an_environment_that_cannot_serve_is_made_anew(project, change):
    environment = bootstrap.prepare(project)
    environment.write_stamp(replace(bootstrap.wanted_stamp(project), **change))
    assert need_now(project) is Need.CREATE


@pytest.mark.usefixtures("pretended")
def test_an_environment_whose_interpreter_is_gone_is_made_anew(project):
    bootstrap.prepare(project).python.unlink()
    assert need_now(project) is Need.CREATE


@pytest.mark.parametrize("step", ["create_environment", "install"])
def test_an_interrupted_set_up_is_repaired_by_the_next_run(project, pretended, step):
    def interrupted(*_):
        Environment(project).folder.joinpath("half").touch()
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bootstrap, step, interrupted)
        with pytest.raises(KeyboardInterrupt):
            bootstrap.prepare(project)
    environment = bootstrap.prepare(project)
    assert (pretended[-2:], need_now(project)) == (["create", ("install",)], Need.NOTHING)
    assert not environment.folder.joinpath("half").exists()


def test_an_interruption_while_adding_extras_is_repaired_with_them(project, pretended):
    environment = bootstrap.prepare(project)
    unfinished = replace(bootstrap.wanted_stamp(project, ["test"]), finished=False)
    environment.write_stamp(unfinished)
    bootstrap.prepare(project, ["test"])
    assert pretended[-2:] == ["create", ("install", "test")]


def made_by_hand(project: Path, version: str) -> Environment:
    environment = Environment(project)
    environment.python.parent.mkdir(parents=True)
    environment.python.touch()
    (environment.folder / "pyvenv.cfg").write_text(f"version = {version}\n")
    return environment


def test_an_environment_made_by_hand_is_completed_and_not_emptied(project, pretended):
    environment = made_by_hand(project, f"{sys.version_info.major}.{sys.version_info.minor}.0")
    bootstrap.prepare(project)
    assert (pretended, environment.python.exists()) == ([("install",)], True)


@pytest.mark.usefixtures("pretended")
def test_an_environment_made_by_hand_for_another_python_is_refused(project):
    made_by_hand(project, "3.9.1")
    with pytest.raises(SetupError, match="was not made by this script"):
        bootstrap.prepare(project)


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"place": 1}', "\0"])
def test_a_stamp_that_cannot_be_understood_is_none(project, text):
    environment = Environment(project)
    environment.write_stamp(Stamp("here", "3.11", "digest", ()))
    (environment.folder / "seedbed-stamp.json").write_text(text)
    assert environment.read_stamp() is None


def test_a_stamp_reads_back_as_it_was_written(project):
    stamp = Stamp("here", "3.11", "digest", ("test",), finished=False)
    environment = Environment(project)
    environment.write_stamp(stamp)
    assert environment.read_stamp() == stamp


@pytest.mark.parametrize(
    ("extras", "fetched"), [((), []), (("test",), ["marko"]), (("other", "test"), ["marko"])]
)
def test_the_sources_that_extras_want_are_fetched_anew(project, monkeypatch, extras, fetched):
    environment = Environment(project)
    environment.sources.mkdir(parents=True)
    (environment.sources / "marko-1.0.tar.gz").touch()
    asked = []
    monkeypatch.setattr(bootstrap, "_pip", lambda _, arguments, __: asked.append(arguments))
    bootstrap.fetch_sources(environment, project / "scripts/constraints.txt", extras, sys.stdout)
    assert [arguments[0] for arguments in asked] == ["download"] * len(fetched)
    assert [arguments[-1] for arguments in asked] == fetched
    assert not environment.sources.exists()


def test_requirements_are_those_to_build_to_run_and_of_the_extras(project):
    assert bootstrap.requirements(project, ["test"]) == ("setuptools", "mkdocs", "pytest")


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (
            [
                "WARNING: Retrying (Retry(total=4, ...)) after ...",
                "ERROR: No matching distribution",
            ],
            "pip did not reach the package index; is this machine online?",
        ),
        (["Collecting a", "ERROR: first\n", "ERROR: No space left\n"], "No space left"),
        ([], "pip failed"),
    ],
)
def test_a_failure_of_pip_is_told_in_one_line(said, reason):
    assert bootstrap.pip_failure(said) == reason


@pytest.mark.parametrize("module", ["venv", "ensurepip"])
def test_a_python_that_cannot_make_environments_is_named_with_the_remedy(
    monkeypatch, tmp_path, module
):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == module else name)
    with pytest.raises(SetupError, match=f"no {module} module.*apt install python3-venv"):
        bootstrap.create_environment(tmp_path / ".venv")


def test_a_set_up_that_cannot_go_on_ends_with_one_line_and_code_2(capsys):
    def work():
        raise SetupError("no network")

    code = bootstrap.exit_code("build.py", work)
    assert (code, capsys.readouterr().err) == (2, "build.py: no network\n")


# build.py


@pytest.mark.parametrize(
    ("arguments", "folder"),
    [
        ([], "site"),
        (["-q"], "site"),
        (["--site-dir", "out"], "out"),
        (["--jobs", "2", "--site-dir=out"], "out"),
    ],
)
def test_the_way_to_read_the_site_names_its_folder(arguments, folder):
    assert build.site_folder(arguments) == folder
    assert f"--directory {folder} 8000" in build.how_to_read(folder)


# test.py


def test_the_steps_run_in_the_order_from_cheap_to_dear():
    names = [step.name for step in checks.steps(Environment(ROOT))]
    assert names == ["format", "lint", "types", "site", "tests", "browser"]


def test_fix_lets_formatter_and_linter_correct_files():
    formatting, linting, *_ = checks.steps(Environment(ROOT), fix=True)
    assert formatting.command[-2:] == ("format", ".")
    assert linting.command[-3:] == ("check", "--fix", ".")


def test_ci_refuses_to_leave_out_the_browser(monkeypatch, capsys):
    monkeypatch.setenv("CI", "true")
    with pytest.raises(SystemExit) as stopped:
        checks.main(["--fast"])
    assert (stopped.value.code, "always tested in CI" in capsys.readouterr().err) == (2, True)


@pytest.mark.parametrize(
    ("value", "answer"), [("true", True), ("1", True), ("false", False), ("", False)]
)
def test_ci_is_told_by_its_variable(monkeypatch, value, answer):
    monkeypatch.setenv("CI", value)
    assert checks.in_ci() is answer


@pytest.mark.parametrize(
    ("line", "closing"),
    [
        ("=== 12 passed in 0.31s ===\n", "12 passed in 0.31s"),
        (
            "== 1 failed, 12 passed, 2 skipped in 3.10s ==",
            "1 failed, 12 passed, 2 skipped in 3.10s",
        ),
        (
            "\x1b[32m== \x1b[1m3 passed\x1b[0m in 61.00s (0:01:01) ==\x1b[0m",
            "3 passed in 61.00s (0:01:01)",
        ),
        ("=== no tests ran in 0.01s ===", "no tests ran in 0.01s"),
        ("=== 7 deselected in 0.01s ===", "7 deselected in 0.01s"),
        ("tests/test_text.py .....    [100%]", None),
        ("=== short test summary info ===", None),
    ],
)
def test_the_closing_line_of_pytest_is_recognised(line, closing):
    assert checks.pytest_closing(line) == closing


@pytest.fixture
def pretended_pytest(monkeypatch):
    """Make run_pytest answer what the test says, and record the variables it was given."""
    given = []

    def answer(code, closing):
        def run_pytest(_command, variables):
            given.append(variables)
            return code, closing

        monkeypatch.setattr(checks, "run_pytest", run_pytest)
        monkeypatch.setattr(checks, "find_browser", lambda _: "/somewhere/chromium")
        return given

    return answer


def browser_step() -> object:
    return checks.steps(Environment(ROOT))[-1]


def test_browser_tests_are_told_where_chromium_is(pretended_pytest):
    given = pretended_pytest(0, "3 passed in 1.00s")
    verdict = checks.perform(browser_step(), Environment(ROOT))
    assert (verdict.passed, given) == (True, [{"CHROMIUM": "/somewhere/chromium"}])


@pytest.mark.parametrize(("ci", "passed"), [("true", False), ("", True)])
def test_a_skipped_browser_test_is_a_failure_in_ci(monkeypatch, pretended_pytest, ci, passed):
    monkeypatch.setenv("CI", ci)
    pretended_pytest(0, "3 passed, 1 skipped in 1.00s")
    assert checks.perform(browser_step(), Environment(ROOT)).passed is passed


def test_a_step_in_which_no_test_ran_has_failed(pretended_pytest):
    pretended_pytest(5, "no tests ran in 0.01s")
    verdict = checks.perform(browser_step(), Environment(ROOT))
    assert (verdict.passed, verdict.note) == (False, "no tests ran in 0.01s")


def test_a_step_that_cannot_start_fails_with_its_reason(monkeypatch, tmp_path):
    missing = tmp_path / "chromium"
    monkeypatch.setenv("CHROMIUM", str(missing))
    verdict = checks.perform(browser_step(), Environment(ROOT))
    reason = f"CHROMIUM names {missing}, which does not start"
    assert (verdict.passed, verdict.note) == (False, reason)


def test_the_report_ends_with_the_steps_that_failed():
    verdicts = [
        checks.Verdict("lint", passed=True, seconds=0.1, note=""),
        checks.Verdict("types", passed=False, seconds=4.25, note="exit code 1"),
    ]
    assert checks.summary(verdicts, 5.4) == (
        "  types FAILED (4.2 s): exit code 1\ntest.py: 1 of 2 steps FAILED in 5 s: types"
    )
    assert checks.summary(verdicts[:1], 5.4) == "test.py: all 1 steps passed in 5 s"
