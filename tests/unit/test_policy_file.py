"""The policy file: a stricter one is taken, a laxer or broken one is refused with its field."""

import re
from pathlib import Path

import pytest

from travelrisk import resources
from travelrisk.domain.errors import ConfigurationError
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
