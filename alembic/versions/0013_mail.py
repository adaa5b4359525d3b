"""Letters that wait, turns of later work, links for who forgot a password, and since when somebody is invited."""

import sqlalchemy as sa
import sqlmodel

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

TEXT = sqlmodel.sql.sqltypes.AutoString
MOMENT = sqlmodel.sql.sqltypes.UTCDateTime


def upgrade() -> None:
    op.create_table(
        "mail",
        sa.Column("id", TEXT(), nullable=False),
        sa.Column("kind", TEXT(), nullable=False),
        sa.Column("person", TEXT(), nullable=True),
        sa.Column("address", TEXT(), nullable=False),
        sa.Column("by", TEXT(), nullable=False),
        sa.Column("made", MOMENT(), nullable=False),
        sa.Column("due", MOMENT(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("trouble", TEXT(), nullable=True),
        sa.Column("given_up", MOMENT(), nullable=True),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_mail_person_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail")),
    )
    op.create_index(op.f("ix_mail_due"), "mail", ["due"])
    op.create_index(op.f("ix_mail_person"), "mail", ["person"])
    op.create_table(
        "turn",
        sa.Column("name", TEXT(), nullable=False),
        sa.Column("due", MOMENT(), nullable=False),
        sa.Column("done", MOMENT(), nullable=True),
        sa.Column("broken", MOMENT(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_turn")),
    )
    op.add_column("invitation", sa.Column("recovers", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("person", sa.Column("invited", MOMENT(), nullable=True))
    op.execute("UPDATE person SET invited = (SELECT max(made) FROM invitation WHERE invitation.person = person.id)")
