"""Rewrites out.json of the readers' cases: `python -m tests.cases.intake.rewrite [form/case ...]`.

Read the difference like code: a case that changes says that a document is now understood differently.
"""

import sys

from tests.unit.intake.cases import CASES, folders, reading_of_case, written


def main(wanted: list[str]) -> None:
    """Rewrite the wanted cases, or all."""
    for folder in folders():
        name = folder.relative_to(CASES).as_posix()
        if not wanted or name in wanted:
            (folder / "out.json").write_text(written(reading_of_case(folder)), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
