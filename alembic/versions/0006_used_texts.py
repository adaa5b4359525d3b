"""Texts that were used before, filled from the signed versions that there are.

What it takes to read them is written out here: a migration must not change with the code.
"""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import sqlalchemy as sa
import sqlmodel

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TEXT = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    op.create_table(
        "used_text",
        sa.Column("inspection", TEXT(), nullable=False),
        sa.Column("criterion", TEXT(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *(sa.Column(name, TEXT(), nullable=False) for name in ("kind", "text", "family")),
        *(sa.Column(name, TEXT(), nullable=False) for name in ("region", "clinic", "speciality")),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["inspection", "version"],
            ["version.inspection", "version.number"],
            name=op.f("fk_used_text_inspection_version_version"),
        ),
        sa.PrimaryKeyConstraint("inspection", "criterion", "place", name=op.f("pk_used_text")),
    )
    asked = ["family", "criterion", "day", "inspection"]
    op.create_index("ix_used_text_all", "used_text", asked)
    for name in ("region", "clinic", "speciality"):
        op.create_index(f"ix_used_text_{name}", "used_text", [name, *asked])
    _fill()


_VERSION = """
SELECT v.inspection, v.number AS version, v.content, i.region, i.clinic, i.speciality
FROM version v JOIN inspection i ON i.id = v.inspection
WHERE v.inspection = :id AND v.number = (SELECT max(w.number) FROM version w WHERE w.inspection = v.inspection)
"""


def _fill() -> None:
    run = op.get_bind().execute
    table = sa.Table("used_text", sa.MetaData(), autoload_with=op.get_bind())
    for id in run(sa.text("SELECT DISTINCT inspection FROM version")).scalars().all():
        row = dict(run(sa.text(_VERSION), {"id": id}).mappings().one())  # one at a time: each carries a whole report
        if rows := list(_texts(row, json.loads(row["content"]))):
            run(sa.insert(table), rows)


def _texts(row: dict[str, Any], content: dict[str, Any]) -> Iterator[dict[str, Any]]:
    day = content.get("visit", {}).get("first_day")
    family = content["rubric"].partition("@")[0]
    row = {name: value for name, value in row.items() if name != "content"}
    about = {**row, "family": family, "day": date.fromisoformat(day) if day else date.min}
    for place, each in enumerate(content.get("findings", [])):
        for criterion in dict.fromkeys(each.get("criteria", [])) if each.get("text", "").strip() else ():
            yield {**about, "criterion": criterion, "place": place, "kind": each["kind"], "text": each["text"]}
