"""Calls of our own functions in processes beside this one: threads of Python share one processor.

Not by multiprocessing: it runs the main module of this process again in each new one, whatever that is.
"""

import os
import pickle
import subprocess
import sys
import traceback
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

from data_access import settings
from domain.errors import DashboardError

Call = tuple[int, tuple[Any, ...]]  # its place among all, its arguments


def each(function: Callable[..., Any], calls: Iterable[tuple[Any, ...]], at_once: int) -> list[Any]:
    """What the function returns for each tuple of arguments, in their order; at most at_once at a time.

    The function is one of a module; it, its arguments and results are pickled. Raises what the first call
    that failed did; nothing more is begun then. The processes end with this one.
    """
    waiting = deque(enumerate(calls))
    results: dict[int, Any] = {}
    with ThreadPoolExecutor(at_once) as threads:
        working = [threads.submit(_work, function, waiting, results) for _ in range(at_once)]
    for one in working:
        one.result()
    return [results[place] for place in sorted(results)]


def _work(function: Callable[..., Any], waiting: deque[Call], results: dict[int, Any]) -> None:
    """Let one process make calls as long as some wait."""
    command = [sys.executable, "-m", __name__]
    # It is told where the code lies and stays where we are: an address of SQLite may be relative to that.
    found_in = os.pathsep.join([str(settings.PROJECT), *filter(None, sys.path)])
    process = subprocess.Popen(  # noqa: S603 - our own interpreter and this module
        command, env=os.environ | {"PYTHONPATH": found_in}, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        while waiting:
            try:
                place, arguments = waiting.popleft()
            except IndexError:  # another thread was first
                return
            results[place] = _answer(process, function, arguments)
    except BaseException:
        waiting.clear()
        raise
    finally:
        with suppress(BrokenPipeError):
            process.stdin.close()
        process.stdout.close()
        process.wait()


def _answer(process: subprocess.Popen, function: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
    try:
        pickle.dump((function, arguments), process.stdin)
        process.stdin.flush()
        is_done, found = pickle.load(process.stdout)  # noqa: S301 - from our own process
    except (EOFError, BrokenPipeError) as error:
        raise RuntimeError("a process beside this one ended before its answer") from error
    if not is_done:
        raise found
    return found


def _serve() -> None:
    """Answer calls from the standard input until it ends; whatever else is printed is an error's."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    while True:
        try:
            function, arguments = pickle.load(sys.stdin.buffer)  # noqa: S301 - from the process that began this one
        except EOFError:
            return
        try:
            answer = (True, function(*arguments))
        except Exception as error:
            if not isinstance(error, DashboardError):
                traceback.print_exc()
            answer = (False, error)
        try:
            pickle.dump(answer, answers)
            answers.flush()
        except BrokenPipeError:  # nobody waits for it any more
            return


if __name__ == "__main__":
    _serve()
