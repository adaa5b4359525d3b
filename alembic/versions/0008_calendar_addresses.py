"""The secret addresses that calendar programs fetch from."""

import sqlalchemy as sa
import sqlmodel

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TEXT = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    op.create_table(
        "calendar_address",
        sa.Column("person", TEXT(), nullable=False),
        sa.Column("token", TEXT(), nullable=False),
        sa.Column("made", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_calendar_address_person_person")),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_calendar_address")),
        sa.UniqueConstraint("token", name=op.f("uq_calendar_address_token")),
    )
