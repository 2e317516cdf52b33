"""Public sources: rounds of fetching, answers, and the facts of the last good round.

Revision: 0020.
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_INSTANT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    """Make their tables."""
    op.create_table(
        "feed_fetches",
        sa.Column("id", _WHOLE, primary_key=True),
        sa.Column("feed", sa.Text(), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("fault", sa.Text(), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.Column("rows", _WHOLE, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.CheckConstraint("outcome IN ('good', 'failed')", name="outcome"),
        sqlite_strict=True,
    )
    op.create_index("ix_feed_fetches_feed_outcome_id", "feed_fetches", ["feed", "outcome", "id"])
    op.create_table(
        "feed_originals",
        sa.Column("sha256", sa.Text(), primary_key=True),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.Column("kept_at", _INSTANT, nullable=False),
        sqlite_strict=True,
    )
    op.create_table(
        "feed_answers",
        sa.Column("fetch_id", _WHOLE, sa.ForeignKey("feed_fetches.id"), primary_key=True),
        sa.Column("part", sa.Text(), primary_key=True),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("etag", sa.Text(), nullable=False),
        sa.Column("last_modified", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), sa.ForeignKey("feed_originals.sha256"), nullable=False),
        sqlite_strict=True,
    )
    op.create_table(
        "feed_facts",
        sa.Column("feed", sa.Text(), primary_key=True),
        sa.Column("key", sa.Text(), primary_key=True),
        sa.Column("place", _WHOLE, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("since", _INSTANT, nullable=False),
        sqlite_strict=True,
    )


def downgrade() -> None:
    """Forget what sources said; what was rated on its ground stays."""
    for table in ("feed_facts", "feed_answers", "feed_originals", "feed_fetches"):
        op.drop_table(table)
