"""The table of carriers: one holder per code and day, legal cells, and the pairs that people get wrong."""

import csv
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date
from itertools import combinations
from typing import NamedTuple

import pytest

from tests.contracts.tree import ROOT

TABLE = ROOT / "data" / "carriers.csv"
COUNTRIES = ROOT / "data" / "countries.csv"
COLUMNS = ["icao", "iata", "name", "former_names", "country", "class", "valid_from", "valid_until", "note"]
UNITED_NATIONS = "UN"  # reserved in ISO 3166-1 for the United Nations, which is no State
TODAY = date(2026, 9, 1)


class Row(NamedTuple):
    """One line of the table, its dates read; an open end is None."""

    icao: str
    iata: str
    name: str
    others: tuple[str, ...]
    country: str
    kind: str
    begins: date | None
    ends: date | None
    note: str

    def holds(self, day: date) -> bool:
        """Say whether the row is valid on *day*; both ends belong to it."""
        return (self.begins or date.min) <= day <= (self.ends or date.max)

    def meets(self, other: "Row") -> bool:
        """Say whether there is a day on which both rows are valid."""
        begins = max(self.begins or date.min, other.begins or date.min)
        return begins <= min(self.ends or date.max, other.ends or date.max)


def _rows() -> tuple[Row, ...]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return tuple(_row(cells) for cells in csv.DictReader(file, strict=True))


def _row(cells: dict[str, str]) -> Row:
    assert None not in cells, f"{cells['icao']}: more cells than columns"
    begins, ends = (date.fromisoformat(cell) if cell else None for cell in map(cells.get, COLUMNS[6:8]))
    others = tuple(cells["former_names"].split("|")) if cells["former_names"] else ()
    icao, iata, name, country = (cells[column] for column in ("icao", "iata", "name", "country"))
    return Row(icao, iata, name, others, country, cells["class"], begins, ends, cells["note"])


ROWS = _rows()


def _holders(code: str, day: date = TODAY) -> list[str]:
    return [row.icao for row in ROWS if code in {row.icao, row.iata} and row.holds(day)]


def _same(pairs: Iterable[tuple[str, Row]]) -> list[tuple[str, str, str]]:
    """Give what two rows that live on one day both claim."""
    claims: dict[str, list[Row]] = defaultdict(list)
    for claim, row in pairs:
        claims[claim].append(row)
    return [
        (claim, one.icao, two.icao)
        for claim, rows in claims.items()
        for one, two in combinations(rows, 2)
        if one.meets(two)
    ]


