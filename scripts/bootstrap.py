"""Turn a bare Python into the project's `.venv`, in which Seedbed is installed and can be run.

build.py and test.py share this. It is separate from the package, and uses the standard library
only, because it runs before anything is installed.

A stamp inside `.venv` says what was installed, where, and for which Python; a run that finds
what it wants there sets up nothing. The stamp is marked unfinished for as long as a set-up runs,
so an interrupted one is noticed and made anew. A `.venv` without a stamp was made by somebody
else: it is completed, never emptied.
"""

# ruff: noqa: E402  (the version is checked before imports that an older Python lacks)

import sys

OLDEST_PYTHON = (3, 11)
if sys.version_info < OLDEST_PYTHON:
    sys.exit(
        "Seedbed needs Python 3.11 or newer, and this is {}.{}; run the script with a newer one,"
        " for example: python3.12 {}".format(*sys.version_info[:2], sys.argv[0])
    )

import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import tempfile
import time
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from enum import Enum, auto
from pathlib import Path
from typing import Any, TextIO

ROOT = Path(__file__).resolve().parent.parent
_PINNED_FILES = ("pyproject.toml", "scripts/constraints.txt")
# pip in a virtual environment cannot follow these, which a user may have set for another place.
_FOREIGN_TO_VENV = ("PIP_PREFIX", "PIP_TARGET", "PIP_USER")
_QUIETLY = ("--no-input", "--disable-pip-version-check", "--progress-bar=off")
# Packages whose source archive is kept beside the installed wheel, by the extra that wants it.
_KEPT_SOURCES = {"test": ("marko",)}
_PINS_HEAD = """\
# Every package that is installed into .venv, direct and indirect, for running and for testing.
# pip installs these versions and no others, from wheels; all have them for Python 3.11 to 3.14.
#
# To refresh: python3.11 scripts/test.py --refresh-constraints
# That writes down the newest releases that pyproject.toml admits and Python 3.11.0 can use, as if
# into an empty environment. Then run python3 scripts/test.py before committing.
"""


class SetupError(Exception):
    """The set-up cannot go on; the message is one line that says what to do."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a `.venv` was made for and what was installed into it."""

    place: str
    """The folder it was made in; its scripts name that folder, so a copy elsewhere is no use."""
    python: str
    """Major and minor version, as "3.11"."""
    pins: str
    """Digest of the files that say what is installed."""
    extras: tuple[str, ...]
    """Optional dependencies installed, sorted."""
    finished: bool = True
    """Whether the set-up came to its end."""


class Need(Enum):
    """What must be done before `.venv` can be used."""

    NOTHING = auto()
    INSTALL = auto()
    """Install into it; what is there stays."""
    CREATE = auto()
    """Make it, emptying it first if it exists."""


@dataclass(frozen=True, slots=True)
class Environment:
    """The virtual environment of the project in folder `root`."""

    root: Path

    @property
    def folder(self) -> Path:
        """The environment itself."""
        return self.root / ".venv"

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.command("python")

    @property
    def log(self) -> Path:
        """What pip said during the last set-up."""
        return self.folder / "seedbed-setup.log"

    @property
    def _stamp_file(self) -> Path:
        return self.folder / "seedbed-stamp.json"

    @property
    def sources(self) -> Path:
        """Source archives that are kept: marko's holds the texts of the CommonMark and GFM specifications."""
        return self.folder / "seedbed-sources"

    def command(self, name: str) -> Path:
        """Return the path of an installed command."""
        if os.name == "nt":
            return self.folder / "Scripts" / f"{name}.exe"
        return self.folder / "bin" / name

    def read_stamp(self) -> Stamp | None:
        """Return the stamp, None if there is none or if it cannot be understood."""
        try:
            fields = json.loads(self._stamp_file.read_text(encoding="utf-8"))
            return Stamp(**{**fields, "extras": tuple(fields["extras"])})
        except (OSError, ValueError, TypeError, KeyError):
            return None

    def write_stamp(self, stamp: Stamp) -> None:
        """Write the stamp in one step, so that it is never seen half written."""
        self.folder.mkdir(parents=True, exist_ok=True)
        draft = self._stamp_file.with_suffix(".new")
        draft.write_text(json.dumps(asdict(stamp), indent=2), encoding="utf-8")
        draft.replace(self._stamp_file)

    def empty(self) -> None:
        """Remove all but the stamp, which must outlive an interruption."""
        for entry in self.folder.iterdir():
            if entry == self._stamp_file:
                continue
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry)
            else:
                entry.unlink()


