"""``travelrisk ratings propose|sign|publish``: two people, two passwords, and nobody for another."""

import hashlib
import json
import shutil
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from click.testing import CliRunner, Result
from sqlalchemy import text

from tests.cli.conftest import AT, Run
from tests.cli.test_history import BOOKING, publish
from travelrisk.cli.opening import opened
from travelrisk.cli.program import program
from travelrisk.domain.people import Role
from travelrisk.services.people import accounts, sign_in
from travelrisk.services.proposals import publishing
from travelrisk.store.database import reading

PASSWORDS = {name: f"{name} has four plain words" for name in ("alice", "bob", "charlie", "dana")}
ROLES = {
    "alice": Role.FOCAL_POINT,
    "bob": Role.FOCAL_POINT,
    "charlie": Role.FOCAL_POINT,
    "dana": Role.AUDITOR,
}
RATING = """
[[ratings]]
id = "eth"
subject = "carrier:ETH"
level = "{level}"
valid_from = 2026-01-01
valid_until = 2027-12-31
set_by = "Alice"
set_on = 2026-11-23
condition.en = "Daylight only."
evidence = [{{ title = "Audit of the authority", kind = "audit", retrieved_on = 2026-11-20 }}]
"""
REASON = ("--reason", "The audit was failed.")


@pytest.fixture(scope="module")
def _desk_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make it once: a password takes its time."""
    place = tmp_path_factory.mktemp("desk") / "place"
    with pytest.MonkeyPatch.context() as patch, time_machine.travel(AT, tick=False):
        patch.setenv("TRAVELRISK_DATA_DIR", str(place))
        publish(_program, place, "recommended")
        assert _program("screen", "-", input=BOOKING).exit_code == 0
        with opened() as app:
            for name, role in ROLES.items():
                email, word = f"{name}@example.org", PASSWORDS[name]
                accounts.add(app, name=name.title(), email=email, roles=[role], password=word)
    return place / "travelrisk.db"


def _program(*arguments: object, **options: Any) -> Result:  # noqa: ANN401 - passed on
    return CliRunner().invoke(program, [str(each) for each in arguments], **options)


@pytest.fixture
def desk(place: Path, _desk_database: Path) -> Path:
    """Give a service in which Ethiopian Airlines is recommended, with people and one upcoming journey."""
    place.mkdir()
    shutil.copy(_desk_database, place)
    return place


@pytest.fixture
def stricter(desk: Path) -> Path:
    return write(desk, "not_recommended")


def write(place: Path, level: str) -> Path:
    file = place.parent / f"{level}.toml"
    file.write_text(RATING.format(level=level))
    return file


def act(run: Run, who: str, *arguments: object, typed: str = "") -> Result:
    """Do something as somebody who knows the own password."""
    signing_in = ("--as", f"{who}@example.org", "--password-stdin")
    return run("ratings", *arguments, *signing_in, input=f"{PASSWORDS[who]}\n{typed}")


def proposed(run: Run, file: Path, *more: str) -> str:
    done = act(run, "alice", "propose", file, *REASON, *more, "--json")
    assert done.exit_code == 0, done.output
    reference: str = json.loads(done.stdout)["reference"]
    return reference


def shown(run: Run, reference: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads(run("ratings", "show", reference, "--json").stdout)
    return found


def words(done: Result) -> str:
    assert done.exit_code == 0, done.output
    return " ".join(done.stdout.split())


def editions(run: Run) -> int:
    return len(json.loads(run("ratings", "history", "carrier:ETH", "--json").stdout))


def test_a_change_goes_from_a_file_to_an_edition_with_a_second_person(run: Run, stricter: Path) -> None:
    made = words(act(run, "alice", "propose", stricter, *REASON))
    assert "proposed, tightening, by Alice" in made
    assert "level: recommended -> not_recommended" in made
    assert "Effect: 1 from cleared to not cleared" in made
    assert "Signatures still needed: 1. Who may sign: Bob, Charlie" in made
    reference = made.partition(":")[0]
    assert editions(run) == 1
    signed = act(run, "bob", "sign", reference, "--note", "I read it.", typed="y\n")
    assert "level: recommended -> not_recommended" in words(signed)
    assert f"Sign {reference} as Bob?" in signed.stderr
    assert "It can be published" in words(signed)
    done = words(act(run, "bob", "publish", reference, "--yes"))
    assert done == f"Published: {reference}, now published, edition 2 Signed by Bob"
    assert "Alice, signed by Bob: " in words(run("ratings", "history", "carrier:ETH"))
    life = shown(run, reference)["life"]
    assert [each["move"] for each in life] == ["edit", "propose", "sign", "publish"]
    assert "I read it." in words(run("ratings", "show", reference))


def test_nobody_signs_for_another_or_what_is_their_own(run: Run, stricter: Path) -> None:
    reference = proposed(run, stricter)
    own = act(run, "alice", "sign", reference, "--yes")
    assert (own.exit_code, own.stderr) == (
        1,
        "Error: nobody signs their own proposal: a second person must look at it\n",
    )
    assert act(run, "dana", "sign", reference, "--yes").exit_code == 1
    stolen = run(
        *("ratings", "sign", reference, "--yes", "--as", "bob@example.org", "--password-stdin"),
        input=f"{PASSWORDS['alice']}\n",
    )
    assert stolen.exit_code == 1
    assert "address or password is wrong" in stolen.stderr
    assert "Traceback" not in stolen.output
    assert shown(run, reference)["signed_by"] == []


def test_who_guesses_has_to_wait_as_on_the_pages(run: Run, stricter: Path) -> None:
    reference = proposed(run, stricter)
    guess = ("ratings", "sign", reference, "--yes", "--as", "bob@example.org", "--password-stdin")
    refused = [run(*guess, input="wrong\n").stderr for _ in range(sign_in.LIMITS[0].free + 1)]
    assert "too many attempts have failed: wait" in refused[-1]
    right = act(run, "bob", "sign", reference, "--yes")
    assert right.exit_code == 1
    assert "too many attempts" in right.stderr


def test_no_session_is_opened_and_the_password_is_nowhere(run: Run, stricter: Path, place: Path) -> None:
    reference = proposed(run, stricter)
    assert act(run, "bob", "sign", reference, "--yes").exit_code == 0
    with opened() as app, reading(app.engine) as c:
        assert c.scalar(text("SELECT count(*) FROM sessions")) == 0
        assert c.scalar(text("SELECT count(*) FROM sign_ins")) == 0, "what fitted counts as no failure"
    assert PASSWORDS["bob"].encode() not in (place / "travelrisk.db").read_bytes()


def test_a_password_is_asked_for_or_stands_in_a_file(
    run: Run, stricter: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = proposed(run, stricter)
    asked = run("ratings", "sign", reference, "--as", "bob@example.org", input=f"{PASSWORDS['bob']}\ny\n")
    assert asked.exit_code == 0, asked.output
    assert "Password:" in asked.stderr
    assert PASSWORDS["bob"] not in asked.output
    kept = tmp_path / "password"
    kept.write_text(PASSWORDS["charlie"] + "\n")
    monkeypatch.setenv("TRAVELRISK_PASSWORD_FILE", str(kept))
    assert run("ratings", "publish", reference, "--yes", "--as", "charlie@example.org").exit_code == 0
    kept.unlink()
    missing = run("ratings", "news", "--as", "charlie@example.org")
    assert missing.exit_code == 2
    assert "TRAVELRISK_PASSWORD_FILE" in missing.stderr
    assert run("ratings", "news", "--as", "bob@example.org", "--password-stdin", input="").exit_code == 2


def test_a_no_signs_nothing(run: Run, stricter: Path) -> None:
    reference = proposed(run, stricter)
    done = act(run, "bob", "sign", reference, typed="n\n")
    assert done.exit_code == 1
    assert "nothing was signed" in done.stderr
    assert act(run, "bob", "sign", reference, "--json").exit_code == 2, "nobody could have looked"
    assert shown(run, reference)["signed_by"] == []


def test_what_changed_while_somebody_looked_is_not_signed(
    run: Run, stricter: Path, desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = proposed(run, stricter)
    agree = publishing.sign

    def after_another_edition(*given: Any, **named: Any) -> object:  # noqa: ANN401 - passed on
        publish(run, desk, "conditional")
        return agree(*given, **named)

    monkeypatch.setattr(publishing, "sign", after_another_edition)
    done = act(run, "bob", "sign", reference, "--yes")
    assert done.exit_code == 1
    assert "changed since you looked at it: look again" in done.stderr
    assert shown(run, reference)["signed_by"] == []


def test_loosening_takes_two_and_a_signature_lapses_with_its_edition(run: Run, desk: Path) -> None:
    publish(run, desk, "not_recommended")
    reference = proposed(run, write(desk, "recommended"))
    first = words(act(run, "bob", "sign", reference, "--yes"))
    assert "Signatures still needed: 1. Who may sign: Charlie" in first
    assert act(run, "alice", "publish", reference).exit_code == 2
    publish(run, desk, "conditional")
    lapsed = words(run("ratings", "show", reference))
    assert "Alice proposed it" in lapsed
    assert "Signatures have lapsed" in lapsed
    assert "Signatures still needed: 2. Who may sign: Bob, Charlie" in lapsed


def test_an_urgent_tightening_stands_open_until_somebody_countersigns(run: Run, stricter: Path) -> None:
    reference = proposed(run, stricter, "--urgent")
    assert act(run, "alice", "publish", reference).exit_code == 2
    done = words(act(run, "alice", "publish", reference, "--at-once", "--yes"))
    assert "now published, not countersigned, edition 2" in done
    assert "Signatures still needed by 24 Nov 2026 12:00 UTC: 1" in done
    assert reference in words(run("ratings", "proposals"))
    assert act(run, "alice", "countersign", reference, "--yes").exit_code == 1
    assert "Signed by Bob" in words(act(run, "bob", "countersign", reference, "--yes"))
    assert words(run("ratings", "proposals")) == "No proposal waits for anybody."


def test_only_what_tightens_is_urgent(run: Run, desk: Path) -> None:
    publish(run, desk, "not_recommended")
    done = act(run, "alice", "propose", write(desk, "recommended"), *REASON, "--urgent")
    assert done.exit_code == 2
    assert "only what makes nothing easier" in done.stderr


def test_a_proposal_is_returned_and_withdrawn(run: Run, stricter: Path) -> None:
    reference = proposed(run, stricter)
    assert act(run, "bob", "withdraw", reference).exit_code == 1
    assert "now returned" in words(act(run, "bob", "return", reference, "--note", "Name the audit."))
    assert "Name the audit." in words(run("ratings", "show", reference))
    assert "now withdrawn" in words(act(run, "alice", "withdraw", reference))
    assert "withdrawn" in words(run("ratings", "show", reference))
    (kept,) = json.loads(run("ratings", "proposals", "--all", "--json").stdout)
    assert (kept["reference"], kept["status"]) == (reference, "withdrawn")


def test_a_draft_asks_nobody_and_records_may_be_ended(run: Run, desk: Path) -> None:
    publish(run, desk, "not_recommended")
    made = act(run, "alice", "propose", "--end", "eth", *REASON, "--draft", "--json")
    draft = json.loads(made.stdout)
    assert (draft["status"], draft["weight"]) == ("draft", "loosening")
    assert [(each["record"], each["is"]) for each in draft["changes"]] == [("eth", None)]
    assert "Ended: carrier:ETH" in words(run("ratings", "show", draft["reference"]))
    assert act(run, "bob", "sign", draft["reference"], "--yes").exit_code == 2


@pytest.mark.parametrize(
    ("arguments", "code"),
    [((*REASON,), 2), (("--end", "eth", "--reason", " "), 2), (("--end", "nothing", *REASON), 2)],
)
@pytest.mark.usefixtures("desk")
def test_what_cannot_be_proposed_is_told(run: Run, arguments: tuple[str, ...], code: int) -> None:
    done = act(run, "alice", "propose", *arguments)
    assert done.exit_code == code
    assert done.stderr
    assert json.loads(run("ratings", "proposals", "--all", "--json").stdout) == []


def test_what_no_longer_fits_is_shown_with_the_reason(run: Run, stricter: Path) -> None:
    reference = proposed(run, stricter)
    assert run("ratings", "import", stricter, "--by", "bob").exit_code == 0
    assert "It does not fit the ratings of now: this changes nothing" in words(
        run("ratings", "show", reference)
    )
    assert "this changes nothing" in shown(run, reference)["problem"]
    assert act(run, "bob", "sign", reference, "--yes").exit_code == 2


def test_the_effect_of_a_file_and_of_a_proposal_is_the_same(run: Run, stricter: Path) -> None:
    of_file = json.loads(run("ratings", "effect", stricter, "--json").stdout)
    of_proposal = json.loads(run("ratings", "effect", proposed(run, stricter).lower(), "--json").stdout)
    assert of_file == of_proposal
    assert of_file["counts"] == [{"was": "cleared", "is": "not_cleared", "itineraries": 1}]
    assert "names" not in of_file["listed"][0]
    assert run("ratings", "effect", "CH-AAAAAA").exit_code == 1
    assert run("ratings", "effect", "nowhere.toml").exit_code == 2


def test_news_is_told_once_to_each(run: Run, stricter: Path) -> None:
    assert "Edition 1," in words(act(run, "bob", "news"))
    assert words(act(run, "bob", "news")) == "Nothing was published since you last looked."
    with time_machine.travel(AT + timedelta(hours=1), tick=False):
        assert run("ratings", "import", stricter, "--by", "alice").exit_code == 0
    (told,) = json.loads(act(run, "bob", "news", "--json").stdout)
    assert told["changes"][0]["differences"][0]["field"] == "level"
    assert [each["edition"] for each in json.loads(act(run, "alice", "news", "--json").stdout)] == [1, 2]


def test_a_file_is_kept_as_evidence_and_named_in_a_proposal(run: Run, desk: Path) -> None:
    notice = desk.parent / "notice.txt"
    notice.write_text("Notice of the authority, as read.")
    kept = act(run, "alice", "evidence", notice)
    sha256 = hashlib.sha256(notice.read_bytes()).hexdigest()
    assert f'Write this with its evidence: file = "{sha256}"' in words(kept)
    stricter = write(desk, "not_recommended")
    stricter.write_text(stricter.read_text().replace('kind = "audit"', f'kind = "audit", file = "{sha256}"'))
    reference = proposed(run, stricter)
    (pair,) = shown(run, reference)["changes"]
    assert pair["is"]["evidence"][0]["file"] == sha256


def test_what_cannot_be_evidence_is_refused_by_name(run: Run, desk: Path) -> None:
    archive = desk.parent / "notices.zip"
    archive.write_bytes(b"PK\x03\x04" + bytes(40))
    refused = act(run, "alice", "evidence", archive)
    assert refused.exit_code == 2
    assert "notices.zip is none of PDF, PNG, JPEG and plain text" in refused.stderr
    assert "nowhere.pdf: cannot be read" in act(run, "alice", "evidence", desk / "nowhere.pdf").stderr
    assert "ask a focal point" in act(run, "dana", "evidence", write(desk, "recommended")).stderr


def test_what_is_counted_once_is_told_in_the_singular(run: Run, desk: Path) -> None:
    same = words(run("ratings", "effect", write(desk, "recommended")))
    assert same == "Effect: no journey changes its verdict; journeys looked at: 1."
    stricter = words(run("ratings", "effect", write(desk, "not_recommended")))
    assert "1 trip, 1 person, 0 offices; the next departs 12 Dec 2026" in stricter


def test_who_publishes_too_early_is_told_who_signs_and_how(run: Run, stricter: Path) -> None:
    reference = proposed(run, stricter)
    done = act(run, "alice", "publish", reference, "--yes")
    assert done.exit_code == 2
    said = " ".join(done.stderr.split())
    assert f"{reference} cannot be published yet. Signatures still needed: 1." in said
    assert f"Who may sign: Bob, Charlie, each with: travelrisk ratings sign {reference} --as ADDRESS" in said
    assert editions(run) == 1


def test_publishing_shows_and_asks_and_a_silence_publishes_nothing(run: Run, stricter: Path) -> None:
    reference = proposed(run, stricter)
    unsigned = act(run, "bob", "sign", reference)
    assert (unsigned.exit_code, "nothing was signed: nobody answered; --yes" in unsigned.stderr) == (1, True)
    assert act(run, "bob", "sign", reference, "--yes").exit_code == 0
    silent = act(run, "bob", "publish", reference)
    assert "level: recommended -> not_recommended" in silent.stdout
    assert f"Publish {reference} as Bob?" in silent.stderr
    assert (silent.exit_code, "nothing was published: nobody answered" in silent.stderr) == (1, True)
    assert act(run, "bob", "publish", reference, typed="n\n").exit_code == 1
    assert act(run, "bob", "publish", reference, "--json").exit_code == 2, "nobody could have looked"
    assert editions(run) == 1
    assert "now published" in act(run, "bob", "publish", reference, typed="y\n").stdout
    assert editions(run) == 2


def test_a_draft_is_proposed_later_under_its_reference(run: Run, stricter: Path) -> None:
    draft = proposed(run, stricter, "--draft")
    early = act(run, "alice", "publish", draft, "--yes")
    assert (early.exit_code, f"ratings propose {draft} --as ADDRESS" in early.stderr) == (2, True)
    assert act(run, "alice", "propose", draft, *REASON).exit_code == 2
    assert act(run, "bob", "propose", draft).exit_code == 1, "it is somebody else's"
    done = words(act(run, "alice", "propose", draft.lower()))
    assert done.startswith(f"Proposed: {draft}, now proposed Signatures still needed: 1.")


def test_a_countersignature_is_told_with_its_edition_and_while_it_is_open(run: Run, stricter: Path) -> None:
    reference = proposed(run, stricter, "--urgent")
    assert act(run, "alice", "publish", reference, "--at-once", "--yes").exit_code == 0
    looks = [("history", "carrier:ETH"), ("diff", 0, 2)]
    for look in looks:
        shown = words(run("ratings", *look))
        assert "not countersigned: somebody else must by 24 Nov 2026 12:00 UTC" in shown
    with time_machine.travel(AT + timedelta(days=2), tick=False):
        late = words(run("ratings", "history", "carrier:ETH"))
        assert "somebody else should have done so by 24 Nov 2026 12:00 UTC" in late
        assert act(run, "bob", "countersign", reference, "--yes").exit_code == 0
    for look in looks:
        shown = words(run("ratings", *look))
        assert shown.count("Published at once, and countersigned by Bob on 25 Nov 2026 12:00 UTC") == 1
        assert "not countersigned" not in shown
    assert "countersigned by Bob" in words(act(run, "dana", "news"))
    newest, first = json.loads(run("ratings", "history", "carrier:ETH", "--json").stdout)
    assert [each["by"] for each in newest["countersigned"]] == ["Bob"]
    assert (newest["is_open_for_countersigning"], first["countersign_by"]) == (False, None)
