"""Run every check of the project, one after another, and say which failed.

    python3 scripts/test.py               everything
    python3 scripts/test.py --fast        everything but the browser
    python3 scripts/test.py --only lint   one step (may be repeated)
    python3 scripts/test.py --fix         let the formatter and the linter correct files

Sets up `.venv` with the test tools, and a Chromium if the machine has none.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import bootstrap
from bootstrap import Environment, SetupError, say

_BROWSER_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_BROWSERS_OF_MACOS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
_TERMINAL_CODES = re.compile(r"\x1b\[[0-9;]*m")
_PYTEST_CLOSING = re.compile(r"=* ?((?:no tests ran|\d+ \w+)[^=]* in [\d.]+s.*?) ?=*")
_ASK_PLAYWRIGHT = (
    "from playwright.sync_api import sync_playwright\n"
    "with sync_playwright() as playwright: print(playwright.chromium.executable_path)"
)


@dataclass(frozen=True, slots=True)
class Step:
    """One check: the arguments of the Python that runs it, and what it is called."""

    name: str
    title: str
    command: tuple[str | Path, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of a step."""

    name: str
    passed: bool
    seconds: float
    note: str
    """Why it failed, or what it counted; may be empty."""

    def __str__(self) -> str:
        """Return the verdict as one line."""
        note = f": {self.note}" if self.note else ""
        return f"{self.name} {'passed' if self.passed else 'FAILED'} ({self.seconds:.1f} s){note}"


def steps(environment: Environment, *, fix: bool = False) -> tuple[Step, ...]:
    """Return all checks, in the order in which they run."""
    python = environment.python
    ruff, pytest = (python, "-m", "ruff"), (python, "-m", "pytest")
    # Tests of one file share what is costly to make.
    beside = ("-n", str(min(os.cpu_count() or 1, 4)), "--dist", "loadfile")
    # Else files of few tests come last, and one processor waits for the longest of those.
    by_name = (*beside, "--no-loadscope-reorder")
    formatting = () if fix else ("--check",)
    linting = ("--fix",) if fix else ()
    return (
        Step("format", "code is laid out by ruff", (*ruff, "format", *formatting, ".")),
        Step("lint", "ruff finds no fault", (*ruff, "check", *linting, ".")),
        Step("types", "types hold", (python, "-m", "mypy", "--strict", "scripts")),
        Step(
            "site", "notes/ builds strictly", (environment.command("seedbed"), "build", "--strict")
        ),
        Step("tests", "tests without a browser", (*pytest, *by_name, "-m", "not browser")),
        Step("browser", "tests in Chromium", (*pytest, *beside, "-m", "browser")),
    )


def main(arguments: Sequence[str]) -> int:
    """Run the chosen steps and return 0 if all passed, 1 if one failed, 2 if none could run."""
    chosen = _parse(arguments)
    if chosen.refresh_constraints:
        bootstrap.refresh_constraints(bootstrap.ROOT)
        return 0
    environment = bootstrap.prepare(bootstrap.ROOT, ["test"])
    left_out = {"browser"} if chosen.fast else set()
    wanted = [
        step
        for step in steps(environment, fix=chosen.fix)
        if step.name not in left_out and (not chosen.only or step.name in chosen.only)
    ]
    began = time.monotonic()
    verdicts = []
    for number, step in enumerate(wanted, start=1):
        say(f"\n### {number}/{len(wanted)} {step.name}: {step.title}")
        verdicts.append(perform(step, environment))
        say(f"### {verdicts[-1]}")
    say("\n" + summary(verdicts, time.monotonic() - began))
    return 0 if all(verdict.passed for verdict in verdicts) else 1


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="test.py", allow_abbrev=False, description="Run every check of the project."
    )
    names = [step.name for step in steps(Environment(bootstrap.ROOT))]
    parser.add_argument("--fast", action="store_true", help="leave out the browser")
    parser.add_argument(
        "--only", action="append", choices=names, help="run this step (may be repeated)"
    )
    parser.add_argument(
        "--fix", action="store_true", help="let the formatter and the linter correct files"
    )
    parser.add_argument(
        "--refresh-constraints",
        action="store_true",
        help="write scripts/constraints.txt anew with the newest releases, and stop",
    )
    chosen = parser.parse_args(arguments)
    if chosen.fast and in_ci():
        parser.error("--fast leaves out the browser, which is always tested in CI")
    return chosen


