"""Files added to an inspection: what is known of them. Their bytes lie in storage."""

import sqlalchemy as sa
import sqlmodel

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TEXT = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    op.create_table(
        "attachment",
        *(sa.Column(name, TEXT(), nullable=False) for name in ("id", "inspection", "about", "title", "type")),
        sa.Column("size", sa.Integer(), nullable=False),
        *(sa.Column(name, TEXT(), nullable=False) for name in ("sha256", "file", "preview", "by")),
        sa.Column("received", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        *(sa.Column(name, sa.Boolean(), nullable=False) for name in ("kept", "gone")),
        sa.Column("erased", TEXT(), nullable=False),
        sa.ForeignKeyConstraint(["inspection"], ["inspection.id"], name=op.f("fk_attachment_inspection_inspection")),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_attachment_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
    )
    op.create_index(op.f("ix_attachment_inspection"), "attachment", ["inspection"])
