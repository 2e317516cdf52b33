"""Nobody is believed to be somebody whom our own receiving server does not vouch for."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.intake.mails import NOON, OURS, VOUCHED, mail
from travelrisk.intake.mailbox.senders import languages_of, message_id_of, sender_of, why_unanswerable

A_R = "Authentication-Results:"
VERDICT = "dmarc=pass header.from=un.example"
MALLORY = "mallory@evil.example"

GENUINE = {
    "a name and an address": mail(),
    "an address alone": mail(sender="From: alice@un.example"),
    "brackets alone": mail(sender="From: <alice@un.example>"),
    "a quoted name": mail(sender='From: "Doe, Alice (HQ)" <alice@un.example>'),
    "a name in encoded words": mail(sender="From: =?utf-8?q?Al=C3=AFce?= <alice@un.example>"),
    "a name in UTF-8": mail(sender="From: Aliće Ünal <alice@un.example>"),
    "a folded header": mail(sender="From: Alice\r\n <alice@un.example>"),
    "capitals in the domain": mail(sender="From: alice@UN.example"),
    "capitals in our server's name": mail(top=VOUCHED.replace(OURS, OURS.upper())),
    "a version behind our server's name": mail(top=f"{A_R} {OURS} 1; {VERDICT}"),
    "comments": mail(top=f"{A_R} {OURS}; (checked) dmarc=pass (p=NONE) header.from=un.example"),
    "results of other servers below": mail(more=f"{A_R} mx.evil.example; dmarc=fail header.from=un.example"),
}

FORGED = {
    # From
    "no From": mail(sender=""),
    "two From headers": mail(sender=f"From: {MALLORY}\r\nFrom: alice@un.example"),
    "two From headers, the other way round": mail(sender=f"From: alice@un.example\r\nFrom: {MALLORY}"),
    "a second From with a blank before its colon": mail(sender=f"From: alice@un.example\r\nFrom : {MALLORY}"),
    "two addresses": mail(sender=f"From: alice@un.example, {MALLORY}"),
    "two addresses in brackets": mail(sender=f"From: <{MALLORY}> <alice@un.example>"),
    "an address as a name": mail(sender=f"From: {MALLORY} <alice@un.example>"),
    "the syntax of groups": mail(sender="From: staff: alice@un.example;"),
    "an empty group": mail(sender="From: undisclosed:;"),
    "a comment as the address": mail(sender=f"From: {MALLORY} (alice@un.example)"),
    "a comment in brackets": mail(sender=f"From: <alice@un.example({MALLORY})>"),
    "a route": mail(sender=f"From: <@evil.example:{MALLORY}>"),
    "a faked display name": mail(sender=f'From: "alice@un.example" <{MALLORY}>'),
    "a name in encoded words that is an address": mail(
        sender=f"From: =?utf-8?q?alice=40un=2Eexample?= <{MALLORY}>"
    ),
    "an address in encoded words": mail(sender="From: =?utf-8?q?alice=40un=2Eexample?="),
    "a subdomain of a stranger": mail(sender="From: alice@un.example.evil.example"),
    "a domain in Armenian letters": mail(sender="From: alice@\u057dn.example"),
    "no domain": mail(sender="From: alice"),
    "a quoted local part": mail(sender='From: "alice@un.example\\"" <"a b"@un.example>'),
    "a null": mail(sender="From: alice@un.example\x00"),
    "a torn line": mail(sender=f"From: alice@un.example\rBcc: {MALLORY}"),
    "a header of a megabyte": mail(more="X-Long: " + "a" * 1_000_000),
    "a line that is no header": mail(more="no header at all"),
    # Authentication-Results
    "no results": mail(top=""),
    "an empty result": mail(top=f"{A_R} {OURS}; none"),
    "results without the name of a server": mail(top=f"{A_R} {VERDICT}"),
    "results of another server": mail(top=f"{A_R} mx.evil.example; {VERDICT}"),
    "results of a server called almost like ours": mail(top=f"{A_R} {OURS}.evil.example; {VERDICT}"),
    "results that name ours in a comment": mail(top=f"{A_R} ({OURS}) mx.evil.example; {VERDICT}"),
    "our results below those of another": mail(top=f"{A_R} mx.evil.example; dmarc=none\r\n{VOUCHED}"),
    "a second header below ours that failed": mail(
        top=f"{A_R} {OURS}; dmarc=fail header.from=un.example\r\n{VOUCHED}"
    ),
    "a header below all others": mail(top="", more=VOUCHED),
    "dmarc=fail": mail(top=f"{A_R} {OURS}; dmarc=fail header.from=un.example"),
    "dmarc=none": mail(top=f"{A_R} {OURS}; dmarc=none header.from=un.example"),
    "dmarc=bestguesspass": mail(top=f"{A_R} {OURS}; dmarc=bestguesspass header.from=un.example"),
    "dmarc=pass in a comment": mail(top=f"{A_R} {OURS}; spf=fail ({VERDICT}) smtp.mailfrom=un.example"),
    "dmarc=pass in a reason": mail(top=f'{A_R} {OURS}; spf=fail reason="{VERDICT}" smtp.mailfrom=un.example'),
    "dmarc passed and failed": mail(top=f"{A_R} {OURS}; dmarc=fail header.from=un.example; {VERDICT}"),
    "dmarc=pass twice, for two domains": mail(
        top=f"{A_R} {OURS}; dmarc=pass header.from=evil.example; {VERDICT}"
    ),
    "dmarc=pass for another domain": mail(top=f"{A_R} {OURS}; dmarc=pass header.from=evil.example"),
    "dmarc=pass for the domain above": mail(
        top=f"{A_R} {OURS}; {VERDICT}", sender="From: alice@sub.un.example"
    ),
    "dmarc=pass for nobody": mail(top=f"{A_R} {OURS}; dmarc=pass"),
    "SPF and DKIM alone": mail(
        top=f"{A_R} {OURS}; spf=pass smtp.mailfrom=un.example; dkim=pass header.d=un.example"
    ),
    "ARC alone": mail(top=f"ARC-Authentication-Results: i=1; {OURS}; {VERDICT}"),
    "ARC that passed": mail(top=f"{A_R} {OURS}; arc=pass; dmarc=fail header.from=un.example"),
    "results that nobody can read": mail(top=f"{A_R} {OURS}; dmarc=pass=pass header.from=un.example"),
    "results without an end": mail(top=f"{A_R} {OURS}; (((((({VERDICT}"),
    "long results": mail(top=f"{A_R} {OURS}; {VERDICT} (" + "x" * 10_000 + ")"),
    "a signature over a part": mail(more="DKIM-Signature: v=1; d=un.example; l=100; s=x; b=abc"),
    # Date
    "an old message sent again": mail(date="Date: Mon, 02 Nov 2026 17:50:00 +0000"),
    "a message from the future": mail(date="Date: Mon, 30 Nov 2026 17:50:00 +0000"),
    "no Date": mail(date=""),
    "two Dates": mail(date="Date: Mon, 23 Nov 2026 17:50:00 +0000\r\nDate: Mon, 02 Nov 2026 17:50:00 +0000"),
    "a Date that is none": mail(date="Date: yesterday"),
}  # fmt: skip


@pytest.mark.parametrize("name", GENUINE)
def test_a_genuine_sender_is_known(name: str) -> None:
    assert sender_of(GENUINE[name], OURS, NOON) == ("alice@un.example", "")


@pytest.mark.threat(24)
@pytest.mark.parametrize("name", FORGED)
def test_a_forged_mail_is_nobodys(name: str) -> None:
    """Some name another sender genuinely; then it is that one, who is not Alice."""
    address, problem = sender_of(FORGED[name], OURS, NOON)
    assert (address, bool(problem)) == ("", True)


def test_without_the_name_of_our_server_nobody_is_known() -> None:
    assert sender_of(mail(), "", NOON).address == ""
    assert sender_of(mail(top=f"{A_R} ; {VERDICT}"), "", NOON).address == ""


def test_a_message_that_waited_long_in_its_mailbox_is_not_old() -> None:
    late = mail(date="Date: Mon, 02 Nov 2026 17:50:00 +0000")
    assert sender_of(late, OURS, NOON - timedelta(days=21)).address == "alice@un.example"


HEADERS = st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=200)


@given(HEADERS, HEADERS)
def test_whatever_stands_in_the_header_nothing_breaks(results: str, sender: str) -> None:
    content = mail(top=f"{A_R} {OURS}; {results}", sender=f"From: {sender}")
    address, problem = sender_of(content, OURS, NOON)
    assert bool(address) != bool(problem)
    why_unanswerable(content)
    message_id_of(content)


@given(st.binary(max_size=400))
def test_whatever_a_message_is_nothing_breaks(content: bytes) -> None:
    assert sender_of(content, OURS, NOON).address == ""
    why_unanswerable(content)


@pytest.mark.threat(25)
@pytest.mark.parametrize(
    "line",
    [
        "Auto-Submitted: auto-replied",
        "auto-submitted: Auto-Generated; x=y",
        "Auto-Submitted: no\r\nAuto-Submitted: auto-replied",
        "Precedence: bulk",
        "Precedence: LIST",
        "Precedence: junk",
        "Return-Path: <>",
        "Return-Path: < >",
        "List-Id: <staff.un.example>",
        "List-Unsubscribe: <mailto:x@un.example>",
        "X-Autoreply: yes",
        "X-Loop: travelrisk@example.org",
        "X-Auto-Response-Suppress: DR, OOF, AutoReply",
        "X-Travelrisk-Letter: review",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="x"',
    ],
)
def test_a_machine_is_never_answered(line: str) -> None:
    assert why_unanswerable(mail(more=line))


@pytest.mark.parametrize(
    "line", ["", "Auto-Submitted: no", "Return-Path: <alice@un.example>", "Precedence: normal"]
)
def test_a_person_may_be_answered(line: str) -> None:
    assert why_unanswerable(mail(more=line)) == ""


def test_a_mail_server_is_never_answered() -> None:
    assert why_unanswerable(mail(sender="From: Mail Delivery System <MAILER-DAEMON@un.example>"))


def test_a_message_has_one_usable_id_or_none() -> None:
    assert message_id_of(mail()) == "<m1@un.example>"
    assert message_id_of(mail(message_id="")) == ""
    assert message_id_of(mail(more="Message-ID: <m2@un.example>")) == ""
    assert message_id_of(mail(message_id="<m1 @un.example>")) == ""


def test_the_languages_are_those_of_the_text_first() -> None:
    stated = mail(more="Accept-Language: en-GB, es\r\nContent-Language: fr-CH")
    assert languages_of(stated) == ("fr", "en", "es")
