"""`python -m tests.unit.intake.fuzz.guided N [FLAGS]`: atheris looks for new ways through the readers.

Begins with the documents of the cases and keeps what reaches code that nothing reached before. Needs the
package atheris (Linux, macOS), which is no dependency of the tests: `pip install atheris`.
"""

import atexit
import sys
import tempfile
import time
from pathlib import Path

import atheris

_LONGEST = 20_000


def main() -> None:
    """Read N documents; faults are written to `fuzz-failures`, and the last lines tell what happened."""
    if not sys.argv[1:] or not sys.argv[1].isdecimal():
        sys.exit(f"say how many documents: {__doc__.splitlines()[0]}")
    with atheris.instrument_imports(include=["travelrisk"]):
        from tests.unit.intake.fuzz.__main__ import told  # noqa: PLC0415 - imported to be instrumented
        from tests.unit.intake.fuzz.mutants import Input, cases  # noqa: PLC0415
        from tests.unit.intake.fuzz.watching import Watch  # noqa: PLC0415

        watch = Watch(Path("fuzz-failures"))
        for each in cases():  # imports the readers, late as they are
            watch.read(each)
    begun = time.monotonic()
    corpus = tempfile.mkdtemp(prefix="fuzz-corpus-")
    for number, each in enumerate(cases()):
        if len(each.content) <= _LONGEST:
            (Path(corpus) / f"{number}").write_bytes(each.content)
    atexit.register(lambda: print(told(watch, time.monotonic() - begun)))  # noqa: T201 - a command
    flags = [f"-atheris_runs={sys.argv[1]}", f"-max_len={_LONGEST}", "-verbosity=0", *sys.argv[2:]]
    atheris.Setup([sys.argv[0], *flags, corpus], lambda data: watch.read(Input("guided", "in", data)))
    atheris.Fuzz()


if __name__ == "__main__":
    main()
