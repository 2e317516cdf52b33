"""Forgetting and handing over at a terminal, and proving the trail with what stands outside."""

import io
import json
import re
import stat
import zipfile
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.cli.test_upkeep import tamper

ALICE = "alice.zzcanary@example.org"


@pytest.fixture
def reference(run: Run, rated: Path, tmp_path: Path) -> str:
    assert rated.is_dir()
    booking = tmp_path / "trip.txt"
    booking.write_text("ET 707 FRA ADD 12 Dec 2026\nPassenger: ZZCANARY/ALICE MS\n", encoding="utf-8")
    done = run("screen", "--json", "--to", ALICE, booking)
    return str(json.loads(done.stdout)["trip"])


def found(place: Path) -> bool:
    return any(b"zzcanary" in each.read_bytes().lower() for each in place.glob("travelrisk.db*"))


def test_a_dry_run_shows_and_erases_nothing(run: Run, place: Path, reference: str) -> None:
    done = run("forget", "--dry-run", ALICE)
    assert done.exit_code == 0
    assert reference in done.stdout
    assert "STILL AHEAD" in done.stdout
    assert found(place)
    shown = json.loads(run("forget", "--dry-run", "--json", reference).stdout)
    assert shown["trips"][0]["reference"] == reference
    assert shown["rows"]["itineraries"] == 1


def test_it_is_asked_for_and_nobody_is_forgotten_unawares(run: Run, place: Path, reference: str) -> None:
    refused = run("forget", "--yes", ALICE)
    assert refused.exit_code != 0
    assert "call it off first" in refused.stderr
    assert run("forget", "--call-off", ALICE, input="n\n").exit_code != 0
    assert run("forget", "--json", reference).exit_code == 2
    assert found(place)


def test_whoever_is_forgotten_is_not_in_the_file_any_more(run: Run, place: Path, reference: str) -> None:
    done = run("forget", "--call-off", ALICE, input="y\n")
    assert done.exit_code == 0, done.output
    assert "Erased: 1 trip" in done.stdout
    assert not found(place)
    assert "is whole" in run("audit", "verify").stdout
    gone = run("replay", "1")
    assert gone.exit_code == 1
    assert "was erased" in " ".join(gone.stderr.split())
    assert "was erased" in " ".join(run("why", reference, "--on", "2026-11-23").stderr.split())
    assert run("forget", "--yes", ALICE).exit_code != 0
    assert run("doctor").exit_code in {0, 1}


def test_all_of_it_is_handed_over(run: Run, reference: str, tmp_path: Path) -> None:
    output = tmp_path / "kept.zip"
    assert run("hand-over", ALICE, "-o", output).exit_code == 0
    with zipfile.ZipFile(io.BytesIO(output.read_bytes())) as packed:
        assert f"{reference}/itineraries.json" in packed.namelist()
    assert stat.S_IMODE(output.stat().st_mode) == 0o600
    again = run("hand-over", ALICE, "-o", output)
    assert again.exit_code != 0
    assert "cannot be written" in again.stderr
    assert "nothing is kept" in run("hand-over", "bob@example.org", "-o", tmp_path / "b.zip").stderr


def test_a_trail_that_was_cut_or_written_anew_is_found_from_outside(
    run: Run, rated: Path, reference: str
) -> None:
    head = re.search(r"head\s+(\w{64})", run("audit", "verify").stdout)
    lines = [json.loads(line) for line in run("audit", "export", "--jsonl").stdout.splitlines()]
    assert head is not None
    assert lines[-1]["hash"] == head[1]
    anchor = f"{lines[-1]['seq']}:{head[1][:32]}"
    assert run("audit", "verify", "--anchor", anchor).exit_code == 0
    assert "ZZCANARY" not in json.dumps(lines)
    assert reference not in json.dumps(lines)
    last = lines[-1]["seq"]
    tamper(rated, "DELETE FROM outbox WHERE id > 0")
    tamper(rated, f"DELETE FROM advisories WHERE audit_seq = {last}")  # noqa: S608 - a number
    tamper(rated, f"DELETE FROM audit WHERE seq = {last}")  # noqa: S608 - as above
    assert run("audit", "verify").exit_code == 0, "the chain alone does not find it"
    cut = run("audit", "verify", "--anchor", anchor)
    assert cut.exit_code == 1
    assert f"broken at entry {last}" in cut.stdout


def test_the_trail_is_exported_by_days(run: Run, reference: str) -> None:
    assert reference
    table = run("audit", "export", "--csv", "--from", "2026-11-23", "--to", "2026-11-23").stdout
    assert table.splitlines()[0] == "seq,at,kind,actor,subject,body,hash"
    assert "document.received" in table
    assert run("audit", "export", "--from", "2026-11-24").stdout == ""
    assert run("audit", "export", "--from", "yesterday").exit_code == 2
    assert run("audit", "verify", "--anchor", "nonsense").exit_code != 0


@pytest.mark.threat(49)
def test_a_signed_checkpoint_is_exported_and_held_against_the_trail(
    run: Run, rated: Path, reference: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert reference
    refused = run("audit", "export", "--checkpoint")
    assert refused.exit_code != 0
    assert "TRAVELRISK_SECRET_KEY" in refused.stderr
    monkeypatch.setenv("TRAVELRISK_SECRET_KEY", "a secret of this test, long enough")
    checkpoint = run("audit", "export", "--checkpoint").stdout.strip()
    assert run("audit", "verify", "--anchor", checkpoint).exit_code == 0
    last = json.loads(run("audit", "verify", "--json").stdout)["entries"]
    tamper(rated, "DELETE FROM outbox WHERE id > 0")
    tamper(rated, f"DELETE FROM advisories WHERE audit_seq = {last}")  # noqa: S608 - a number
    tamper(rated, f"DELETE FROM audit WHERE seq = {last}")  # noqa: S608 - as above
    assert run("audit", "verify").exit_code == 0, "the chain alone does not find it"
    assert run("audit", "verify", "--anchor", checkpoint).exit_code == 1
    monkeypatch.setenv("TRAVELRISK_SECRET_KEY", "another secret of this test")
    forged = run("audit", "export", "--checkpoint").stdout.strip()
    head, claims, _ = checkpoint.split(".")
    altered = run("audit", "verify", "--anchor", f"{head}.{claims}.{forged.rpartition('.')[2]}")
    assert altered.exit_code == 2
    assert "the signature does not fit" in altered.stderr
