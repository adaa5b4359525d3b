"""Erased people, and signed versions that are withheld."""

import sqlalchemy as sa
import sqlmodel

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

TEXT = sqlmodel.sql.sqltypes.AutoString
TIME = sqlmodel.sql.sqltypes.UTCDateTime


def upgrade() -> None:
    op.add_column("person", sa.Column("erased", sa.Integer(), nullable=True))
    op.create_index(op.f("ix_person_erased"), "person", ["erased"], unique=True)
    op.add_column("version", sa.Column("withheld", TEXT(), nullable=False, server_default=""))
    op.create_table(
        "withholding",
        sa.Column("id", TEXT(), nullable=False),
        sa.Column("inspection", TEXT(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("reason", TEXT(), nullable=False),
        sa.Column("note", TEXT(), nullable=False),
        sa.Column("proposed_by", TEXT(), nullable=False),
        sa.Column("proposed", TIME(), nullable=False),
        sa.Column("outcome", TEXT(), nullable=False),
        sa.Column("decided_by", TEXT(), nullable=True),
        sa.Column("decided", TIME(), nullable=True),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_withholding_decided_by_person")),
        sa.ForeignKeyConstraint(
            ["inspection", "number"],
            ["version.inspection", "version.number"],
            name=op.f("fk_withholding_inspection_number_version"),
        ),
        sa.ForeignKeyConstraint(["proposed_by"], ["person.id"], name=op.f("fk_withholding_proposed_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_withholding")),
    )
    op.create_index(op.f("ix_withholding_inspection"), "withholding", ["inspection"])
