"""Comparison's prepared figures, filled from the signed versions that there are.

What it takes to read them is written out here: a migration must not change with the code.
"""

import html
import json
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import sqlalchemy as sa
import sqlmodel
from ruamel.yaml import YAML

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TEXT = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    _compared()
    _of_areas()
    _of_criteria()
    _fill()


def _compared() -> None:
    to = ("clinic", "hospital", "region", "speciality")
    op.create_table(
        "compared",
        sa.Column("inspection", TEXT(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *(sa.Column(name, TEXT(), nullable=False) for name in to),
        sa.Column("family", TEXT(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("rubric_sha256", TEXT(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=True),
        sa.Column("latest", sa.Boolean(), nullable=False),
        *(sa.ForeignKeyConstraint([name], [f"{name}.id"], name=op.f(f"fk_compared_{name}_{name}")) for name in to),
        sa.ForeignKeyConstraint(["inspection"], ["inspection.id"], name=op.f("fk_compared_inspection_inspection")),
        sa.ForeignKeyConstraint(
            ["rubric_sha256"], ["rubric_copy.sha256"], name=op.f("fk_compared_rubric_sha256_rubric_copy")
        ),
        sa.PrimaryKeyConstraint("inspection", name=op.f("pk_compared")),
    )
    filters = ["hospital", "year", "edition", "inspection"]
    op.create_index("ix_compared_family", "compared", ["family", "latest", "speciality", "region", *filters])
    op.create_index("ix_compared_region", "compared", ["region", "latest", "family", "speciality", *filters])
    op.create_index("ix_compared_unit", "compared", ["clinic", "speciality", "family", "latest", "first_day"])


def _of_areas() -> None:
    _below("compared_area", "area", "decided", "standing", "history", "anchor")
    shown = ["family", "latest", "area", "standing", "region", "speciality", "hospital", "year", "inspection"]
    op.create_index("ix_compared_area_standing", "compared_area", shown)
    years = ["family", "area", "year", "decided", "region", "speciality", "hospital", "inspection"]
    op.create_index("ix_compared_area_decided", "compared_area", years)


def _of_criteria() -> None:
    _below("compared_criterion", "criterion", "area", "answer")
    shown = ["family", "latest", "criterion", "answer", "region", "speciality", "hospital", "year", "inspection"]
    op.create_index("ix_compared_criterion_answer", "compared_criterion", shown)


def _below(table: str, key: str, *more: str) -> None:
    op.create_table(
        table,
        sa.Column("inspection", TEXT(), nullable=False),
        *(sa.Column(name, TEXT(), nullable=False) for name in (key, *more)),
        *(sa.Column(name, TEXT(), nullable=False) for name in ("family", "region", "hospital", "speciality")),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("latest", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["inspection"], ["inspection.id"], name=op.f(f"fk_{table}_inspection_inspection")),
        sa.PrimaryKeyConstraint("inspection", key, name=op.f(f"pk_{table}")),
    )


# ── From the signed versions ──────────────────────────────────────────────────────────────

_VERSION = """
SELECT v.inspection, v.number, v.content, v.rubric_sha256, i.clinic, i.region, i.speciality, c.hospital,
       (SELECT f.content FROM version_file f WHERE f.inspection = v.inspection AND f.number = v.number
        AND f.format = 'html') AS page
FROM version v JOIN inspection i ON i.id = v.inspection JOIN clinic c ON c.id = i.clinic
WHERE v.inspection = :id AND v.number = (SELECT max(w.number) FROM version w WHERE w.inspection = v.inspection)
"""


def _fill() -> None:
    run = op.get_bind().execute
    rubrics = {sha: _Rubric(text) for sha, text in run(sa.text("SELECT sha256, text FROM rubric_copy"))}
    made = []
    for id in run(sa.text("SELECT DISTINCT inspection FROM version")).scalars().all():
        row = run(sa.text(_VERSION), {"id": id}).mappings().one()  # one at a time: each carries a whole page
        made.append(_one(row, json.loads(row["content"]), rubrics[row["rubric_sha256"]]))
    for one in _newest(made):
        for each in (one["compared"], *one["areas"], *one["criteria"]):
            each["latest"] = True
    for name, key in (("compared", None), ("compared_area", "areas"), ("compared_criterion", "criteria")):
        table = sa.Table(name, sa.MetaData(), autoload_with=op.get_bind())
        rows = [row for one in made for row in (one[key] if key else [one["compared"]])]
        if rows:
            run(sa.insert(table), rows)


class _Rubric:
    """As little of a rubric as it takes, from the text of its copy: a base, and what overlays add to it."""

    def __init__(self, copy: str) -> None:
        texts = json.loads(copy) if copy.startswith("[") else [copy]
        base, *overlays = [YAML(typ="safe", pure=True).load(text) for text in texts]
        last = [base, *overlays][-1]
        self.family, self.edition = last["id"], int(last["edition"])
        self.best = next(str(key) for key, each in base["answers"].items() if not (each or {}).get("ignored"))
        self.areas = [area for part in base["parts"] for area in part["areas"]]
        self.criteria: dict[str, list[str]] = {str(area["id"]): [] for area in self.areas}
        for area in self.areas:
            for group in area["groups"]:
                self.criteria[str(area["id"])] += [each["id"] for each in group["criteria"]]
        for added in (each for overlay in overlays for each in overlay["criteria_added"]):
            self.criteria[str(added["area"])] += [each["id"] for each in added["criteria"]]

    def anchors(self, page: str) -> dict[str, str]:
        """Where each area begins in the page that was stored at signing: its first heading there."""
        found: dict[str, str] = {}
        for id, inside in re.findall(r'<h3 id="(p\d+)"[^>]*>(.*?)</h3>', page, re.S):
            found.setdefault(" ".join(html.unescape(re.sub(r"<[^>]*>", " ", inside)).split()), id)
        named = {str(area["id"]): " ".join(f"{area.get('code') or ''} {area['title']}".split()) for area in self.areas}
        return {id: found.get(name, "") for id, name in named.items()}


def _one(row: Any, content: dict[str, Any], rubric: _Rubric) -> dict[str, Any]:
    day = content.get("visit", {}).get("first_day")
    first = date.fromisoformat(day) if day else None
    where = {"inspection": row["inspection"], "family": rubric.family, "year": first.year if first else 0}
    where |= {name: row[name] for name in ("region", "hospital", "speciality")} | {"latest": False}
    own = {"version": row["number"], "clinic": row["clinic"], "edition": rubric.edition, "first_day": first}
    reviews = content.get("areas", {})
    begins = rubric.anchors(bytes(row["page"] or b"").decode())
    return {
        "compared": {**where, **own, "rubric_sha256": row["rubric_sha256"]},
        "areas": [{**where, **_area(id, reviews.get(id, {})), "anchor": begins[id]} for id in rubric.criteria],
        "criteria": [{**where, **each} for each in _criteria(rubric, reviews)],
    }


def _area(id: str, review: dict[str, Any]) -> dict[str, str]:
    grades = [review.get("grade", ""), *(each["grade"] for each in review.get("regrades", []))]
    return {"area": id, "decided": grades[0], "standing": grades[-1], "history": ">".join(grades)}


def _criteria(rubric: _Rubric, reviews: dict[str, Any]) -> Iterator[dict[str, str]]:
    for area, criteria in rubric.criteria.items():
        answers = reviews.get(area, {}).get("answers", {})
        for id in criteria:
            if answers.get(id, "") != rubric.best:
                yield {"criterion": id, "area": area, "answer": answers.get(id, "")}


def _newest(made: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Of each unit's inspections by one rubric the one with the latest first day; of several, the greatest id."""
    units: dict[tuple[str, ...], dict[str, Any]] = {}
    for one in sorted(made, key=lambda one: (one["compared"]["first_day"] or date.min, one["compared"]["inspection"])):
        units[tuple(one["compared"][name] for name in ("clinic", "speciality", "family"))] = one
    return list(units.values())