def perform(step: Step, environment: Environment) -> Verdict:
    """Run one step, showing what it prints, and judge it."""
    began = time.monotonic()
    note = ""
    try:
        if "pytest" in step.command:
            variables = {}
            if step.name == "browser":
                variables["CHROMIUM"] = find_browser(environment) or install_browser(environment)
                say(f"Chromium: {variables['CHROMIUM']}")
            code, note = run_pytest(step.command, variables)
        else:
            code = bootstrap.run(step.command, bootstrap.ROOT)
    except (SetupError, OSError) as error:
        code, note = 2, str(error)
    passed = code == 0
    if passed and step.name == "browser" and in_ci() and "skipped" in note:
        passed, note = False, f"{note}; in CI no browser test may be skipped"
    return Verdict(step.name, passed, time.monotonic() - began, note or _exit_note(code))


def run_pytest(command: Sequence[str | Path], variables: dict[str, str]) -> tuple[int, str]:
    """Run pytest, showing what it prints; return its exit code and its closing line."""
    colour = {"FORCE_COLOR": "1"} if sys.stdout.isatty() and "NO_COLOR" not in os.environ else {}
    closing = ""
    with subprocess.Popen(
        [str(part) for part in command],
        cwd=bootstrap.ROOT,
        env={**os.environ, "PYTHONIOENCODING": "utf-8", **colour, **variables},
        stdout=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
    ) as process:
        for line in process.stdout or ():
            print(line, end="", flush=True)
            closing = pytest_closing(line) or closing
    return process.returncode, closing


def pytest_closing(line: str) -> str | None:
    """Return what pytest's closing line says, None if this is another line."""
    match = _PYTEST_CLOSING.fullmatch(_TERMINAL_CODES.sub("", line).strip())
    return match[1] if match else None


def find_browser(environment: Environment) -> str | None:
    """Return the path of a Chromium that starts; the variable CHROMIUM comes first."""
    named = os.environ.get("CHROMIUM")
    if named:
        if not _starts(named):
            raise SetupError(f"CHROMIUM names {named}, which does not start")
        return named
    return next(filter(_starts, _browser_candidates(environment)), None)


def _browser_candidates(environment: Environment) -> Iterator[str]:
    yield from filter(None, map(shutil.which, _BROWSER_NAMES))
    yield from _BROWSERS_OF_MACOS
    asked = subprocess.run(
        [str(environment.python), "-c", _ASK_PLAYWRIGHT],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        check=False,
    )
    yield asked.stdout.strip()


def _starts(path: str) -> bool:
    if not Path(path).is_file():
        return False
    if os.name == "nt":  # where --version opens a window
        return True
    try:
        # A launcher without its browser, or a browser without its libraries, fails here.
        asked = subprocess.run([path, "--version"], capture_output=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return asked.returncode == 0


def install_browser(environment: Environment) -> str:
    """Install a Chromium, Playwright's or else the system's package, and return its path."""
    playwright = (str(environment.python), "-m", "playwright", "install", "chromium")
    attempts: dict[str, tuple[tuple[str, ...], ...]] = {"Playwright's": (playwright,)}
    if sys.platform == "linux" and os.geteuid() == 0 and shutil.which("apt-get"):
        # One font, since without any a page has no text to look at.
        packages = ("--no-install-recommends", "chromium", "fonts-liberation")
        attempts["the system's"] = (
            ("apt-get", "update"),
            ("apt-get", "install", "-y", *packages),
        )
    for whose, commands in attempts.items():
        say(f"No Chromium found; installing {whose} ...")
        for command in commands:
            _run_quietly(command)
        found = find_browser(environment)
        if found:
            return found
    raise SetupError(
        "no Chromium, and none could be installed; install one (Debian: apt install chromium) or"
        " set CHROMIUM to the path of one; --fast does without"
    )


def _run_quietly(command: Sequence[str]) -> None:
    ran = subprocess.run(
        command,
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if ran.returncode:  # no reason to stop: whether there is a browser now is asked afterwards
        words = _TERMINAL_CODES.sub("", ran.stdout).split()
        say(f"  {' '.join(command)}: exit code {ran.returncode}: ... {' '.join(words[-25:])}")


def in_ci() -> bool:
    """Tell whether this runs in continuous integration."""
    return os.environ.get("CI", "").lower() not in ("", "0", "false")


def summary(verdicts: Sequence[Verdict], seconds: float) -> str:
    """Return the report: the steps that failed, each on its line, and a last line for all."""
    failed = [verdict for verdict in verdicts if not verdict.passed]
    if not failed:
        return f"test.py: all {len(verdicts)} steps passed in {seconds:.0f} s"
    lines = [f"  {verdict}" for verdict in failed]
    names = ", ".join(verdict.name for verdict in failed)
    last = f"test.py: {len(failed)} of {len(verdicts)} steps FAILED in {seconds:.0f} s: {names}"
    return "\n".join([*lines, last])


def _exit_note(code: int) -> str:
    return "" if code == 0 else f"exit code {code}"


if __name__ == "__main__":
    sys.exit(bootstrap.exit_code("test.py", lambda: main(sys.argv[1:])))
