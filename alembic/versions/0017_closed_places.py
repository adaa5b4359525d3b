"""Places that have ended, from a day."""

import sqlalchemy as sa

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("region", "hospital", "clinic", "speciality"):
        op.add_column(table, sa.Column("closed", sa.Date(), nullable=True))
