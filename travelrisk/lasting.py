"""What is made once and stays as long as the process: modules and tables are never searched for garbage."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_MANY = 10_000


@contextmanager
def lasting() -> Iterator[None]:
    """Make what stays.

    Searching again and again through some hundred thousand objects, none of which can be garbage, took longer
    than making some of them. Where little was made, as everything was there already, nothing is set aside:
    what else is alive at that moment may well die.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if gc.get_count()[0] > _MANY:
            gc.freeze()
        if was_on:
            gc.enable()
