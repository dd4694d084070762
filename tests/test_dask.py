"""The same work on a Dask cluster: a real one, of two worker processes on this machine."""

import os
import socket
import subprocess
import sys
import threading
import time
from importlib import metadata
from pathlib import Path

import dask
import pytest
from distributed import LocalCluster
from vaults import write_vault
from working import Counted, die_at, fail_at

from seedbed import cli
from seedbed.executors import WorkersError, cluster, open_workers

pytestmark = pytest.mark.timeout(120)  # a cluster starts in seconds; whole sites are built

DASHBOARD = "127.0.0.1:0"
"""Any free port: with none, schedulers ask for one that may be in use."""


@pytest.fixture(scope="module")
def two_workers():
    """Return a cluster of two workers that gives up a task with the first worker it kills."""
    with (
        dask.config.set({"distributed.scheduler.allowed-failures": 0}),
        LocalCluster(
            n_workers=2,
            threads_per_worker=2,
            processes=True,
            host="127.0.0.1",
            dashboard_address=DASHBOARD,
        ) as started,
    ):
        yield started


@pytest.fixture
def address(two_workers):
    """Return how a command line names the cluster."""
    two_workers.wait_for_workers(2)  # after a test that killed one
    return two_workers.scheduler_address.replace("tcp", "dask")


@pytest.fixture
def impatient(monkeypatch):
    """Wait no longer than a test can."""
    monkeypatch.setattr(cluster, "_PATIENCE", 0.3)


@pytest.fixture
def fresh_versions():
    """Have it asked anew what is installed, before and after."""
    cluster.installed.cache_clear()
    yield
    cluster.installed.cache_clear()


def add(shared, task):
    return shared["by"] + task


def process(_shared, _task):
    time.sleep(0.02)
    return os.getpid()


class Busy:
    """Counts how many tasks are at work in one process."""

    now = 0


def count_busy(_shared, _task):
    Busy.now += 1
    time.sleep(0.01)
    found = Busy.now
    Busy.now -= 1
    return found


def why_not(address, function=add, shared=None, tasks=range(20)):
    """Return the one line that says why work cannot be done."""
    with pytest.raises(WorkersError) as caught, open_workers(address) as workers:
        list(workers.map(function, shared, tasks))
    (line,) = str(caught.value).splitlines()
    return line


# The same results


def test_results_come_in_the_order_of_tasks(address):
    with open_workers(address) as workers:
        assert list(workers.map(add, {"by": 1000}, range(50))) == list(range(1000, 1050))


def test_every_worker_works_and_loads_what_it_shares_once(address, tmp_path):
    file = tmp_path / "loaded"
    with open_workers(address) as workers:
        found = set(workers.map(process, Counted(file), range(60)))
    assert len(found) == 2
    assert {int(each) for each in file.read_text().split()} == found
    assert len(file.read_text().split()) == 2


def test_a_worker_with_several_threads_does_one_task_at_a_time(address):
    with open_workers(address) as workers:
        assert set(workers.map(count_busy, None, range(40))) == {1}


def test_tasks_are_taken_a_few_ahead_of_results(address):
    taken = []
    tasks = (taken.append(number) or number for number in range(300))
    ahead = []
    with open_workers(address) as workers:
        for number, _ in enumerate(workers.map(add, {"by": 0}, tasks)):
            ahead.append(len(taken) - number)
    assert max(ahead) <= 12


def test_what_the_work_raises_is_raised_where_it_was_asked_for(address):
    with open_workers(address) as workers:
        found = workers.map(fail_at, 3, range(20))
        assert [next(found) for _ in range(3)] == [0, 1, 2]
        with pytest.raises(LookupError, match="no 3"):
            next(found)


def test_little_work_asks_no_cluster():
    with open_workers("dask://127.0.0.1:1") as workers:
        assert set(workers.map(process, None, range(2), few=True)) == {os.getpid()}


def test_nothing_is_left_on_the_cluster(address, two_workers):
    with open_workers(address) as workers:
        next(workers.map(process, None, range(1000)))
    while two_workers.scheduler.tasks or len(two_workers.scheduler.clients) > 1:
        time.sleep(0.01)  # the test's limit of time is the answer no


# What cannot be


def test_a_worker_that_dies_ends_the_build_with_a_reason(address):
    assert why_not(address, die_at, 7) == (
        f"the Dask scheduler at {address} has lost one worker after the other over the same work:"
        " they may need more memory"
    )


