"""The files around the package: the workflow, the pins, and how strict the checks are."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import bootstrap

ROOT = bootstrap.ROOT
SCRIPTS = ("bootstrap.py", "build.py", "test.py")
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
# Put together here, so that this file does not hold them itself.
REGISTRY_HOSTS = (
    "pypi" + ".org",
    "python" + "hosted.org",
    "npm" + "js.org",
    "npm" + "js.com",
    "deb" + ".debian.org",
)


def tracked_files() -> list[Path]:
    listed = subprocess.run(
        [
            shutil.which("git") or "git",
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a git work tree")
    paths = [ROOT / name for name in listed.stdout.split("\0") if name]
    return [path for path in paths if path.is_file()]


# The workflow and the command of CI


def workflow() -> dict:
    text = (ROOT / ".github/workflows/site.yml").read_text(encoding="utf-8")
    return yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - builds strings only; keeps `on`


def test_the_workflow_runs_the_two_commands_and_annotates_pull_requests():
    commands = [step["run"] for step in workflow()["jobs"]["check"]["steps"] if "run" in step]
    assert commands == [
        "python3 scripts/build.py",
        ".venv/bin/seedbed check --format github",
        "python3 scripts/test.py",
    ]


def test_the_workflow_runs_on_every_push_and_pull_request():
    assert workflow()["on"] == {"push": "", "pull_request": ""}


def test_the_workflow_publishes_the_site_from_main_only():
    jobs = workflow()["jobs"]
    uploads = [s["with"] for s in jobs["check"]["steps"] if "upload-pages" in s.get("uses", "")]
    assert uploads == [{"path": "site"}]
    assert jobs["publish"]["needs"] == "check"
    condition = "github.event_name == 'push' && github.ref == 'refs/heads/main'"
    assert jobs["publish"]["if"] == condition


def test_only_the_publishing_job_may_write():
    jobs = workflow()["jobs"]
    assert "write" not in [
        *workflow()["permissions"].values(),
        *jobs["check"]["permissions"].values(),
    ]
    assert jobs["publish"]["permissions"] == {"pages": "write", "id-token": "write"}


def test_every_action_has_a_major_version():
    used = [s["uses"] for job in workflow()["jobs"].values() for s in job["steps"] if "uses" in s]
    assert [action for action in used if not re.fullmatch(r"[\w-]+/[\w-]+@v\d+", action)] == []


def test_ci_runs_the_one_command_and_nothing_else():
    lines = (ROOT / ".ci/run").read_text(encoding="utf-8").splitlines()
    assert lines == [
        "#!/usr/bin/env bash",
        "set -euo pipefail",
        'cd "$(dirname "${BASH_SOURCE[0]}")/.."',
        "python3 scripts/test.py",
    ]


# What is installed


def pins() -> dict[str, str]:
    lines = (ROOT / "scripts/constraints.txt").read_text(encoding="utf-8").splitlines()
    pairs = [line.split("==") for line in lines if not line.startswith("#")]
    return {canonicalize_name(name): version for name, version in pairs}


STATED = [Requirement(each) for each in bootstrap.requirements(ROOT, ["test"])]


@pytest.mark.parametrize("requirement", STATED, ids=lambda requirement: requirement.name)
def test_every_stated_dependency_is_pinned_to_a_version_it_admits(requirement):
    pinned = pins()[canonicalize_name(requirement.name)]
    assert requirement.specifier.contains(pinned, prereleases=True)


def installed_for(requirement: Requirement) -> dict[str, str]:
    """Return the versions of a distribution and of all that it needs here, by name."""
    found = {}
    waiting = [requirement]
    while waiting:
        wanted = waiting.pop()
        found[canonicalize_name(wanted.name)] = metadata.version(wanted.name)
        for each in map(Requirement, metadata.requires(wanted.name) or ()):
            conditions = [{"extra": extra} for extra in ("", *wanted.extras)]
            applies = each.marker is None or any(map(each.marker.evaluate, conditions))
            if applies and canonicalize_name(each.name) not in found:
                waiting.append(each)
    return found


@pytest.mark.parametrize("requirement", STATED, ids=lambda requirement: requirement.name)
def test_a_dependency_and_all_that_it_needs_are_installed_as_pinned(requirement):
    installed = installed_for(requirement)
    assert {name: pins().get(name) for name in installed} == installed


def test_every_stated_dependency_has_its_reason_beside_it():
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    lists = re.findall(r"^(?:dependencies|test) = \[\n(.*?)^\]", text, re.MULTILINE | re.DOTALL)
    lines = [line for each in lists for line in each.splitlines()]
    assert len(lines) == len(STATED) - len(PYPROJECT["build-system"]["requires"])
    assert [line for line in lines if not re.search(r'",\s+# \S', line)] == []


def test_no_file_names_the_host_of_a_package_registry():
    naming = [
        path.relative_to(ROOT).as_posix()
        for path in tracked_files()
        if any(host.encode() in path.read_bytes() for host in REGISTRY_HOSTS)
    ]
    assert naming == []


# Style of the set-up itself


def test_fewer_than_twenty_lint_rules_are_exempted_each_with_a_reason():
    lint = PYPROJECT["tool"]["ruff"]["lint"]
    exempted = lint["ignore"] + [
        rule for rules in lint["per-file-ignores"].values() for rule in rules
    ]
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    without_reason = [rule for rule in exempted if not re.search(rf'"{rule}",\s+# \S', text)]
    assert (len(exempted) < 20, without_reason) == (True, [])


@pytest.mark.parametrize("script", SCRIPTS)
def test_the_scripts_import_the_standard_library_only(script):
    tree = ast.parse((ROOT / "scripts" / script).read_text(encoding="utf-8"))
    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert imported - sys.stdlib_module_names <= {"bootstrap"}
