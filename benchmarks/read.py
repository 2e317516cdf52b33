"""Small documents read one after the other in one process, beside a process for each; and what reading holds.

All documents differ in flight, day and locator, so that nothing read before helps. The ways take turns in
each round. A process for each document starts Python, loads the tables and reads one: what a reader costs
that is started when a document arrives. Ours is kept warm, and reads apart from the service all the same.
Their ratio is one of processor time: on a busy machine a process waits for its turn many times, and one short
reading hardly ever. The peak of memory is Linux's VmHWM; ru_maxrss would begin with the peak of the parent.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from statistics import median
from time import perf_counter, process_time

from benchmarks import papers
from travelrisk.domain.itineraries import Outcome
from travelrisk.intake.apart import sandbox
from travelrisk.intake.apart.sandbox import read_apart
from travelrisk.intake.document import Document
from travelrisk.intake.limits import LIMITS, MIB
from travelrisk.intake.registry import Readers
from travelrisk.reference import load_atlas, load_book

SMALL = ("text", "ics", "mail with JSON-LD")  # what most people send; a bar code is less work
ROUNDS, EACH = 5, 67  # 5 rounds of 67 documents of each of them: 1,005 small documents
ALONE = ("text", "pdf")  # one small and one large: starting is nearly all of it
_SIZES = (1, 4)  # MB
_PROGRAM = """\
import json, re, sys
from pathlib import Path
from travelrisk.intake.document import Document
from travelrisk.intake.registry import Readers
from travelrisk.reference import load_atlas, load_book
readers = Readers(load_atlas(), load_book())
content = sys.stdin.buffer.read()
peak = lambda: int(re.search("VmHWM:[^0-9]*([0-9]+)", Path("/proc/self/status").read_text())[1])
before = peak()
outcomes = [reading.outcome for reading in readers.read(Document(content, sys.argv[1]))]
print(json.dumps([outcomes, peak() - before]))
"""

Figures = dict[str, float | int | str]
Times = dict[str, list[float]]


def measure() -> Figures:
    """Read the same kinds of documents each way, in turn."""
    readers = Readers(load_atlas(), load_book())
    here: Times = {form: [] for form in papers.FORMS}
    cpu: Times = {form: [] for form in papers.FORMS}
    apart: Times = {form: [] for form in papers.FORMS}
    alone: Times = {form: [] for form in ALONE}
    for form in papers.FORMS:  # not measured: whatever is loaded at first
        _here(readers, papers.paper(form, 0))
        _apart(papers.paper(form, 0))
    for turn in range(ROUNDS):
        for number in range(EACH):
            for form in papers.FORMS:
                document = papers.paper(form, 1 + turn * EACH + number)
                begun = process_time()
                here[form].append(_timed(_here, readers, document))
                cpu[form].append(process_time() - begun)
                apart[form].append(_timed(_apart, document))
        for form in alone:
            begun = _of_children()
            _alone(papers.paper(form, turn))
            alone[form].append(_of_children() - begun)
    sandbox.close()
    return _figures(here, cpu, apart, alone) | _memory()


def _figures(here: Times, cpu: Times, apart: Times, alone: Times) -> Figures:
    figures: Figures = {
        "small documents": len(SMALL) * ROUNDS * EACH,
        "one process, times as fast as a process each": round(median(alone["text"]) / median(cpu["text"])),
        "small, ms (median; goal 3)": _ms([time for form in SMALL for time in here[form]]),
        "small, ms of the processor (median)": _ms([time for form in SMALL for time in cpu[form]]),
        "text, ms of the processor in a process each": _ms(alone["text"]),
        "PDF of one page, ms (median; goal 15)": _ms(here["pdf"]),
        "PDF of one page, ms of the processor": _ms(cpu["pdf"]),
        "PDF, ms of the processor in a process each": _ms(alone["pdf"]),
    }
    for form in papers.FORMS:
        ways = f"{_ms(here[form])}, {_ms(cpu[form])}, {_ms(apart[form])}"
        figures[f"{form}, ms: here, processor, kept apart"] = ways
    return figures


def _memory() -> Figures:
    """Return by how much a fresh process grows; a table is read in chunks, other forms have limits below."""
    figures: Figures = {"limit of one document, MB": LIMITS.size // MIB}
    for size in _SIZES:
        figures[f"table of {size} MB, MB held at most"] = round(_alone(papers.table(size * MIB)) / 1024, 1)
    small = papers.paper("text", 1)
    return figures | {"small text, MB held at most": round(_alone(small) / 1024, 1)}


def _here(readers: Readers, document: Document) -> None:
    _check({reading.outcome for reading in readers.read(document)}, document)


def _apart(document: Document) -> None:
    _check({reading.outcome for reading in read_apart(document)}, document)


def _alone(document: Document) -> int:
    """Read a document in a process of its own; return the KiB by which reading made it grow."""
    command = [sys.executable, "-c", _PROGRAM, document.name]
    done = subprocess.run(command, input=document.content, check=True, capture_output=True)  # noqa: S603 - our own
    outcomes, grown = json.loads(done.stdout)
    _check({Outcome(outcome) for outcome in outcomes}, document)
    return int(grown)


def _check(outcomes: set[Outcome], document: Document) -> None:
    if outcomes != {Outcome.COMPLETE}:
        raise ValueError(f"{document.name} came out as {', '.join(outcomes)}: the figures mean nothing")


def _of_children() -> float:
    """Return the processor time of the processes that have ended, in seconds."""
    times = os.times()
    return times.children_user + times.children_system


def _timed(work: Callable[..., object], *arguments: object) -> float:
    begun = perf_counter()
    work(*arguments)
    return perf_counter() - begun


def _ms(times: list[float]) -> float:
    return round(median(times) * 1000, 2)
