"""The policy file: a stricter one is taken, a laxer or broken one is refused with its field."""

import re
from datetime import date
from pathlib import Path

import pytest

from travelrisk import resources
from travelrisk.domain.deadlines import Travel
from travelrisk.domain.errors import ConfigurationError
from travelrisk.domain.network import Rerouting
from travelrisk.domain.verdicts import Verdict
from travelrisk.reference import load_policy, policy_of

DEFAULT = resources.data("policy", "default.toml").read_text(encoding="utf-8")

LAXER = {
    "operating_carrier.assumed": ("assumed", "cleared", "assumed_operator"),
    "operating_carrier.unknown": ("unknown", "conditional", "unknown_operator"),
    "operating_carrier.unhas": ("unhas", "cleared", "unhas"),
    "operating_carrier.charter": ("charter", "conditional", "charter"),
    "unrated.airport": ("airport", "conditional", "unrated_airport"),
    "validity.lapsed": ("lapsed", "conditional", "lapsed"),
    "gaps.unknown_leg": ("unknown_leg", "cleared", "gap"),
    "segments.unconfirmed": ("unconfirmed", "cleared", "unconfirmed"),
    "levels.conditional": ("conditional", "cleared", "levels.conditional"),
    "levels.not_recommended": ("not_recommended", "conditional", "levels.not_recommended"),
    "levels.not_rated": ("not_rated", "conditional", "levels.not_rated"),
}


def with_line(key: str, value: str) -> str:
    """Return the default policy with the first line of this key saying something else."""
    changed, count = re.subn(rf'^{key} = "\w+"$', f'{key} = "{value}"', DEFAULT, count=1, flags=re.MULTILINE)
    assert count == 1
    return changed


@pytest.mark.parametrize(("key", "value", "named"), LAXER.values(), ids=LAXER)
def test_a_policy_laxer_than_the_laws_is_refused_by_name(key: str, value: str, named: str) -> None:
    with pytest.raises(ConfigurationError, match=re.escape(named)):
        policy_of(with_line(key, value), "ours.toml")


@pytest.mark.parametrize("key", ["assumed", "unhas", "unknown_leg", "unconfirmed"])
def test_a_stricter_policy_is_taken(key: str) -> None:
    assert policy_of(with_line(key, "not_cleared")) != policy_of(DEFAULT)


def test_a_policy_that_says_nothing_of_unconfirmed_flights_makes_them_conditional() -> None:
    older = re.sub(r"\[segments\]\n(?:.+\n)+", "", DEFAULT)
    assert "unconfirmed" not in older
    assert policy_of(older).unconfirmed is Verdict.CONDITIONAL


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (DEFAULT + "\n[broken", "is not valid TOML"),
        (with_line("late", "maybe"), "lead_time.late: 'maybe' is none of cleared"),
        (DEFAULT.replace("horizon_days", "horizon_weeks"), "validity.horizon"),
        (DEFAULT.replace("answer_hours = 72", "answer_hours = -1"), "validity.answer_hours"),
        ("", "version"),
    ],
    ids=["not TOML", "no verdict", "unknown field", "out of range", "empty"],
)
def test_a_broken_policy_is_refused_with_file_and_field(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "ours.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=re.escape(said)) as refusal:
        load_policy(file)
    assert str(file) in str(refusal.value)


CEILINGS = """
warn = 20
block = 30
heads_block = 2
heads_of_office = ["Head@Example.org"]
warn_verdict = "cleared"
block_verdict = "not_cleared"
approver = { en = "Director", fr = "Directrice", es = "Directora" }
"""


def with_ceilings(lines: str) -> str:
    """Return the default policy with these lines as its part about concentration."""
    changed, count = re.subn(r"\[concentration\]\n(?:.+\n)+", f"[concentration]\n{lines.strip()}\n", DEFAULT)
    assert count == 1
    return changed


def test_how_many_may_travel_together_can_be_said_and_left_out() -> None:
    default = policy_of(DEFAULT)
    assert not default.concentration.are_on
    assert default.decides_on_concentration == default.focal_point.name
    older = with_ceilings("").replace("[concentration]", "")
    assert policy_of(older).concentration == default.concentration, "policies of before are still policies"
    ours = policy_of(with_ceilings(CEILINGS))
    assert (ours.concentration.warn, ours.concentration.block, ours.concentration.heads_warn) == (20, 30, 0)
    assert ours.concentration.heads_of_office == {"head@example.org"}
    assert ours.concentration.block_verdict is Verdict.NOT_CLEARED
    assert ours.decides_on_concentration.fr == "Directrice"


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("block = 30\nblock_verdict = 'conditional'", "block_verdict may not be laxer than 'review'"),
        ("warn = 30\nblock = 20", "warn must be lower than block"),
        ("heads_warn = 2", "heads_of_office is empty"),
        ("warn = -1", "concentration.warn"),
        ("heads_of_office = ['nobody']", "concentration.heads_of_office.1"),
        ("maximum = 3", "concentration.maximum"),
    ],
)
def test_ceilings_that_cannot_hold_are_refused_by_name(lines: str, said: str) -> None:
    with pytest.raises(ConfigurationError, match=re.escape(said)):
        policy_of(with_ceilings(lines), "ours.toml")


