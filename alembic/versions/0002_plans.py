"""Handlingsplaner, and changed grades as rows of their own (they stood in `inspection.kept` until now)."""

from datetime import date
from uuid import uuid4

import sqlalchemy as sa
import sqlmodel

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "plan",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("inspection", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("report", sa.Integer(), nullable=False),
        sa.Column("clinic", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("region", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("speciality", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("rubric_sha256", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("opened", sa.Date(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("unit_line", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("staff", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["clinic"], ["clinic.id"], name=op.f("fk_plan_clinic_clinic")),
        sa.ForeignKeyConstraint(["id"], ["subject.id"], name=op.f("fk_plan_id_subject")),
        sa.ForeignKeyConstraint(["inspection"], ["inspection.id"], name=op.f("fk_plan_inspection_inspection")),
        sa.ForeignKeyConstraint(["region"], ["region.id"], name=op.f("fk_plan_region_region")),
        sa.ForeignKeyConstraint(
            ["rubric_sha256"], ["rubric_copy.sha256"], name=op.f("fk_plan_rubric_sha256_rubric_copy")
        ),
        sa.ForeignKeyConstraint(["speciality"], ["speciality.id"], name=op.f("fk_plan_speciality_speciality")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
        sa.UniqueConstraint("inspection", name=op.f("uq_plan_inspection")),
    )
    with op.batch_alter_table("plan", schema=None) as batch_op:
        batch_op.create_index("ix_plan_clinic", ["clinic", "state", "due", "id"], unique=False)
        batch_op.create_index("ix_plan_region", ["region", "state", "due", "id"], unique=False)
        batch_op.create_index("ix_plan_speciality", ["speciality", "state", "due", "id"], unique=False)
        batch_op.create_index("ix_plan_state", ["state", "due", "id"], unique=False)

    op.create_table(
        "regrade",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("inspection", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("area", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("before", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("grade", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("because", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("by", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("measures", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_regrade_by_person")),
        sa.ForeignKeyConstraint(["inspection"], ["inspection.id"], name=op.f("fk_regrade_inspection_inspection")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_regrade")),
    )
    with op.batch_alter_table("regrade", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_regrade_inspection"), ["inspection"], unique=False)

    op.create_table(
        "measure",
        sa.Column("plan", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("what", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("how", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("why", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("area", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("criteria", sa.JSON(), nullable=False),
        sa.Column("owner", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("start", sa.Date(), nullable=True),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("proof", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("status", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("effect", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("bank", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("every", sa.Integer(), nullable=False),
        sa.Column("per", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("each", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("term", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("order", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("gone", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("hidden", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["plan"], ["plan.id"], name=op.f("fk_measure_plan_plan")),
        sa.PrimaryKeyConstraint("plan", "id", name=op.f("pk_measure")),
    )
    op.create_table(
        "occurrence",
        sa.Column("plan", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("measure", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("note", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("gone", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["plan"], ["plan.id"], name=op.f("fk_occurrence_plan_plan")),
        sa.PrimaryKeyConstraint("plan", "id", name=op.f("pk_occurrence")),
    )
    with op.batch_alter_table("occurrence", schema=None) as batch_op:
        batch_op.create_index("ix_occurrence_measure", ["plan", "measure", "day"], unique=False)

    op.create_table(
        "plan_answer",
        sa.Column("plan", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("area", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("verdict", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["plan"], ["plan.id"], name=op.f("fk_plan_answer_plan_plan")),
        sa.PrimaryKeyConstraint("plan", "version", "area", name=op.f("pk_plan_answer")),
    )
    op.create_table(
        "plan_area",
        sa.Column("plan", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("area", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("text", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["plan"], ["plan.id"], name=op.f("fk_plan_area_plan_plan")),
        sa.PrimaryKeyConstraint("plan", "area", name=op.f("pk_plan_area")),
    )
    op.create_table(
        "plan_version",
        sa.Column("plan", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("content", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("sha256", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("submitted", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("by", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("outcome", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("answered", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("answered_by", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.ForeignKeyConstraint(["answered_by"], ["person.id"], name=op.f("fk_plan_version_answered_by_person")),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_plan_version_by_person")),
        sa.ForeignKeyConstraint(["plan"], ["plan.id"], name=op.f("fk_plan_version_plan_plan")),
        sa.PrimaryKeyConstraint("plan", "number", name=op.f("pk_plan_version")),
    )
    with op.batch_alter_table("inspection", schema=None) as batch_op:
        batch_op.add_column(sa.Column("plan", sa.JSON(none_as_null=True), nullable=True))
    _move_what_was_kept()
    with op.batch_alter_table("inspection", schema=None) as batch_op:
        batch_op.drop_column("kept")


_INSPECTION = sa.table(
    "inspection", sa.column("id"), sa.column("kept", sa.JSON), sa.column("plan", sa.JSON(none_as_null=True))
)
_STATE = sa.table("area_state", sa.column("inspection"), sa.column("area"), sa.column("grade"))
_REGRADE = sa.table(
    "regrade",
    *(sa.column(name) for name in ("id", "inspection", "area", "place", "before", "grade", "because", "version")),
    sa.column("day", sa.Date),
    sa.column("measures", sa.JSON),
)


def _move_what_was_kept() -> None:
    run = op.get_bind().execute
    for id, kept in run(sa.select(_INSPECTION.c.id, _INSPECTION.c.kept)).all():
        if not kept:
            continue
        if "plan" in kept:
            run(sa.update(_INSPECTION).where(_INSPECTION.c.id == id).values(plan=kept["plan"]))
        for area, regrades in kept.get("regrades", {}).items():
            of_area = (_STATE.c.inspection == id, _STATE.c.area == area)
            before = run(sa.select(_STATE.c.grade).where(*of_area)).scalar() or ""
            for place, each in enumerate(regrades):
                day = date.fromisoformat(each["date"]) if each.get("date") else None
                row = {"id": str(uuid4()), "inspection": id, "area": area, "place": place, "before": before}
                row |= {"grade": each["grade"], "because": each["because"], "day": day, "version": 1, "measures": []}
                run(sa.insert(_REGRADE), row)
                before = each["grade"]