def _folded(name: str) -> str:
    bare = (c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return " ".join("".join(c if c.isalnum() else " " for c in bare).casefold().split())


def test_the_columns_are_the_agreed_ones_and_the_rows_are_in_order() -> None:
    lines = TABLE.read_text("utf-8").splitlines()
    assert lines[0].split(",") == COLUMNS
    assert [row.icao for row in ROWS] == sorted(row.icao for row in ROWS)


def test_there_are_enough_carriers() -> None:
    assert len(ROWS) >= 300
    assert sum(row.holds(TODAY) for row in ROWS) >= 300


def test_codes_have_their_form() -> None:
    wrong = [row.icao for row in ROWS if not re.fullmatch(r"[A-Z]{3}", row.icao, re.ASCII)]
    wrong += [
        row.icao
        for row in ROWS
        if row.iata and not re.fullmatch(r"[A-Z][A-Z0-9]|[0-9][A-Z]", row.iata, re.ASCII)
    ]
    assert wrong == []


def test_cells_are_clean() -> None:
    texts = [(row.icao, text) for row in ROWS for text in (row.name, *row.others)]
    assert [pair for pair in texts if not pair[1] or pair[1] != " ".join(pair[1].split())] == []
    assert [row.icao for row in ROWS if row.note != " ".join(row.note.split())] == []
    assert unicodedata.is_normalized("NFC", TABLE.read_text("utf-8"))


def test_no_designator_has_two_holders_on_one_day() -> None:
    assert _same((row.icao, row) for row in ROWS) == []


def test_no_iata_code_has_two_holders_on_one_day() -> None:
    assert _same((row.iata, row) for row in ROWS if row.iata) == []


def test_no_name_means_two_carriers_on_one_day() -> None:
    names = ((name, row) for row in ROWS for name in {_folded(each) for each in (row.name, *row.others)})
    assert _same(names) == []


def test_no_carrier_lists_a_name_twice() -> None:
    counts = {row.icao: Counter(map(_folded, (row.name, *row.others))) for row in ROWS}
    assert {icao: names for icao, names in counts.items() if max(names.values()) > 1} == {}


def test_no_name_is_the_code_of_another_carrier() -> None:
    """A line such as "operated by MAI" must not mean one carrier as a name and another as a code.

    The one exception is wanted: "operated by UN" may be United Nigeria or the United Nations; it is asked.
    """
    holders = {code: row.icao for row in ROWS for code in (row.icao, row.iata) if code}
    names = [(row.icao, name) for row in ROWS for name in (row.name, *row.others)]
    assert [pair for pair in names if holders.get(pair[1].upper(), pair[0]) != pair[0]] == [("UNO", "UN")]


def test_classes_are_legal_and_the_united_nations_stand_alone() -> None:
    assert {row.kind for row in ROWS} <= {"commercial", "UNHAS", "charter"}
    assert [row.icao for row in ROWS if row.kind == "UNHAS"] == ["UNO"]


def test_dates_are_in_order() -> None:
    assert [row.icao for row in ROWS if row.begins and row.ends and row.begins > row.ends] == []


def test_every_state_has_the_form_of_a_country_and_only_unhas_has_none() -> None:
    assert [row.icao for row in ROWS if not re.fullmatch(r"[A-Z]{2}", row.country, re.ASCII)] == []
    assert [row.icao for row in ROWS if row.country == UNITED_NATIONS] == ["UNO"]


def test_every_state_is_a_known_country() -> None:
    with COUNTRIES.open(encoding="utf-8", newline="") as file:
        known = {cells["code"] for cells in csv.DictReader(file)} | {UNITED_NATIONS}
    assert sorted({row.country for row in ROWS} - known) == []


KNOWN = """
ET ETH ET | KQ KQA KE | UN UNA NG | D3 DAO DJ | 3T TQQ SD | J4 BDR SD | SD SUD SD | L6 MAI MR
KP SKK TG | UR UGD UG | WB RWD RW | TC ATC TZ | PW PRF TZ | TM LAM MZ | DT DTA AO | UM AZW ZW
QC CRC CM | HC SZN SN | 2J VBW BF | HF VRE CI | VR TCV CV | AT RAM MA | LN LAA LY | 8U AAW LY
MS MSR EG | IA IAW IQ | IF FBA IQ | EP IRC IR | IR IRA IR | W5 IRM IR | RB SYR SY | IY IYE YE
ME MEA LB | RJ RJA JO | GF GFA BH | FZ FDB AE | G9 ABY AE | QR QTR QA | RQ KMF AF | FG AFG AF
PK PIA PK | BG BBC BD | RA RNA NP | U4 BHA NP | YT NYT NP | N9 SHA NP | AI AIC IN | 6E IGO IN
QP AKJ IN | UL ALK LK | HY UZB UZ | KC KZR KZ | DV VSV KZ | JS KOR KP | VJ VJC VN | 9C CQH CN
GA GIA ID | JT LNI ID | PX ANG PG | CG TOK PG | SU AFL RU | S7 SBI RU | DP PBD RU | PS AUI UA
W6 WZZ HU | U2 EZY GB | LH DLH DE | TK THY TR | AF AFR FR | EK UAE AE | AZ ITY IT | V0 VCV VE
9V ROI VE | HA HAL US | CM CMP PA | S6 KSZ HT | Q2 DQA MV | BU DBP CD | P4 APK NG | PY SLM SR
SA SAA ZA | SV SVA SA | AC ACA CA | CA CCA CN | OS AUA AT | BA BAW GB | CI CAL TW | GE GBB ZA
VN HVN VN
"""


@pytest.mark.parametrize("pair", [" ".join(each.split()) for each in re.split(r"[|\n]", KNOWN.strip())])
def test_a_code_leads_to_its_carrier(pair: str) -> None:
    iata, icao, country = pair.split()
    assert _holders(iata) == _holders(icao) == [icao]
    assert [row.country for row in ROWS if row.icao == icao] == [country]


def test_un_is_united_nigeria_and_uno_is_the_united_nations() -> None:
    by_icao = {row.icao: row for row in ROWS}
    nations, nigeria = by_icao["UNO"], by_icao["UNA"]
    assert (nigeria.iata, nigeria.kind, nigeria.name) == ("UN", "commercial", "United Nigeria Airlines")
    assert (nations.iata, nations.kind) == ("", "UNHAS")
    assert "UNHAS" in nations.others


@pytest.mark.threat(35)
@pytest.mark.parametrize(
    ("code", "day", "holder"),
    [
        ("AZ", date(2021, 10, 14), "AZA"),
        ("AZ", date(2021, 10, 15), "ITY"),
        ("KM", date(2024, 3, 30), "AMC"),
        ("KM", date(2024, 3, 31), "KMM"),
        ("4O", date(2020, 6, 1), "AIJ"),
        ("4O", date(2024, 6, 1), "MNE"),
        ("KA", date(2020, 6, 1), "HDA"),
        ("KA", date(2024, 6, 1), "ANK"),
        ("UK", date(2024, 11, 11), "VTI"),
    ],
)
def test_a_code_that_changed_hands_is_read_by_its_day(code: str, day: date, holder: str) -> None:
    assert _holders(code, day) == [holder]


@pytest.mark.parametrize("code", ["UK", "9W", "BE", "SW", "5W", "6Q", "JE", "MN"])
def test_a_carrier_that_ended_is_not_found_for_a_later_day(code: str) -> None:
    assert code in {row.iata for row in ROWS}
    assert _holders(code) == []


@pytest.mark.parametrize(
    ("name", "icao"),
    [
        ("Hop!", "HOP"),
        ("Lufthansa Regional CityLine", "CLH"),
        ("KLM Royal Dutch Airlines", "KLM"),
        ("Ethiopian", "ETH"),
        ("TAP Express", "PGA"),
        ("SkyWest DBA United Express", "SKW"),
        ("Malindo Air", "MXD"),
        ("FlyCAA", "DBP"),
        ("Air Algerie", "DAH"),
    ],
)
def test_a_name_on_a_ticket_leads_to_its_carrier(name: str, icao: str) -> None:
    wanted = _folded(name)
    assert [row.icao for row in ROWS if wanted in map(_folded, (row.name, *row.others))] == [icao]


@pytest.mark.parametrize(
    "brand", ["American Eagle", "United Express", "Delta Connection", "Air Canada Express"]
)
def test_a_brand_that_several_carriers_fly_names_none_of_them(brand: str) -> None:
    assert [row.icao for row in ROWS if _folded(brand) in map(_folded, (row.name, *row.others))] == []
