"""Documents nobody would write, for the readers: `python -m tests.unit.intake.fuzz --inputs N`.

`mutants` spoils the documents of the cases, `garbage` makes documents that hold no flight, `watching` reads
them and says what must never happen.
"""
