"""Much work, whoever does it: in this process, in processes beside it, forked or started afresh."""

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from working import Counted, die_at, fail_at

from seedbed.executors import Workers, WorkersError, open_workers, scheduler_of

pytestmark = pytest.mark.timeout(60)  # processes that start afresh load Python each time

ROOT = Path(__file__).resolve().parent.parent
LARGE = 1_000_000
"""More bytes than a pipe holds."""

in_any_way = pytest.mark.parametrize("start", ["fork", "spawn"])


def add(shared, task):
    return shared + task


def add_unevenly(shared, task):
    time.sleep(0.02 if task % 3 == 0 else 0)
    return shared + task


def process(_shared, _task):
    return os.getpid()


class StubbornError(Exception):
    """An error that can be written and not read again."""

    def __init__(self, first, second):
        super().__init__(first)
        self.second = second


def fail_stubbornly(_shared, _task):
    raise StubbornError("so", "there")


def give_what_cannot_be_sent(_shared, _task):
    return threading.Lock()


def die_once(marker, task):
    """Return ``task``; at the fifth of the first time, the process is killed."""
    if task[0] == 5 and not marker.exists():
        marker.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return task


def die_while_answering(marker, task):
    """Return ``task``; the first time, the process is killed when part of the answer may have been read."""
    if not marker.exists():
        marker.touch()
        threading.Timer(0.05, os.kill, (os.getpid(), signal.SIGKILL)).start()
        return task, bytes(100 * LARGE)
    return task, b""


def wait_and_tell(_counted, _task):
    time.sleep(0.01)
    return os.getpid()


# The same results in every way


@pytest.mark.parametrize(("jobs", "start"), [(1, ""), (2, "fork"), (2, "spawn"), (3, "")])
def test_results_come_in_the_order_of_tasks(jobs, start):
    with open_workers(jobs=jobs, start=start) as workers:
        found = list(workers.map(add_unevenly, 1000, range(50)))
    assert found == list(range(1000, 1050))


@pytest.mark.parametrize(("jobs", "start"), [(1, ""), (2, "fork"), (2, "spawn")])
def test_what_the_work_raises_is_raised_where_it_was_asked_for(jobs, start):
    with open_workers(jobs=jobs, start=start) as workers:
        found = workers.map(fail_at, 3, range(50))
        assert [next(found) for _ in range(3)] == [0, 1, 2]
        with pytest.raises(LookupError, match="no 3"):
            next(found)


def test_no_tasks_have_no_results():
    with open_workers(jobs=2) as workers:
        assert list(workers.map(add, 1, ())) == []


def test_an_error_says_where_in_the_worker_it_was_raised():
    with open_workers(jobs=2) as workers, pytest.raises(LookupError) as caught:
        list(workers.map(fail_at, 0, range(3)))
    (note,) = caught.value.__notes__
    assert "in fail_at" in note


@pytest.mark.parametrize(
    ("function", "error", "message"),
    [
        (fail_stubbornly, RuntimeError, "StubbornError"),
        (give_what_cannot_be_sent, TypeError, "cannot pickle"),
    ],
)
def test_what_cannot_be_sent_back_is_an_error(function, error, message):
    with open_workers(jobs=2) as workers, pytest.raises(error, match=message):
        list(workers.map(function, None, range(3)))


def test_a_task_that_cannot_be_sent_is_an_error():
    with open_workers(jobs=2) as workers, pytest.raises(TypeError, match="cannot pickle"):
        list(workers.map(add, None, [threading.Lock()]))


def test_two_kinds_of_work_may_be_under_way():
    with open_workers(jobs=2) as workers:
        doubled = workers.map(add, 0, workers.map(add, 100, range(20)))
        assert list(doubled) == list(range(100, 120))


# Who does it


def test_work_is_shared_among_as_many_processes_as_there_are_jobs():
    with open_workers(jobs=3) as workers:
        found = set(workers.map(wait_and_tell, None, range(60)))
    assert len(found) == 3
    assert os.getpid() not in found


@pytest.mark.parametrize(("jobs", "few"), [(1, False), (4, True)])
def test_little_work_stays_in_this_process_and_nothing_is_sent(jobs, few):
    lock = threading.Lock()  # which cannot be pickled
    with open_workers(jobs=jobs) as workers:
        found = list(workers.map(lambda shared, task: (shared, task), lock, [lock], few=few))
        assert set(workers.map(process, None, range(3), few=few)) == {os.getpid()}
    assert found == [(lock, lock)]


def test_workers_of_whom_nothing_is_said_are_this_process():
    assert set(Workers().map(process, None, range(3))) == {os.getpid()}


def test_a_forked_process_is_sent_nothing_that_it_shares():
    with open_workers(jobs=2, start="fork") as workers:
        found = list(workers.map(lambda shared, task: shared[1] + task, (threading.Lock(), 1), [1]))
    assert found == [2]


def test_a_process_that_starts_afresh_loads_what_it_shares_once(tmp_path):
    file = tmp_path / "loaded"
    with open_workers(jobs=2, start="spawn") as workers:
        found = set(workers.map(wait_and_tell, Counted(file), range(100)))
    loaded = file.read_text().split()
    assert len(loaded) == 2
    assert {str(each) for each in found} <= set(loaded)


