"""Questions about what was typed on the check page are answered in place, and nothing is stored."""

from tests.web.conftest import Page, Visitor

PARTNER = "ET 707 FRA ADD 12 Dec 2026 operated by a partner airline"
BOTH = "ET 707 LON ADD 12 Dec 2026 operated by a partner airline"


def press(visitor: Visitor, page: Page, form: int = -1, **typed: str) -> Page:
    """Send one of the forms that answer a question, with all that is hidden in it."""
    chosen = page.all("//ol[@class='tr-questions']//form")[form]
    data: dict[str, list[str]] = {}
    for each in chosen.xpath(".//input"):
        data.setdefault(each.get("name"), []).append(typed.get(each.get("name")) or each.get("value") or "")
    return visitor.post("/check", data=data)


def test_a_question_without_choices_is_answered_in_words(visitor: Visitor) -> None:
    asked = visitor.ask(PARTNER)
    assert asked.text("//*[contains(@class, 'tr-verdict-word')]") == "Review needed"
    answered = press(visitor, asked, words="Lufthansa")
    assert answered.status == 200
    assert "stated by the traveller, not by the booking" in answered.words
    assert "provided Lufthansa (LH) flies it, as the traveller told us" in answered.words
    assert answered.text("//*[contains(@class, 'tr-verdict-word')]") != "Cleared"
    assert not answered.all("//ol[@class='tr-questions']")


def test_an_answer_stays_while_the_next_question_is_answered(visitor: Visitor) -> None:
    asked = visitor.ask(BOTH)
    assert len(asked.all("//ol[@class='tr-questions']/li")) == 2
    once = press(visitor, asked, words="Lufthansa")
    assert len(once.all("//ol[@class='tr-questions']/li")) == 1
    twice = press(visitor, once, form=0)
    assert not twice.all("//ol[@class='tr-questions']")
    assert "stated by the traveller" in twice.words


def test_what_answers_nothing_leaves_the_question(visitor: Visitor) -> None:
    for answer in ("operator_unknown|0|x|", "|||", "day_month|99|x|y", "no sign at all", "a|²|b|c"):
        page = visitor.post("/check", data={"text": PARTNER, "answer": answer})
        assert page.status == 200
        assert page.text("//*[contains(@class, 'tr-verdict-word')]") == "Review needed"
