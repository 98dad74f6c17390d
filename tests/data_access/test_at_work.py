"""How a refresh works: what is done beside, and when garbage is left lying."""

import gc
import threading

import pytest

from data_access.at_work import uncollected, working_beside
from data_access.engine import is_sqlite


def test_a_thread_of_its_own_works_for_a_server_and_none_for_sqlite(engine):
    with working_beside(engine) as beside:
        worker = beside.submit(threading.current_thread).result()

    assert (worker is threading.current_thread()) == is_sqlite(engine)


def test_what_fails_beside_fails_the_caller(engine):
    def fails(number: int) -> int:
        return 1 // number

    with pytest.raises(ZeroDivisionError), working_beside(engine, 2) as beside:
        list(beside.map(fails, [1, 0]))


def test_answers_come_in_the_order_of_the_questions(engine):
    with working_beside(engine, 2) as beside:
        assert list(beside.map(abs, [-3, 2, -1])) == [3, 2, 1]


def test_garbage_is_collected_again_afterwards_whatever_happened():
    with pytest.raises(RuntimeError), uncollected():
        assert not gc.isenabled()
        raise RuntimeError

    assert gc.isenabled()
