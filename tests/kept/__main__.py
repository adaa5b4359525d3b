"""Makes today's database: the demonstration inspection, signed by two, corrected and signed again."""

import hashlib
import json
import lzma
import sqlite3
import tempfile
from pathlib import Path

from sqlmodel import select

from app import audit
from app.db import Database
from app.inspections import actions, disk, signing
from app.inspections.actions import Setup
from app.inspections.models import VersionFile
from app.inspections.rubric_copy import taken
from app.migrations import upgrade
from rubrics.library import Library
from tests.factories import drafted
from tests.paths import DEMO

HERE = Path(__file__).parent


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "kept.db"
        upgrade(f"sqlite:///{path}")
        database = Database(f"sqlite:///{path}")
        world, file = drafted(database), disk.read(DEMO)[1]
        setup = Setup(world.place.clinic, world.place.speciality, [world.a.id, world.b.id])
        rubric = taken(Library(), file.rubric)
        with database.writing() as session:
            id = actions.take_in(session, by=world.office, rubric=rubric, setup=setup, file=file)
        object.__setattr__(world, "id", id)
        for version in (1, 2):
            for each in (world.a, world.b):
                signing.sign(database, by=each, inspection=id, seen=world.hash())
            if version == 1:
                with database.writing() as session:
                    actions.correct(session, by=world.office, inspection=id, cause="För att pröva en rättelse.")
        with database.reading() as session:
            files = session.exec(select(VersionFile)).all()
            told = {f"{each.number}/{each.format}": hashlib.sha256(each.content).hexdigest() for each in files}
        database.close()
        sqlite3.connect(path).execute("VACUUM").connection.close()
        (HERE / f"{audit.now().date()}.sqlite.xz").write_bytes(lzma.compress(path.read_bytes(), preset=9))
        kept = {"inspection": id, "inspector": world.a.id, "files": told}
        (HERE / f"{audit.now().date()}.json").write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
