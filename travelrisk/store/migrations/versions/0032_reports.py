"""Who does not want the report of the month; and what a period holds is found without reading everything.

Revision: 0032.
"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    """Make the table and the indexes."""
    op.create_table(
        "report_refusals",
        sa.Column("person_id", sa.Text(), sa.ForeignKey("people.id"), primary_key=True),
        sa.Column("at", _INSTANT, nullable=False),
        sqlite_strict=True,
    )
    op.create_index("ix_itineraries_added_at", "itineraries", ["added_at"])
    op.create_index("ix_outbox_queued_at", "outbox", ["queued_at"])


def downgrade() -> None:
    """Send the reports to nobody any more."""
    op.drop_index("ix_outbox_queued_at", "outbox")
    op.drop_index("ix_itineraries_added_at", "itineraries")
    op.drop_table("report_refusals")
