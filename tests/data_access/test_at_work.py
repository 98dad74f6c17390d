"""How a refresh works: when garbage is left lying."""

import gc

import pytest

from data_access.at_work import uncollected


def test_garbage_is_collected_again_afterwards_whatever_happened():
    with pytest.raises(RuntimeError), uncollected():
        assert not gc.isenabled()
        raise RuntimeError

    assert gc.isenabled()
