"""What is taken against the desk only where that is confirmed, what a whole file ends, and what is kept."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.services.conftest import Clock
from tests.services.test_exchange_import import alice, evidence, on_the_desk, written
from travelrisk.domain.errors import BadInputError, ForbiddenError, NotFoundError
from travelrisk.domain.signoffs import Weight
from travelrisk.jobs.timetable import Work, by_name
from travelrisk.mail.transport import Memory
from travelrisk.services.application import Application
from travelrisk.services.exchange import keeping
from travelrisk.services.exchange.exporting import export
from travelrisk.services.exchange.importing import Looked, draft, look, weighed
from travelrisk.services.exchange.reading import read_table
from travelrisk.services.people.accounts import named
from travelrisk.services.proposals.effect import preview

Edit = Callable[[list[dict[str, str]]], object]


def file_of(app: Application, edit: Edit) -> bytes:
    """Return an export of now in which rows were changed."""
    table = read_table("t.csv", export(app, "csv"))
    rows = [dict(row.cells) for row in table.rows]
    edit(rows)
    return written("csv", table, rows)


def row(rows: list[dict[str, str]], base: str) -> dict[str, str]:
    return next(each for each in rows if each["id"] == base)


def worse(rows: list[dict[str, str]]) -> None:
    row(rows, "eth").update(level="not_recommended", **evidence())


def without_fra(rows: list[dict[str, str]]) -> None:
    rows.remove(row(rows, "fra"))


def looked(app: Application, content: bytes, *over: str, is_complete: bool = False) -> Looked:
    return look(app, alice(app), "t.csv", content, over=over, is_complete=is_complete)


def test_the_file_wins_over_the_version_that_was_confirmed_and_no_other(desk: Application) -> None:
    content = file_of(desk, worse)
    on_the_desk(desk, "eth", lambda rating: replace(rating, aoc="ET-9"))
    (conflict,) = looked(desk, content).conflicts
    assert (conflict.key, conflict.is_confirmed) == ("eth:2", False)
    found = looked(desk, content, "eth:2")
    assert found.problems == ()
    (pair,) = found.pairs
    assert {each.field for each in pair.differences} == {"level", "aoc", "evidence: Audit"}
    assert pair.was == conflict.theirs
    assert looked(desk, content, "eth", "eth:3", "fra").wanted == ()


def test_what_was_ended_comes_back_only_where_that_was_confirmed(desk: Application) -> None:
    content = file_of(desk, worse)
    on_the_desk(desk, "eth", None)
    assert looked(desk, content, "eth").wanted == ()
    (pair,) = looked(desk, content, "eth:ended").pairs
    assert (pair.was, pair.either.id) == (None, "eth")
    proposal = draft(desk, alice(desk), looked(desk, content, "eth:ended"), "After the audit.")
    assert [each.id for each in proposal.content.wanted] == ["eth"]


def test_a_whole_file_ends_what_it_leaves_out(desk: Application) -> None:
    content = file_of(desk, without_fra)
    assert looked(desk, content).pairs == ()
    found = looked(desk, content, is_complete=True)
    (pair,) = found.pairs
    assert pair.now is None
    assert pair.either.id == "fra"
    proposal = draft(desk, alice(desk), found, "Frankfurt is not assessed any more.")
    assert proposal.content.ended == ("fra",)


def test_a_whole_file_ends_nothing_that_was_set_since(desk: Application) -> None:
    content = file_of(desk, without_fra)
    on_the_desk(desk, "fra", lambda rating: replace(rating, aoc="DE-1"))
    found = looked(desk, content, is_complete=True)
    assert (found.pairs, found.compared.kept) == ((), 1)


def test_a_whole_file_names_a_record_also_in_a_bad_row(desk: Application) -> None:
    def edit(rows: list[dict[str, str]]) -> None:
        without_fra(rows)
        row(rows, "eth")["level"] = "excellent"

    found = looked(desk, file_of(desk, edit), is_complete=True)
    assert [pair.either.id for pair in found.pairs] == ["fra"]
    with pytest.raises(BadInputError, match="refused as a whole"):
        draft(desk, alice(desk), found, "Why.", skip_bad=True)


def test_a_whole_file_is_taken_as_a_whole(desk: Application) -> None:
    def edit(rows: list[dict[str, str]]) -> None:
        without_fra(rows)
        row(rows, "eth")["level"] = "excellent"
        rows.extend(
            dict(row(rows, "add"), id=f"new-{number}", edition="", level="not_rated", subject=code)
            for number, code in enumerate(("CDG", "LHR", "NBO", "JFK"))
        )

    found = looked(desk, file_of(desk, edit), is_complete=True)
    assert (found.unusable, found.is_too_bad) == (1, False)
    with pytest.raises(BadInputError, match="taken as a whole"):
        draft(desk, alice(desk), found, "Why.", skip_bad=True)


def test_in_the_place_of_what_a_whole_file_ends_another_record_may_stand(desk: Application) -> None:
    def edit(rows: list[dict[str, str]]) -> None:
        rows.append(dict(row(rows, "fra"), id="fra-2027", edition="", **evidence()))
        without_fra(rows)

    content = file_of(desk, edit)
    assert [each.column for each in looked(desk, content).problems] == ["valid_from"], "they would overlap"
    found = looked(desk, content, is_complete=True)
    assert found.problems == ()
    assert [pair.either.id for pair in found.pairs] == ["fra", "fra-2027"]


def test_a_file_that_states_no_edition_is_never_everything(desk: Application) -> None:
    def edit(rows: list[dict[str, str]]) -> None:
        for each in rows:
            each["edition"] = ""

    with pytest.raises(BadInputError, match="no row says from which edition"):
        looked(desk, file_of(desk, edit), is_complete=True)


def test_what_an_import_weighs_and_does_to_journeys_is_known_before(desk: Application) -> None:
    found = weighed(desk, looked(desk, file_of(desk, worse)))
    assert (found.weight, found.edition) == (Weight.TIGHTENING, 1)
    assert preview(desk, found.change).screened == 0
    with pytest.raises(BadInputError, match="changes nothing"):
        weighed(desk, looked(desk, export(desk, "csv")))


def test_a_table_is_kept_for_whoever_brought_it(desk: Application, clock: Clock) -> None:
    content = export(desk, "csv")
    sha256 = keeping.keep(desk, "alice", "folder/t.csv", content)
    kept = keeping.kept(desk, alice(desk), sha256)
    assert (kept.name, kept.content) == ("t.csv", content)
    with pytest.raises(NotFoundError):
        keeping.kept(desk, named(desk, "bob"), sha256)
    clock.pass_by(hours=24)
    assert keeping.last(desk, alice(desk)) is None
    clock.at -= timedelta(hours=1)
    assert keeping.last(desk, alice(desk)) == kept
    assert keeping.forget_old(desk) == 0
    keeping.forget(desk, alice(desk))
    assert keeping.last(desk, alice(desk)) is None


def test_what_nobody_decided_on_is_forgotten_by_the_clock(desk: Application, clock: Clock) -> None:
    keeping.keep(desk, "alice", "t.csv", export(desk, "csv"))
    clock.pass_by(hours=24)
    work = Work(desk, Memory(), "test")
    assert by_name("tables").do(work) == "1 forgotten"
    assert by_name("tables").do(work) == "0 forgotten"


def test_what_is_no_table_and_who_may_not_propose_keep_nothing(desk: Application) -> None:
    with pytest.raises(BadInputError, match=r"t\.csv: is empty"):
        keeping.keep(desk, "alice", "t.csv", b"")
    with pytest.raises(BadInputError, match=r"t\.pdf: is no table"):
        keeping.keep(desk, "alice", "t.pdf", b"x")
    with pytest.raises(ForbiddenError):
        keeping.keep(desk, "erin", "t.csv", export(desk, "csv"))
    assert keeping.last(desk, alice(desk)) is None


def test_a_long_name_keeps_its_ending(desk: Application) -> None:
    keeping.keep(desk, "alice", f"{'x' * 500}.csv", export(desk, "csv"))
    kept = keeping.last(desk, alice(desk))
    assert kept is not None
    assert len(kept.name) < 130
    assert kept.name.endswith(".csv")
