"""Which records facts ask for, beside what is rated already; what people rated is never made milder."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from tests.unit.feeds.answers import card_of
from travelrisk.domain.airspaces import Airspace, AirspaceKind, Scope
from travelrisk.domain.changes import change_of, check
from travelrisk.domain.facts import Fact
from travelrisk.domain.loosening import loosens
from travelrisk.domain.ratings import Caution, Evidence, Level, Rating, Record, Subject, SubjectKind
from travelrisk.domain.texts import Texts
from travelrisk.domain.verdicts import Verdict
from travelrisk.reference import load_book, load_policy
from travelrisk.services.feeds.asking import Asker
from travelrisk.store.feeds import Known

SINCE = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
DAY = SINCE.date()
AZW = Subject(SubjectKind.CARRIER, "AZW")
ANNEX_A = Fact(
    "zw-azw",
    "Air Zimbabwe",
    (AZW,),
    "Annex A",
    "Air Zimbabwe, AOC 101",
    Level.NOT_RECOMMENDED,
    finding="annex_a",
)
ANNEX_B = Fact(
    *("ir-ira", "Iran Air", (Subject(SubjectKind.CARRIER, "IRA"),), "Annex B", "Iran Air"),
    asks=Verdict.CONDITIONAL,
    finding="annex_b",
    limits=("Fokker F100: EP-XXA",),
    undrawn=("Fokker F100: EP-XXA",),
)
ANGOLA = Fact(
    *(
        "ao-all",
        "Angola",
        (Subject(SubjectKind.STATE, "AO"),),
        "Annex A, State",
        "All air carriers of Angola",
    ),
    asks=Verdict.NOT_CLEARED,
    excepted=("TAAG Angola Airlines", "Heli Nowhere"),
)


def asker(*in_force: Record) -> Asker:
    name = "eu_air_safety_list"
    policy = load_policy().policy
    return Asker(name, card_of(name), "EU Air Safety List", policy, load_book(), in_force)


def asked(fact: Fact, *in_force: Record) -> list[Rating | Caution]:
    found = list(asker(*in_force).asked([Known(fact, SINCE)]))
    if found:
        change = change_of(found, (), in_force, {each.id: 1 for each in in_force})
        check(change, in_force, DAY, load_policy().policy)
        assert not loosens(change, load_policy().policy), "nothing that a source says loosens anything"
    return found


def rating(
    level: Level, until: date | None = None, name: str = "azw", begins: date = date(2026, 1, 1)
) -> Rating:
    condition = Texts("Daylight only.") if level is Level.CONDITIONAL else Texts()
    evidence = (Evidence("Audit", "iosa", retrieved_on=DAY, value="on_registry"),)
    return Rating(name, AZW, level, begins, until, "Alice", DAY, condition=condition, evidence=evidence)


def test_a_carrier_that_nobody_rated_is_to_be_rated() -> None:
    (wanted,) = asked(ANNEX_A)
    assert isinstance(wanted, Rating)
    assert (wanted.id, wanted.level) == ("feed-eu-air-safety-list-zw-azw", Level.NOT_RECOMMENDED)
    assert (wanted.evidence[0].kind, wanted.evidence[0].value) == ("eu_air_safety_list", "annex_a")
    assert "Annex A" in wanted.reason.es


@pytest.mark.parametrize("level", [Level.RECOMMENDED, Level.CONDITIONAL, Level.NOT_RATED])
def test_a_milder_rating_is_made_graver_and_keeps_what_it_rests_on(level: Level) -> None:
    (wanted,) = asked(ANNEX_A, rating(level, date(2027, 6, 30)))
    assert isinstance(wanted, Rating)
    assert (wanted.id, wanted.level, wanted.valid_from) == ("azw", Level.NOT_RECOMMENDED, date(2026, 1, 1))
    assert [each.kind for each in wanted.evidence] == ["eu_air_safety_list", "iosa"]


def test_a_rating_as_grave_for_as_long_asks_for_nothing_more() -> None:
    assert asked(ANNEX_A, rating(Level.NOT_RECOMMENDED)) == []


def test_a_rating_as_grave_that_ends_is_taken_further() -> None:
    (wanted,) = asked(ANNEX_A, rating(Level.NOT_RECOMMENDED, date(2027, 1, 31)))
    assert (wanted.id, wanted.valid_until) == ("azw", None)


def test_several_periods_are_left_to_people_and_a_caution_comes_on_top() -> None:
    now = rating(Level.RECOMMENDED, date(2026, 12, 31))
    later = rating(Level.RECOMMENDED, date(2027, 12, 31), "azw-later", date(2027, 1, 1))
    (wanted,) = asked(ANNEX_A, now, later)
    assert isinstance(wanted, Caution)
    assert wanted.effect is Verdict.NOT_CLEARED
    assert asked(ANNEX_A, now, later, wanted) == []


def test_annex_b_is_a_caution_with_its_aircraft_and_loosens_nothing_for_whom_nobody_rated() -> None:
    (wanted,) = asked(ANNEX_B)
    assert isinstance(wanted, Caution)
    assert wanted.effect is Verdict.CONDITIONAL
    assert wanted.evidence[0].limits == ("Fokker F100: EP-XXA",)
    assert "EP-XXA" in wanted.text.en
    assert asked(ANNEX_B, wanted) == []


def test_a_whole_state_excepts_those_that_are_found_by_name() -> None:
    (wanted,) = asked(ANGOLA)
    assert isinstance(wanted, Caution)
    assert wanted.exceptions == ("DTA",)
    wider = replace(wanted, id="by-hand", exceptions=("DTA", "TVR"), set_by="Alice")
    assert [each.id for each in asked(ANGOLA, wider)] == ["by-hand"]
    assert asked(ANGOLA, replace(wanted, id="by-hand", exceptions=(), set_by="Alice")) == []


def test_what_a_person_took_for_graver_stays_so_when_it_is_taken_further() -> None:
    (own,) = asked(ANGOLA)
    assert isinstance(own, Caution)
    milder = replace(ANGOLA, asks=Verdict.REVIEW, valid_until=date(2027, 7, 31))
    by_hand = replace(own, id="by-hand", set_by="Alice", exceptions=(), valid_until=date(2027, 1, 31))
    (wanted,) = asked(milder, by_hand)
    assert isinstance(wanted, Caution)
    assert (wanted.id, wanted.effect, wanted.exceptions) == ("by-hand", Verdict.NOT_CLEARED, ())
    assert wanted.valid_until == date(2027, 7, 31)
    assert asked(milder, wanted) == []


def test_its_own_record_follows_the_source_and_easier_is_for_people_to_agree_to() -> None:
    (own,) = asked(ANGOLA)
    (wanted,) = asker(own).asked([Known(replace(ANGOLA, asks=Verdict.REVIEW), SINCE)])
    assert isinstance(wanted, Caution)
    assert (wanted.id, wanted.effect) == (own.id, Verdict.REVIEW)
    assert loosens(change_of([wanted], (), [own], {own.id: 1}), load_policy().policy)


def test_what_a_person_changed_is_that_persons() -> None:
    (own,) = asked(ANGOLA)
    assert isinstance(own, Caution)
    edited = replace(own, set_by="Alice", text=Texts("As Alice says it."))
    assert asked(ANGOLA, edited) == []
    assert list(asker(edited).outlived([])) == []


def test_what_another_source_says_suffices_for_none() -> None:
    other = Caution(
        *("other", ANGOLA.subjects[0], Verdict.NOT_CLEARED, DAY, None, "Alice", DAY),
        text=Texts("Another source."),
        evidence=(Evidence("Notice", "notice", retrieved_on=DAY),),
    )
    assert [each.id for each in asked(ANGOLA, other)] == ["feed-eu-air-safety-list-ao-all"]


def test_a_fact_about_nobody_and_one_that_asks_nothing_ask_for_nothing() -> None:
    assert asked(replace(ANNEX_A, subjects=())) == []
    assert asked(replace(ANNEX_A, asks=None)) == []


def test_only_its_own_records_outlive_a_fact() -> None:
    (own,) = asked(ANNEX_A)
    by_hand = rating(Level.NOT_RECOMMENDED, name="feed-eu-air-safety-list-by-hand")
    found = asker(own, by_hand)
    assert list(found.outlived([Known(ANNEX_A, SINCE)])) == []
    assert [each.id for each in found.outlived([])] == [own.id]


def test_two_subjects_of_one_fact_never_share_a_record() -> None:
    places = tuple(Subject(SubjectKind.STATE, code) for code in ("AO", "AF"))
    found = list(asker().asked([Known(replace(ANGOLA, subjects=places), SINCE)]))
    assert [each.id for each in found] == [
        "feed-eu-air-safety-list-ao-all-ao",
        "feed-eu-air-safety-list-ao-all-af",
    ]


LIBYA = Fact(
    *(
        "20582",
        "Airspace of Libya",
        (Subject(SubjectKind.COUNTRY, "LY"),),
        "do not operate",
        "Not below FL 320.",
    ),
    asks=Verdict.REVIEW,
    airspaces=("HLLL",),
    scope=Scope(ceiling=319),
)


def sky(fact: Fact, *in_force: Record) -> list[Rating | Caution]:
    found = Asker("easa_czib", card_of("easa_czib"), "EASA", load_policy().policy, load_book(), in_force)
    return list(found.asked([Known(fact, SINCE)]))


def drawn(key: str, state: str) -> Airspace:
    outline = "MULTIPOLYGON (((10 20, 25 20, 25 33, 10 33, 10 20)))"
    kind = AirspaceKind.FIR if key != state else AirspaceKind.STATE
    return Airspace(f"sky-{key}", key, Texts(key), kind, outline, DAY, None, "drawn", "Alice", DAY, state)


@pytest.mark.parametrize(
    ("outlines", "subject", "scope"),
    [
        ((), "country:LY", None),
        ((drawn("LY", "LY"),), "airspace:LY", Scope(ceiling=319)),
        ((drawn("HLLL", "LY"), drawn("LY", "LY")), "airspace:HLLL", Scope(ceiling=319)),
    ],
    ids=["nobody drew it", "the land of the State", "the FIR itself"],
)
def test_a_bulletin_is_about_the_sky_wherever_that_is_drawn(
    outlines: tuple[Airspace, ...], subject: str, scope: Scope | None
) -> None:
    (wanted,) = sky(LIBYA, *outlines)
    assert isinstance(wanted, Caution)
    assert (str(wanted.subject), wanted.scope) == (subject, scope)
    assert sky(LIBYA, *outlines, replace(wanted, set_by="Alice")) == []


def test_one_fir_of_two_that_is_drawn_leaves_the_other_to_its_state() -> None:
    found = sky(replace(LIBYA, airspaces=("HLLL", "HLXX")), drawn("HLLL", "LY"), drawn("LY", "LY"))
    assert [str(each.subject) for each in found] == ["airspace:HLLL", "airspace:LY"]


def test_a_narrower_band_is_widened_and_a_wider_one_suffices() -> None:
    outline = drawn("HLLL", "LY")
    (wanted,) = sky(LIBYA, outline)
    assert isinstance(wanted, Caution)
    by_hand = replace(wanted, id="by-hand", set_by="Alice")
    narrow = replace(by_hand, scope=Scope(ceiling=259, airports=("TIP",)))
    (widened,) = sky(LIBYA, outline, narrow)
    assert (widened.id, widened.scope) == ("by-hand", Scope(ceiling=319))
    assert sky(LIBYA, outline, replace(by_hand, scope=None)) == []
    (whole,) = sky(replace(LIBYA, scope=None), outline, by_hand)
    assert (whole.id, whole.scope) == ("by-hand", None)


def test_what_is_past_its_date_is_asked_for_as_past() -> None:
    (wanted,) = asked(replace(ANGOLA, valid_until=date(2026, 10, 31)))
    assert (wanted.valid_from, wanted.valid_until) == (date(2026, 10, 31), date(2026, 10, 31))
