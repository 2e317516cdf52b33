"""Tables through the pages: in as a dry run, and as a draft; nothing is written before, nor unseen."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.services.test_exchange_faults import COLUMNS, rows
from tests.web.conftest import NOW
from tests.web.desk import Desk
from tests.web.tables import (
    WHY,
    address,
    brought,
    edited,
    numbers,
    proposed,
    rated,
    rated_desk,
    row_of,
    worse,
)
from travelrisk.domain.proposals import Status
from travelrisk.services.desk import lookups as services
from travelrisk.services.exchange.exporting import export
from travelrisk.services.exchange.reading import read_table
from travelrisk.services.exchange.writing import csv_bytes
from travelrisk.services.privacy import trailing
from travelrisk.store import ratings as stored
from travelrisk.store.database import writing
from travelrisk.web.app import create_app


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with rated_desk(tmp_path) as made:
        yield made


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_what_goes_out_and_comes_back_changes_nothing(desk: Desk, form: str) -> None:
    file = desk.visitor("alice").look(f"/export/records?form={form}")
    assert file.headers["Content-Disposition"] == f'attachment; filename="ratings-edition-1.{form}"'
    page = brought(desk, file.get_data(), f"all.{form}")
    assert "This file changes nothing" in page.words
    assert not page.all("//form[@method='post']")
    counts = numbers(page)
    assert counts["Rows read"] == counts["Unchanged"] != "0"
    assert {counts[name] for name in ("Changed", "New", "Ended", "Cannot be used")} == {"0"}


def test_a_change_is_shown_with_its_effect_and_becomes_a_draft(desk: Desk) -> None:
    content = worse(desk)
    page = brought(desk, content)
    assert numbers(page) | {"Changed": "1", "New": "0", "Ended": "0"} == numbers(page)
    assert numbers(page)["What it does"] == "Makes nothing easier"
    cells = [" ".join(each.text_content().split()) for each in page.all("//main//table[1]//td")]
    assert cells[:2] == ["Recommended", "Not recommended"]
    assert "people 1, journeys 1" in page.words
    assert services.open_proposals(desk.app) == ()
    sent = proposed(desk, page.response.request.path, reason=WHY)
    assert sent.status == 303, sent.words
    (proposal,) = services.open_proposals(desk.app)
    assert sent.response.headers["Location"] == f"/changes/{proposal.reference}"
    assert (proposal.status, proposal.author, proposal.content.reason) == (Status.DRAFT, "p-alice", WHY)
    shown = desk.visitor("alice").get(f"/changes/{proposal.reference}")
    assert "Not recommended" in shown.words
    gone = desk.visitor("alice").get(page.response.request.path)
    assert gone.status == 409
    assert "This file is not kept any more" in gone.words


def test_how_days_are_read_is_asked_and_answered(desk: Desk) -> None:
    content = csv_bytes(COLUMNS, [rows()[20] | {"valid_from": "01/02/2026"}])
    page = brought(desk, content)
    assert "nothing in the file decides" in page.words
    again = desk.visitor("alice").get(f"{page.response.request.path}?dates=day-first")
    assert "1 Feb 2026" in again.words
    assert "read with the day first" in again.words
    assert again.all("//option[@value='day-first' and @selected]")


def test_a_proposal_needs_a_reason(desk: Desk) -> None:
    where = address(desk, worse(desk))
    refused = proposed(desk, where, reason=" ")
    assert refused.status == 422
    assert "Say why this is changed" in refused.words
    assert proposed(desk, where, reason="x" * 2001).status == 422
    assert services.open_proposals(desk.app) == ()


def test_an_edition_published_meanwhile_shows_the_page_again(desk: Desk) -> None:
    where = address(desk, worse(desk))
    visitor = desk.visitor("alice")
    page = visitor.get(where)
    hidden = {
        each.get("name"): each.get("value")
        for each in page.all("//form[@method='post']//input[@type='hidden']")
    }
    with writing(desk.app.engine) as c:
        now = next(each for each in stored.in_force(c) if each.id != rated(desk).id)
        stored.publish(c, opened=[], closed=[now.id], actor="Bob", note="desk", at=NOW)
    refused = visitor.post(where, data=hidden | {"reason": WHY})
    assert refused.status == 409
    assert "look again" in refused.words
    assert services.open_proposals(desk.app) == ()


def test_rows_that_do_not_go_together_are_told(desk: Desk) -> None:
    everything = export(desk.app, "csv")
    base = rated(desk).id

    def two_fit_once(every: list[dict[str, str]]) -> None:
        row_of(every, base).update(valid_until="2020-01-01")

    page = brought(desk, edited(desk, two_fit_once, everything))
    assert "lies before valid_from" in page.words
    assert not page.all("//form[@method='post']")


def test_a_file_is_for_whoever_brought_it_and_for_a_day(desk: Desk) -> None:
    where = address(desk, worse(desk))
    assert desk.visitor("bob").get(where).status == 409
    assert desk.visitor("bob").get(f"{where}/problems").status == 404
    assert "You looked at t.csv" in desk.visitor("alice").get("/import").words
    later = replace(desk.app, clock=lambda: NOW + timedelta(hours=24))
    tomorrow = Desk(later, create_app(later))
    assert tomorrow.visitor("alice").get(where).status == 409
    assert "You looked at" not in tomorrow.visitor("alice").get("/import").words


def test_who_takes_a_file_is_noted_with_what_stands_in_it(desk: Desk) -> None:
    content = desk.visitor("bob").look("/export/records?form=csv").get_data()
    (mark,) = {row.cells["export"] for row in read_table("t.csv", content).rows}
    (line,) = trailing.exported(desk.app, "jsonl", subject=f"export:{mark}")
    entry = json.loads(json.loads(line)["body"])
    assert (entry["actor"], entry["body"]["form"]) == ("p-bob", "csv")


def test_the_next_file_takes_the_place_of_the_last_one(desk: Desk) -> None:
    first = address(desk, worse(desk))
    address(desk, export(desk.app, "csv"))
    assert desk.visitor("alice").get(first).status == 409


@pytest.mark.threat(36)
def test_a_name_leads_nowhere(desk: Desk) -> None:
    page = brought(desk, worse(desk), "../../<b>x.csv")
    assert page.status == 200
    assert page.text("//h1") == "What <b>x.csv would change"
    assert not page.all("//h1/b")


def test_many_changes_are_cut_into_pages_and_all_are_there(desk: Desk) -> None:
    content = csv_bytes(COLUMNS, [row for row in rows()[20:140] if row["subject"] != "DLH"])
    page = brought(desk, content)
    found = int(numbers(page)["New"])
    bases = set(page.all("//main/p[@class='tr-small']/code/text()"))
    assert len(bases) == 50
    for number in range(2, -(-found // 50) + 1):
        (after,) = page.all("//a[@rel='next']/@href")
        page = desk.visitor("alice").get(after)
        bases |= set(page.all("//main/p[@class='tr-small']/code/text()"))
        assert f"Page {number} of" in page.words
    assert len(bases) == found > 100
