"""Passkeys, second factors with their recovery codes, and what is told of a sign-in."""

import sqlalchemy as sa
import sqlmodel

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

TEXT = sqlmodel.sql.sqltypes.AutoString
MOMENT = sqlmodel.sql.sqltypes.UTCDateTime


def upgrade() -> None:
    op.drop_column("sign_in", "ends")  # how long one lasts is a setting, counted from when it began
    op.add_column("sign_in", sa.Column("confirmed", MOMENT(), nullable=True))
    for name in ("way", "device"):
        op.add_column("sign_in", sa.Column(name, TEXT(), nullable=False, server_default=""))
    op.create_table(
        "passkey",
        sa.Column("id", TEXT(), nullable=False),
        sa.Column("person", TEXT(), nullable=False),
        sa.Column("name", TEXT(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("host", TEXT(), nullable=False),
        sa.Column("made", MOMENT(), nullable=False),
        sa.Column("used", MOMENT(), nullable=True),
        sa.Column("stopped", MOMENT(), nullable=True),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_passkey_person_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
    )
    op.create_index(op.f("ix_passkey_person"), "passkey", ["person"])
    op.create_table(
        "second_factor",
        sa.Column("person", TEXT(), nullable=False),
        sa.Column("secret", TEXT(), nullable=False),
        sa.Column("since", MOMENT(), nullable=True),
        sa.Column("last_step", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_second_factor_person_person")),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_second_factor")),
    )
    op.create_table(
        "recovery_code",
        sa.Column("hash", TEXT(), nullable=False),
        sa.Column("person", TEXT(), nullable=False),
        sa.Column("used", MOMENT(), nullable=True),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_recovery_code_person_person")),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_recovery_code")),
    )
    op.create_index(op.f("ix_recovery_code_person"), "recovery_code", ["person"])