@in_any_way
def test_tasks_are_taken_a_few_ahead_of_results(start):
    taken = []
    tasks = (taken.append(number) or number for number in range(1000))
    ahead = []
    with open_workers(jobs=2, start=start) as workers:
        for number, _ in enumerate(workers.map(add, 0, tasks)):
            ahead.append(len(taken) - number)
    assert max(ahead) <= 6


# Processes that die


@in_any_way
@pytest.mark.parametrize("size", [1, LARGE])
def test_a_killed_process_loses_nothing(tmp_path, start, size):
    tasks = [(number, bytes(size)) for number in range(20)]
    with open_workers(jobs=2, start=start) as workers:
        assert list(workers.map(die_once, tmp_path / "killed", tasks)) == tasks
    assert (tmp_path / "killed").exists()


def test_a_process_killed_in_the_middle_of_an_answer_loses_nothing(tmp_path):
    with open_workers(jobs=2) as workers:
        found = list(workers.map(die_while_answering, tmp_path / "killed", range(10)))
    assert [task for task, _ in found] == list(range(10))


@pytest.mark.parametrize("task", [0, 7, 49])
def test_work_that_kills_whoever_does_it_is_named(task):
    with open_workers(jobs=2) as workers:
        found = workers.map(die_at, task, range(50), named=lambda number: f"{number}.md")
        assert [next(found) for _ in range(task)] == list(range(task))
        with pytest.raises(WorkersError) as caught:
            next(found)
    assert str(caught.value) == (
        "a worker process ended before its work was done, and the one that did its work again ended"
        f" at {task}.md too, by signal 9: there may be too little memory"
    )


# Nothing is left


def leave_early(workers):
    next(workers.map(wait_and_tell, None, range(1000)))


def fail_meanwhile(workers):
    for _ in workers.map(wait_and_tell, None, range(1000)):
        raise KeyboardInterrupt


def fail_inside(workers):
    list(workers.map(fail_at, 3, range(1000)))


def finish(workers):
    list(workers.map(add, 0, range(10)))


@in_any_way
@pytest.mark.parametrize("work", [leave_early, fail_meanwhile, fail_inside, finish])
def test_no_process_is_left(start, work):
    threads = threading.active_count()
    try:
        with open_workers(jobs=2, start=start) as workers:
            work(workers)
    except (KeyboardInterrupt, LookupError):
        pass
    assert multiprocessing.active_children() == []
    assert threading.active_count() == threads


WORKING = r"""
import os
import signal
import sys
import time
from seedbed.executors import open_workers

# A program that a shell has started in the background is not to be interrupted, and so are its own.
signal.signal(signal.SIGINT, signal.default_int_handler)

def work(shared, task):
    os.write(1, f"{os.getpid()}\n".encode())
    time.sleep(shared)

if __name__ == "__main__":
    with open_workers(jobs=2, start=sys.argv[1]) as workers:
        list(workers.map(work, float(sys.argv[2]), range(1000)))
"""


def ends(pid):
    """Wait until there is no process ``pid``; the test's limit of time is the answer no."""
    while Path(f"/proc/{pid}").exists() and "\nState:\tZ" not in status(pid):
        time.sleep(0.01)
    return True


def status(pid):
    try:
        return Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks for processes in /proc")
@in_any_way
@pytest.mark.parametrize(("name", "seconds"), [("SIGINT", 600), ("SIGKILL", 0.2)])
def test_an_interrupted_program_leaves_no_process(tmp_path, start, name, seconds):
    script = tmp_path / "script.py"
    script.write_text(WORKING)
    started = subprocess.Popen(
        [sys.executable, script, start, str(seconds)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env={**os.environ, "PYTHONPATH": str(ROOT / "scripts")},
    )
    workers = [int(started.stdout.readline()) for _ in range(2)]
    if name == "SIGINT":
        os.killpg(started.pid, signal.SIGINT)  # as Ctrl-C does
    else:
        started.kill()
    _, said = started.communicate()
    assert all(map(ends, workers))
    assert said.count("Traceback") == (name == "SIGINT")


# Addresses


@pytest.mark.parametrize(
    ("address", "scheduler"),
    [
        ("dask://127.0.0.1:8786", ("127.0.0.1", 8786)),
        ("dask://Cluster.example:1", ("cluster.example", 1)),
        ("dask://[::1]:8786", ("::1", 8786)),
    ],
)
def test_an_address_names_a_scheduler(address, scheduler):
    assert scheduler_of(address) == scheduler


@pytest.mark.parametrize(
    "address",
    [
        *("8786", "host:8786", "tcp://host:8786", "dask://host", "dask://:8786", "dask://host:0"),
        *("dask://host:port", "dask://host:99999", "dask://host:1/", "dask://host:1?a", "dask:"),
        *("dask://[::1:8786", "DASK://host:1"),
    ],
)
def test_another_address_is_refused(address):
    with pytest.raises(WorkersError) as caught:
        open_workers(address)
    assert str(caught.value) == f'an executor is dask://HOST:PORT, and not "{address}"'
