"""How much a subject holds, counted once instead of with every save.

What it takes is written out here: a migration must not change with the code.
"""

import sqlalchemy as sa

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

HELD = """
UPDATE subject SET held = (
    SELECT coalesce(sum(length(revision.value)), 0) FROM head JOIN revision ON revision.id = head.revision
    WHERE head.subject = subject.id
)
"""


def upgrade() -> None:
    op.add_column("subject", sa.Column("held", sa.Integer(), nullable=False, server_default="0"))
    _fill()


def _fill() -> None:
    op.execute(HELD)
