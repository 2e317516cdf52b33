"""Certificates of clearance, and the public keys that their signatures were made with.

Revision: 0023.
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_INSTANT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    """Make their tables."""
    op.create_table(
        "certificates",
        sa.Column("code", sa.Text(), primary_key=True),
        sa.Column("trip_id", _WHOLE, sa.ForeignKey("trips.id"), nullable=False),
        sa.Column("advisory_id", _WHOLE, sa.ForeignKey("advisories.id"), nullable=False, unique=True),
        sa.Column("issued_at", _INSTANT, nullable=False),
        sa.Column("jws", sa.Text()),
        sqlite_strict=True,
    )
    op.create_index("ix_certificates_trip_id", "certificates", ["trip_id"])
    op.create_table(
        "signing_keys",
        sa.Column("kid", sa.Text(), primary_key=True),
        sa.Column("public", sa.Text(), nullable=False),
        sa.Column("first_used_at", _INSTANT, nullable=False),
        sqlite_strict=True,
    )


def downgrade() -> None:
    """Forget them: their codes are unknown then."""
    op.drop_table("signing_keys")
    op.drop_table("certificates")
