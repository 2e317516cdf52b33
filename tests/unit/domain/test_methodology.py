"""The table from factors to a proposed level: every row of the shipped one, and its laws."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from travelrisk.domain.errors import ConfigurationError
from travelrisk.domain.factors import FACTORS
from travelrisk.domain.methodology import Methodology, Row, Standing, proposed
from travelrisk.domain.ratings import Evidence, Level
from travelrisk.domain.texts import Texts
from travelrisk.methodologies import load_methodology, methodology_of

TODAY = date(2026, 11, 23)
PAST, AHEAD = date(2026, 11, 22), date(2027, 6, 30)
SHIPPED = load_methodology()
ORDER = (Level.RECOMMENDED, Level.CONDITIONAL, Level.NOT_RATED, Level.NOT_RECOMMENDED)
REASON = Texts("because", "parce que", "porque")


def evidence(kind: str, value: str, until: date | None = AHEAD) -> Evidence:
    return Evidence("a source", kind, valid_until=until, value=value, limits=limits(value))


def limits(value: str) -> tuple[str, ...]:
    return ("A300",) if value == "annex_b" else ()


def level(*given: Evidence) -> Level:
    return proposed(SHIPPED, given, TODAY).level


IOSA = evidence("iosa", "on_registry")


@pytest.mark.parametrize(
    ("given", "alone", "with_iosa"),
    [
        (("eu_air_safety_list", "annex_a"), "not_recommended", "not_recommended"),
        (("eu_air_safety_list", "annex_b"), "not_rated", "conditional"),
        (("eu_air_safety_list", "not_listed"), "not_rated", "recommended"),
        (("usoap_significant_safety_concern", "unresolved"), "not_recommended", "not_recommended"),
        (("usoap_effective_implementation", "59.9"), "not_rated", "conditional"),
        (("usoap_effective_implementation", "60"), "not_rated", "recommended"),
        (("iasa", "category_2"), "not_rated", "conditional"),
        (("iasa", "category_1"), "not_rated", "recommended"),
        (("fatal_accidents", "0"), "not_rated", "recommended"),
        (("fatal_accidents", "1"), "not_rated", "conditional"),
        (("fatal_accidents", "2"), "not_recommended", "not_recommended"),
        (("iosa", "on_registry"), "recommended", "recommended"),
        (("iosa", "not_on_registry"), "not_rated", "recommended"),
        (("issa", "on_registry"), "conditional", "recommended"),
        (("bars", "on_registry"), "conditional", "recommended"),
        (("ownership", "state"), "not_rated", "recommended"),
    ],
)
def test_each_row_of_the_shipped_table(given: tuple[str, str], alone: str, with_iosa: str) -> None:
    assert level(evidence(*given)) == alone
    assert level(evidence(*given), IOSA) == with_iosa


def test_every_shipped_row_is_reached() -> None:
    words = [(row.factor, row.value or str(row.at_least or Decimal(0))) for row in SHIPPED.rows]
    lines = [proposed(SHIPPED, [evidence(*each)], TODAY).lines for each in words]
    matched = [line.row for each in lines for line in each if line.standing is Standing.MATCHED]
    assert matched == list(SHIPPED.rows)


def test_each_factor_is_told_with_what_became_of_it() -> None:
    given = (
        IOSA,
        evidence("iasa", "category_2", PAST),
        evidence("fleet_age", "old"),
        evidence("ownership", "private"),
        Evidence("Letter of the operator", "letter"),
    )
    done = proposed(SHIPPED, given, TODAY)
    told = {line.kind.key: line for line in done.lines}
    assert [line.kind.key for line in done.lines] == list(FACTORS)
    assert told["iosa"].standing is Standing.MATCHED
    assert told["iosa"].row is not None
    assert told["iosa"].row.reason.en == "On the IOSA registry."
    assert (told["iasa"].standing, told["iasa"].level) == (Standing.LAPSED, Level.NOT_RATED)
    assert (told["fleet_age"].standing, told["fleet_age"].level) == (Standing.UNREADABLE, Level.NOT_RATED)
    assert told["fleet_age"].problem.startswith("value: 'old'")
    assert (told["ownership"].standing, told["ownership"].level) == (Standing.NO_ROW, None)
    assert told["bars"].standing is Standing.NOT_KNOWN
    assert done.level is Level.NOT_RATED


def test_with_nothing_known_nothing_is_proposed() -> None:
    assert level() is Level.NOT_RATED
    assert {line.standing for line in proposed(SHIPPED, (), TODAY).lines} == {Standing.NOT_KNOWN}


def test_evidence_holds_on_its_last_day() -> None:
    assert level(replace(IOSA, valid_until=TODAY)) is Level.RECOMMENDED
    assert level(replace(IOSA, valid_until=PAST)) is Level.NOT_RATED


def _values(kind: str) -> st.SearchStrategy[str]:
    words = FACTORS[kind].words
    return st.sampled_from(words) if words else st.integers(0, 100).map(str)


@st.composite
def findings(draw: st.DrawFn) -> Evidence:
    kind = draw(st.sampled_from(sorted(FACTORS)))
    return evidence(kind, draw(_values(kind)), draw(st.sampled_from((None, AHEAD, PAST))))


def _row(factor: str, bound: int, proposes: Level, *, supports: bool) -> Row:
    kind = FACTORS[factor]
    supports = proposes is Level.RECOMMENDED or (supports and proposes is Level.CONDITIONAL)
    if kind.words:
        return Row(factor, proposes, REASON, value=kind.words[bound % len(kind.words)], supports=supports)
    return Row(factor, proposes, REASON, at_least=Decimal(bound), supports=supports)


tables = st.lists(
    st.builds(
        _row,
        st.sampled_from(sorted(FACTORS)),
        st.integers(0, 100),
        st.sampled_from(list(Level)),
        supports=st.booleans(),
    ),
    max_size=12,
).map(lambda rows: Methodology("test", tuple(rows)))
some = st.lists(findings(), max_size=6).map(tuple)


def _worse(one: Level, other: Level) -> bool:
    return ORDER.index(one) >= ORDER.index(other)


@given(tables, some, st.randoms(use_true_random=False))
def test_the_order_of_evidence_does_not_matter(
    table: Methodology, given: tuple[Evidence, ...], chance: Random
) -> None:
    shuffled = list(given)
    chance.shuffle(shuffled)
    assert proposed(table, shuffled, TODAY) == proposed(table, given, TODAY)


@given(tables, some, st.data())
def test_evidence_that_lapses_never_supports_a_better_proposal(
    table: Methodology, given: tuple[Evidence, ...], data: st.DataObject
) -> None:
    if not given:
        return
    which = data.draw(st.integers(0, len(given) - 1))
    lapsed = tuple(replace(e, valid_until=PAST) if n == which else e for n, e in enumerate(given))
    after = proposed(table, lapsed, TODAY).level
    assert _worse(after, proposed(table, given, TODAY).level)
    assert _worse(after, Level.NOT_RATED)


@given(tables, some, findings())
def test_one_more_factor_that_does_not_speak_for_the_carrier_never_improves(
    table: Methodology, given: tuple[Evidence, ...], more: Evidence
) -> None:
    if any(line.supports for line in proposed(table, (more,), TODAY).lines):
        return
    before, after = proposed(table, given, TODAY), proposed(table, (*given, more), TODAY)
    assert _worse(after.level, before.level)


@given(tables, some)
def test_nothing_better_than_not_rated_without_a_line_that_speaks_for_it(
    table: Methodology, given: tuple[Evidence, ...]
) -> None:
    done = proposed(table, given, TODAY)
    assert any(line.supports for line in done.lines) or _worse(done.level, Level.NOT_RATED)
    assert all(
        line.level is None or _worse(done.level, line.level) for line in done.lines if not line.supports
    )


GOOD = """version = "1"
[[rows]]
factor = "iosa"
value = "on_registry"
level = "recommended"
supports = true
reason = { en = "a", fr = "b", es = "c" }
[[rows]]
factor = "fleet_age"
at_least = 10
below = 20
level = "conditional"
reason = { en = "a", fr = "b", es = "c" }
"""


def test_a_table_is_read() -> None:
    first, second = methodology_of(GOOD).rows
    assert (first.value, first.supports, second.below) == ("on_registry", True, Decimal(20))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("[[rows]]", "[[rows", "mine: is not valid TOML"),
        ('version = "1"', "", "mine: version: Field required"),
        ('"iosa"', '"horoscope"', "mine: row 1: horoscope: factor: 'horoscope' is no factor"),
        ('"on_registry"', '"splendid"', "mine: row 1: iosa: value: write one of on_registry"),
        ('"recommended"', '"splendid"', "mine: rows.1.level: "),
        ("supports = true", "", "mine: row 1: iosa: supports: "),
        ("supports = true", "weight = 3", "mine: rows.1.weight: Extra inputs"),
        (
            'fr = "b", es = "c" }\n[[',
            'fr = "b" }\n[[',
            "mine: row 1: iosa: reason: give it in English, French",
        ),
        ("at_least = 10\nbelow = 20", "", "mine: row 2: fleet_age: at_least, below: give one"),
        ("at_least = 10", 'value = "10"', "mine: row 2: fleet_age: at_least, below: give one"),
        ("at_least = 10", "at_least = 20", "mine: row 2: fleet_age: below 20 must be more than"),
        ("at_least = 10", 'at_least = "ten"', "mine: rows.2.at_least: "),
        ('"conditional"', '"not_rated"\nsupports = true', "mine: row 2: fleet_age: supports: "),
    ],
)
def test_a_table_that_cannot_be_used_says_where(old: str, new: str, says: str) -> None:
    assert old in GOOD
    with pytest.raises(ConfigurationError, match=re.escape(says)):
        methodology_of(GOOD.replace(old, new, 1), "mine")


def test_a_table_that_is_missing_or_empty_is_no_table(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"none\.toml: cannot be read"):
        load_methodology(tmp_path / "none.toml")
    with pytest.raises(ConfigurationError, match="rows: "):
        methodology_of('version = "1"\nrows = []')
