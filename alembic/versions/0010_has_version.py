"""Whether an inspection has a signed version, in the indexes of the lists of those who read nothing else."""

import sqlalchemy as sa

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

READ = {"region": ["region", "has_version"], "clinic": ["clinic", "has_version"]}
WRITE = {"state": ["state"], "speciality_state": ["speciality", "state"]}


def upgrade() -> None:
    op.add_column("inspection", sa.Column("has_version", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute("UPDATE inspection SET has_version = (state = 'signed' OR version > 1)")
    for name in READ:
        op.drop_index(f"ix_inspection_{name}", "inspection")
    for name, columns in (READ | WRITE).items():
        op.create_index(f"ix_inspection_{name}", "inspection", [*columns, "listed", "id"])
