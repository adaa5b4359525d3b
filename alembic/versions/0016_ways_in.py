"""Regions' own sign-ins, linked to people, and keys for programs."""

import sqlalchemy as sa
import sqlmodel

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

TEXT, TIME = sqlmodel.sql.sqltypes.AutoString, sqlmodel.sql.sqltypes.UTCDateTime


def upgrade() -> None:
    op.create_table(
        "identity",
        sa.Column("id", TEXT(), nullable=False),
        sa.Column("person", TEXT(), nullable=False),
        sa.Column("issuer", TEXT(), nullable=False),
        sa.Column("subject", TEXT(), nullable=False),
        sa.Column("made", TIME(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_identity_person_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_identity_issuer_subject")),
        sa.UniqueConstraint("person", "issuer", name=op.f("uq_identity_person_issuer")),
    )
    op.create_table(
        "errand",
        *(sa.Column(name, TEXT(), nullable=False) for name in ("state", "browser", "provider", "purpose")),
        *(sa.Column(name, TEXT(), nullable=False) for name in ("about", "till")),
        sa.Column("ends", TIME(), nullable=False),
        sa.PrimaryKeyConstraint("state", name=op.f("pk_errand")),
    )
    op.create_index(op.f("ix_errand_ends"), "errand", ["ends"])
    op.create_table(
        "api_token",
        sa.Column("id", TEXT(), nullable=False),
        sa.Column("token", TEXT(), nullable=False),
        sa.Column("person", TEXT(), nullable=False),
        sa.Column("name", TEXT(), nullable=False),
        sa.Column("scope", sa.Enum("read", "write", name="scope", native_enum=False, length=20), nullable=False),
        sa.Column("made", TIME(), nullable=False),
        sa.Column("ends", TIME(), nullable=False),
        sa.Column("seen", TIME(), nullable=True),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_api_token_person_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("token", name=op.f("uq_api_token_token")),
    )
    op.create_index(op.f("ix_api_token_person"), "api_token", ["person"])
