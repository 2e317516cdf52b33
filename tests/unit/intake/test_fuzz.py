"""A short run of what the command does for hours; and each thing it watches for is seen when it happens."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.intake.fuzz.__main__ import told
from tests.unit.intake.fuzz.inputs import inputs
from tests.unit.intake.fuzz.mutants import Input
from tests.unit.intake.fuzz.watching import Watch, Watched, faults_of
from travelrisk.domain.itineraries import Outcome
from travelrisk.intake.document import Document, Reading

FLIGHT = Input("text", "", b"ET707 FRA ADD 12 Dec 2026")
NONE = Input("text", "", FLIGHT.content, may_fly=False)


def _watch(monkeypatch: pytest.MonkeyPatch, read: object) -> Watch:
    monkeypatch.setattr(Watched, "read", read)
    return Watch()


def test_no_spoilt_document_and_no_garbage_breaks_a_reader(tmp_path: Path) -> None:
    watch = Watch(tmp_path)
    for each in inputs(300, 1):
        watch.read(each)
    assert not watch.faults, told(watch, 0)


def test_the_same_seed_gives_the_same_inputs() -> None:
    first, again, others = (_made(seed) for seed in (5, 5, 6))
    assert first == again
    assert first != others


def _made(seed: int) -> list[Input]:
    return [each for each in inputs(40, seed) if each.form != "xlsx"]  # a workbook bears the hour it was made


def test_a_flight_made_out_of_nothing_is_a_fault_and_is_kept(tmp_path: Path) -> None:
    watch = Watch(tmp_path)
    watch.read(FLIGHT, is_apart=True)
    assert not watch.faults
    watch.read(NONE)
    assert [fault.partition(" [")[0] for fault in watch.faults] == ["text: made up:"]
    assert [path.read_bytes() for path in tmp_path.glob("*-text")] == [NONE.content]


def test_a_reader_that_breaks_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: Watched, __: Document) -> Iterator[Reading]:
        raise LookupError("what the reader stumbled over")

    monkeypatch.setattr("travelrisk.intake.registry.Readers._read", broken)
    watch = Watch()
    watch.read(FLIGHT)
    assert any("what the reader stumbled over" in fault for fault in watch.faults)


def test_a_reader_that_hangs_is_interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    def hanging(_: Watched, __: Document) -> Iterator[Reading]:
        begun = time.process_time()
        while time.process_time() - begun < 10:
            pass
        yield Reading("text", reason="late")

    monkeypatch.setattr("tests.unit.intake.fuzz.watching.SECONDS", 0.05)
    watch = _watch(monkeypatch, hanging)
    watch.read(FLIGHT)
    assert any("hangs" in fault for fault in watch.faults)
    assert watch.slowest[0] < 5


def test_a_reading_that_does_not_agree_with_itself_is_a_fault() -> None:
    assert list(faults_of([], FLIGHT)) == ["nothing came of it"]
    (fault,) = faults_of([Reading("text", outcome=Outcome.COMPLETE)], FLIGHT)
    assert fault.startswith("dishonest")