@pytest.mark.usefixtures("impatient")
def test_nobody_there_is_told():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"dask://127.0.0.1:{unused.getsockname()[1]}"
        assert why_not(address) == f"no Dask scheduler answers at {address}: Connection refused"


@pytest.mark.parametrize(
    ("says", "reason"),
    [
        (None, "no Dask scheduler answers at {}: timed out"),
        (b"", "no Dask scheduler answers at {}: something else does"),
        (bytes(16), "the Dask scheduler at {} does not answer"),
    ],
    ids=["silence", "nothing", "something"],
)
@pytest.mark.usefixtures("impatient")
def test_somebody_else_there_is_told(says, reason):
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"dask://127.0.0.1:{server.getsockname()[1]}"
        done = threading.Event()

        def answer():
            with server.accept()[0] as caller:
                if says is None:
                    done.wait()
                else:
                    caller.sendall(says)
            server.close()

        threading.Thread(target=answer).start()
        assert why_not(address) == reason.format(address)
        done.set()


@pytest.mark.usefixtures("impatient")
def test_a_scheduler_without_workers_is_told():
    with LocalCluster(n_workers=0, host="127.0.0.1", dashboard_address=DASHBOARD) as started:
        address = started.scheduler_address.replace("tcp", "dask")
        assert why_not(address) == f"the Dask scheduler at {address} has no workers"


@pytest.mark.usefixtures("fresh_versions")
def test_other_versions_on_a_worker_are_told(address, monkeypatch):
    version = metadata.version
    monkeypatch.setattr(
        metadata, "version", lambda name: "0.1" if name == "Markdown" else version(name)
    )
    line = why_not(address)
    assert line.startswith(f"the Dask scheduler at {address} cannot be used: tcp://127.0.0.1:")
    assert line.endswith(f" has Markdown {version('Markdown')}, and this machine 0.1")


def test_a_missing_extra_is_told(address, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert why_not(address) == (
        f'the executor {address} needs an extra: pip install "seedbed[dask]"'
    )


def test_dask_is_loaded_only_when_it_is_asked_for():
    script = "import sys, seedbed.cli; print({'dask', 'distributed'} & set(sys.modules))"
    said = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert said.stdout == "set()\n"


# A whole site

NOTE = """\
---
aliases: [Number {0}]
tags: [wet]
---
upstream: [[Home]]

# Note {0}

See [[note {1}#Note {1}|the next]], ![[note {1}]] and [[nowhere {0}]]. $x_{{{0}}}^2$

```python
print({0})
```
"""


def files_of(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_site_built_on_a_cluster_is_the_one_built_here(address, tmp_path, monkeypatch):
    # The workers stand in another folder, and so cannot see the vault.
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    notes = {f"note {number}.md": NOTE.format(number, (number + 1) % 250) for number in range(250)}
    base = "views: [{type: table, order: [file.name, file.size, file.mtime]}]\n"
    write_vault(Path("notes"), {"Home.md": "#hub ![[All.base]]\n", "All.base": base, **notes})
    sent = []
    crew = cluster.Cluster.crew
    monkeypatch.setattr(
        cluster.Cluster, "crew", lambda *work: sent.append(work[1].__module__) or crew(*work)
    )
    for name, executor in (("here", ()), ("there", ("--executor", address))):
        assert cli.main(["build", "-q", "--no-cache", "--site-dir", name, *executor]) == 0
    assert sent == ["seedbed.reading", "seedbed.rendering"]
    here, there = files_of(Path("here")), files_of(Path("there"))
    assert there.keys() == here.keys()
    assert {name for name in here if here[name] != there[name]} == set()


def test_a_cluster_that_is_not_there_ends_a_build_with_one_line(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    write_vault(Path("notes"), {f"{number}.md": "text\n" for number in range(250)})
    assert cli.main(["build", "-q", "--executor", "dask://127.0.0.1:1"]) == 2
    assert capsys.readouterr().err == (
        "seedbed: no Dask scheduler answers at dask://127.0.0.1:1: Connection refused\n"
    )


def test_an_executor_that_is_no_address_is_wrong_usage(capsys):
    with pytest.raises(SystemExit) as caught:
        cli.main(["build", "--executor", "elsewhere"])
    assert caught.value.code == 2
    assert capsys.readouterr().err == (
        "seedbed build: argument --executor: an executor is dask://HOST:PORT,"
        ' and not "elsewhere" (see seedbed build --help)\n'
    )