def wanted_stamp(root: Path, extras: Iterable[str] = ()) -> Stamp:
    """Return the stamp of an environment that is ready for the running Python."""
    digest = hashlib.sha256()
    for name in _PINNED_FILES:
        # Universal newlines: a checkout with CRLF asks for the same packages.
        digest.update((root / name).read_text(encoding="utf-8").encode())
        digest.update(b"\0")
    return Stamp(str(root), _this_python(), digest.hexdigest(), tuple(sorted(extras)))


def need(environment: Environment, wanted: Stamp) -> Need:
    """Return what `environment` lacks to be as `wanted`.

    Raises SetupError if it was made by somebody else for another Python.
    """
    if not environment.folder.is_dir():
        return Need.CREATE
    found = environment.read_stamp()
    if found is None:
        return _need_of_unstamped(environment)
    if (
        not found.finished
        or (found.place, found.python) != (wanted.place, wanted.python)
        or not environment.python.exists()
    ):
        return Need.CREATE
    if found.pins == wanted.pins and set(wanted.extras) <= set(found.extras):
        return Need.NOTHING
    return Need.INSTALL


def _need_of_unstamped(environment: Environment) -> Need:
    if not any(environment.folder.iterdir()):
        return Need.CREATE
    settings = environment.folder / "pyvenv.cfg"
    version = re.search(
        r"^version(?:_info)?\s*=\s*(\d+\.\d+)",
        settings.read_text(encoding="utf-8") if settings.is_file() else "",
        re.MULTILINE,
    )
    if version is None or version[1] != _this_python() or not environment.python.exists():
        raise SetupError(
            f"{environment.folder} was not made by this script, and is no environment"
            f" of Python {_this_python()}; remove it, then run this again"
        )
    return Need.INSTALL


def prepare(root: Path, extras: Iterable[str] = ()) -> Environment:
    """Return the environment of `root` with Seedbed and `extras` installed, made if need be."""
    environment = Environment(root)
    wanted = wanted_stamp(root, extras)
    missing = need(environment, wanted)
    if missing is Need.NOTHING:
        return environment
    began = time.monotonic()
    found = environment.read_stamp()
    if missing is Need.CREATE:
        say(f"Making .venv with Python {wanted.python} ...")
        environment.write_stamp(replace(wanted, finished=False))
        environment.empty()
        create_environment(environment.folder)
    elif found is not None:
        wanted = replace(wanted, extras=tuple(sorted({*wanted.extras, *found.extras})))
        environment.write_stamp(replace(wanted, finished=False))
    say("Installing the packages of scripts/constraints.txt (once; a minute or so) ...")
    install(environment, wanted.extras)
    environment.write_stamp(wanted)
    say(f"Set-up done in {time.monotonic() - began:.0f} s.")
    return environment


