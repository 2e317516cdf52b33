"""Tables through the pages: out, in as a dry run, and as a draft; nothing is written before, nor unseen."""

import csv
import io
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

import openpyxl
import pytest

from tests.services.test_exchange_faults import COLUMNS, FAULTS, rows
from tests.web.conftest import NOW, Page, with_facts
from tests.web.desk import Desk, csrf, employ
from travelrisk import resources
from travelrisk.domain.people import Role
from travelrisk.domain.proposals import Status
from travelrisk.domain.ratings import Rating
from travelrisk.intake.document import Document
from travelrisk.services import desk as services
from travelrisk.services import ratings, receiving
from travelrisk.services.exchange.exporting import export
from travelrisk.services.exchange.reading import read_table
from travelrisk.services.exchange.writing import csv_bytes, workbook_bytes
from travelrisk.settings import load_settings
from travelrisk.store import ratings as stored
from travelrisk.store.database import reading, writing
from travelrisk.web.app import create_app
from travelrisk.wiring import build

Edit = Callable[[list[dict[str, str]]], object]
WHY = "After the audit."


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Give a service with the ratings of the demonstration, two focal points, an auditor and one trip."""
    app = replace(build(load_settings(data_dir=tmp_path, demo=True)), clock=lambda: NOW)
    ratings.import_records(
        app, resources.data("ratings", "demonstration.toml"), by="bob", signed_by="charlie"
    )
    employ(app, alice=Role.FOCAL_POINT, bob=Role.FOCAL_POINT, dana=Role.AUDITOR, erin=Role.TRAVELLER)
    document = Document(b"LH 590 FRA NBO 12 Dec operated by Lufthansa", "trip.txt")
    list(receiving.receive(app, document, recipient="frank@example.org"))
    yield Desk(app, create_app(app))
    app.engine.dispose()


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[Desk]:
    """Give a service without any ratings, and a focal point."""
    app = replace(build(load_settings(data_dir=tmp_path)), clock=lambda: NOW)
    employ(app, alice=Role.FOCAL_POINT)
    yield Desk(app, create_app(app))
    app.engine.dispose()


def brought(
    desk: Desk, content: bytes, name: str = "t.csv", who: str = "alice", prefix: str = "", **how: str
) -> Page:
    """Bring a file in as somebody, and return the page that follows."""
    visitor = desk.visitor(who)
    fields = {"csrf_token": csrf(visitor.get("/import")), "file": (io.BytesIO(content), name), **how}
    page = visitor.post(f"{prefix}/import", data=fields)
    return visitor.get(page.response.headers["Location"]) if page.status == 303 else page


def edited(desk: Desk, edit: Edit, exported: bytes = b"") -> bytes:
    """Return an export of now in which rows were changed."""
    table = read_table("t.csv", exported or export(desk.app, "csv"))
    every = [dict(row.cells) for row in table.rows]
    edit(every)
    return csv_bytes(table.columns, every)


def row_of(every: list[dict[str, str]], base: str) -> dict[str, str]:
    return next(row for row in every if row["id"] == base)


def rated(desk: Desk) -> Rating:
    """Return a rating of the demonstration that the trip rests on."""
    with reading(desk.app.engine) as c:
        found = [
            each for each in stored.in_force(c) if isinstance(each, Rating) and each.subject.key == "DLH"
        ]
    return found[0]


def worse(desk: Desk) -> bytes:
    return edited(
        desk,
        lambda every: row_of(every, rated(desk).id).update(
            level="not_recommended",
            evidence_1_title="Audit",
            evidence_1_retrieved_on="2026-11-01",
        ),
    )


def numbers(page: Page) -> dict[str, str]:
    """Return what the head of the page of a dry run counts."""
    (head,) = page.all("//main//dl[1]")
    return {
        each.findtext("dt"): " ".join(each.find("dd").text_content().split()) for each in head.findall("div")
    }


def address(desk: Desk, content: bytes, **how: object) -> str:
    page = brought(desk, content)
    here = page.response.request.path
    return f"{here}?{urlencode(how, doseq=True)}" if how else here


def proposed(desk: Desk, where: str, **fields: str) -> Page:
    """Send the form of a dry run, with what the page holds hidden."""
    visitor = desk.visitor("alice")
    page = visitor.get(where)
    hidden = page.all("//form[@method='post']//input[@type='hidden']")
    return visitor.post(where, data={each.get("name"): each.get("value") for each in hidden} | fields)


def planted() -> bytes:
    every = rows()
    for number, cells, _, _ in FAULTS:
        every[number - 2] |= cells
    return csv_bytes(COLUMNS, every)


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


def test_exactly_the_planted_faults_are_shown(bare: Desk) -> None:
    page = brought(bare, planted())
    table = page.all("//main//table[caption[contains(., 'What cannot be used')]]//tbody/tr")
    found = [[" ".join(cell.text_content().split()) for cell in row] for row in table]
    assert [(row, column, reason) for row, column, reason, _ in found] == [
        (f"Row {number}", column, reason) for number, _, column, reason in FAULTS
    ]
    assert all(advice for *_, advice in found)
    file = bare.visitor("alice").look(page.response.request.path + "/problems")
    assert file.headers["Content-Disposition"] == 'attachment; filename="problems.csv"'
    back = list(csv.DictReader(io.StringIO(file.get_data().decode("utf-8-sig"))))
    told = {number for number, row in enumerate(back, 2) if row["problem"]}
    assert told == {number for number, *_ in FAULTS} | {2, 3}


@pytest.mark.parametrize(("prefix", "language"), [("/fr", "fr"), ("/es", "es")])
def test_the_faults_are_told_in_the_language_of_the_page(bare: Desk, prefix: str, language: str) -> None:
    page = brought(bare, planted(), prefix=prefix)
    assert page.tree.get("lang") == language
    table = "//main//table[.//th[text()='Ligne' or text()='Fila']]"
    assert len(page.all(f"{table}/tbody/tr")) == 20
    assert not page.all(f"{table}//*[@lang='en']")


def test_a_problem_beyond_what_a_workbook_holds_is_told(bare: Desk) -> None:
    every = rows()[20:24]
    every[0] |= {"reason_en": "x" * 32_767, "level": "excellent"}
    every[1] |= {"reason_en": "=" + "x" * 32_766}
    page = brought(bare, csv_bytes(COLUMNS, every), "t.csv")
    assert page.status == 422
    assert "longer than 32,767 characters" in page.words


def test_bad_rows_are_left_out_only_where_somebody_says_so(bare: Desk) -> None:
    where = address(bare, planted())
    refused = proposed(bare, where, reason=WHY)
    assert refused.status == 422
    assert "Some rows cannot be used" in refused.words
    assert WHY in refused.text("//textarea")
    assert services.open_proposals(bare.app) == ()
    overlapping = proposed(bare, where, reason=WHY, skip="1")
    (proposal,) = services.open_proposals(bare.app)
    assert overlapping.status == 303
    assert len(proposal.content.wanted) == 300 - 20 - 2


def test_a_file_with_too_much_wrong_is_refused_as_a_whole(bare: Desk) -> None:
    every = rows()[20:30]
    for row in every[:3]:
        row["level"] = "excellent"
    page = brought(bare, csv_bytes(COLUMNS, every))
    assert "This file is refused as a whole" in page.words
    assert "3 of 10. From 30 % on" in page.words
    assert not page.all("//form[@method='post']")
    visitor = bare.visitor("alice")
    forged = {"reason": WHY, "skip": "1", "edition": "0", "csrf_token": csrf(visitor.get("/import"))}
    refused = visitor.post(page.response.request.path, data=forged)
    assert refused.status == 422
    assert services.open_proposals(bare.app) == ()


def formula() -> bytes:
    workbook = openpyxl.load_workbook(io.BytesIO(workbook_bytes(COLUMNS, rows()[:2])))
    workbook["records"]["L3"] = "=1+1"
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()


def bomb() -> bytes:
    content = io.BytesIO(workbook_bytes(COLUMNS, rows()[:2]))
    with zipfile.ZipFile(content, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/one.bin", bytes(60_000_000))
    return content.getvalue()


HEAD = "record,id,subject_kind,subject,valid_from,level\n"
REFUSED: list[tuple[str, bytes, str]] = [
    ("t.ods", b"x", "t.ods: is no table: save it as CSV or XLSX"),
    ("t.csv", b"", "t.csv: is empty: choose the file again"),
    ("t.csv", HEAD.encode(), "has headings and no row below them"),
    ("t.csv", HEAD.replace("level", "score").encode(), "row 1: unknown columns: score"),
    ("t.csv", b"name,flight\nx,y\n", "row 1: unknown columns: flight"),
    ("t.csv", (HEAD + "rating,a\n" * 5001).encode(), "more than 5,000 rows: split it"),
    ("t.csv", (HEAD + "rating,a,carrier,ETH,2026-01-01,é\n").encode("latin-1"), "is not UTF-8"),
    ("t.xlsx", b"PK\x03\x04", "damaged or protected"),
    ("t.xlsx", formula(), "holds formulas (L3)"),
    ("t.xlsx", bomb(), "unpacks to 5"),
]


@pytest.mark.parametrize(("name", "content", "says"), REFUSED)
@pytest.mark.parametrize("prefix", ["", "/fr", "/es"])
def test_what_is_no_table_is_refused_and_not_kept(
    bare: Desk, name: str, content: bytes, says: str, prefix: str
) -> None:
    page = brought(bare, content, name, prefix=prefix)
    assert page.status == 422
    assert page.all("//input[@id='file' and @aria-invalid='true']")
    if not prefix:
        assert says in page.text("//div[@role='alert']")
    assert not page.all("//div[@role='alert']//*[@lang='en']"), "told in the language of the page"
    assert "You looked at" not in bare.visitor("alice").get("/import").words


def test_without_a_file_there_is_nothing_to_look_at(bare: Desk) -> None:
    visitor = bare.visitor("alice")
    page = visitor.post("/import", data={"csrf_token": csrf(visitor.get("/import"))})
    assert page.status == 422
    assert "Choose a CSV or XLSX file" in page.words


def test_a_file_beyond_the_limit_is_refused_before_it_is_read(bare: Desk) -> None:
    small = with_facts(bare.app, upload_limit=2_000)
    page = brought(Desk(small, create_app(small)), b" " * 3_000)
    assert page.status == 413


def on_the_desk(desk: Desk, change: Callable[[Rating], Rating] | None) -> None:
    """Change the rating behind the back of a file, or end it."""
    now = rated(desk)
    with writing(desk.app.engine) as c:
        opened = [replace(change(now), id=f"{now.id}:2", set_by="Bob")] if change else []
        stored.publish(c, opened=opened, closed=[now.id], actor="Bob", note="desk", at=NOW)


def test_what_the_desk_set_since_is_overwritten_only_where_that_is_confirmed(desk: Desk) -> None:
    content, base = worse(desk), rated(desk).id
    on_the_desk(desk, lambda rating: replace(rating, aoc="D-1"))
    page = brought(desk, content)
    assert "Set since by Bob, in edition 2:" in page.words
    assert "D-1" in page.words
    (box,) = page.all("//input[@name='over']")
    assert (box.get("value"), box.get("checked")) == (f"{base}:2", None)
    assert not page.all("//form[@method='post']"), "nothing else changes, so there is nothing to propose"
    again = desk.visitor("alice").get(f"{page.response.request.path}?over={base}:2")
    assert again.all("//input[@name='over']/@checked")
    assert numbers(again)["Changed"] == "1"
    sent = proposed(desk, f"{page.response.request.path}?over={base}:2", reason=WHY)
    assert sent.status == 303
    (proposal,) = services.open_proposals(desk.app)
    assert [each.id for each in proposal.content.wanted] == [base]


def test_a_confirmation_holds_for_the_version_that_was_looked_at(desk: Desk) -> None:
    content, base = worse(desk), rated(desk).id
    on_the_desk(desk, lambda rating: replace(rating, aoc="D-1"))
    where = address(desk, content, over=f"{base}:2")
    now = rated(desk)
    with writing(desk.app.engine) as c:
        later = replace(now, id=f"{base}:3", aoc="D-2")
        stored.publish(c, opened=[later], closed=[now.id], actor="Bob", note="desk", at=NOW)
    page = desk.visitor("alice").get(where)
    assert not page.all("//input[@name='over']/@checked")
    assert numbers(page)["Changed"] == "0"


def test_what_the_desk_ended_comes_back_only_where_that_is_confirmed(desk: Desk) -> None:
    content, base = worse(desk), rated(desk).id
    on_the_desk(desk, None)
    page = brought(desk, content)
    assert "It was ended since." in page.words
    again = desk.visitor("alice").get(f"{page.response.request.path}?over={base}:ended")
    assert numbers(again)["New"] == "1"


def without(desk: Desk, base: str) -> bytes:
    return edited(desk, lambda every: every.remove(row_of(every, base)))


def test_a_file_that_is_everything_ends_what_it_leaves_out(desk: Desk) -> None:
    base = rated(desk).id
    content = without(desk, base)
    assert "changes nothing" in brought(desk, content).words, "otherwise it stays as it is"
    page = brought(desk, content, complete="1")
    assert numbers(page)["Ended"] == "1"
    assert "It ends." in page.words or base in page.words
    where = f"{page.response.request.path}?complete=1"
    assert proposed(desk, where, reason=WHY).status == 303
    (proposal,) = services.open_proposals(desk.app)
    assert (proposal.content.wanted, proposal.content.ended) == ((), (base,))


def test_what_was_set_since_the_export_is_not_ended(desk: Desk) -> None:
    content = without(desk, rated(desk).id)
    on_the_desk(desk, lambda rating: replace(rating, aoc="D-1"))
    page = brought(desk, content, complete="1")
    assert numbers(page)["Ended"] == "0"
    assert numbers(page)["Stay as they were set since"] == "1"


def test_a_file_that_ends_something_is_taken_as_a_whole(desk: Desk) -> None:
    base = rated(desk).id

    def edit(every: list[dict[str, str]]) -> None:
        every.remove(row_of(every, base))
        every[0]["valid_from"] = "soon"

    page = brought(desk, edited(desk, edit), complete="1")
    assert "taken as a whole or not at all" in page.words
    visitor = desk.visitor("alice")
    fields = {"reason": WHY, "skip": "1", "edition": "1", "csrf_token": csrf(visitor.get("/import"))}
    refused = visitor.post(f"{page.response.request.path}?complete=1", data=fields)
    assert refused.status == 422
    assert services.open_proposals(desk.app) == ()


def test_a_file_without_editions_cannot_be_everything(desk: Desk) -> None:
    page = brought(desk, csv_bytes(COLUMNS, rows()[5:8]), complete="1")
    assert page.status == 422
    assert "no row says from which edition it was exported" in page.words


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


def test_the_next_file_takes_the_place_of_the_last_one(desk: Desk) -> None:
    first = address(desk, worse(desk))
    address(desk, export(desk.app, "csv"))
    assert desk.visitor("alice").get(first).status == 409


def test_a_name_leads_nowhere(desk: Desk) -> None:
    page = brought(desk, worse(desk), "../../<b>x.csv")
    assert page.status == 200
    assert page.text("//h1") == "What <b>x.csv would change"
    assert not page.all("//h1/b")


@pytest.mark.parametrize("when", ["", "1", "2026-11-23"])
def test_the_booking_list_has_the_edition_and_ends(desk: Desk, when: str) -> None:
    file = desk.visitor("dana").look(f"/export/booking-list?form=csv&as_of={when}")
    assert file.headers["Content-Disposition"] == (
        'attachment; filename="booking-list-edition-1-2026-11-23.csv"'
    )
    listed = list(csv.DictReader(io.StringIO(file.get_data().decode("utf-8-sig"))))
    assert {row["edition"] for row in listed} == {"1"}
    assert any(row["valid_until"] for row in listed)


def test_an_old_day_has_what_was_known_then(desk: Desk) -> None:
    file = desk.visitor("alice").look("/export/records?form=csv&as_of=2026-11-22")
    assert file.get_data().decode("utf-8-sig").count("\r\n") == 1, "headings alone"
    refused = desk.visitor("alice").get("/export/booking-list?form=csv&as_of=2026-11-22")
    assert refused.status == 422
    assert "edition 0 rates no carrier" in refused.words


@pytest.mark.parametrize(
    "query", ["form=csv&as_of=soon", "form=csv&as_of=7", "form=csv&as_of=2027-01-01", "form=pdf"]
)
def test_what_cannot_be_exported_is_asked_again(desk: Desk, query: str) -> None:
    page = desk.visitor("alice").get(f"/export/records?{query}")
    assert page.status == 422
    assert page.all("//div[@role='alert']//a")


def test_the_template_has_words_to_choose_from(desk: Desk) -> None:
    file = desk.visitor("alice").look("/import/template")
    workbook = openpyxl.load_workbook(io.BytesIO(file.get_data()))
    assert workbook["records"].data_validations.dataValidation


def test_an_auditor_exports_and_is_offered_no_import(desk: Desk) -> None:
    visitor = desk.visitor("dana")
    page = visitor.get("/export")
    assert page.status == 200
    assert not page.all("//a[starts-with(@href, '/import')]")
    assert visitor.get("/import").status == 404
    assert not visitor.get("/changes").all("//a[starts-with(@href, '/import')]")


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
