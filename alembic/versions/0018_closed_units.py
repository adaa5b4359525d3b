"""Specialities that have ended at a clinic, from a day."""

import sqlalchemy as sa

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("clinic_speciality", sa.Column("closed", sa.Date(), nullable=True))
