"""How far the audit trail goes, signed: who writes the trail anew cannot make the checkpoint that fits."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.services.conftest import Clock, publish
from travelrisk.domain.errors import BadInputError, ConfigurationError
from travelrisk.services.application import Application
from travelrisk.services.certificates import checking
from travelrisk.services.certificates.signing import TYPE, Signer
from travelrisk.services.health import verify_audit
from travelrisk.services.watch import anchor, checkpoints
from travelrisk.services.watch.anchor import Anchor
from travelrisk.services.watch.checkpoints import Checkpoint
from travelrisk.store import audit
from travelrisk.store.database import reading, writing

SECRET = "a secret of this test, long enough"  # noqa: S105 - of nobody


@pytest.fixture
def own(app: Application, tmp_path: Path) -> Application:
    """Give a service with a secret, an anchor and some entries in its trail."""
    publish(app, tmp_path)
    return with_secret(replace(app, facts=replace(app.facts, anchor=tmp_path / "db.anchor")), SECRET)


def with_secret(app: Application, secret: str) -> Application:
    return replace(app, facts=replace(app.facts, secret=secret))


def head(app: Application) -> audit.Anchor:
    with reading(app.engine) as c:
        return audit.head(c)


def file_of(app: Application) -> Path:
    assert app.facts.anchor is not None
    return app.facts.anchor


@pytest.mark.threat(46, 49)
def test_a_checkpoint_names_the_newest_entry_and_the_trail_is_held_to_it(own: Application) -> None:
    made = checkpoints.made(own)
    assert checkpoints.named(own, made) == head(own)
    assert verify_audit(own, [checkpoints.named(own, made)]).ok
    lost = checkpoints.signed(SECRET, Checkpoint(head(own).seq + 1, "ab" * 32, own.clock()))
    chain = verify_audit(own, [checkpoints.named(own, lost)])
    assert (chain.ok, chain.broken_at) == (False, head(own).seq + 1)


def test_an_entry_of_a_digest_is_taken_as_before(own: Application) -> None:
    seq, digits = head(own)
    assert checkpoints.named(own, f"{seq}:{digits[:16]}") == (seq, digits[:16])


@pytest.mark.threat(49)
def test_nobody_else_makes_one(own: Application) -> None:
    made = checkpoints.made(own)
    front, claims, end = made.split(".")
    other = checkpoints.signed("another secret", Checkpoint(*head(own), own.clock()))
    certificate = Signer(SECRET).sign({"seq": 1, "hash": "ab" * 32, "at": "2026-11-23T17:58:00Z"}, TYPE)
    altered = f"{front}.{claims[:-2]}{'AA' if claims[-2:] != 'AA' else 'BB'}.{end}"
    unsigned = f"eyJhbGciOiJub25lIn0.{claims}."
    for forged in (other, altered, unsigned, f"{front}.{claims}.", certificate, "a.b.c"):
        with pytest.raises(BadInputError, match="does not fit"):
            checkpoints.named(own, forged)


def test_one_of_an_earlier_secret_still_counts(own: Application, clock: Clock) -> None:
    made = checkpoints.made(own)
    checkpoints.publish_key(own)
    clock.at += timedelta(days=1)
    later = with_secret(own, "the next secret of this test")
    assert checkpoints.named(later, made) == head(own)
    assert len(checking.public_keys(later)) == 2
    checkpoints.publish_key(later)
    assert len(checking.public_keys(later)) == 2, "the key in use stands there once"


def after(app: Application, secret: str) -> Application:
    """Give the service after a change of its secret, with the one before as the previous one."""
    return replace(app, facts=replace(app.facts, secret=secret, previous_secret=app.facts.secret))


@pytest.mark.threat(46)
def test_an_anchor_of_the_secret_before_counts_and_is_signed_anew(own: Application) -> None:
    anchor.keep(own)
    later = after(own, "the next secret of this test")
    assert anchor.is_signed_before(later)
    assert anchor.keep(later) == f"entry {head(own).seq}", "nothing was written to the trail meanwhile"
    assert not anchor.is_signed_before(later)
    alone = with_secret(own, "the next secret of this test")
    assert anchor.keep(alone) == f"entry {head(own).seq}", "the one before is needed no more"
    with pytest.raises(ConfigurationError, match="not signed by TRAVELRISK_SECRET_KEY"):
        anchor.keep(own)


@pytest.mark.threat(46)
def test_an_anchor_of_the_secret_before_that_does_not_fit_holds_the_letters(own: Application) -> None:
    seq, digits = head(own)
    anchor.write(file_of(own), Anchor(seq + 3, digits, own.clock()), SECRET)
    assert anchor.keep(after(own, "the next secret")) == "3 entries are missing, letters are held"


@pytest.mark.threat(46)
def test_an_anchor_of_a_key_that_only_the_database_knows_is_not_believed(own: Application) -> None:
    forger = with_secret(own, "of whoever wrote the trail anew")
    checkpoints.publish_key(forger)
    anchor.write(file_of(own), Anchor(*head(own), own.clock()), forger.facts.secret)
    for each in (own, after(own, "the next secret")):
        with pytest.raises(ConfigurationError, match="TRAVELRISK_PREVIOUS_SECRET_KEY"):
            anchor.keep(each)


def test_a_checkpoint_of_the_secret_before_counts_although_nobody_published_its_key(own: Application) -> None:
    made = checkpoints.made(own)
    assert checkpoints.named(after(own, "the next secret"), made) == head(own)
    with pytest.raises(BadInputError, match="does not fit"):
        checkpoints.named(with_secret(own, "the next secret"), made)


def test_without_a_secret_there_is_none(app: Application) -> None:
    with pytest.raises(ConfigurationError, match="TRAVELRISK_SECRET_KEY"):
        checkpoints.made(app)
    checkpoints.publish_key(app)
    assert checking.public_keys(app) == ()


@pytest.mark.threat(46)
def test_an_anchor_is_signed_and_one_that_somebody_else_wrote_is_not_believed(own: Application) -> None:
    """The trail is written anew, and the anchor with it, by somebody who does not have the secret."""
    assert anchor.keep(own) == f"entry {head(own).seq}"
    known = anchor.read(file_of(own), SECRET)
    assert known is not None
    assert known[:2] == tuple(head(own))
    forged: list[Callable[[], None]] = [
        lambda: anchor.write(file_of(own), known._replace(head="ab" * 32), ""),
        lambda: anchor.write(file_of(own), known._replace(head="ab" * 32), "a guessed secret"),
        lambda: _rewrite(own, head="ab" * 32),
        lambda: _rewrite(own, seq=99),
        lambda: _rewrite(own, at="2026-11-01T00:00:00+00:00"),
        lambda: _rewrite(own, checkpoint=checkpoints.signed(SECRET, Checkpoint(1, "ab" * 32, own.clock()))),
    ]
    for forge in forged:
        anchor.write(file_of(own), known, SECRET)
        forge()
        before = file_of(own).read_text()
        with pytest.raises(ConfigurationError, match="not signed by TRAVELRISK_SECRET_KEY"):
            anchor.keep(own)
        assert file_of(own).read_text() == before, "it is left for somebody to look at"


def _rewrite(app: Application, **changed: object) -> None:
    file_of(app).write_text(json.dumps(json.loads(file_of(app).read_text()) | changed))


def test_a_signed_anchor_finds_a_trail_that_was_cut(own: Application) -> None:
    with writing(own.engine) as c:
        audit.append(c, kind="test", actor="bob", at=own.clock(), subject="x", body={})
    anchor.keep(own)
    newest = head(own).seq
    with writing(own.engine) as c:
        if c.dialect.name == "postgresql":
            c.execute(text("ALTER TABLE audit DISABLE TRIGGER USER"))
        else:
            names = c.scalars(
                text("SELECT name FROM sqlite_master WHERE type='trigger' AND tbl_name='audit'")
            )
            for name in list(names):
                c.execute(text(f"DROP TRIGGER {name}"))
        c.execute(text("DELETE FROM audit WHERE seq = :seq"), {"seq": newest})
    assert anchor.keep(own) == "1 entries are missing, letters are held"
    signed = anchor.read(file_of(own), SECRET)
    assert signed is not None, "signed anew, by us"
    assert signed._replace(checkpoint="") == Anchor(*head(own), own.clock())
