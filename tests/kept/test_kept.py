import hashlib
import json
import lzma
from pathlib import Path

import pytest

from app.accounts import sessions
from app.db import Database
from app.migrations import upgrade
from tests.clients import a_client

KEPT = sorted(Path(__file__).parent.glob("*.sqlite.xz"))


@pytest.mark.parametrize("path", KEPT, ids=lambda path: path.name)
def test_what_was_signed_then_is_served_to_the_byte(path: Path, tmp_path: Path) -> None:
    """Migrated to the present shape, through the page. Rendering anew need not give the same bytes; this must."""
    kept = json.loads(path.with_name(path.name.replace(".sqlite.xz", ".json")).read_text())
    (tmp_path / "kept.db").write_bytes(lzma.decompress(path.read_bytes()))
    url = f"sqlite:///{tmp_path / 'kept.db'}"
    upgrade(url)
    database = Database(url)
    with database.writing() as session:
        token = sessions.start(session, kept["inspector"])
    database.close()
    with a_client(url) as client:
        client.cookies.set("__Host-sporra", token)
        for name, sha256 in kept["files"].items():
            number, format = name.split("/")
            answer = client.get(f"/inspektioner/{kept['inspection']}/versioner/{number}/hamta/{format}")
            assert (answer.status_code, hashlib.sha256(answer.content).hexdigest()) == (200, sha256), name
            told = client.get(f"/inspektioner/{kept['inspection']}/versioner/{number}").text
            assert format == "open.json" or f"SHA-256: {sha256}" in told  # that one is shown to the clinic


def test_a_database_is_kept() -> None:
    assert KEPT