def test_who_calls_a_traveller_and_after_how_many_hours_can_be_said_and_left_out() -> None:
    default = policy_of(DEFAULT, "ours.toml")
    assert (default.undelivered_hours, default.travel_unit) == (24, None)
    plain = re.sub(r"\[sending\]\nundelivered_hours = 24\n", "", DEFAULT)
    assert plain != DEFAULT
    assert policy_of(plain, "ours.toml").undelivered_hours == 24, "policies of before are still policies"
    own = (
        DEFAULT.replace("undelivered_hours = 24", "undelivered_hours = 6")
        .replace("\n# [contacts.travel_unit]\n# name", "\n[contacts.travel_unit]\nname")
        .replace("\n# email", "\nemail")
        .replace("\n# phone", "\nphone")
    )
    policy = policy_of(own, "ours.toml")
    assert policy.undelivered_hours == 6
    assert policy.travel_unit is not None
    assert (policy.travel_unit.email, policy.travel_unit.name.fr) == (
        "travel-unit@example.org",
        "Service des voyages",
    )
    with pytest.raises(ConfigurationError, match=r"sending\.undelivered_hours"):
        policy_of(DEFAULT.replace("undelivered_hours = 24", "undelivered_hours = 0"), "ours.toml")


def with_rule(*lines: str) -> str:
    """Return the default policy with one more lead time, its fifth, and a calendar."""
    calendar = '[calendars.gulf]\nweekend = ["friday", "saturday"]\nholidays = ["12-25", 2027-03-10]'
    return "\n".join((DEFAULT, calendar, "[[lead_time.rules]]", *lines))


def test_a_lead_time_may_ask_for_working_days_of_a_calendar() -> None:
    text = with_rule("working_days = 3", 'calendar = "gulf"', 'countries = ["AE"]', 'travel = "internal"')
    rule = policy_of(text).lead_times[-1]
    assert (rule.days, rule.countries, rule.travel) == (3, ("AE",), Travel.INTERNAL)
    assert rule.calendar is not None
    holidays = [date(2026, 12, 25), date(2027, 12, 25), date(2027, 3, 10), date(2026, 11, 27)]
    assert [rule.calendar.is_working(day) for day in holidays] == [False] * 4
    assert rule.calendar.is_working(date(2026, 11, 29)), "a Sunday"


def test_the_default_policy_uses_what_is_about_a_clearance() -> None:
    rules = policy_of(DEFAULT).lead_times
    assert [(rule.days, rule.countries) for rule in rules] == [(7, ()), (3, ("ID",))]
    assert DEFAULT.count("\nactive = false\n") == 2


def test_a_policy_that_says_nothing_of_reminders_has_those_of_the_default() -> None:
    older = re.sub(r"\[(reminders|digests)\]\n(?:.+\n)+", "", DEFAULT)
    assert "escalate_hours" not in older
    assert policy_of(older).notices == policy_of(DEFAULT).notices


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (("days = 7", "working_days = 3"), "lead_time.rules.5: write either days or working_days"),
        (('source = "x"',), "lead_time.rules.5: write either days or working_days"),
        (("working_days = 3",), "lead_time.rules.5: working_days need a calendar"),
        (("days = 3", 'calendar = "gulf"'), "lead_time.rules.5: working_days need a calendar"),
        (
            ("working_days = 3", 'calendar = "elsewhere"', "active = false"),
            "lead_time.rules.5.calendar: there is no table [calendars.elsewhere]",
        ),
        (("days = 7", 'travel = "by boat"'), "lead_time.rules.5.travel: "),
        (("days = 7", 'countries = ["ID", "Indonesia"]'), "lead_time.rules.5.countries: 'Indonesia'"),
        (("days = 7", "[calendars.x]", 'weekend = ["Sunday"]'), "calendars.x: weekend: 'Sunday' is no day"),
        (("days = 7", "[calendars.x]", 'holidays = ["02-30"]'), "calendars.x: "),
        (("days = 7", "[calendars.x]", 'holidays = ["25 Dec"]'), "calendars.x.holidays.1"),
    ],
)
def test_a_mistake_about_time_is_refused_with_its_row(
    tmp_path: Path, lines: tuple[str, ...], said: str
) -> None:
    file = tmp_path / "ours.toml"
    file.write_text(with_rule(*lines), encoding="utf-8")
    with pytest.raises(ConfigurationError, match=re.escape(said)) as refusal:
        load_policy(file)
    assert str(refusal.value).count(str(file)) == 1


def test_an_old_policy_with_a_code_that_no_country_has_can_still_be_read() -> None:
    """It was taken then: an advisory that was made with it must be made again with it."""
    old = policy_of(with_rule("days = 7", 'countries = ["Indonesia"]'))
    assert old.lead_times[-1].countries == ("Indonesia",)


def test_the_search_for_other_ways_is_policy() -> None:
    assert policy_of(DEFAULT).rerouting == Rerouting(), "the example says what holds without it"
    changed = DEFAULT.replace("most_shown = 3", "most_shown = 1").replace(
        "limit_hours = 4.0", "limit_hours = 3.5"
    )
    own = policy_of(changed).rerouting
    assert (own.most_shown, own.limit_hours) == (1, 3.5)
    with pytest.raises(ConfigurationError, match=r"alternatives\.most_detour"):
        policy_of(DEFAULT.replace("most_detour = 1.6", "most_detour = 0.5"))
