"""Ties of those who inspect, why one inspects in spite of one, and what each has declared of an inspection."""

import sqlalchemy as sa
import sqlmodel

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

TEXT = sqlmodel.sql.sqltypes.AutoString
TIME = sqlmodel.sql.sqltypes.UTCDateTime
PLACES = ("region", "hospital", "clinic")


def upgrade() -> None:
    op.create_table(
        "tie",
        sa.Column("id", TEXT(), nullable=False),
        sa.Column("person", TEXT(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        *(sa.Column(name, TEXT(), nullable=True) for name in PLACES),
        *(sa.Column(name, sa.Integer(), nullable=True) for name in ("since", "until")),
        sa.Column("told_by", TEXT(), nullable=False),
        sa.Column("told", TIME(), nullable=False),
        sa.Column("removed", TIME(), nullable=True),
        *(
            sa.ForeignKeyConstraint([name], [f"{name}.id"], name=op.f(f"fk_tie_{name}_{name}"))
            for name in ("person", *PLACES)
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tie")),
    )
    op.create_index(op.f("ix_tie_person"), "tie", ["person"])
    op.create_table(
        "declaration",
        *(sa.Column(name, TEXT(), nullable=False) for name in ("id", "inspection", "person")),
        sa.Column("at", TIME(), nullable=False),
        sa.Column("unit", TEXT(), nullable=False),
        sa.Column("ties", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["inspection"], ["inspection.id"], name=op.f("fk_declaration_inspection_inspection")),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_declaration_person_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_declaration")),
    )
    op.create_index(op.f("ix_declaration_inspection"), "declaration", ["inspection"])
    op.add_column("assignment", sa.Column("motive", TEXT(), nullable=False, server_default=""))
    op.add_column("assignment", sa.Column("despite", sa.JSON(), nullable=False, server_default="[]"))
