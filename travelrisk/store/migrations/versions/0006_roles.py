"""Roles that wait for a second administrator, and passwords that their owners must replace.

Revision: 0006.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_INSTANT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "given_passwords",
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("until", _INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_given_passwords_person_id"),
        sa.PrimaryKeyConstraint("person_id", name="pk_given_passwords"),
        sqlite_strict=True,
    )
    op.create_table(
        "role_requests",
        sa.Column("id", _WHOLE, nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("roles", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("asked_at", _INSTANT, nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", _INSTANT, nullable=True),
        sa.Column("is_granted", _WHOLE, nullable=True),
        sa.CheckConstraint(
            "is_granted IS NULL OR is_granted = 0 OR (decided_by IS NOT NULL AND decided_by <> asked_by"
            " AND decided_by <> person_id)",
            name=op.f("ck_role_requests_granted_by_somebody_else"),
        ),
        sa.ForeignKeyConstraint(["asked_by"], ["people.id"], name="fk_role_requests_asked_by"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_role_requests_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_role_requests"),
        sqlite_strict=True,
    )
    op.create_index("ix_role_requests_person_id", "role_requests", ["person_id"], unique=False)


def downgrade() -> None:
    """Drop both tables."""
    op.drop_table("role_requests")
    op.drop_table("given_passwords")
