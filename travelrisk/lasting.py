"""What is made once and stays as long as the process: it is never searched for garbage."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def lasting() -> Iterator[None]:
    """Make what stays: modules, tables.

    Searching again and again through hundreds of thousands of objects, none of which can be garbage, took
    longer than making some of them.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_on:
            gc.enable()
