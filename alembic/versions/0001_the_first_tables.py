"""The first tables."""

import sqlalchemy as sa
import sqlmodel

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table(
        "event",
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("by", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("action", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("subject", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("n", name=op.f("pk_event")),
    )
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_event_by"), ["by"], unique=False)
        batch_op.create_index(batch_op.f("ix_event_subject"), ["subject"], unique=False)

    op.create_table(
        "person",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("email", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("listed", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("password", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("email", name=op.f("uq_person_email")),
    )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_listed"), ["listed"], unique=False)

    op.create_table(
        "region",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_region")),
        sa.UniqueConstraint("name", name=op.f("uq_region_name")),
    )
    op.create_table(
        "rubric_copy",
        sa.Column("sha256", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("reference", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("text", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_rubric_copy")),
    )
    op.create_table(
        "speciality",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_speciality")),
        sa.UniqueConstraint("name", name=op.f("uq_speciality_name")),
    )
    op.create_table(
        "subject",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subject")),
    )
    op.create_table(
        "hospital",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("region", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["region"], ["region.id"], name=op.f("fk_hospital_region_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hospital")),
        sa.UniqueConstraint("region", "name", name=op.f("uq_hospital_region_name")),
    )
    with op.batch_alter_table("hospital", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hospital_region"), ["region"], unique=False)

    op.create_table(
        "invitation",
        sa.Column("token", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("person", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("made_by", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("made", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("ends", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("used", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_invitation_person_person")),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_invitation")),
    )
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invitation_person"), ["person"], unique=False)

    op.create_table(
        "revision",
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("subject", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("voice", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("field", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("value", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("parent", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("settles", sa.JSON(), nullable=False),
        sa.Column("by", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("received", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("format", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("salt", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("hash", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_revision_by_person")),
        sa.ForeignKeyConstraint(["subject"], ["subject.id"], name=op.f("fk_revision_subject_subject")),
        sa.PrimaryKeyConstraint("n", name=op.f("pk_revision")),
        sa.UniqueConstraint("id", name=op.f("uq_revision_id")),
    )
    with op.batch_alter_table("revision", schema=None) as batch_op:
        batch_op.create_index("ix_revision_subject_field", ["subject", "field"], unique=False)
        batch_op.create_index("ix_revision_subject_seq", ["subject", "seq"], unique=True)

    op.create_table(
        "sign_in",
        sa.Column("token", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("person", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("since", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("seen", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("ends", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_sign_in_person_person")),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_sign_in")),
    )
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_person"), ["person"], unique=False)

    op.create_table(
        "branch",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("subject", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("voice", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("field", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("base", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("tip", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("settled_by", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.ForeignKeyConstraint(["subject"], ["subject.id"], name=op.f("fk_branch_subject_subject")),
        sa.ForeignKeyConstraint(["tip"], ["revision.id"], name=op.f("fk_branch_tip_revision")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_branch")),
    )
    with op.batch_alter_table("branch", schema=None) as batch_op:
        batch_op.create_index("ix_branch_subject_open", ["subject", "settled_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_branch_tip"), ["tip"], unique=False)

    op.create_table(
        "clinic",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("hospital", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["hospital"], ["hospital.id"], name=op.f("fk_clinic_hospital_hospital")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clinic")),
        sa.UniqueConstraint("hospital", "name", name=op.f("uq_clinic_hospital_name")),
    )
    with op.batch_alter_table("clinic", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_clinic_hospital"), ["hospital"], unique=False)

    op.create_table(
        "head",
        sa.Column("subject", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("voice", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("field", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("revision", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["revision"], ["revision.id"], name=op.f("fk_head_revision_revision")),
        sa.ForeignKeyConstraint(["subject"], ["subject.id"], name=op.f("fk_head_subject_subject")),
        sa.PrimaryKeyConstraint("subject", "voice", "field", name=op.f("pk_head")),
    )
    op.create_table(
        "appointment",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("person", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "administrator",
                "coordinator",
                "inspector",
                "director_of_studies",
                "head_of_clinic",
                "region_office",
                name="role",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("speciality", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("region", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("clinic", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("given_by", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("since", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("ended", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["clinic"], ["clinic.id"], name=op.f("fk_appointment_clinic_clinic")),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_appointment_person_person")),
        sa.ForeignKeyConstraint(["region"], ["region.id"], name=op.f("fk_appointment_region_region")),
        sa.ForeignKeyConstraint(["speciality"], ["speciality.id"], name=op.f("fk_appointment_speciality_speciality")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment")),
    )
    with op.batch_alter_table("appointment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_appointment_person"), ["person"], unique=False)

    op.create_table(
        "clinic_speciality",
        sa.Column("clinic", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("speciality", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["clinic"], ["clinic.id"], name=op.f("fk_clinic_speciality_clinic_clinic")),
        sa.ForeignKeyConstraint(
            ["speciality"], ["speciality.id"], name=op.f("fk_clinic_speciality_speciality_speciality")
        ),
        sa.PrimaryKeyConstraint("clinic", "speciality", name=op.f("pk_clinic_speciality")),
    )
    with op.batch_alter_table("clinic_speciality", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_clinic_speciality_speciality"), ["speciality"], unique=False)

    op.create_table(
        "inspection",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("clinic", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("region", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("speciality", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("rubric", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("rubric_sha256", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("cause", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("old_report", sa.Boolean(), nullable=False),
        sa.Column("kept", sa.JSON(), nullable=False),
        sa.Column("listed", sa.Date(), nullable=False),
        sa.Column("region_name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("hospital_name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("clinic_name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("specialty", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("place", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("mode", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("names", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["clinic"], ["clinic.id"], name=op.f("fk_inspection_clinic_clinic")),
        sa.ForeignKeyConstraint(["id"], ["subject.id"], name=op.f("fk_inspection_id_subject")),
        sa.ForeignKeyConstraint(["region"], ["region.id"], name=op.f("fk_inspection_region_region")),
        sa.ForeignKeyConstraint(
            ["rubric_sha256"], ["rubric_copy.sha256"], name=op.f("fk_inspection_rubric_sha256_rubric_copy")
        ),
        sa.ForeignKeyConstraint(["speciality"], ["speciality.id"], name=op.f("fk_inspection_speciality_speciality")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection")),
    )
    with op.batch_alter_table("inspection", schema=None) as batch_op:
        batch_op.create_index("ix_inspection_clinic", ["clinic", "listed", "id"], unique=False)
        batch_op.create_index("ix_inspection_order", ["listed", "id"], unique=False)
        batch_op.create_index("ix_inspection_region", ["region", "listed", "id"], unique=False)
        batch_op.create_index("ix_inspection_speciality", ["speciality", "listed", "id"], unique=False)

    op.create_table(
        "answer",
        sa.Column("inspection", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("criterion", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("area", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("answer", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("comment", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["inspection"], ["inspection.id"], name=op.f("fk_answer_inspection_inspection")),
        sa.PrimaryKeyConstraint("inspection", "criterion", name=op.f("pk_answer")),
    )
    op.create_table(
        "area_state",
        sa.Column("inspection", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("area", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("narrative", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("grade", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("grade_reason", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["inspection"], ["inspection.id"], name=op.f("fk_area_state_inspection_inspection")),
        sa.PrimaryKeyConstraint("inspection", "area", name=op.f("pk_area_state")),
    )
    op.create_table(
        "assignment",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("inspection", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("person", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("since", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("ended", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["inspection"], ["inspection.id"], name=op.f("fk_assignment_inspection_inspection")),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_assignment_person_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
    )
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assignment_inspection"), ["inspection"], unique=False)
        batch_op.create_index(batch_op.f("ix_assignment_person"), ["person"], unique=False)

    op.create_table(
        "finding",
        sa.Column("inspection", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("text", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("area", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("criteria", sa.JSON(), nullable=False),
        sa.Column("order", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("gone", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("hidden", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["inspection"], ["inspection.id"], name=op.f("fk_finding_inspection_inspection")),
        sa.PrimaryKeyConstraint("inspection", "id", name=op.f("pk_finding")),
    )
    op.create_table(
        "signature",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("inspection", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("person", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("content", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("withdrawn", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["inspection"], ["inspection.id"], name=op.f("fk_signature_inspection_inspection")),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_signature_person_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signature")),
    )
    with op.batch_alter_table("signature", schema=None) as batch_op:
        batch_op.create_index("ix_signature_inspection_version", ["inspection", "version"], unique=False)

    op.create_table(
        "version",
        sa.Column("inspection", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("cause", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("content", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("content_sha256", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("rubric_sha256", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("signed", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("signers", sa.JSON(), nullable=False),
        sa.Column("clinic_name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("hospital_name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("specialty", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["inspection"], ["inspection.id"], name=op.f("fk_version_inspection_inspection")),
        sa.ForeignKeyConstraint(
            ["rubric_sha256"], ["rubric_copy.sha256"], name=op.f("fk_version_rubric_sha256_rubric_copy")
        ),
        sa.PrimaryKeyConstraint("inspection", "number", name=op.f("pk_version")),
    )
    op.create_table(
        "version_file",
        sa.Column("inspection", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("format", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(
            ["inspection", "number"],
            ["version.inspection", "version.number"],
            name=op.f("fk_version_file_inspection_number_version"),
        ),
        sa.PrimaryKeyConstraint("inspection", "number", "format", name=op.f("pk_version_file")),
    )
