"""Functions are called in processes beside this one: in order, with their errors, no longer than it lives."""

import math
import operator
import os
import pickle
import subprocess
import sys
import time

import pytest

from data_access import beside, processes
from tests.checks.files import PROJECT

ENDS_WITHIN_S = 20


def test_results_come_in_the_order_of_the_calls_from_other_processes() -> None:
    assert beside.each(math.pow, [(n, 2) for n in range(7)], 2) == [n**2 for n in range(7)]
    others = beside.each(os.getpid, [()] * 2, 2)
    assert os.getpid() not in others
    assert beside.each(math.pow, [], 2) == []


def test_an_error_comes_back_as_it_was_raised_and_nothing_more_is_begun(tmp_path) -> None:
    with pytest.raises(ZeroDivisionError):
        beside.each(operator.floordiv, [(1, 0)], 1)
    with pytest.raises(FileNotFoundError):
        beside.each(os.mkdir, [(str(tmp_path / "no" / "way"),), (str(tmp_path / "later"),)], 1)
    assert list(tmp_path.iterdir()) == []


def test_a_process_that_dies_is_told_of() -> None:
    with pytest.raises(RuntimeError, match="ended before its answer"):
        beside.each(os._exit, [(3,)], 1)


@pytest.mark.parametrize("size", [1, 1_000_000])
def test_so_is_one_that_was_dead_before_it_was_asked(size: int) -> None:
    """However much there is to send: a pipe takes 64 kB that nobody reads."""
    with pytest.raises(RuntimeError, match="ended before its answer"):
        beside.each(os._exit, [(3,), (b"x" * size,)], 1)
    with pytest.raises(EOFError):  # the function's own
        beside.each(pickle.loads, [(b"",)], 1)


def test_what_a_function_prints_is_no_answer(capfd) -> None:
    assert beside.each(print, [("words",)], 1) == [None]
    assert "words" in capfd.readouterr().err


def test_its_processes_end_with_it_however_it_ends() -> None:
    """The one beside says its number, kills who waits for it, and has nobody to answer."""
    script = (
        "import os; from data_access import beside\n"
        "beside.each(os.system, [(f'echo $PPID >&2; kill -9 {os.getpid()}',), ('sleep 60',)], 1)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=PROJECT, stderr=subprocess.PIPE, text=True, check=False
    )
    process = int(done.stderr.split()[0])
    ends = time.monotonic() + ENDS_WITHIN_S
    while processes.is_alive(process) and time.monotonic() < ends:
        time.sleep(0.1)

    assert done.returncode == -9
    assert not processes.is_alive(process)
