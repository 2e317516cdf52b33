"""The page of reports: each figure with its chart, its table and its files, for whoever may see it."""

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.web.conftest import evening
from tests.web.desk import Desk, employ
from travelrisk.domain.people import Role
from travelrisk.intake.document import Document
from travelrisk.services.trips import receiving
from travelrisk.store import people
from travelrisk.store.database import writing
from travelrisk.web.app import create_app

NOW = "period=this_month"
FORMULA = "=HYPERLINK(1)"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Give a service in which trips of three offices arrived; one office is called like a formula."""
    app = evening(Path(tmp_path_factory.mktemp("reports")))
    employ(app, bob=Role.FOCAL_POINT, erin=Role.AUDITOR, nina=Role.TRAVEL_UNIT, zoe=Role.TRAVEL_UNIT)
    with writing(app.engine) as c:
        for name, unit in (("nina", "Geneva"), ("zoe", "")):
            people.save(c, replace(people.by_id(c, f"p-{name}"), unit=unit))
    for number, office in enumerate(["Geneva"] * 6 + [FORMULA] * 7 + ["Rome"] * 2 + ["Lima"] * 4):
        document = Document(f"LH 400 FRA JFK {number + 1} Dec\nPassenger: DOE/ALICE MS".encode(), "trip.txt")
        list(receiving.receive(app, document, recipient="alice.doe@example.org", office=office))
    yield Desk(app, create_app(app))
    app.engine.dispose()


def test_a_focal_point_sees_the_whole_with_a_table_and_files_for_each_chart(desk: Desk) -> None:
    page = desk.visitor("bob").get(f"/reports?{NOW}")
    assert page.status == 200
    sections = page.all("//section[starts-with(@aria-labelledby, 'figure-')]")
    assert len(sections) == 12
    for section in sections:
        assert len(section.xpath(".//a[contains(@href, '.csv?') or contains(@href, '.xlsx?')]")) == 2
        for chart in section.xpath("./svg"):
            assert chart.get("role") == "img"
            assert chart.xpath("./title")
            assert chart.xpath("./desc")[0].text
            assert section.xpath(".//table"), "who does not see the chart reads the table"
    assert [each.text_content() for each in page.all("//*[@id='figure-offices']/..//tbody//th")] == [
        FORMULA,
        "Geneva",
        "Small offices together",
    ]
    assert "Offices with fewer than five are counted together" in page.words
    assert "style=" not in page.response.get_data(as_text=True)


@pytest.mark.parametrize(
    "path", ["/reports", "/reports/all.csv", "/reports/offices.csv", "/reports/all.xlsx"]
)
@pytest.mark.parametrize("name", ["bob", "nina"])
def test_no_traveller_is_named(desk: Desk, path: str, name: str) -> None:
    told = desk.visitor(name).look(f"{path}?{NOW}").get_data()
    for secret in (b"DOE", b"Doe", b"alice", b"TR-"):
        assert secret not in told


def test_a_travel_unit_sees_its_office_and_of_others_nothing(desk: Desk) -> None:
    nina = desk.visitor("nina")
    page = nina.get(f"/reports?{NOW}")
    assert "Whole period" in page.words
    assert page.all("//*[@id='figure-screened']/..//tr[@class='tr-total']/td")[0].text_content() == "6"
    assert not page.all("//select[@name='office']")
    assert FORMULA not in page.words
    assert nina.get(f"/reports?{NOW}&office=Geneva").status == 200
    for path in ("/reports", "/reports/all.csv", "/reports/screened.xlsx"):
        assert nina.get(f"{path}?{NOW}&office=Rome").status == 404
        assert nina.get(f"{path}?{NOW}&office=Nowhere").status == 404, "as for an office that is not there"
    assert nina.get(f"/reports/offices.csv?{NOW}").status == 404, "it has no such figure"


def test_who_has_no_office_is_told_whom_to_ask(desk: Desk) -> None:
    zoe = desk.visitor("zoe")
    assert "Ask an administrator to enter your office." in zoe.get("/reports").words
    assert zoe.get("/reports/all.csv").status == 404
    assert zoe.get("/reports?office=Geneva").status == 404


def test_of_a_small_office_others_are_told_no_figure(desk: Desk) -> None:
    page = desk.visitor("erin").get(f"/reports?{NOW}&office=Rome")
    assert page.words.count("Fewer than five in this office") >= 7
    assert "Ratings gone stale" in page.words, "which are about no office"
    assert not page.all("//*[@id='figure-screened']/..//table")
    assert page.all("//option[@selected and text()='Rome']")


def test_a_period_of_one_s_own_counts_both_days_and_a_wrong_one_says_what_to_do(desk: Desk) -> None:
    bob = desk.visitor("bob")
    total = "//*[@id='figure-screened']/..//tr[@class='tr-total']/td"
    for first, last, count in (("2026-11-23", "2026-11-23", "19"), ("2026-11-01", "2026-11-22", "0")):
        page = bob.get(f"/reports?period=own&from={first}&to={last}")
        assert page.all(total)[0].text_content() == count
    for first, last, field in (
        ("x", "2026-11-22", "from"),
        ("2026-11-22", "2026-11-01", "to"),
        ("", "", "from"),
    ):
        page = bob.get(f"/reports?period=own&from={first}&to={last}")
        assert page.status == 422
        assert page.all(f"//div[contains(@class, 'tr-errors')]//a[@href='#{field}']")
    assert bob.get("/reports/all.csv?period=own&from=x").status == 404


@pytest.mark.threat(27)
def test_the_files_hold_the_same_figures_and_no_formula(desk: Desk) -> None:
    bob = desk.visitor("bob")
    table = bob.look(f"/reports/offices.csv?{NOW}").get_data().decode("utf-8-sig").splitlines()
    assert table[:2] == ["Office,Itineraries,Share", f"'{FORMULA},7,0.3684"]
    several = bob.look(f"/fr/reports/all.csv?{NOW}").get_data().decode("utf-8-sig").splitlines()
    assert several[0] == "Indicateur,Sujet,Mesure,Valeur"
    assert f"Itinéraires par bureau,'{FORMULA},Itinéraires,7" in several
    answer = bob.look(f"/reports/all.xlsx?{NOW}")
    assert "attachment" in answer.headers["Content-Disposition"]
    book = load_workbook(io.BytesIO(answer.get_data()))
    assert len(book.worksheets) == 12
    sheet = book["Itineraries by office"]
    assert [sheet["A2"].value, sheet["B2"].value, sheet["A2"].data_type] == [f"'{FORMULA}", 7, "s"]
    assert all(cell.data_type != "f" for each in book for row in each.iter_rows() for cell in row)
    assert bob.get(f"/reports/nothing.csv?{NOW}").status == 404
    assert bob.get(f"/reports/all.pdf?{NOW}").status == 404


def test_the_page_is_linked_for_whom_it_is_for(desk: Desk) -> None:
    assert desk.visitor("nina").get("/account").all("//nav//a[@href='/reports']")
    assert not desk.visitor().get("/check").all("//nav//a[@href='/reports']")
