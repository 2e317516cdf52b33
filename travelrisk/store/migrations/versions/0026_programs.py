"""Programs that call the service: their keys, their calls of a day, and their answers under idempotency keys.

Revision: 0026.
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_INSTANT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "programs",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("sight", sa.Text(), nullable=False),
        sa.Column("calls_a_day", _WHOLE, nullable=False),
        sa.Column("key_hmac", sa.Text(), nullable=False),
        sa.Column("old_hmac", sa.Text()),
        sa.Column("old_until", _INSTANT),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", _INSTANT, nullable=False),
        sa.Column("used_at", _INSTANT),
        sa.Column("expires_at", _INSTANT),
        sa.Column("revoked_at", _INSTANT),
        sa.CheckConstraint("kind IN ('trk_live_r', 'trk_live_w', 'trk_test_w')", name="kind"),
        sa.CheckConstraint("sight IN ('unit', 'desk')", name="sight"),
        sa.CheckConstraint("office <> ''", name="office_named"),
        sa.CheckConstraint("(old_hmac IS NULL) = (old_until IS NULL)", name="old_ends"),
        sqlite_strict=True,
    )
    op.create_table(
        "program_calls",
        sa.Column("program_id", sa.Text(), primary_key=True),
        sa.Column("day", sa.Text(), primary_key=True),
        sa.Column("calls", _WHOLE, nullable=False),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_program_calls_day", "program_calls", ["day"])
    op.create_table(
        "program_answers",
        sa.Column("actor", sa.Text(), primary_key=True),
        sa.Column("key_sha256", sa.Text(), primary_key=True),
        sa.Column("request_sha256", sa.Text(), nullable=False),
        sa.Column("begun_at", _INSTANT, nullable=False),
        sa.Column("status", _WHOLE),
        sa.Column("body", sa.LargeBinary()),
        sa.CheckConstraint("(status IS NULL) = (body IS NULL)", name="answered_whole"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_program_answers_begun_at", "program_answers", ["begun_at"])


def downgrade() -> None:
    """Forget every key."""
    op.drop_table("program_answers")
    op.drop_table("program_calls")
    op.drop_table("programs")
