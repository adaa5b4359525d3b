"""The programme of a visit, and how far what is erased reaches."""

import sqlalchemy as sa
import sqlmodel

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TEXT = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    op.create_table(
        "interview",
        sa.Column("inspection", TEXT(), nullable=False),
        sa.Column("id", TEXT(), nullable=False),
        *(sa.Column(name, TEXT(), nullable=False) for name in ("who", "role")),
        sa.Column("day", sa.Date(), nullable=True),
        *(sa.Column(name, TEXT(), nullable=False) for name in ("begins", "ends", "room", "gone")),
        sa.ForeignKeyConstraint(["inspection"], ["inspection.id"], name=op.f("fk_interview_inspection_inspection")),
        sa.PrimaryKeyConstraint("inspection", "id", name=op.f("pk_interview")),
    )
    op.add_column("subject", sa.Column("erased", sa.Integer(), nullable=False, server_default="0"))
