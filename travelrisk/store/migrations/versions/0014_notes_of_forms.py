"""What was typed into a form that was not taken, because a new sign-in was asked for first.

Revision: 0014.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Give sessions both columns."""
    op.add_column("sessions", sa.Column("note", sa.Text(), nullable=True))
    op.add_column("sessions", sa.Column("note_for", sa.Text(), nullable=True))


def downgrade() -> None:
    """Take them away again."""
    op.drop_column("sessions", "note_for")
    op.drop_column("sessions", "note")