def create_environment(folder: Path) -> None:
    """Make a virtual environment with pip; files already in `folder` stay."""
    for module in ("venv", "ensurepip"):
        if importlib.util.find_spec(module) is None:
            raise SetupError(
                f"this Python has no {module} module, which makes .venv"
                " (on Debian and Ubuntu: apt install python3-venv); install it, then run this again"
            )
    made = subprocess.run(
        [sys.executable, "-m", "venv", str(folder)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if made.returncode:
        raise SetupError(f"python -m venv failed: {' '.join(made.stdout.split())}")


def install(environment: Environment, extras: Iterable[str]) -> None:
    """Install the pinned dependencies from wheels, then Seedbed itself, editable; fetch the sources to keep."""
    constraints = environment.root / "scripts" / "constraints.txt"
    wanted = requirements(environment.root, extras)
    with environment.log.open("w", encoding="utf-8") as log:
        pip_install(environment.python, (f"--constraint={constraints}", *wanted), log)
        fetch_sources(environment, constraints, extras, log)
        # Editable, so that edits to the code take effect; built by the setuptools that was just
        # installed, so that pip fetches no other.
        itself = ("--no-build-isolation", "--no-deps", "--no-index", "--editable")
        pip_install(environment.python, (*itself, str(environment.root)), log)


def fetch_sources(
    environment: Environment, constraints: Path, extras: Iterable[str], log: TextIO
) -> None:
    """Fetch the source archives that `extras` want kept; nothing is built from them."""
    if environment.sources.is_dir():
        shutil.rmtree(environment.sources)
    for name in (each for extra in extras for each in _KEPT_SOURCES.get(extra, ())):
        # pip asks the archive for its metadata, by the build backend that was just installed.
        archive = (f"--no-binary={name}", "--no-deps", "--no-build-isolation")
        place = (f"--dest={environment.sources}", f"--constraint={constraints}")
        _pip(environment.python, ("download", *_QUIETLY, *archive, *place, name), log)


def requirements(root: Path, extras: Iterable[str] = ()) -> tuple[str, ...]:
    """Return what pyproject.toml asks for, to build Seedbed, to run it, and for `extras`."""
    stated = _pyproject(root)
    optional = stated["project"].get("optional-dependencies", {})
    return (
        *stated["build-system"]["requires"],
        *stated["project"]["dependencies"],
        *(requirement for extra in extras for requirement in optional[extra]),
    )


def refresh_constraints(root: Path) -> None:
    """Write scripts/constraints.txt anew: the newest releases that the oldest Python can use."""
    oldest = _dotted(OLDEST_PYTHON)
    if _this_python() != oldest:
        # Conditions such as python_version < "3.12" are judged by the Python that pip runs in.
        raise SetupError(f"constraints are refreshed with Python {oldest}, the oldest supported")
    extras = _pyproject(root)["project"].get("optional-dependencies", {})
    with tempfile.TemporaryDirectory() as scratch:
        environment = Environment(Path(scratch))
        create_environment(environment.folder)
        report = Path(scratch, "report.json")
        with environment.log.open("w", encoding="utf-8") as log:
            # The first patch release: some packages ask for a later one, and systems have it not.
            as_oldest = (f"--python-version={oldest}.0", f"--target={scratch}/nowhere")
            only_look = ("--dry-run", "--ignore-installed", f"--report={report}")
            wanted = requirements(root, extras)
            pip_install(environment.python, (*as_oldest, *only_look, *wanted), log)
        chosen = json.loads(report.read_text(encoding="utf-8"))["install"]
    pins = sorted("{name}=={version}\n".format(**package["metadata"]).lower() for package in chosen)
    constraints = root / "scripts" / "constraints.txt"
    constraints.write_text(_PINS_HEAD + "".join(pins), encoding="utf-8", newline="\n")
    say(f"{constraints}: {len(pins)} packages")


def pip_install(python: Path, arguments: Iterable[str], log: TextIO) -> None:
    """Install from wheels only; what pip says goes to `log`. Raises SetupError if pip fails."""
    # Python compiles what it imports; compiling everything takes a quarter of the set-up.
    how = ("--only-binary=:all:", "--no-compile")
    _pip(python, ("install", *_QUIETLY, *how, *arguments), log)


def _pip(python: Path, arguments: Iterable[str], log: TextIO) -> None:
    said: list[str] = []
    with subprocess.Popen(
        # Isolated from PYTHONPATH and the user's own packages; pip's own settings still hold.
        (str(python), "-I", "-m", "pip", *arguments),
        env={name: value for name, value in os.environ.items() if name not in _FOREIGN_TO_VENV},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    ) as process:
        for line in process.stdout or ():
            said.append(line)
            log.write(line)
            if line.startswith(("Collecting ", "Installing ")):
                _show_progress(line)
    _show_progress("")
    if process.returncode:
        raise SetupError(f"{pip_failure(said)} (all that pip said: {log.name})")


def _show_progress(line: str) -> None:
    # Blanks rather than a terminal's own codes, which not every console knows.
    if sys.stdout.isatty():
        print("\r" + line.strip()[:70].ljust(70), end="\r", flush=True)


def pip_failure(said: Iterable[str]) -> str:
    """Return one line that says why pip failed, from all the lines it printed."""
    lines = tuple(said)
    if any("Retrying (Retry(" in line for line in lines):
        return "pip did not reach the package index; is this machine online?"
    errors = [line.removeprefix("ERROR: ").strip() for line in lines if line.startswith("ERROR: ")]
    return errors[-1] if errors else "pip failed"


def run(
    command: Iterable[str | Path], root: Path, variables: Mapping[str, str] | None = None
) -> int:
    """Run a command in `root` and return its exit code; Ctrl-C reaches it, and is awaited."""
    sys.stdout.flush()
    surroundings = {**os.environ, **(variables or {})}
    with subprocess.Popen([str(part) for part in command], cwd=root, env=surroundings) as process:
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:
                continue


def say(line: str) -> None:
    """Print a line at once, so that it stands before what a started program prints."""
    print(line, flush=True)


def exit_code(script: str, work: Callable[[], int]) -> int:
    """Return what `work` returns; if it cannot be done, say why in one line."""
    try:
        return work()
    except (SetupError, OSError) as error:
        print(f"{script}: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(f"{script}: interrupted; the next run repairs what is half done", file=sys.stderr)
        return 130


def _dotted(version: Iterable[int]) -> str:
    return ".".join(map(str, version))


def _this_python() -> str:
    return _dotted(sys.version_info[:2])


def _pyproject(root: Path) -> dict[str, Any]:
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
