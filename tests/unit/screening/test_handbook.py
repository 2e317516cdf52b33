"""The handbook is made of the rules' docstrings: each says what it is, what to do, and gives an example."""

import re

import pytest

from travelrisk.domain.texts import LANGUAGES
from travelrisk.screening.explain import handbook
from travelrisk.screening.messages import FINDINGS
from travelrisk.screening.questions import QUESTIONS

HANDBOOK = dict(handbook())
PYTHON = re.compile(r"\b(None|True|False|self|dict|tuple|str|def|case)\b|``|\(\)")


@pytest.mark.parametrize("rule", sorted(HANDBOOK))
def test_a_rule_is_written_for_a_travel_unit(rule: str) -> None:
    text = HANDBOOK[rule]
    first, _, rest = text.partition("\n\n")
    assert first.endswith((".", "?"))
    assert "\n" not in first
    assert "What to do:" in rest
    assert "Example:" in rest
    assert not PYTHON.search(text)


@pytest.mark.parametrize("code", sorted({**FINDINGS, **QUESTIONS}))
def test_a_text_exists_in_three_languages_with_the_same_slots(code: str) -> None:
    texts = {**FINDINGS, **QUESTIONS}[code]
    slots = {frozenset(re.findall(r"{(\w+)}", texts.in_language(language))) for language in LANGUAGES}
    assert all(texts.is_translated(language) for language in LANGUAGES)
    assert len(slots) == 1
    assert len({*texts}) == len(LANGUAGES)
