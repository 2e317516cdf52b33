"""What stays is set aside from the search for garbage; what was there before it is not, again and again."""

import gc
import json
import subprocess
import sys

import pytest

from travelrisk.lasting import lasting

PROGRAM = """
import gc, json
from travelrisk.lasting import lasting

def made(number):
    before = gc.get_freeze_count()
    with lasting():
        is_on = gc.isenabled()
        kept = [[] for _ in range(number)]
    return is_on, gc.isenabled(), gc.get_freeze_count() - before > 0

gc.collect()
print(json.dumps([made(50_000), made(10)]))
"""


def test_many_objects_are_set_aside_and_few_are_not() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], check=True, capture_output=True, text=True)
    assert json.loads(done.stdout) == [[False, True, True], [False, True, False]]


def test_garbage_is_searched_again_after_a_fault_and_only_where_it_was_before() -> None:
    with pytest.raises(KeyError), lasting():
        raise KeyError
    assert gc.isenabled()
    gc.disable()
    try:
        with lasting():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
