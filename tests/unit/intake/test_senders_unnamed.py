"""Microsoft 365 writes its results without its name: only the topmost line counts, and by its place alone."""

import pytest

from tests.unit.intake.mails import NOON, OURS, VOUCHED, mail
from travelrisk.intake.mailbox.senders import UNNAMED, sender_of

A_R = "Authentication-Results:"
PASSED = """Authentication-Results: spf=pass (sender IP is 192.0.2.52)
 smtp.mailfrom=un.example; dkim=pass (signature was verified)
 header.d=un.example;dmarc=pass action=none
 header.from=un.example;compauth=pass reason=100"""
FAILED = PASSED.replace("dmarc=pass action=none", "dmarc=fail action=quarantine")
AMONG_OURS = """Authentication-Results: dkim=none (message not signed)
 header.d=none;dmarc=none action=none
 header.from=un.example;"""
HOPS = """Received: from A1.prod.outlook.example (2603:10a6::1) by B1.prod.outlook.example
 with HTTPS; Mon, 23 Nov 2026 17:51:20 +0000
Received: from C1.prod.outlook.example (2603:10a6::2) by A1.prod.outlook.example
 with Microsoft SMTP Server (version=TLS1_3) id 15.20; Mon, 23 Nov 2026 17:51:18 +0000
{results}
Received-SPF: Pass (protection.outlook.example: domain of un.example designates
 192.0.2.52 as permitted sender) receiver=protection.outlook.example; client-ip=192.0.2.52;
Received: from mail.un.example (192.0.2.52) by C1.mail.protection.outlook.example
 (10.167.16.1) with Microsoft SMTP Server id 15.20; Mon, 23 Nov 2026 17:51:16 +0000"""


def windows(lines: str) -> str:
    return lines.replace("\n", "\r\n")


def stamped(results: str) -> str:
    """Return the upper lines of a message as that service hands it over, its own inner hops among them."""
    lines = HOPS.format(results=results).replace("\r\n", "\n").split("\n")
    return "\r\n".join(line for line in lines if line)


GENUINE = {
    "all passed": mail(top=stamped(PASSED)),
    "all passed, with other words on the policy": mail(
        top=stamped(f"{A_R} dmarc=pass (p=reject sp=reject pct=100) action=none header.from=un.example;")
    ),
    "a forged line of a stranger below": mail(top=stamped(PASSED), more=windows(FAILED)),
    "a line with a name below": mail(top=stamped(PASSED), more=VOUCHED),
}

FORGED = {
    "no line at all": mail(top=stamped("")),
    "DMARC failed": mail(top=stamped(FAILED)),
    "DMARC failed, and a forged line below": mail(top=stamped(FAILED), more=windows(PASSED)),
    "DMARC failed, and a forged line right below": mail(top=stamped(f"{FAILED}\r\n{PASSED}")),
    "DMARC failed, and a forged line with a name": mail(top=stamped(FAILED), more=VOUCHED),
    "not checked, for it came from within": mail(top=stamped(AMONG_OURS)),
    "not checked, and a forged line below": mail(top=stamped(AMONG_OURS), more=windows(PASSED)),
    "a forged line below From": mail(top=stamped(""), more=windows(PASSED)),
    "a line with a name on top": mail(top=stamped(f"{VOUCHED}\r\n{PASSED}")),
    "a line that calls itself unnamed": mail(top=stamped(PASSED.replace(A_R, f"{A_R} {UNNAMED};"))),
    "a comment in front": mail(top=stamped(PASSED.replace(A_R, f"{A_R} (checked)"))),
    "DMARC passed for another domain": mail(
        top=stamped(PASSED.replace("header.from=un", "header.from=evil"))
    ),
    "DMARC passed by a guess": mail(top=stamped(PASSED.replace("dmarc=pass", "dmarc=bestguesspass"))),
    "DMARC passed in a comment": mail(
        top=stamped(PASSED.replace("(signature was verified)", "(dmarc=pass header.from=un.example)").replace(
            "dmarc=pass action", "dmarc=fail action"
        ))
    ),
    "DMARC twice": mail(top=stamped(f"{PASSED};dmarc=pass header.from=evil.example")),
    "SPF and DKIM alone": mail(top=stamped(PASSED.replace("dmarc=pass", "compauth=pass"))),
    "the line that the sender had kept from an earlier hop": mail(
        top=stamped(PASSED.replace(A_R, "Authentication-Results-Original:"))
    ),
    "the line of a chain": mail(top=stamped(PASSED.replace(A_R, "ARC-Authentication-Results: i=1;"))),
}  # fmt: skip


@pytest.mark.parametrize("name", GENUINE)
def test_a_genuine_sender_is_known(name: str) -> None:
    assert sender_of(GENUINE[name], UNNAMED, NOON) == ("alice@un.example", "")


@pytest.mark.threat(24)
@pytest.mark.parametrize("name", FORGED)
def test_a_forged_mail_is_nobodys(name: str) -> None:
    address, problem = sender_of(FORGED[name], UNNAMED, NOON)
    assert (address, bool(problem)) == ("", True)


@pytest.mark.parametrize("name", [OURS, "", "un.example", "spf"])
def test_no_line_without_a_name_counts_unless_that_is_asked_for(name: str) -> None:
    assert sender_of(GENUINE["all passed"], name, NOON).address == ""
